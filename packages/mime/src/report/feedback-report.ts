/**
 * What a receiver tells of a message that was complained of, or that failed authentication: RFC 5965 section 3, RFC 6591
 * section 3, RFC 6692, RFC 9991 section 4.
 */

import type { ParsedField } from '../parse/fields.ts'
import type { ReportDefect } from './defect.ts'
import type { ReportField } from './field-group.ts'
import type { MtaName } from './typed-value.ts'

/** An SPF record that was taken into account. */
export interface SpfRecord {
  /** The type of the record in DNS. */
  readonly type: 'txt' | 'spf'
  /** Where it stands. */
  readonly domain: string
  /** What it says. */
  readonly record: string
}

/** Feedback about one message. */
export interface FeedbackReport {
  /** In lower case: `abuse`, `fraud`, `virus`, `other`, `not-spam`, `auth-failure`, or another; required. */
  readonly feedbackType?: string
  /** The program that made it; required. */
  readonly userAgent?: string
  /** The version of the format; required, 1 today. */
  readonly version?: number
  /** The identifier of the envelope. */
  readonly envelopeId?: string
  /** The reverse-path without brackets; empty for the null one. */
  readonly mailFrom?: string
  /** The forward-paths without brackets. */
  readonly rcptTo: readonly string[]
  /** When the message came; also what older reports have as Received-Date. */
  readonly arrivalDate?: Date
  /** The server that reports. */
  readonly reportingMta?: MtaName
  /** The IPv4 or IPv6 address of the client. */
  readonly sourceIp?: string
  /** The port of the client. */
  readonly sourcePort?: number
  /** How many messages it stands for. */
  readonly incidents?: number
  /** What checks found, as text of RFC 8601, one line each. */
  readonly authenticationResults: readonly string[]
  /** Domains that it is about. */
  readonly reportedDomains: readonly string[]
  /** URIs that it is about. */
  readonly reportedUris: readonly string[]
  /** What failed, in lower case: `adsp`, `bodyhash`, `revoked`, `signature`, `spf`, `dmarc`; required of `auth-failure`. */
  readonly authFailure?: string
  /** What became of the message, in lower case: `delivered`, `spam`, `policy`, `reject`, `other`. */
  readonly deliveryResult?: string
  /** The methods that failed to authenticate an aligned identity, in lower case; empty for `none`. */
  readonly identityAlignment?: readonly string[]
  /** The domain of the signature. */
  readonly dkimDomain?: string
  /** The identity of the signature, as `@example.org`. */
  readonly dkimIdentity?: string
  /** The selector of the signature. */
  readonly dkimSelector?: string
  /** The key record. */
  readonly dkimSelectorDns?: string
  /** The ADSP record. */
  readonly dkimAdspDns?: string
  /** The header that was hashed, as Base64 without blanks. */
  readonly dkimCanonicalizedHeader?: string
  /** The body that was hashed, as Base64 without blanks. */
  readonly dkimCanonicalizedBody?: string
  /** The SPF records. */
  readonly spfDns: readonly SpfRecord[]
  /** Further fields, in order. */
  readonly extensions: readonly ReportField[]
}

/** A {@link FeedbackReport} to be written, without lists where there is nothing in them. */
export type FeedbackInput = Partial<FeedbackReport>

/** Feedback as it was received, and what is doubtful in it. */
export interface FeedbackReportReading {
  /** What it says. */
  readonly feedback: FeedbackReport
  /** Every field as it stands there. */
  readonly fields: readonly ParsedField[]
  /** What was doubted. */
  readonly defects: readonly ReportDefect[]
}

/** @internal */
export const FEEDBACK_FIELDS: readonly string[] = [
  'feedback-type',
  'user-agent',
  'version',
  'original-envelope-id',
  'original-mail-from',
  'original-rcpt-to',
  'arrival-date',
  'received-date',
  'reporting-mta',
  'source-ip',
  'source-port',
  'incidents',
  'authentication-results',
  'reported-domain',
  'reported-uri',
  'auth-failure',
  'delivery-result',
  'identity-alignment',
  'dkim-domain',
  'dkim-identity',
  'dkim-selector',
  'dkim-selector-dns',
  'dkim-adsp-dns',
  'dkim-canonicalized-header',
  'dkim-canonicalized-body',
  'spf-dns',
]

/** @internal */
export const DELIVERY_RESULTS: readonly string[] = ['delivered', 'spam', 'policy', 'reject', 'other']

/** @internal */
export const ALIGNMENTS: readonly string[] = ['dkim', 'spf']

const OF_DKIM: readonly string[] = ['bodyhash', 'revoked', 'signature']

/**
 * Names the fields that a failed authentication requires and that lack: RFC 6591 section 3.1 and 3.2, RFC 9991 section 4.
 *
 * @internal
 */
export function lacksOfFailure(feedback: FeedbackInput): string[] {
  const {
    authenticationResults = [],
    reportedDomains = [],
    spfDns = [],
    authFailure,
    dkimDomain,
    dkimIdentity,
    dkimSelector,
    dkimAdspDns,
    identityAlignment,
  } = feedback
  const failure = authFailure?.toLowerCase() ?? ''
  const ofDkim = OF_DKIM.includes(failure)
  const lacks: readonly [name: string, isLacking: boolean][] = [
    ['Auth-Failure', authFailure === undefined],
    ['Authentication-Results', authenticationResults.length === 0],
    ['Reported-Domain', reportedDomains.length === 0],
    ['DKIM-Domain', ofDkim && dkimDomain === undefined],
    ['DKIM-Identity', ofDkim && dkimIdentity === undefined],
    ['DKIM-Selector', ofDkim && dkimSelector === undefined],
    ['DKIM-ADSP-DNS', failure === 'adsp' && dkimAdspDns === undefined],
    ['SPF-DNS', failure === 'spf' && spfDns.length === 0],
    ['Identity-Alignment', failure === 'dmarc' && identityAlignment === undefined],
  ]
  return lacks.filter(([, isLacking]) => isLacking).map(([name]) => name)
}
