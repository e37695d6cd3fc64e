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
import { type Secured, SocketConnection, type Upgrade } from './socket-connection.ts'
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

/** A client, as far as it has come. */
interface Guest {
  /** As what it is counted, beside the whole. */
  countedAs?: string | undefined
  /** Its connection, once somebody serves it. */
  connection?: SocketConnection
}

/**
 * The clients of one listener.
 *
 * @internal
 */
export class Reception {
  readonly admission: Admission
  readonly #options: ReceptionOptions
  readonly #attendant: Attendant
  readonly #upgrade: Upgrade
  readonly #proxies: TrustedProxies
  readonly #closing = new AbortController()
  #closed: Promise<void> | undefined
  readonly #guests = new Map<Socket, Guest>()

  constructor(options: ReceptionOptions, attendant: Attendant, tls: ServerTls | undefined) {
    this.admission = new Admission(options)
    this.#options = options
    this.#attendant = attendant
    this.#upgrade = tls?.upgrade ?? noUpgrade
    this.#proxies = new TrustedProxies(options.proxyProtocol?.from ?? [])
    setMaxListeners(0, this.#closing.signal)
  }

  /** Takes a client. */
  take(socket: Socket): void {
    socket.on('error', ignore)
    if (this.#closing.signal.aborted) socket.destroy()
    else if (!this.admission.enter()) this.#turnAway(socket)
    else {
      const guest: Guest = {}
      this.#guests.set(socket, guest)
      socket.on('close', () => {
        this.#guests.delete(socket)
        this.admission.leave()
        this.admission.leaveFrom(guest.countedAs)
      })
      this.#attend(socket, guest)
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
    for (const [socket, { connection }] of this.#guests) if (!connection) socket.destroy()
    this.#closing.abort()
    return closed
  }

  #abort(): undefined {
    const reason = new MailError<NodeErrorCode>('NODE_CLOSED', 'Cannot use connection: the listener was closed')
    for (const [socket, { connection }] of this.#guests) {
      connection?.abort(reason)
      socket.destroy()
    }
  }

  #attend(socket: Socket, guest: Guest): void {
    const fail = (error: unknown): void => {
      socket.destroy()
      if (!this.#closing.signal.aborted) this.#options.onError?.(error)
    }
    const isProxied = this.#proxies.includes(socket.remoteAddress)
    try {
      const attended =
        isProxied || this.#options.implicitTls
          ? this.#attendLater(socket, guest, isProxied)
          : this.#admit(socket, guest) && this.#serve(socket, guest)
      if (attended) attended.catch(fail)
    } catch (error) {
      fail(error)
    }
  }

  // Attends a client once a proxy has told of it, and TLS is raised.
  async #attendLater(socket: Socket, guest: Guest, isProxied: boolean): Promise<void> {
    const known = isProxied ? proxiedBy(socket, await this.#inTime(socket, () => takeProxyHeader(socket))) : {}
    if (!this.#admit(socket, guest, known.remote)) return
    const raise = (): Promise<Secured> => this.#upgrade(socket, {})
    const secured = this.#options.implicitTls ? await this.#inTime(socket, raise) : undefined
    return this.#serve(socket, guest, secured, known)
  }

  #admit(socket: Socket, guest: Guest, client?: Endpoint): boolean {
    if (socket.destroyed) return false
    const address = client?.address ?? socket.remoteAddress
    if (!this.admission.enterFrom(address)) {
      this.#turnAway(socket)
      return false
    }
    guest.countedAs = address
    return true
  }

  #serve(socket: Socket, guest: Guest, secured?: Secured, known?: Partial<ConnectionInfo>): Promise<void> | void {
    const connection = new SocketConnection(socket, this.#upgrade, secured, { ...known, isOneOfMany: true })
    guest.connection = connection
    // Below TLS nobody else listens for errors.
    if (!secured) socket.off('error', ignore)
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
