/** The codes of the errors that this package raises. */

/** Every `code` of a `MailError` from this package, beside those of the packages that it binds together. */
export type MailerErrorCode =
  | 'MAILER_ABORTED'
  | 'MAILER_BAD_CERTIFICATE'
  | 'MAILER_BAD_OPTION'
  | 'MAILER_BAD_URL'
  | 'MAILER_FAILED'
  | 'MAILER_NO_ANSWER'
  | 'MAILER_NO_CONNECTION'
  | 'MAILER_READ_ONCE'
  | 'MAILER_REQUIRETLS_UNAVAILABLE'
