/** A server's URL to a client that is ready to send, over Node's sockets. RFC 6409, RFC 8314. */

import { parseServerUrl, type ServerUrl } from '@posthorn/mailer'
import { type ClientTlsOptions, connect } from '@posthorn/node'
import { SmtpClient, type SmtpClientOptions } from '@posthorn/smtp'

/** How {@link openClient} connects and behaves. */
export interface OpenClientOptions extends ClientTlsOptions, Omit<SmtpClientOptions, 'credentials'> {
  /** How long to wait for the connection, in milliseconds; default 30,000. */
  readonly connectTimeout?: number
}

/**
 * Connects to a server, greets, raises TLS, and authenticates where the URL has credentials.
 *
 * @param server The server as a URL, or its parts.
 * @param options How to connect and behave.
 * @returns A client that is ready to send; end it with `quit`.
 * @throws {MailError} `MAILER_BAD_URL`, the codes of `connect` and those of `SmtpClient.open`; nothing stays open then.
 * @example
 * await openClient('smtp://127.0.0.1:1') // throws NODE_CONNECT_FAILED
 */
export async function openClient(server: string | ServerUrl, options: OpenClientOptions = {}): Promise<SmtpClient> {
  const { protocol, credentials, ...place } = typeof server === 'string' ? parseServerUrl(server) : server
  const { connectTimeout, signal, ...rest } = options
  const connection = await connect({
    ...rest,
    ...place,
    ...(connectTimeout !== undefined && { timeout: connectTimeout }),
    ...(signal && { signal }),
  })
  const client = new SmtpClient(connection, {
    protocol,
    serverName: place.host,
    ...options,
    ...(credentials && { credentials }),
  })
  try {
    await client.open()
    return client
  } catch (error) {
    await client.quit()
    throw error
  }
}
