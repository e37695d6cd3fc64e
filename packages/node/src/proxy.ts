/** A socket to a server by a proxy, which alone is connected to. */

import type { Socket } from 'node:net'
import { findAddresses } from './addresses.ts'
import { clientUpgrade } from './client-tls.ts'
import type { ClientTlsOptions } from './client-tls-options.ts'
import { guarded } from './dial.ts'
import { connectByHttp } from './http-proxy.ts'
import { checkDestination, type ProxyDestination, type ProxyServer, parseProxy, proxyFault } from './proxy-target.ts'
import { connectBySocks } from './socks-proxy.ts'
import { messageOf, openTcp, type TcpOptions, type TcpTarget } from './tcp.ts'

/** Where to, and how. */
export interface ProxyOptions extends TcpTarget, TcpOptions {
  readonly proxyTls?: ClientTlsOptions
  readonly timeout?: number
}

/**
 * Opens a socket by a proxy: to the name, or to the first address that the proxy can connect to.
 *
 * @internal
 * @throws {MailError} `NODE_PROXY_FAILED`, `NODE_BAD_OPTION`, or `NODE_CONNECT_FAILED` where there is no address.
 */
export async function openByProxy(proxy: string | URL, options: ProxyOptions, signal: AbortSignal): Promise<Socket> {
  const server = parseProxy(proxy)
  const { host, port, addresses, resolver, maxAddresses = 10 } = options
  const hosts = addresses || resolver ? await allAddresses({ host, addresses, resolver, signal }) : [host]
  let failure: unknown = proxyFault('there is no address to connect to')
  for (const one of hosts.slice(0, maxAddresses)) {
    try {
      return await ask(server, { host: one.replace(/\.$/, ''), port }, options, signal)
    } catch (error) {
      signal.throwIfAborted()
      failure = error
    }
  }
  throw failure
}

async function allAddresses(sought: Parameters<typeof findAddresses>[0]): Promise<readonly string[]> {
  const { first, later } = await findAddresses(sought)
  return [...first, ...((await later) ?? [])]
}

async function ask(
  server: ProxyServer,
  destination: ProxyDestination,
  options: ProxyOptions,
  signal: AbortSignal,
): Promise<Socket> {
  checkDestination(destination)
  const socket = await reach(server, options, signal)
  return guarded(socket, signal, async () => {
    const { timeout = 30_000 } = options
    if (server.kind.startsWith('http')) await connectByHttp(socket, server, destination)
    else await connectBySocks(socket, server, { ...destination, timeout })
    return socket
  })
}

async function reach(server: ProxyServer, options: ProxyOptions, signal: AbortSignal): Promise<Socket> {
  const { resolver: _, proxyTls = {}, ...how } = options
  try {
    const socket = await openTcp({ host: server.host, port: server.port }, how, signal)
    if (server.kind !== 'https') return socket
    return await guarded(socket, signal, async () => (await clientUpgrade(server.host, proxyTls)(socket, {})).socket)
  } catch (cause) {
    throw proxyFault(messageOf(cause), cause)
  }
}
