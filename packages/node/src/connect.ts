/** Opens a connection to a server: over TCP or a Unix socket, with TLS at once (RFC 8314) or later (RFC 3207). */

import type { Socket } from 'node:net'
import { attempt } from '@posthorn/core'
import type { Connection, ConnectRequest } from '@posthorn/smtp'
import { clientUpgrade } from './client-tls.ts'
import type { ClientTlsOptions } from './client-tls-options.ts'
import { dial, guarded } from './dial.ts'
import { connectFault } from './error.ts'
import { openByProxy } from './proxy.ts'
import { secureContextOf } from './secure-context.ts'
import { SocketConnection } from './socket-connection.ts'
import { messageOf, openTcp, type TcpOptions } from './tcp.ts'
import { startTimer } from './timer.ts'
import { upgradeAtOnce } from './tls.ts'

/** Where to connect to, and how. */
export interface ConnectOptions extends ConnectRequest, ClientTlsOptions, TcpOptions {
  /** How long to wait for the connection, lookup and TLS at once included, in milliseconds; default 30,000. */
  readonly timeout?: number
  /**
   * A proxy to connect by: a URL of `http:`, `https:`, `socks5:`, `socks5h:` or `socks4a:`, with credentials where it asks for
   * them. It is given the name of the host, unless `addresses` or a `resolver` are there.
   */
  readonly proxy?: string | URL
  /** What TLS to a proxy of `https:` is raised with; default: as for any server. */
  readonly proxyTls?: ClientTlsOptions
}

/**
 * Opens a connection. The addresses of the host are tried one soon after the other, and the first that answers is taken.
 *
 * @param options Where to, and how.
 * @returns The connection; nothing is read from it before it is asked for.
 * @throws {MailError} `NODE_CONNECT_FAILED`, of which the cause is the error of the system, or where several addresses
 * failed an `AggregateError` of them; `NODE_CONNECT_TIMEOUT`; `NODE_ABORTED`; `NODE_TLS_FAILED` when TLS at once fails, as a
 * {@link CertificateError} where the certificate is why; `NODE_PROXY_FAILED`; `NODE_BAD_OPTION`.
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

async function establish(options: ConnectOptions, signal: AbortSignal): Promise<Connection> {
  const { host, path, proxy, implicitTls = false, checkCertificate } = options
  // What is wrong with the options shows before anybody is asked.
  secureContextOf(options)
  const socket = await open(options, signal)
  return guarded(socket, signal, async () => {
    // HAZARD: it would be lost, or taken for a part of what TLS protects.
    if (implicitTls && socket.readableLength > 0) throw connectFault('NODE_TLS_INJECTION', 'something came before TLS')
    const upgrade = clientUpgrade(host, options)
    const secured = implicitTls
      ? await upgradeAtOnce(socket, upgrade, checkCertificate && { checkCertificate })
      : undefined
    return new SocketConnection(socket, upgrade, secured, {
      via: path === undefined ? 'tcp' : 'unix',
      isProxied: proxy !== undefined,
    })
  })
}

async function open(options: ConnectOptions, signal: AbortSignal): Promise<Socket> {
  const { path, proxy } = options
  if (path !== undefined) return openUnix(path, options, signal)
  if (proxy === undefined) return openTcp(options, options, signal)
  return openByProxy(proxy, options, signal)
}

async function openUnix(path: string, options: ConnectOptions, signal: AbortSignal): Promise<Socket> {
  try {
    return await dial({ path }, { timeout: options.attemptTimeout ?? 10_000, signal })
  } catch (cause) {
    throw connectFault('NODE_CONNECT_FAILED', messageOf(cause), cause)
  }
}
