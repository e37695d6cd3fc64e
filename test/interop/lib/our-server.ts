/** Our own server for the clients of others: STARTTLS and AUTH, one account, one recipient refused. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { listen } from '@posthorn/node'
import { deriveScramCredentials, plainServer, scramServer } from '@posthorn/sasl'
import { serve } from '@posthorn/smtp'
import { makeCertificate } from '../../../packages/posthorn/src/demo/certificate.ts'

/** The name that the certificate proves; it resolves to loopback everywhere. */
export const HOSTNAME = 'localhost'
export const ACCOUNT = { username: 'ada', password: 'péncil=,x' }
export const REFUSED = 'nobody@posthorn.example'

/** The server at work. */
export interface OurServer {
  readonly port: number
  /** The certificate authority to trust, as a file in PEM. */
  readonly caFile: string
  /** The messages that have come, with the identity that sent them. */
  readonly messages: readonly { readonly text: string; readonly user: string | undefined }[]
  /** What went wrong, as the server heard it. */
  readonly errors: readonly unknown[]
  stop(): Promise<void>
}

/** Starts it on a given port, or a free one. */
export async function startOurServer({ port = 0 } = {}): Promise<OurServer> {
  const { ca, cert, key } = await makeCertificate(HOSTNAME, Date.now())
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-ca-'))
  const caFile = join(folder, 'ca.pem')
  writeFileSync(caFile, ca)
  const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length))
  const stored = await deriveScramCredentials(ACCOUNT.password, { salt: random(16), iterations: 4096 })
  const messages: { text: string; user: string | undefined }[] = []
  const errors: unknown[] = []
  const listener = await listen({
    port,
    tls: { key, cert },
    onConnection: (connection) =>
      serve(connection, {
        hostname: HOSTNAME,
        tls: true,
        mechanisms: [
          scramServer({ lookup: (name) => (name === ACCOUNT.username ? stored : undefined), random }),
          plainServer(({ username, password }) => username === ACCOUNT.username && password === ACCOUNT.password),
        ],
        onRecipient: (path) =>
          path !== 'postmaster' && `${path.localPart}@${path.domain}` === REFUSED
            ? { code: 550, enhanced: { class: 5, subject: 1, detail: 1 }, lines: ['No such user'] }
            : undefined,
        onMessage: async ({ content, peer }) => {
          const chunks: Uint8Array[] = []
          for await (const chunk of content) chunks.push(chunk)
          messages.push({ text: Buffer.concat(chunks).toString('utf8'), user: peer.identity?.authenticationId })
        },
        onError: (error) => errors.push(error),
      }),
  })
  return {
    port: listener.address.port,
    caFile,
    messages,
    errors,
    async stop() {
      await listener.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
