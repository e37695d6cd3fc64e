/** The codes of the errors that this package raises. */

/** Every `code` of a `MailError` from this package. */
export type DnsErrorCode = 'DNS_BAD_NAME' | 'DNS_BAD_RECORD' | 'DNS_BAD_URL' | 'DNS_BAD_ZONE' | 'DNS_NOT_RECORDED'
