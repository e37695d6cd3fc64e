/** An aggregate report, as it is kept: RFC 9990 section 3.1.1, and RFC 7489 appendix C, which it replaced. */

import type { DmarcAlignment, DmarcPolicy } from '../record.ts'

/** Text for people. */
export interface ReportText {
  /** What it says. */
  readonly text: string
  /** Its language, as a tag of RFC 5646; absent for English. */
  readonly lang?: string
}

/** An element that the standard leaves to others. */
export interface ReportElement {
  /** Its name, without a prefix. */
  readonly name: string
  /** What defines it; absent where it is in no namespace. */
  readonly namespace?: string
  /** Its attributes, with the prefixes that they had, declarations of namespaces aside. */
  readonly attributes: readonly ReportAttribute[]
  /** Its text, without that of its children. */
  readonly text: string
  /** The elements within. */
  readonly children: readonly ReportElement[]
}

/** An attribute of such an element. */
export interface ReportAttribute {
  /** Its name. */
  readonly name: string
  /** Its value. */
  readonly value: string
}

/** How the record of a policy was found: by a list of public suffixes (RFC 7489), or by the tree walk. */
export type ReportDiscovery = 'psl' | 'treewalk'

/** What became of messages: `pass` and `none` were let be, as they passed or as the policy asks for nothing. */
export type ReportDisposition = 'none' | 'pass' | 'quarantine' | 'reject'

/** Whether an aligned domain was authenticated. */
export type ReportAlignment = 'pass' | 'fail'

/** Why something else was done than the policy asks for; the last two are of RFC 7489 alone. */
export type OverrideType =
  | 'local_policy'
  | 'mailing_list'
  | 'other'
  | 'policy_test_mode'
  | 'trusted_forwarder'
  | 'forwarded'
  | 'sampled_out'

/** A result of DKIM: RFC 8601 section 2.7.1. */
export type DkimReportWord = 'none' | 'pass' | 'fail' | 'policy' | 'neutral' | 'temperror' | 'permerror'

/** A result of SPF: RFC 8601 section 2.7.2. */
export type SpfReportWord = DkimReportWord | 'softfail'

/** Whose domain SPF checked: that of MAIL FROM, or, in RFC 7489 alone, that of HELO. */
export type SpfReportScope = 'mfrom' | 'helo'

/** The policy that was found for a domain; what is absent was not told. */
export interface ReportedPolicy {
  /** The domain whose record it is; empty where the report does not say. */
  readonly domain: string
  /** How it was found. */
  readonly discoveryMethod?: ReportDiscovery
  /** What is asked for the domain; required. */
  readonly p?: DmarcPolicy
  /** What is asked for subdomains. */
  readonly sp?: DmarcPolicy
  /** What is asked for subdomains that do not exist. */
  readonly np?: DmarcPolicy
  /** How domains of signatures must align. */
  readonly adkim?: DmarcAlignment
  /** How domains of SPF must align. */
  readonly aspf?: DmarcAlignment
  /** When failure reports are asked for, as the tag has it. */
  readonly fo?: string
  /** Whether the domain tests. */
  readonly testing?: 'y' | 'n'
  /** To how many percent of messages the policy applied; RFC 7489 alone. */
  readonly pct?: number
}

/** A reason for another disposition. */
export interface OverrideReason {
  /** What kind of reason; absent where the report does not say, or has another word. */
  readonly type?: OverrideType
  /** More about it. */
  readonly comment?: ReportText
}

/** What DKIM said of one signature. */
export interface DkimReportResult {
  /** The signing domain, `d=`. */
  readonly domain: string
  /** The selector, `s=`; required since RFC 9990. */
  readonly selector?: string
  /** The result; required. */
  readonly result?: DkimReportWord
  /** More about it. */
  readonly humanResult?: ReportText
}

/** What SPF said. */
export interface SpfReportResult {
  /** The domain that was checked. */
  readonly domain: string
  /** Whose it is. */
  readonly scope?: SpfReportScope
  /** The result; required. */
  readonly result?: SpfReportWord
  /** More about it. */
  readonly humanResult?: ReportText
}

/** Messages that came from one address and fared alike. */
export interface AggregateRecord {
  /** The IPv4 or IPv6 address of the client, as it is written. */
  readonly sourceIp: string
  /** How many messages. */
  readonly count: number
  /** What became of them; required. */
  readonly disposition?: ReportDisposition
  /** Whether DKIM authenticated an aligned domain; required. */
  readonly dkim?: ReportAlignment
  /** Whether SPF authenticated an aligned domain; required. */
  readonly spf?: ReportAlignment
  /** Why that is not what the policy asks for. */
  readonly reasons: readonly OverrideReason[]
  /** The author domain. */
  readonly headerFrom: string
  /** The domain of MAIL FROM; empty for the null reverse-path. */
  readonly envelopeFrom?: string
  /** The domain of the recipients. */
  readonly envelopeTo?: string
  /** What DKIM said, whatever it is to DMARC. */
  readonly dkimResults: readonly DkimReportResult[]
  /** What SPF said, whatever it is to DMARC; one at most since RFC 9990. */
  readonly spfResults: readonly SpfReportResult[]
  /** What the standard leaves to others. */
  readonly extensions: readonly ReportElement[]
}

/** One receiver's report on the messages of one policy. */
export interface AggregateReport {
  /** Who reports. */
  readonly organizationName: string
  /** Whom to ask about it. */
  readonly email: string
  /** More on whom to ask. */
  readonly extraContactInfo?: ReportText
  /** The name of the report, one of its kind for this receiver and domain. */
  readonly reportId: string
  /** From when, in seconds since 1970. */
  readonly begin: number
  /** Until when, in seconds since 1970. */
  readonly end: number
  /** What was wrong with the record of the policy; one at most since RFC 9990. */
  readonly errors: readonly ReportText[]
  /** The program that made the report. */
  readonly generator?: string
  /** The version of the format, `1.0` by RFC 9990. */
  readonly version?: string
  /** The policy. */
  readonly policy: ReportedPolicy
  /** What came. */
  readonly records: readonly AggregateRecord[]
  /** What the standard leaves to others. */
  readonly extensions: readonly ReportElement[]
}
