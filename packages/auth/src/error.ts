/** The codes of the errors that this package raises. */

import { clip, MailError } from '@posthorn/core'

/** Every `code` of a `MailError` from this package. */
export type AuthErrorCode = 'AUTH_BAD_FIELD' | 'AUTH_BAD_ID' | 'AUTH_BAD_LIMIT' | 'AUTH_BAD_VALUE' | 'AUTH_TOO_LONG'

/** @internal */
export interface Fault {
  /** What cannot be done, as `write "…"`. */
  readonly message: string
  /** The section of RFC 8601 that was broken. */
  readonly section: string
  /** Where in the input. */
  readonly offset?: number
}

/**
 * Makes an error of this package.
 *
 * @internal
 */
export function fault(code: AuthErrorCode, { message, section, offset }: Fault): MailError<AuthErrorCode> {
  const where = offset === undefined ? {} : { offset }
  return new MailError(code, `Cannot ${message}`, { spec: `rfc8601#section-${section}`, ...where })
}

/**
 * Quotes untrusted text for a message.
 *
 * @internal
 */
export function quoted(text: string): string {
  return `"${clip(text)}"`
}
