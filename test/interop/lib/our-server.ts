/** Our own server for the clients of others: STARTTLS, AUTH of every kind, one account, one recipient refused. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ForwardPath, MailParameters, RcptParameters } from '@posthorn/command'
import { listen } from '@posthorn/node'
import {
  anonymousServer,
  cramMd5Server,
  deriveScramCredentials,
  externalServer,
  loginServer,
  type OfferedMechanism,
  oauthBearerServer,
  plainServer,
  type ScramHash,
  scramServer,
  xoauth2Server,
} from '@posthorn/sasl'
import { type MessageDecision, type Peer, type ServeOptions, serve } from '@posthorn/smtp'
import { makeCertificate } from '../../../packages/posthorn/src/demo/certificate.ts'

/** The name that the certificate proves; it resolves to loopback everywhere. */
export const HOSTNAME = 'localhost'
export const ACCOUNT = { username: 'ada', password: 'péncil=,x' }
export const TOKEN = 'vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg'
export const REFUSED = 'nobody@posthorn.example'
/** A recipient who takes no content; everybody else does. */
export const PICKY = 'picky@posthorn.example'

/** A message that has come. */
export interface Taken {
  readonly text: string
  readonly octets: Uint8Array
  readonly user: string | undefined
  readonly peer: Peer
  readonly parameters: MailParameters
  readonly forwardPaths: readonly ForwardPath[]
  readonly recipientParameters: readonly RcptParameters[]
}

/** The server at work. */
export interface OurServer {
  readonly port: number
  /** The certificate authority to trust, as a file in PEM. */
  readonly caFile: string
  /** The messages that have come. */
  readonly messages: readonly Taken[]
  /** What went wrong, as the server heard it. */
  readonly errors: readonly unknown[]
  stop(): Promise<void>
}

const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length))
const isAccount = (given: { username: string; password: string }): boolean =>
  given.username === ACCOUNT.username && given.password === ACCOUNT.password
const textOf = (path: ForwardPath): string => (path === 'postmaster' ? path : `${path.localPart}@${path.domain}`)

async function mechanisms(): Promise<OfferedMechanism[]> {
  const hashes: readonly ScramHash[] = ['SHA-512', 'SHA-256', 'SHA-1']
  const keys = new Map(
    await Promise.all(
      hashes.map(async (hash) => {
        const stored = await deriveScramCredentials(ACCOUNT.password, { salt: random(16), iterations: 4096, hash })
        return [hash, stored] as const
      }),
    ),
  )
  const lookup = (name: string, hash: ScramHash) => (name === ACCOUNT.username ? keys.get(hash) : undefined)
  const check = ({ token }: { token: string }): boolean => token === TOKEN
  return [
    ...hashes.map((hash) => scramServer({ lookup, random, hash, plus: true })),
    ...hashes.map((hash) => scramServer({ lookup, random, hash })),
    cramMd5Server({
      lookup: (name) => (name === ACCOUNT.username ? ACCOUNT.password : undefined),
      random,
      hostname: HOSTNAME,
    }),
    plainServer(isAccount),
    loginServer(isAccount),
    oauthBearerServer({ check }),
    xoauth2Server({ check }),
    externalServer(() => ({ authenticationId: 'known' })),
    anonymousServer(),
  ]
}

/** Starts it on a given port, or a free one. */
export async function startOurServer({
  port = 0,
  ...options
}: Partial<ServeOptions> & { readonly port?: number } = {}): Promise<OurServer> {
  const { ca, cert, key } = await makeCertificate(HOSTNAME, Date.now())
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-ca-'))
  const caFile = join(folder, 'ca.pem')
  writeFileSync(caFile, ca)
  const messages: Taken[] = []
  const errors: unknown[] = []
  const offered = await mechanisms()
  const listener = await listen({
    port,
    tls: { key, cert },
    onConnection: (connection) =>
      serve(connection, {
        hostname: HOSTNAME,
        tls: true,
        mechanisms: offered,
        extensions: [{ keyword: 'DSN' }, { keyword: 'PRDR' }],
        onRecipient: (path) =>
          textOf(path) === REFUSED
            ? { code: 550, enhanced: { class: 5, subject: 1, detail: 1 }, lines: ['No such user'] }
            : undefined,
        onMessage: async ({ content, peer, perRecipient, ...about }): Promise<MessageDecision> => {
          const chunks: Uint8Array[] = []
          for await (const chunk of content) chunks.push(chunk)
          const octets = new Uint8Array(Buffer.concat(chunks))
          const text = Buffer.from(octets).toString('utf8')
          messages.push({ text, octets, peer, user: peer.identity?.authenticationId, ...about })
          if (!perRecipient) return undefined
          return about.forwardPaths.map((path) =>
            textOf(path) === PICKY ? { code: 550, lines: ['Not this content'] } : undefined,
          )
        },
        onError: (error) => errors.push(error),
        ...options,
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
