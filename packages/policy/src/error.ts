/** The codes of the errors that this package raises. */

import { MailError } from '@posthorn/core'

/** Every `code` of a `MailError` from this package. */
export type PolicyErrorCode =
  | 'POLICY_BAD_DOMAIN'
  | 'POLICY_BAD_FIELD'
  | 'POLICY_BAD_RECORD'
  | 'POLICY_BAD_VERSION'
  | 'POLICY_MISSING_FIELD'
  | 'POLICY_TOO_LARGE'

/**
 * Makes an error of this package.
 *
 * @internal
 * @param spec The rule that was broken, as `rfc8461#section-3.1`.
 */
export function fault(code: PolicyErrorCode, message: string, spec: string): MailError<PolicyErrorCode> {
  return new MailError(code, `Cannot ${message}`, { spec })
}
