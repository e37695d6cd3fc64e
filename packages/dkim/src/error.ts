/** The codes of the errors that this package raises. */

import { MailError } from '@posthorn/core'

/** Every `code` of a `MailError` from this package. */
export type DkimErrorCode =
  | 'DKIM_BAD_DOMAIN'
  | 'DKIM_BAD_FIELD'
  | 'DKIM_BAD_IDENTITY'
  | 'DKIM_BAD_KEY'
  | 'DKIM_BAD_LABEL'
  | 'DKIM_BAD_MESSAGE'
  | 'DKIM_BAD_TAG'
  | 'DKIM_BAD_TAG_LIST'
  | 'DKIM_BAD_TIME'
  | 'DKIM_MISSING_TAG'
  | 'DKIM_UNSUPPORTED_ALGORITHM'
  | 'DKIM_WEAK_KEY'

/**
 * Makes an error of this package.
 *
 * @internal
 * @param section The section of RFC 6376 that was broken.
 */
export function fault(code: DkimErrorCode, message: string, section: string): MailError<DkimErrorCode> {
  return new MailError(code, `Cannot ${message}`, { spec: `rfc6376#section-${section}` })
}
