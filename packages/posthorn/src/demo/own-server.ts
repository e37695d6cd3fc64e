/** The server that the demonstration starts for itself: one account, one certificate, one recipient refused. */

import { randomBytes } from 'node:crypto'
import { concatBytes, encodeUtf8, equalBytes } from '@posthorn/core'
import type { ServerUrl } from '@posthorn/mailer'
import { listen } from '@posthorn/node'
import { deriveScramCredentials, plainServer, scramServer } from '@posthorn/sasl'
import { type IncomingMessage, serve } from '@posthorn/smtp'
import { makeCertificate } from './certificate.ts'
import { OWN_CORRESPONDENTS } from './letter.ts'

/** A message that has arrived. */
export interface Arrival {
  /** The envelope it came in. */
  readonly envelope: Pick<IncomingMessage, 'reversePath' | 'forwardPaths'>
  /** The message as it stood on the wire, dots taken away. */
  readonly message: Uint8Array
}

/** The server at work. */
export interface OwnServer {
  /** Where it is, and the credentials of its one account. */
  readonly url: ServerUrl
  /** The name its certificate proves. */
  readonly hostname: string
  /** The certificate authority to trust, in PEM. */
  readonly ca: string
  /** What has arrived so far. */
  readonly arrivals: readonly Arrival[]
  close(): Promise<void>
}

const HOSTNAME = 'mx.posthorn.example'
const ITERATIONS = 4096
const NO_SUCH_USER = { code: 550, enhanced: { class: 5, subject: 1, detail: 1 }, lines: ['No such user here'] } as const

/** Starts the server on a free port of the loopback interface. */
export async function startOwnServer(): Promise<OwnServer> {
  const account = { username: 'zoe', password: randomBytes(12).toString('base64url') }
  const { ca, cert, key } = await makeCertificate(HOSTNAME, Date.now())
  const stored = await deriveScramCredentials(account.password, { salt: randomBytes(16), iterations: ITERATIONS })
  const mechanisms = [
    scramServer({ lookup: (name) => (name === account.username ? stored : undefined), random: randomBytes }),
    plainServer(({ username, password }) => username === account.username && equalText(password, account.password)),
  ]
  const refused = OWN_CORRESPONDENTS.recipients[1]
  const arrivals: Arrival[] = []
  const listener = await listen({
    tls: { key, cert },
    onConnection: (connection) =>
      serve(connection, {
        hostname: HOSTNAME,
        tls: true,
        mechanisms,
        requireTls: true,
        requireAuth: true,
        onRecipient: (path) =>
          path !== 'postmaster' && `${path.localPart}@${path.domain}` === refused ? NO_SUCH_USER : undefined,
        onMessage: async ({ content, reversePath, forwardPaths }) => {
          const chunks: Uint8Array[] = []
          for await (const chunk of content) chunks.push(chunk)
          arrivals.push({ envelope: { reversePath, forwardPaths }, message: concatBytes(chunks) })
        },
      }),
  })
  const { address: host, port } = listener.address
  const url = { protocol: 'smtp' as const, host, port, implicitTls: false, credentials: account }
  return { url, hostname: HOSTNAME, ca, arrivals, close: () => listener.close() }
}

function equalText(a: string, b: string): boolean {
  return equalBytes(encodeUtf8(a), encodeUtf8(b))
}
