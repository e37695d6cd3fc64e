/** Our own client for the servers of others, and a record of what it said. */
import { type ConnectOptions, connect } from '@posthorn/node'
import { type Connection, SmtpClient, type SmtpClientOptions, type TlsInfo, type TranscriptEntry } from '@posthorn/smtp'
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
  /** The gs2-header of its SCRAM, RFC 5802 section 7: what it bound to. */
  readonly gs2Header: string | undefined
  readonly tls: TlsInfo | undefined
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
  const header = watchHeader(connection)
  const client = new SmtpClient(header.connection, {
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
    gs2Header: header.value(),
    tls: connection.info.tls,
  }
}

// The transcript hides it.
function watchHeader(connection: Connection): { connection: Connection; value: () => string | undefined } {
  let header: string | undefined
  const watched: Connection = {
    get info() {
      return connection.info
    },
    read: () => connection.read(),
    write(octets) {
      const [, response = ''] = /^AUTH SCRAM\S+ (\S+)/.exec(new TextDecoder().decode(octets.subarray(0, 256))) ?? []
      header ??= /^[^,]+,[^,]*,/.exec(Buffer.from(response, 'base64').toString())?.[0]
      return connection.write(octets)
    },
    startTls: (options) => connection.startTls(options),
    close: () => connection.close(),
    abort: (reason) => connection.abort(reason),
  }
  return { connection: watched, value: () => header }
}

function isGrouped(entries: readonly TranscriptEntry[]): boolean {
  let awaiting = false
  for (const { type } of entries) {
    if (type === 'command' && awaiting) return true
    awaiting = type === 'command' || type === 'message'
  }
  return false
}
