/** A report on TLS, as it is kept and written: RFC 8460 section 4.3 and 4.4. */

/** A registered reason for a failure (RFC 8460 section 4.3 and 6.6). */
export type TlsResultType =
  | 'certificate-expired'
  | 'certificate-host-mismatch'
  | 'certificate-not-trusted'
  | 'dane-required'
  | 'dnssec-invalid'
  | 'starttls-not-supported'
  | 'sts-policy-fetch-error'
  | 'sts-policy-invalid'
  | 'sts-webpki-invalid'
  | 'tlsa-invalid'
  | 'validation-failure'

/** What each reason is about: the negotiation of TLS, DANE, MTA-STS, or anything. */
export const TLS_RESULT_TYPES: Readonly<Record<TlsResultType, 'dane' | 'general' | 'negotiation' | 'sts'>> = {
  'certificate-expired': 'negotiation',
  'certificate-host-mismatch': 'negotiation',
  'certificate-not-trusted': 'negotiation',
  'dane-required': 'dane',
  'dnssec-invalid': 'dane',
  'starttls-not-supported': 'negotiation',
  'sts-policy-fetch-error': 'sts',
  'sts-policy-invalid': 'sts',
  'sts-webpki-invalid': 'sts',
  'tlsa-invalid': 'dane',
  'validation-failure': 'general',
}

/** One organization's report on the sessions it had with the hosts of a domain. */
export interface TlsReport {
  /** Who reports. */
  readonly organizationName: string
  /** From when, as a date and time of RFC 3339. */
  readonly start: string
  /** Until when, likewise. */
  readonly end: string
  /** Whom to ask about it. */
  readonly contactInfo: string
  /** The name of the report, one of its kind for this reporter. */
  readonly reportId: string
  /** One part for each policy that was applied. */
  readonly policies: readonly TlsPolicyReport[]
}

/** What happened under one policy. */
export interface TlsPolicyReport {
  /** `tlsa`, `sts` or `no-policy-found`; a reader keeps another word as it stands. */
  readonly policyType: string
  /** The lines of the policy, or the TLSA records, as they were found. */
  readonly policyString: readonly string[]
  /** The domain of the policy; empty where the report does not say. */
  readonly policyDomain: string
  /** The `mx` of an MTA-STS policy. */
  readonly mxHosts: readonly string[]
  /** How many sessions were well. */
  readonly successfulSessions: number
  /** How many were not. */
  readonly failedSessions: number
  /** What went wrong, by kind and place. */
  readonly failures: readonly TlsFailure[]
}

/** Failures of one kind at one place. */
export interface TlsFailure {
  /** Of {@link TLS_RESULT_TYPES}; a reader keeps another word as it stands. */
  readonly resultType: string
  /** How many sessions failed so. */
  readonly failedSessions: number
  /** The address that mail came from. */
  readonly sendingMtaIp?: string
  /** The name of the host in the MX record. */
  readonly receivingMxHostname?: string
  /** What it called itself in its greeting. */
  readonly receivingMxHelo?: string
  /** The address that mail went to. */
  readonly receivingIp?: string
  /** A URI with more. */
  readonly additionalInformation?: string
  /** An error code or text of TLS. */
  readonly failureReasonCode?: string
}

/** @internal */
export const POLICY_TYPES: readonly string[] = ['tlsa', 'sts', 'no-policy-found']

// The members of a failure that are text, and may be absent.
const FAILURE_TEXTS = {
  sendingMtaIp: 'sending-mta-ip',
  receivingMxHostname: 'receiving-mx-hostname',
  receivingMxHelo: 'receiving-mx-helo',
  receivingIp: 'receiving-ip',
  additionalInformation: 'additional-information',
  failureReasonCode: 'failure-reason-code',
} as const

/** @internal */
export const failureTexts = Object.entries(FAILURE_TEXTS) as readonly [keyof typeof FAILURE_TEXTS, string][]

/**
 * Tells whether a text is a date and time of RFC 3339, as I-JSON (RFC 7493 section 4.3) wants it.
 *
 * @internal
 */
export function isDateTime(text: string): boolean {
  const match = /^(\d{4})-(\d\d)-(\d\d)T([01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/i.exec(
    text,
  )
  if (!match) return false
  const [, year, month, day] = match.map(Number)
  return day! >= 1 && day! <= daysOf(year!, month!)
}

function daysOf(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0
}
