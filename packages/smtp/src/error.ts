/** The errors that this package raises. */

import { clip, MailError } from '@posthorn/core'
import { formatReplyText, type Reply } from '@posthorn/reply'

/** Every `code` of a `MailError` from this package, beside those of the packages it reads and writes with. */
export type SmtpErrorCode =
  | 'SMTP_ABORTED'
  | 'SMTP_AUTH_FAILED'
  | 'SMTP_AUTH_UNAVAILABLE'
  | 'SMTP_BAD_PROXY_HEADER'
  | 'SMTP_BARE_NEWLINE'
  | 'SMTP_BUSY'
  | 'SMTP_CLOSED'
  | 'SMTP_LINE_TOO_LONG'
  | 'SMTP_MESSAGE_ABANDONED'
  | 'SMTP_MESSAGE_TOO_LARGE'
  | 'SMTP_NEEDS_8BITMIME'
  | 'SMTP_NEEDS_BINARYMIME'
  | 'SMTP_NEEDS_SMTPUTF8'
  | 'SMTP_NEEDS_VERIFIED_TLS'
  | 'SMTP_NOT_OFFERED'
  | 'SMTP_NO_RECIPIENTS'
  | 'SMTP_OUT_OF_TURN'
  | 'SMTP_REFUSED'
  | 'SMTP_SOURCE_FAILED'
  | 'SMTP_TIMEOUT'
  | 'SMTP_TLS_INJECTION'
  | 'SMTP_TLS_UNAVAILABLE'
  | 'SMTP_UNEXPECTED_REPLY'
  | 'SMTP_UNSAFE_AUTH'
  | 'SMTP_UNSOLICITED_REPLY'

/**
 * Makes the error of a session that cannot go on.
 *
 * @internal
 */
export function fault(code: SmtpErrorCode, why: string, cause?: unknown): MailError<SmtpErrorCode> {
  return new MailError(code, `Cannot go on with the session: ${why}`, { spec: 'rfc5321#section-4.1.4', cause })
}

/**
 * Makes the error of a session that a reply of the server ends.
 *
 * @internal
 */
export function refused(code: SmtpErrorCode, why: string, reply: Reply, cause?: unknown): MailError<SmtpErrorCode> {
  return fault(code, `${why} (${clip(formatReplyText(reply))})`, cause)
}

/**
 * Makes the error of a caller that asks for what the session does not allow now.
 *
 * @internal
 */
export function outOfTurn(action: string, why: string): MailError<SmtpErrorCode> {
  return new MailError('SMTP_OUT_OF_TURN', `Cannot ${action} now: ${why}`, { spec: 'rfc5321#section-4.1.4' })
}
