/** A server as one URL: `smtp:`, `submission:` and `smtps:`, with credentials and port. RFC 3986, RFC 8314. */

import { MailError } from '@posthorn/core'
import type { PasswordCredentials } from '@posthorn/sasl'
import type { PosthornErrorCode } from './error.ts'

/** A server, as a URL says it. */
export interface ServerUrl {
  /** The host, without the brackets of an IPv6 address. */
  readonly host: string
  /** The port. */
  readonly port: number
  /** Whether TLS begins at once. */
  readonly implicitTls: boolean
  /** The credentials, where the URL has them. */
  readonly credentials?: PasswordCredentials
}

const PORTS: Readonly<Record<string, number>> = { 'smtp:': 25, 'submission:': 587, 'smtps:': 465 }

/**
 * Parses the URL of a server.
 *
 * @param text As `smtps://user:password@host:465`; user and password percent-encoded.
 * @returns Its parts.
 * @throws {MailError} `POSTHORN_BAD_URL`; the text is not in the error, as it may hold a password.
 * @example
 * parseServerUrl('submission://mx.example') // { host: 'mx.example', port: 587, implicitTls: false }
 * parseServerUrl('http://mx.example') // throws POSTHORN_BAD_URL
 */
export function parseServerUrl(text: string): ServerUrl {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const port = url && (url.port === '' ? PORTS[url.protocol] : Number(url.port))
  if (!url || !PORTS[url.protocol] || !port || url.hostname === '') {
    throw bad('it is not smtp://, submission:// or smtps:// with a host')
  }
  if (!['', '/'].includes(url.pathname) || url.search !== '' || url.hash !== '') throw bad('something follows the host')
  if (url.username === '' && url.password !== '') throw bad('it has a password and no user')
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port,
    implicitTls: url.protocol === 'smtps:',
    ...(url.username !== '' && { credentials: credentialsOf(url) }),
  }
}

function credentialsOf(url: URL): PasswordCredentials {
  try {
    return { username: decodeURIComponent(url.username), password: decodeURIComponent(url.password) }
  } catch {
    throw bad('its credentials are not percent-encoded UTF-8')
  }
}

function bad(why: string): MailError<PosthornErrorCode> {
  return new MailError('POSTHORN_BAD_URL', `Cannot use server URL: ${why}`)
}
