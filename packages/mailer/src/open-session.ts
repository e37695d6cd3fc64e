/** A server to a session that is ready to send: connected, greeted, TLS raised, authenticated. */

import type { ConnectRequest, Platform } from '@posthorn/smtp'
import { SmtpClient } from '@posthorn/smtp'
import { guarded } from './guarded.ts'
import type { MailerOptions } from './mailer-options.ts'
import type { ServerUrl } from './server-url.ts'
import type { OpenedSession } from './session.ts'

/** What a session is opened with beside the options of the mailer. */
interface OpeningContext {
  readonly session: number
  readonly signal: AbortSignal
  readonly platform: Platform
}

/**
 * Opens a session.
 *
 * @internal
 * @throws {MailError} The codes of `connect` and of `SmtpClient.open`; nothing stays open then.
 */
export async function openSession(
  server: ServerUrl,
  options: MailerOptions,
  { session, signal, platform }: OpeningContext,
): Promise<OpenedSession> {
  const connection = await options.connect(requestOf(server, options, signal))
  const record = guarded(() => options.recorder?.(session, connection.info))()
  const credentials = options.credentials ?? server.credentials
  const client = new SmtpClient(connection, {
    serverName: server.host,
    ...options,
    tls: options.tls ?? defaultTls(server, credentials !== undefined),
    protocol: server.protocol,
    platform,
    ...(credentials && { credentials }),
    ...(record && { record: guarded(record) }),
  })
  const onAbort = (): void => connection.abort(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    if (signal.aborted) onAbort()
    await client.open()
    return { client, connection }
  } catch (error) {
    await client.quit()
    throw error
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

function requestOf(server: ServerUrl, options: MailerOptions, signal: AbortSignal): ConnectRequest {
  const { host, port, path, implicitTls } = server
  const { serverName, checkCertificate, connectTimeout } = options
  return {
    host,
    port,
    implicitTls,
    signal,
    ...(path !== undefined && { path }),
    ...(serverName !== undefined && { serverName }),
    ...(checkCertificate && { checkCertificate }),
    ...(connectTimeout !== undefined && { timeout: connectTimeout }),
  }
}

// Nobody stands between this host and itself. Credentials still want a certificate.
function defaultTls({ host, path }: ServerUrl, hasCredentials: boolean): 'required' | 'none' {
  const isLocal = path !== undefined || LOCAL.test(host)
  return isLocal && !hasCredentials ? 'none' : 'required'
}

const LOCAL = /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/i
