/** The codes of the errors that this package raises. */

import { MailError } from '@posthorn/core'

/** Every `code` of a `MailError` from this package. */
export type DmarcErrorCode = 'DMARC_BAD_DOMAIN' | 'DMARC_BAD_TAG' | 'DMARC_BAD_VERSION' | 'DMARC_TOO_LONG'

/**
 * Makes an error of this package.
 *
 * @internal
 * @param section The section of RFC 9989 that was broken.
 */
export function fault(code: DmarcErrorCode, message: string, section: string): MailError<DmarcErrorCode> {
  return new MailError(code, `Cannot ${message}`, { spec: `rfc9989#section-${section}` })
}
