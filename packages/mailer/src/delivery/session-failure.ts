/** Why a session did not come to sending, and what that means for the recipients: RFC 5321 section 5.1, RFC 8689 section 5. */

import { MailError } from '@posthorn/core'
import type { DeliveryHost } from '@posthorn/policy'
import { classifyReply } from '@posthorn/reply'
import type { SmtpErrorCode } from '@posthorn/smtp'
import { fault } from '../error.ts'
import { loop, made, type Told } from './made-reply.ts'
import type { SessionWatch } from './session-watch.ts'

/** Why a session did not come to sending. */
export interface SessionFailure {
  /** The error. */
  readonly error: MailError
  /** What the recipients are told, if no other host helps. */
  readonly told: Told
}

/** What is known of a session that failed. */
export interface FailedSession {
  readonly error: unknown
  readonly host: DeliveryHost
  /** Absent where no connection was made. */
  readonly watch?: SessionWatch
}

// What a host lacks for good; another host of the domain may have it.
const LACKS: Readonly<Partial<Record<SmtpErrorCode, readonly [status: string, text: string]>>> = {
  SMTP_NEEDS_8BITMIME: ['5.6.3', 'The host takes no 8-bit content'],
  SMTP_NEEDS_BINARYMIME: ['5.6.3', 'The host takes no binary content'],
  SMTP_NEEDS_SMTPUTF8: ['5.6.7', 'The host takes no addresses and headers beyond US-ASCII'],
  SMTP_MESSAGE_TOO_LARGE: ['5.3.4', 'The message is larger than the host takes'],
  SMTP_LINE_TOO_LONG: ['5.6.0', 'The message has lines longer than the host takes'],
  SMTP_NOT_OFFERED: ['5.3.3', 'The host does not offer what the envelope asks for'],
}

/**
 * Tells why a session failed.
 *
 * @internal
 */
export function whyFailed({ error: cause, host, watch }: FailedSession): SessionFailure {
  const error = cause instanceof MailError ? cause : fault('MAILER_CONNECT_FAILED', 'deliver to the host', cause)
  return { error, told: toldOf(error, host, watch) }
}

function toldOf(error: MailError, host: DeliveryHost, watch: SessionWatch | undefined): Told {
  if (!watch) return made('4.4.1', 'The host does not answer')
  if (error.code === 'MAILER_LOOP') return loop()
  const lack = LACKS[error.code as SmtpErrorCode]
  if (lack) return made(...lack)
  const byTls = toldByTls(error, host, watch)
  if (byTls) return byTls
  const { refusal } = watch
  if (error.code !== 'SMTP_REFUSED' || !refusal) return made('4.4.2', 'The connection to the host was lost')
  // RFC 7504 section 3: of those who refuse a connection, only 521 says that it is so for good.
  const { retry } = classifyReply(refusal.reply, { answers: refusal.answers })
  return { reply: refusal.reply, host: host.host, isLasting: retry === 'never' }
}

// RFC 8689 section 5: what its sender wants sent over verified TLS alone is returned when that cannot be.
function toldByTls({ code }: MailError, { requireTls }: DeliveryHost, watch: SessionWatch): Told | undefined {
  if (code === 'MAILER_REQUIRETLS_UNAVAILABLE') return made('5.7.30', 'The host does not offer REQUIRETLS')
  if (code === 'SMTP_NEEDS_VERIFIED_TLS') return made('5.7.30', 'The certificate of the host was not verified')
  if (code === 'MAILER_BAD_CERTIFICATE') {
    const text = 'The certificate of the host is not what it must be'
    return requireTls ? made('5.7.30', text) : made('4.7.5', text)
  }
  if (watch.isTlsBroken) return made('4.7.5', 'TLS with the host failed')
  if (code !== 'SMTP_TLS_UNAVAILABLE') return undefined
  const text = 'The host does not offer TLS, which is needed'
  return requireTls ? made('5.7.10', text) : made('4.7.10', text)
}
