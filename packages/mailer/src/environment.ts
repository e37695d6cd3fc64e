/** A server as the environment of a process names it: one URL, or a variable for each part. */

import { fault } from './error.ts'
import { parseServerUrl, type ServerUrl } from './server-url.ts'

/** The variables of a process, by name. */
export type Environment = Readonly<Record<string, string | undefined>>

/**
 * Reads the server from variables: `SMTP_URL`, or else `SMTP_HOST` with `SMTP_PORT`, `SMTP_USERNAME` (or `SMTP_USER`) and
 * `SMTP_PASSWORD` (or `SMTP_PASS`). TLS begins at once on port 465; default port 587 with a user, 25 without.
 *
 * @param environment The variables, such as `process.env`; empty ones count as absent.
 * @returns The server.
 * @throws {MailError} `MAILER_BAD_URL` for a URL that is none, for a port that is none, or when no server is named; no
 * value is in the error.
 * @example
 * readServerFromEnvironment({ SMTP_HOST: 'mx.example' }) // { protocol: 'smtp', host: 'mx.example', port: 25, implicitTls: false }
 * readServerFromEnvironment({ SMTP_URL: 'smtps://mx.example' }).port // 465
 * readServerFromEnvironment({}) // throws MAILER_BAD_URL
 */
export function readServerFromEnvironment(environment: Environment): ServerUrl {
  const { SMTP_URL: url, SMTP_HOST: host } = environment
  if (url) return parseServerUrl(url)
  if (!host) throw fault('MAILER_BAD_URL', 'find a server: neither SMTP_URL nor SMTP_HOST is set')
  const username = environment['SMTP_USERNAME'] || environment['SMTP_USER']
  const password = environment['SMTP_PASSWORD'] || environment['SMTP_PASS'] || ''
  const port = portOf(environment['SMTP_PORT']) ?? (username ? 587 : 25)
  return {
    protocol: 'smtp',
    host,
    port,
    implicitTls: port === 465,
    ...(username && { credentials: { username, password } }),
  }
}

function portOf(text: string | undefined): number | undefined {
  if (!text) return undefined
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (port < 1 || port > 65_535) throw fault('MAILER_BAD_URL', 'use SMTP_PORT: it is no port')
  return port
}
