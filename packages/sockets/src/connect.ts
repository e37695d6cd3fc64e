/** Opens a connection to a server: TCP, with TLS at once (RFC 8314) or later (RFC 3207). */

import { attempt, MailError } from '@posthorn/core'
import type { Connection } from '@posthorn/smtp'
import type { SocketsErrorCode } from './error.ts'
import { startTimer } from './platform.ts'
import { checkServerName } from './server-name.ts'
import type { SocketsConnect, SocketsSocket } from './sockets-api.ts'
import { closeQuietly, SocketsConnection } from './sockets-connection.ts'

/** Where to connect to, and how. */
export interface TargetOptions {
  /** The host, as a name or an address; a certificate is checked against it. */
  readonly host: string
  /** The port: 587 for submission, 465 for submission over implicit TLS. */
  readonly port: number
  /** Whether TLS begins at once; default `false`. */
  readonly implicitTls?: boolean
  /** The name that the certificate must prove; default: the host. Another one is refused, as no runtime checks it. */
  readonly serverName?: string
  /** How long to wait for the connection, TLS at once included, in milliseconds; default 30,000. */
  readonly timeout?: number
  /** Ends the attempt when it fires. */
  readonly signal?: AbortSignal
}

/** Where to connect to, how, and by what. */
export interface ConnectOptions extends TargetOptions {
  /** The function of the runtime that opens a socket. */
  readonly connect: SocketsConnect
}

/**
 * Opens a connection over the sockets API.
 *
 * @param options Where to, how, and by what.
 * @returns The connection; nothing is read from it before it is asked for.
 * @throws {MailError} `SOCKETS_CONNECT_FAILED`, also when TLS at once fails, as runtimes do not tell these apart;
 * `SOCKETS_CONNECT_TIMEOUT`; `SOCKETS_ABORTED`; `SOCKETS_SERVER_NAME` when `serverName` is not the host. The cause has
 * the runtime's own error.
 * @see {@link https://sockets-api.proposal.wintertc.org/ | WinterTC Sockets API}
 * @example
 * const blocked = () => {
 *   throw new Error('this address is blocked')
 * }
 * await connect({ host: 'mail.example.org', port: 25, connect: blocked }) // throws SOCKETS_CONNECT_FAILED
 */
export async function connect(options: ConnectOptions): Promise<Connection> {
  const { host, serverName = host, implicitTls = false, timeout = 30_000, signal } = options
  let socket: SocketsSocket | undefined
  const begin = async (): Promise<Connection> => {
    checkServerName(host, serverName)
    socket = openSocket(options)
    const opened = await socket.opened.catch((cause: unknown) => {
      throw failed(cause, implicitTls)
    })
    return new SocketsConnection(socket, { host, secured: implicitTls, opened })
  }
  try {
    return await attempt(begin, {
      timeout,
      signal,
      startTimer,
      late: () => fault('SOCKETS_CONNECT_TIMEOUT', `no answer in ${timeout} ms`),
      aborted: (reason) => fault('SOCKETS_ABORTED', 'the caller aborted', reason),
    })
  } catch (error) {
    if (socket) closeQuietly(socket)
    throw error
  }
}

function openSocket({ host, port, implicitTls = false, connect: open }: ConnectOptions): SocketsSocket {
  try {
    const secureTransport = implicitTls ? 'on' : 'starttls'
    const socket = open({ hostname: host, port }, { secureTransport, allowHalfOpen: true })
    socket.closed.catch(() => undefined)
    return socket
  } catch (cause) {
    throw failed(cause, false)
  }
}

function failed(cause: unknown, implicitTls: boolean): MailError<SocketsErrorCode> {
  const why = cause instanceof Error ? cause.message : String(cause)
  const doubt = implicitTls ? ' (or TLS failed: the runtime does not tell)' : ''
  return fault('SOCKETS_CONNECT_FAILED', `${why}${doubt}`, cause)
}

function fault(code: SocketsErrorCode, why: string, cause?: unknown): MailError<SocketsErrorCode> {
  return new MailError(code, `Cannot connect: ${why}`, { cause })
}
