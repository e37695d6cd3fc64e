/** Proxies as URLs, and what is asked of them. */

import { isIP } from 'node:net'
import { clip, isDomain, MailError } from '@posthorn/core'
import { connectFault, type NodeErrorCode } from './error.ts'

/** A proxy. */
export interface ProxyServer {
  readonly kind: 'http' | 'https' | 'socks4' | 'socks5'
  readonly host: string
  readonly port: number
  readonly username: string
  readonly password: string
}

/** What a proxy is to connect to. */
export interface ProxyDestination {
  readonly host: string
  readonly port: number
}

const KINDS: Readonly<Record<string, readonly [kind: ProxyServer['kind'], port: number]>> = {
  'http:': ['http', 80],
  'https:': ['https', 443],
  'socks4a:': ['socks4', 1080],
  'socks5:': ['socks5', 1080],
  'socks5h:': ['socks5', 1080],
}

/**
 * Reads the URL of a proxy.
 *
 * @internal
 * @throws {MailError} `NODE_BAD_OPTION`, whose message shows nothing of it.
 */
export function parseProxy(proxy: string | URL): ProxyServer {
  const text = String(proxy)
  const url = URL.canParse(text) ? new URL(text) : undefined
  const known = url && KINDS[url.protocol]
  if (!known || url.hostname === '') {
    const schemes = Object.keys(KINDS).map((scheme) => `${scheme}//`)
    throw connectFault('NODE_BAD_OPTION', `the proxy is no URL with a host of ${schemes.join(', ')}`)
  }
  const [kind, port] = known
  return {
    kind,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? port : Number(url.port),
    username: decoded(url.username),
    password: decoded(url.password),
  }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    throw connectFault('NODE_BAD_OPTION', 'the credentials of the proxy are not percent-encoded')
  }
}

/**
 * Checks what a proxy is to be asked for: a name that is none could say more to it.
 *
 * @internal
 * @throws {MailError} `NODE_BAD_OPTION` for what is neither a name nor an address.
 */
export function checkDestination({ host }: ProxyDestination): void {
  if (isIP(host) === 0 && !isDomain(host.replace(/\.$/, ''), { underscore: true })) {
    throw connectFault('NODE_BAD_OPTION', `"${clip(host)}" is neither a name nor an address`)
  }
}

/**
 * Makes the error of a proxy that does not do what it is asked for.
 *
 * @internal
 */
export function proxyFault(why: string, cause?: unknown): MailError<NodeErrorCode> {
  return new MailError('NODE_PROXY_FAILED', `Cannot connect by the proxy: ${why}`, { cause })
}
