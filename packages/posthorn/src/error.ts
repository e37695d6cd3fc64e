/** The codes of the errors that this package raises. */

/** Every `code` of a `MailError` from this package, beside those of the packages that it binds together. */
export type PosthornErrorCode = 'POSTHORN_BAD_USAGE'
