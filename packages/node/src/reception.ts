/**
 * Takes the clients of a listener: counts them, hears whom a proxy speaks for, raises TLS where it begins at once, and gives
 * each to whoever serves it; and sends them away in good order.
 */

import { setMaxListeners } from 'node:events'
import type { Server, Socket } from 'node:net'
import { attempt, MailError } from '@posthorn/core'
import type { Connection, ConnectionInfo, Endpoint } from '@posthorn/smtp'
import { Admission, type AdmissionLimits } from './admission.ts'
import type { NodeErrorCode } from './error.ts'
import { noUpgrade, type ServerTls } from './server-tls.ts'
import { SocketConnection } from './socket-connection.ts'
import { startTimer } from './timer.ts'
import { TrustedProxies, takeProxyHeader } from './trusted-proxies.ts'

/** How clients are taken. */
export interface ReceptionOptions extends AdmissionLimits {
  /** Whether TLS begins at once, as on port 465; default `false`. */
  readonly implicitTls?: boolean
  /** How long a client may take for TLS that begins at once, and a proxy for its header, in milliseconds; default 30,000. */
  readonly handshakeTimeout?: number
  /**
   * The proxies that are believed, by addresses or ranges. What they open must begin with a header of the PROXY protocol,
   * version 1 or 2; everybody else is served as he comes. The client that the header names is the `remote` of the
   * connection, and is what limits count.
   */
  readonly proxyProtocol?: { readonly from: readonly string[] }
  /** Hears of handshakes and headers that failed, and of handlers that rejected. */
  readonly onError?: (error: unknown) => void
}

/** Serves one connection; `closing` fires when it should come to an end. */
export type Attendant = (connection: Connection, closing: AbortSignal) => Promise<void> | void

// RFC 5321 section 3.8: the reply that may come at any time, before the connection is closed.
const TOO_MANY = '421 4.7.0 Too many connections\r\n'

const DEFAULT_HANDSHAKE_TIMEOUT = 30_000

/**
 * The clients of one listener.
 *
 * @internal
 */
export class Reception {
  readonly admission: Admission
  readonly #options: ReceptionOptions
  readonly #attendant: Attendant
  readonly #tls: ServerTls | undefined
  readonly #proxies: TrustedProxies
  readonly #closing = new AbortController()
  #closed: Promise<void> | undefined
  // The connection of each socket, once somebody serves it.
  readonly #sockets = new Map<Socket, SocketConnection | undefined>()

  constructor(options: ReceptionOptions, attendant: Attendant, tls: ServerTls | undefined) {
    this.admission = new Admission(options)
    this.#options = options
    this.#attendant = attendant
    this.#tls = tls
    this.#proxies = new TrustedProxies(options.proxyProtocol?.from ?? [])
    setMaxListeners(0, this.#closing.signal)
  }

  /** Takes a client. */
  take(socket: Socket): void {
    socket.on('error', ignore)
    if (this.#closing.signal.aborted) socket.destroy()
    else if (!this.admission.enter()) this.#turnAway(socket)
    else {
      this.#sockets.set(socket, undefined)
      socket.once('close', () => {
        this.#sockets.delete(socket)
        this.admission.leave()
      })
      this.#attend(socket).catch((error: unknown) => {
        socket.destroy()
        if (!this.#closing.signal.aborted) this.#options.onError?.(error)
      })
    }
  }

  /** Lets a server take no more, ends what is open, and resolves when all is closed; the shortest timeout holds. */
  async close(server: Server, timeout: number): Promise<void> {
    this.#closed ??= this.#leave(server)
    const timer = timeout > 0 ? setTimeout(() => this.#abort(), timeout) : this.#abort()
    await this.#closed
    clearTimeout(timer)
  }

  #leave(server: Server): Promise<void> {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    for (const [socket, connection] of this.#sockets) if (!connection) socket.destroy()
    this.#closing.abort()
    return closed
  }

  #abort(): undefined {
    const reason = new MailError<NodeErrorCode>('NODE_CLOSED', 'Cannot use connection: the listener was closed')
    for (const [socket, connection] of this.#sockets) {
      connection?.abort(reason)
      socket.destroy()
    }
  }

  async #attend(socket: Socket): Promise<void> {
    const { implicitTls } = this.#options
    const isProxied = this.#proxies.includes(socket.remoteAddress)
    const known = isProxied ? proxiedBy(socket, await this.#inTime(socket, () => takeProxyHeader(socket))) : {}
    const leave = this.admission.enterFrom(known.remote?.address ?? socket.remoteAddress)
    if (!leave) return this.#turnAway(socket)
    if (socket.destroyed) return leave()
    socket.once('close', leave)
    const upgrade = this.#tls?.upgrade ?? noUpgrade
    const secured = implicitTls ? await this.#inTime(socket, () => upgrade(socket, {})) : undefined
    const connection = new SocketConnection(socket, upgrade, secured, { ...known, isOneOfMany: true })
    this.#sockets.set(socket, connection)
    return this.#attendant(connection, this.#closing.signal)
  }

  // Said and closed at once; within TLS it could not be said without the handshake, which costs more than it is worth.
  #turnAway(socket: Socket): void {
    if (this.#options.implicitTls) socket.destroy()
    else socket.end(TOO_MANY, () => socket.destroy())
  }

  #inTime<T>(socket: Socket, work: () => Promise<T>): Promise<T> {
    const { handshakeTimeout = DEFAULT_HANDSHAKE_TIMEOUT } = this.#options
    const late = (): MailError<NodeErrorCode> => {
      socket.destroy()
      return new MailError('NODE_CONNECT_TIMEOUT', `Cannot take client: no handshake in ${handshakeTimeout} ms`)
    }
    return attempt(work, { timeout: handshakeTimeout, startTimer, late, aborted: late, signal: undefined })
  }
}

function proxiedBy(socket: Socket, client: Endpoint | undefined): Partial<ConnectionInfo> {
  const { remoteAddress, remotePort } = socket
  if (!client || remoteAddress === undefined || remotePort === undefined) return {}
  return { remote: client, proxy: { address: remoteAddress, port: remotePort } }
}

function ignore(): void {
  // Whoever uses the socket hears of it in his own way.
}
