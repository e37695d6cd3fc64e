/** A connection by a proxy that speaks SOCKS: RFC 1928 and RFC 1929, and SOCKS 4A. The protocol is left to a library. */

import type { Socket } from 'node:net'
import { type ProxyDestination, type ProxyServer, proxyFault } from './proxy-target.ts'

/** What is asked for. */
interface Asked extends ProxyDestination {
  readonly timeout: number
}

/**
 * Asks for a connection.
 *
 * @internal
 * @param socket The connection to the proxy.
 * @param proxy Who is asked.
 * @param asked For what, and how long the library keeps a timer for it, in milliseconds.
 * @returns When it stands; what the server has said already is still to be read from the socket.
 * @throws {MailError} `NODE_PROXY_FAILED`.
 */
export async function connectBySocks(socket: Socket, proxy: ProxyServer, asked: Asked): Promise<void> {
  const { SocksClient } = await import('socks')
  const { username, password } = proxy
  try {
    await SocksClient.createConnection({
      command: 'connect',
      proxy: {
        host: proxy.host,
        port: proxy.port,
        type: proxy.kind === 'socks4' ? 4 : 5,
        ...(username !== '' && { userId: username }),
        ...(password !== '' && { password }),
      },
      destination: { host: asked.host, port: asked.port },
      existing_socket: socket,
      timeout: asked.timeout,
    })
  } catch (error) {
    // HAZARD: the error of the library carries the credentials.
    throw proxyFault(error instanceof Error ? error.message : 'it refuses')
  }
  await keepEarlyOctets(socket)
}

// QUIRK: the library gives what came early as an event soon afterwards, and lets the socket flow.
async function keepEarlyOctets(socket: Socket): Promise<void> {
  const early: Buffer[] = []
  const keep = (chunk: Buffer): void => void early.push(chunk)
  socket.on('data', keep)
  await new Promise((resolve) => setImmediate(resolve))
  socket.off('data', keep)
  socket.pause()
  if (early.length > 0) socket.unshift(Buffer.concat(early))
}
