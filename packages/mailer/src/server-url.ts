/**
 * A server as one URL: `smtp:`, `submission:`, `smtps:` and `lmtp:`, with credentials and port, or the path of a Unix
 * socket. RFC 3986, RFC 6409, RFC 8314, RFC 2033. Out of scope: options of the mailer in the URL.
 */

import { MailError } from '@posthorn/core'
import type { PasswordCredentials } from '@posthorn/sasl'
import type { MailerErrorCode } from './error.ts'

/** A server, as a URL says it. */
export interface ServerUrl {
  /** What is spoken. */
  readonly protocol: 'smtp' | 'lmtp'
  /** The host, without the brackets of an IPv6 address; `localhost` for a Unix socket. */
  readonly host: string
  /** The port; 0 for a Unix socket. */
  readonly port: number
  /** The path of a Unix socket. */
  readonly path?: string
  /** Whether TLS begins at once. */
  readonly implicitTls: boolean
  /** The credentials, where the URL has them. */
  readonly credentials?: PasswordCredentials
}

const PORTS: Readonly<Record<string, number>> = { 'smtp:': 25, 'submission:': 587, 'smtps:': 465, 'lmtp:': 24 }

/**
 * Parses the URL of a server.
 *
 * @param text As `smtps://user:password@host:465`, user and password percent-encoded; or `lmtp:///run/lmtp` (`smtp:`
 * likewise) for a Unix socket.
 * @returns Its parts.
 * @throws {MailError} `MAILER_BAD_URL`; the text is not in the error, as it may hold a password.
 * @example
 * parseServerUrl('submission://mx.example') // { protocol: 'smtp', host: 'mx.example', port: 587, implicitTls: false }
 * parseServerUrl('lmtp:///run/lmtp').path // '/run/lmtp'
 * parseServerUrl('http://mx.example') // throws MAILER_BAD_URL
 */
export function parseServerUrl(text: string): ServerUrl {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !Object.hasOwn(PORTS, url.protocol)) throw bad('it is not smtp://, submission://, smtps:// or lmtp://')
  if (url.search !== '' || url.hash !== '') throw bad('something follows the host')
  if (url.username === '' && url.password !== '') throw bad('it has a password and no user')
  const protocol = url.protocol === 'lmtp:' ? 'lmtp' : 'smtp'
  const credentials = url.username === '' ? {} : { credentials: credentialsOf(url) }
  return { protocol, ...placeOf(url), implicitTls: url.protocol === 'smtps:', ...credentials }
}

function placeOf(url: URL): Pick<ServerUrl, 'host' | 'port' | 'path'> {
  const isBare = ['', '/'].includes(url.pathname)
  if (url.hostname === '') {
    const isSocket = text(url.pathname).startsWith('/') && !isBare && ['smtp:', 'lmtp:'].includes(url.protocol)
    if (!isSocket) throw bad('it has no host')
    return { host: 'localhost', port: 0, path: text(url.pathname) }
  }
  const port = url.port === '' ? PORTS[url.protocol]! : Number(url.port)
  if (!isBare || port === 0) throw bad(isBare ? 'its port is 0' : 'something follows the host')
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port }
}

function credentialsOf(url: URL): PasswordCredentials {
  return { username: text(url.username), password: text(url.password) }
}

function text(encoded: string): string {
  try {
    return decodeURIComponent(encoded)
  } catch {
    throw bad('it is not percent-encoded UTF-8')
  }
}

function bad(why: string): MailError<MailerErrorCode> {
  return new MailError('MAILER_BAD_URL', `Cannot use server URL: ${why}`)
}
