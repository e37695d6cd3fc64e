/** Opens a connection to a server: TCP, with TLS at once (RFC 8314) or later (RFC 3207). */

import { type Socket, connect as tcpConnect } from 'node:net'
import { attempt, MailError } from '@posthorn/core'
import type { Connection } from '@posthorn/smtp'
import type { NodeErrorCode } from './error.ts'
import { SocketConnection } from './socket-connection.ts'
import { type ClientTlsOptions, clientUpgrade, upgradeAtOnce } from './tls.ts'

/** Where to connect to, and how. */
export interface ConnectOptions extends ClientTlsOptions {
  /** The host, as a name or an address; a certificate is checked against it, unless `serverName` says otherwise. */
  readonly host: string
  /** The port: 587 for submission, 465 for submission over implicit TLS, 25 between relays. */
  readonly port: number
  /** Whether TLS begins at once; default `false`. */
  readonly implicitTls?: boolean
  /** How long to wait for the connection, TLS at once included, in milliseconds; default 30,000. */
  readonly timeout?: number
  /** Ends the attempt when it fires. */
  readonly signal?: AbortSignal
}

/**
 * Opens a connection.
 *
 * @param options Where to, and how.
 * @returns The connection; nothing is read from it before it is asked for.
 * @throws {MailError} `NODE_CONNECT_FAILED`, `NODE_CONNECT_TIMEOUT`, `NODE_ABORTED`, or `NODE_TLS_FAILED` when TLS at
 * once fails; the cause has the system's own error.
 * @example
 * await connect({ host: '127.0.0.1', port: 1 }) // throws NODE_CONNECT_FAILED
 */
export async function connect(options: ConnectOptions): Promise<Connection> {
  const { host, port, timeout = 30_000, signal } = options
  let socket: Socket | undefined
  const begin = (): Promise<Connection> => {
    socket = tcpConnect({ host, port, noDelay: true, autoSelectFamily: true, allowHalfOpen: true })
    return establish(socket, options)
  }
  try {
    return await attempt(begin, {
      timeout,
      signal,
      startTimer,
      late: () => fault('NODE_CONNECT_TIMEOUT', `no answer in ${timeout} ms`),
      aborted: (reason) => fault('NODE_ABORTED', 'the caller aborted', reason),
    })
  } catch (error) {
    socket?.destroy()
    throw error
  }
}

function startTimer(milliseconds: number, callback: () => void): () => void {
  const timer = setTimeout(callback, milliseconds)
  return () => clearTimeout(timer)
}

async function establish(socket: Socket, options: ConnectOptions): Promise<Connection> {
  await connected(socket)
  const upgrade = clientUpgrade(options.host, options)
  if (!options.implicitTls) return new SocketConnection(socket, upgrade)
  return new SocketConnection(socket, upgrade, await upgradeAtOnce(socket, upgrade))
}

function connected(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (cause: Error): void =>
      reject(fault('NODE_CONNECT_FAILED', cause.message || 'no address answers', cause))
    socket.once('error', fail)
    socket.once('connect', () => {
      socket.off('error', fail)
      resolve()
    })
  })
}

function fault(code: NodeErrorCode, why: string, cause?: unknown): MailError<NodeErrorCode> {
  return new MailError(code, `Cannot connect: ${why}`, { cause })
}
