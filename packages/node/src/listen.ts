/**
 * Listens for clients and serves each of them: over TCP or a Unix socket, with TLS at once (RFC 8314) or later (RFC 3207).
 * Out of scope: dropping privileges, several processes on one port.
 */

import { createServer } from 'node:net'
import { MailError } from '@posthorn/core'
import { type ConnectionInfo, type Endpoint, type ServeOptions, serve } from '@posthorn/smtp'
import type { NodeErrorCode } from './error.ts'
import { type ListenPlace, openServer } from './open-server.ts'
import { type Attendant, Reception, type ReceptionOptions } from './reception.ts'
import { ServerTls, type ServerTlsOptions } from './server-tls.ts'

/** Where to listen, and who serves: `serve` or `onConnection`. */
export interface ListenOptions extends ListenPlace, ReceptionOptions {
  /** What TLS needs; without it neither STARTTLS nor implicit TLS can be had. */
  readonly tls?: ServerTlsOptions
  /**
   * How `serve` of `@posthorn/smtp` behaves for every client, or for each of them. STARTTLS is offered where there is `tls`,
   * and `onError` is the listener's, unless they say otherwise. `close` ends these sessions in good order.
   */
  readonly serve?: ServeOptions | ((info: ConnectionInfo) => ServeOptions | Promise<ServeOptions>)
  /** Serves one connection, until its promise settles; `closing` fires when it should come to an end. */
  readonly onConnection?: Attendant
}

/** A listener at work. */
export interface Listener {
  /** Where it listens; for a Unix socket its path, and port 0. */
  readonly address: Endpoint
  /** How many connections are open. */
  readonly connections: number
  /** How many connections were turned away because there were too many. */
  readonly refused: number
  /**
   * Takes other certificates for the handshakes that begin from now on.
   *
   * @throws {MailError} `NODE_TLS_FAILED` when they cannot be used, or the listener has had none; what was in use stays.
   */
  setTls(options: ServerTlsOptions): void
  /**
   * Takes no more clients, ends the sessions, and resolves when all is closed. A session between transactions is told 421
   * and closed at once; one within a transaction when that is over. It may be called again with less time.
   *
   * @param options How long this may take, in milliseconds, before the rest is cut off; default 30,000, and 0 with
   * `onConnection`.
   */
  close(options?: { readonly timeout?: number }): Promise<void>
  /** As `close`. */
  [Symbol.asyncDispose](): Promise<void>
}

const CLOSE_TIMEOUT = 30_000

/**
 * Begins to listen.
 *
 * @param options Where, and who serves.
 * @returns The listener, once it takes clients.
 * @throws {MailError} `NODE_LISTEN_FAILED` when the address cannot be had or an option makes no sense; `NODE_TLS_FAILED`
 * when the certificate cannot be used.
 * @example
 * const listener = await listen({ serve: { hostname: 'mx.example', onMessage: () => undefined } })
 * listener.address.address // '127.0.0.1'
 * await listener.close()
 */
export async function listen(options: ListenOptions): Promise<Listener> {
  const tls = options.tls && new ServerTls(options.tls)
  const reception = new Reception(options, attendantOf(options), tls)
  const server = createServer({ allowHalfOpen: true, noDelay: true, keepAlive: true }, (socket) =>
    reception.take(socket),
  )
  const address = await openServer(server, options)
  // What the system says later, as when it has no descriptor left, concerns a client that is not there yet.
  server.on('error', (error) => options.onError?.(error))
  const close = (timeout = options.serve ? CLOSE_TIMEOUT : 0): Promise<void> => reception.close(server, timeout)
  return {
    address,
    get connections() {
      return reception.admission.open
    },
    get refused() {
      return reception.admission.refused
    },
    setTls(replacement) {
      if (!tls) throw fault('NODE_TLS_FAILED', 'Cannot replace certificate: the listener has none')
      tls.replace(replacement)
    },
    close: ({ timeout } = {}) => close(timeout),
    [Symbol.asyncDispose]: () => close(),
  }
}

function attendantOf({ serve: behaviour, onConnection, implicitTls, tls, onError }: ListenOptions): Attendant {
  if (implicitTls && !tls) throw fault('NODE_LISTEN_FAILED', 'Cannot listen: TLS at once needs a certificate')
  if ((behaviour === undefined) === (onConnection === undefined)) {
    throw fault('NODE_LISTEN_FAILED', 'Cannot listen: either `serve` or `onConnection` must say who serves')
  }
  if (onConnection) return onConnection
  const own = { tls: tls !== undefined && !implicitTls, ...(onError && { onError }) }
  const bind = (chosen: ServeOptions, closing: AbortSignal): ServeOptions => ({
    ...own,
    ...chosen,
    closing: either(chosen.closing, closing),
  })
  if (typeof behaviour === 'function') {
    return async (connection, closing) => serve(connection, bind(await behaviour(connection.info), closing))
  }
  // All connections have the signal of their listener.
  let shared: ServeOptions | undefined
  return (connection, closing) => {
    shared ??= bind(behaviour!, closing)
    return serve(connection, shared)
  }
}

function either(one: AbortSignal | undefined, other: AbortSignal): AbortSignal {
  return one ? AbortSignal.any([one, other]) : other
}

function fault(code: NodeErrorCode, message: string): MailError<NodeErrorCode> {
  return new MailError(code, message)
}
