/** The codes of the errors that this package raises. */

/** Every `code` of a `MailError` from this package. */
export type DnsErrorCode = 'DNS_BAD_NAME' | 'DNS_BAD_RECORD'
