/** The codes of the errors of ARC. */

import { MailError } from '@posthorn/core'

/** Every `code` of a `MailError` that is of ARC alone; tags and keys have those of DKIM. */
export type ArcErrorCode =
  | 'ARC_BAD_CHAIN'
  | 'ARC_BAD_FIELD'
  | 'ARC_BAD_INSTANCE'
  | 'ARC_BAD_RESULTS'
  | 'ARC_FORBIDDEN_FIELD'
  | 'ARC_FORBIDDEN_TAG'

/**
 * Makes an error of ARC.
 *
 * @internal
 * @param section The section of RFC 8617 that was broken.
 */
export function arcFault(code: ArcErrorCode, message: string, section: string): MailError<ArcErrorCode> {
  return new MailError(code, `Cannot ${message}`, { spec: `rfc8617#section-${section}` })
}
