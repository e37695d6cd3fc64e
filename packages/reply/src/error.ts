/** The codes of the errors that this package raises. */

/** Every `code` of a `MailError` from this package. */
export type ReplyErrorCode =
  | 'REPLY_BAD_CODE'
  | 'REPLY_BAD_LINE'
  | 'REPLY_BAD_STATUS'
  | 'REPLY_BAD_TEXT'
  | 'REPLY_BARE_LF'
  | 'REPLY_CODE_MISMATCH'
  | 'REPLY_EIGHT_BIT'
  | 'REPLY_LINE_TOO_LONG'
  | 'REPLY_TOO_LONG'
  | 'REPLY_TOO_MANY_LINES'
