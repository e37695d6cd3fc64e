/** Our own client for the servers of others, and a record of what it said. */
import { type ConnectOptions, connect } from '@posthorn/node'
import { SmtpClient, type SmtpClientOptions, type TranscriptEntry } from '@posthorn/smtp'
import type { Conversation } from './conversation.ts'

/** A server to connect to. */
export interface Target {
  readonly port: number
  /** The name that its certificate proves; without it the client speaks in the clear. */
  readonly hostname?: string
  readonly certificate?: { readonly ca: string }
}

/** A client that has said EHLO, raised TLS and authenticated. */
export interface OurClient {
  readonly client: SmtpClient
  /** What it has said so far. */
  readonly conversation: Conversation
}

/** What of a connection is not told by the server. */
export type OurClientOptions = SmtpClientOptions & Pick<ConnectOptions, 'implicitTls'>

/** Opens a session with a server on loopback. */
export async function openClient(
  { port, hostname, certificate }: Target,
  { implicitTls = false, ...options }: OurClientOptions = {},
): Promise<OurClient> {
  const host = implicitTls && hostname ? hostname : '127.0.0.1'
  const connection = await connect({ host, port, implicitTls, ...(certificate && { ca: certificate.ca }) })
  const entries: TranscriptEntry[] = []
  const client = new SmtpClient(connection, {
    ...(hostname === undefined ? { tls: 'none' } : { serverName: hostname }),
    record: (entry) => entries.push(entry),
    ...options,
  })
  try {
    await client.open()
  } catch (error) {
    await client.quit()
    throw error
  }
  return {
    client,
    conversation: {
      get commands() {
        return entries.flatMap((entry) => (entry.type === 'command' ? [entry.text] : []))
      },
      get grouped() {
        return isGrouped(entries)
      },
    },
  }
}

function isGrouped(entries: readonly TranscriptEntry[]): boolean {
  let awaiting = false
  for (const { type } of entries) {
    if (type === 'command' && awaiting) return true
    awaiting = type === 'command' || type === 'message'
  }
  return false
}
