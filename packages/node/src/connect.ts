/** Opens a connection to a server: over TCP or a Unix socket, with TLS at once (RFC 8314) or later (RFC 3207). */

import { isIP, type Socket } from 'node:net'
import { attempt } from '@posthorn/core'
import type { Resolver } from '@posthorn/dns'
import type { Connection, ConnectRequest } from '@posthorn/smtp'
import { findAddresses } from './addresses.ts'
import { clientUpgrade } from './client-tls.ts'
import type { ClientTlsOptions } from './client-tls-options.ts'
import { dial } from './dial.ts'
import { connectFault } from './error.ts'
import { race } from './race.ts'
import { secureContextOf } from './secure-context.ts'
import { SocketConnection } from './socket-connection.ts'
import { upgradeAtOnce } from './tls.ts'

/** Where to connect to, and how. */
export interface ConnectOptions extends ConnectRequest, ClientTlsOptions {
  /** How long to wait for the connection, lookup and TLS at once included, in milliseconds; default 30,000. */
  readonly timeout?: number
  /** Who is asked for the addresses of the host; default: the system, its file of hosts included. */
  readonly resolver?: Resolver
  /** How long one address is waited for before the next is tried beside it, in milliseconds; default 250. */
  readonly attemptDelay?: number
  /** How long one address is waited for at all, in milliseconds; default 10,000. */
  readonly attemptTimeout?: number
  /** Most addresses to try; default 10. */
  readonly maxAddresses?: number
  /** The address to connect from; addresses of the other family are then left out. Default: as the system chooses. */
  readonly localAddress?: string
  /** Whether the system looks now and then if the other end is still there; default `true`. */
  readonly keepAlive?: boolean
  /** After how long without an octet it looks for the first time, in milliseconds; default 60,000. */
  readonly keepAliveDelay?: number
}

/**
 * Opens a connection. The addresses of the host are tried one soon after the other, and the first that answers is taken.
 *
 * @param options Where to, and how.
 * @returns The connection; nothing is read from it before it is asked for.
 * @throws {MailError} `NODE_CONNECT_FAILED`, of which the cause is the error of the system, or where several addresses
 * failed an `AggregateError` of them; `NODE_CONNECT_TIMEOUT`; `NODE_ABORTED`; `NODE_TLS_FAILED` when TLS at once fails, as a
 * {@link CertificateError} where the certificate is why; `NODE_BAD_OPTION`.
 * @see {@link https://www.rfc-editor.org/rfc/rfc8305#section-5 | RFC 8305 section 5}
 * @example
 * await connect({ host: '127.0.0.1', port: 1 }) // throws NODE_CONNECT_FAILED
 */
export async function connect(options: ConnectOptions): Promise<Connection> {
  const { timeout = 30_000, signal } = options
  const end = new AbortController()
  try {
    return await attempt(() => establish(options, end.signal), {
      timeout,
      signal,
      startTimer,
      late: () => connectFault('NODE_CONNECT_TIMEOUT', `no answer in ${timeout} ms`),
      aborted: (reason) => connectFault('NODE_ABORTED', 'the caller aborted', reason),
    })
  } catch (error) {
    end.abort(error)
    throw error
  }
}

function startTimer(milliseconds: number, callback: () => void): () => void {
  const timer = setTimeout(callback, milliseconds)
  return () => clearTimeout(timer)
}

async function establish(options: ConnectOptions, signal: AbortSignal): Promise<Connection> {
  const { host, path, implicitTls = false, checkCertificate } = options
  // What is wrong with the options shows before anybody is asked.
  secureContextOf(options)
  const socket = await (path === undefined ? openTcp(options, signal) : openUnix(path, options, signal))
  const onAbort = (): void => void socket.destroy()
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    signal.throwIfAborted()
    const upgrade = clientUpgrade(host, options)
    const secured = implicitTls
      ? await upgradeAtOnce(socket, upgrade, checkCertificate && { checkCertificate })
      : undefined
    return new SocketConnection(socket, upgrade, secured, { via: path === undefined ? 'tcp' : 'unix' })
  } catch (error) {
    socket.destroy()
    throw error
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

async function openUnix(path: string, options: ConnectOptions, signal: AbortSignal): Promise<Socket> {
  try {
    return await dial({ path }, { timeout: options.attemptTimeout ?? 10_000, signal })
  } catch (cause) {
    throw connectFault('NODE_CONNECT_FAILED', messageOf(cause), cause)
  }
}

async function openTcp(options: ConnectOptions, signal: AbortSignal): Promise<Socket> {
  const { host, port, addresses, resolver, localAddress, keepAlive = true, keepAliveDelay = 60_000 } = options
  const { attemptDelay = 250, attemptTimeout = 10_000, maxAddresses = 10 } = options
  const found = await findAddresses({ host, addresses, resolver, signal })
  const fits = (all: readonly string[]): readonly string[] => ofFamily(all, localAddress)
  const target = { port, keepAlive, keepAliveInitialDelay: keepAliveDelay, ...(localAddress && { localAddress }) }
  try {
    return await race({
      first: fits(found.first),
      later: found.later?.then(fits),
      attempt: (address, stop) =>
        dial({ ...target, host: address }, { timeout: attemptTimeout, signal: stop }).catch((error: unknown) => {
          throw Object.assign(error as Error, { address, port })
        }),
      drop: (socket) => socket.destroy(),
      delay: attemptDelay,
      most: maxAddresses,
      signal,
    })
  } catch (error) {
    throw unreachable((error as AggregateError).errors)
  }
}

function ofFamily(addresses: readonly string[], localAddress: string | undefined): readonly string[] {
  return localAddress === undefined ? addresses : addresses.filter((one) => isIP(one) === isIP(localAddress))
}

// What a server itself says tells more than that the way to it is not there.
const LEAST_TELLING = ['ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL', 'EAFNOSUPPORT']

function unreachable(failures: readonly (Error & { readonly code?: string })[]): Error {
  const [telling] = [...failures].sort((a, b) => rank(a.code) - rank(b.code))
  if (!telling) return connectFault('NODE_CONNECT_FAILED', 'there is no address to connect to')
  if (failures.length === 1) return connectFault('NODE_CONNECT_FAILED', messageOf(telling), telling)
  const cause = Object.assign(new AggregateError(failures, 'No address answers'), { code: telling.code })
  return connectFault(
    'NODE_CONNECT_FAILED',
    `none of ${failures.length} addresses answers; ${messageOf(telling)}`,
    cause,
  )
}

function rank(code: string | undefined): number {
  return LEAST_TELLING.indexOf(code ?? '')
}

function messageOf(error: unknown): string {
  return (error instanceof Error && error.message) || 'nobody answers'
}
