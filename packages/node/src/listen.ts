/** Listens for clients and gives each connection to a handler, such as `serve` of `@posthorn/smtp`. */

import { createServer, type Server, type Socket } from 'node:net'
import { MailError } from '@posthorn/core'
import type { Connection, Endpoint } from '@posthorn/smtp'
import type { NodeErrorCode } from './error.ts'
import { SocketConnection } from './socket-connection.ts'
import { type ServerTlsOptions, serverUpgrade, upgradeAtOnce } from './tls.ts'

/** Where to listen, and who serves. */
export interface ListenOptions {
  /** The port; default 0, which takes a free one. */
  readonly port?: number
  /** The address; default `127.0.0.1`, so that nobody is served by accident. */
  readonly host?: string
  /** What TLS needs; without it neither STARTTLS nor implicit TLS can be had. */
  readonly tls?: ServerTlsOptions
  /** Whether TLS begins at once, as on port 465; default `false`. */
  readonly implicitTls?: boolean
  /** Serves one connection, until its promise settles. */
  readonly onConnection: (connection: Connection) => Promise<void>
  /** Hears of handshakes that failed and of handlers that rejected. */
  readonly onError?: (error: unknown) => void
}

/** A listener at work. */
export interface Listener {
  /** Where it listens. */
  readonly address: Endpoint
  /** Takes no more clients, ends those that are served, and resolves when all is closed. */
  close(): Promise<void>
}

/**
 * Begins to listen.
 *
 * @param options Where, and who serves.
 * @returns The listener, once it takes clients.
 * @throws {MailError} `NODE_LISTEN_FAILED` when the address cannot be had.
 * @example
 * const listener = await listen({ onConnection: (connection) => connection.close() })
 * listener.address.address // '127.0.0.1'
 * await listener.close()
 */
export async function listen(options: ListenOptions): Promise<Listener> {
  const upgrade = serverUpgrade(options.tls)
  const sockets = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    handle(socket).catch((error: unknown) => {
      socket.destroy()
      options.onError?.(error)
    })
  })
  async function handle(socket: Socket): Promise<void> {
    if (!options.implicitTls) return options.onConnection(new SocketConnection(socket, upgrade))
    return options.onConnection(new SocketConnection(socket, upgrade, await upgradeAtOnce(socket, upgrade)))
  }
  const address = await start(server, options)
  return {
    address,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

function start(server: Server, options: ListenOptions): Promise<Endpoint> {
  const { port = 0, host = '127.0.0.1' } = options
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      const error: MailError<NodeErrorCode> = new MailError('NODE_LISTEN_FAILED', `Cannot listen: ${cause.message}`, {
        cause,
      })
      reject(error)
    })
    server.listen({ port, host }, () => {
      const address = server.address()
      if (address && typeof address === 'object') resolve({ address: address.address, port: address.port })
    })
  })
}
