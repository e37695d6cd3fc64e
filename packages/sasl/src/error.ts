/** The codes of the errors that this package raises. */

/** Every `code` of a `MailError` from this package. */
export type SaslErrorCode =
  | 'SASL_BAD_CHALLENGE'
  | 'SASL_BAD_CREDENTIALS'
  | 'SASL_SERVER_NOT_PROVED'
  | 'SASL_WEAK_PARAMETERS'
