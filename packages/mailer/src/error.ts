/** The errors that this package raises. */

import { MailError } from '@posthorn/core'

/** Every `code` of a `MailError` from this package, beside those of the packages that it binds together. */
export type MailerErrorCode =
  | 'MAILER_ABORTED'
  | 'MAILER_BAD_CERTIFICATE'
  | 'MAILER_BAD_OPTION'
  | 'MAILER_BAD_URL'
  | 'MAILER_CLOSED'
  | 'MAILER_CONNECT_FAILED'
  | 'MAILER_DELIVERY_FAILED'
  | 'MAILER_LOOP'
  | 'MAILER_NOT_ACCEPTED'
  | 'MAILER_NO_RECIPIENTS'
  | 'MAILER_QUEUE_FULL'
  | 'MAILER_READ_ONCE'
  | 'MAILER_REQUIRETLS_UNAVAILABLE'
  | 'MAILER_TIMEOUT'
  | 'MAILER_TOO_LARGE_TO_SIGN'

/**
 * Makes an error of this package.
 *
 * @internal
 */
export function fault(code: MailerErrorCode, what: string, cause?: unknown): MailError<MailerErrorCode> {
  return new MailError(code, `Cannot ${what}`, { cause })
}
