/** The codes of the errors that this package raises. */

/** Every `code` of a `MailError` from this package. */
export type MimeErrorCode =
  | 'MIME_BAD_ADDRESS'
  | 'MIME_BAD_BOUNDARY'
  | 'MIME_BAD_CONTENT'
  | 'MIME_BAD_DATE'
  | 'MIME_BAD_FIELD'
  | 'MIME_BAD_HEADER'
  | 'MIME_BAD_ID'
  | 'MIME_BAD_MESSAGE'
  | 'MIME_BAD_PARAMETER'
  | 'MIME_BAD_REPORT'
  | 'MIME_BAD_TYPE'
  | 'MIME_CONTENT_USED'
  | 'MIME_HEADER_TOO_LONG'
  | 'MIME_LINE_TOO_LONG'
  | 'MIME_NEEDS_8BITMIME'
  | 'MIME_NEEDS_BINARYMIME'
  | 'MIME_NEEDS_SMTPUTF8'
  | 'MIME_NOT_IN_MEMORY'
  | 'MIME_SIZE_MISMATCH'
