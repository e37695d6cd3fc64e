/** The codes of the errors that this package raises. */

/** Every `code` of a `MailError` from this package, beside those of the packages it reads and writes with. */
export type SmtpErrorCode =
  | 'SMTP_ABORTED'
  | 'SMTP_AUTH_FAILED'
  | 'SMTP_AUTH_UNAVAILABLE'
  | 'SMTP_BARE_NEWLINE'
  | 'SMTP_BUSY'
  | 'SMTP_CLOSED'
  | 'SMTP_MESSAGE_TOO_LARGE'
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
