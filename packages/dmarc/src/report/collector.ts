/** From verdicts to reports: messages that fared alike are counted as one record. RFC 9990 section 3.1, 3.1.2, 3.1.3. */

import { clip, formatIpAddress, known, parseIpAddress } from '@posthorn/core'
import { isAtOrBelow } from '@posthorn/dns'
import type { DmarcRecord, ParsedDmarc } from '../record.ts'
import type { DmarcVerdict } from '../verdict.ts'
import { reportFault } from './error.ts'
import type {
  AggregateRecord,
  AggregateReport,
  DkimReportResult,
  OverrideReason,
  ReportDisposition,
  ReportedPolicy,
  ReportText,
  SpfReportResult,
} from './model.ts'

/** A message that came, as a report counts it. */
export interface ReportedMessageFacts {
  /** What DMARC says of it. */
  readonly verdict: DmarcVerdict
  /** The address of the client. */
  readonly sourceIp: string
  /** The domain of MAIL FROM; empty for the null reverse-path. */
  readonly envelopeFrom?: string
  /** The domain of the recipients. */
  readonly envelopeTo?: string
  /** What DKIM said of each signature; one without a domain, a selector or a result is left out. */
  readonly dkim?: readonly DkimReportResult[]
  /** What SPF said of MAIL FROM; left out without a domain or a result, or of HELO. */
  readonly spf?: SpfReportResult
  /** What became of it; default what the policy asks for. */
  readonly disposition?: ReportDisposition
  /** Why that is not what the policy asks for; default that the domain tests, or local policy. */
  readonly reasons?: readonly OverrideReason[]
}

/** How messages are collected. */
export interface AggregateCollectorOptions {
  /** How many records are kept, of all domains together; default 100,000. Further messages are dropped. */
  readonly maxRecords?: number
  /** How many signatures of one message count; default 100, the most that RFC 9990 section 3.1.3 wants. */
  readonly maxSignatures?: number
}

/** What a report says of who makes it, and for which time. */
export interface AggregateReportFacts
  extends Pick<AggregateReport, 'organizationName' | 'email' | 'extraContactInfo' | 'begin' | 'end' | 'generator'> {
  /** Gives the name of the report on a domain, one of its kind, also where a domain gets several. */
  readonly reportId: (domain: string, index: number) => string
}

/** A report, and the record of the policy that it is on, which says where it goes. */
export interface CollectedReport {
  /** The report. */
  readonly report: AggregateReport
  /** The record. */
  readonly record: ParsedDmarc
}

interface Policy {
  readonly policy: ReportedPolicy
  readonly record: ParsedDmarc
  readonly rows: Map<string, Row>
}

interface Row {
  readonly record: Omit<AggregateRecord, 'count'>
  count: number
}

// What a signature or a server says at length is not worth a record of its own.
const MAX_TEXT = 255

/**
 * Collects messages, and makes a report for each policy that asks for one.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc9990#section-3.1 | RFC 9990 section 3.1}
 * @example
 * import { evaluateDmarc } from '@posthorn/dmarc'
 * import { MemoryZone } from '@posthorn/dns'
 * const resolver = new MemoryZone().add('_dmarc.example.com', 'TXT', 'v=DMARC1; p=reject; rua=mailto:d@example.com')
 * const verdict = await evaluateDmarc({ authorDomains: ['example.com'] }, { resolver })
 * const collector = new AggregateCollector()
 * collector.add({ verdict, sourceIp: '192.0.2.1' }) // true
 * collector.add({ verdict, sourceIp: '192.0.2.1' }) // true
 * const facts = { organizationName: 'Receiver', email: 'd@mx.example', begin: 0, end: 86399, reportId: () => '1' }
 * const [collected] = collector.reports(facts)
 * collected?.report.records.map(({ count, disposition }) => [count, disposition]) // [[2, 'reject']]
 * collected?.record.rua.map(({ uri }) => uri) // ['mailto:d@example.com']
 */
export class AggregateCollector {
  readonly #maxRecords: number
  readonly #maxSignatures: number
  readonly #policies = new Map<string, Policy>()
  #records = 0
  #dropped = 0

  /** @param options How much is kept. */
  constructor(options: AggregateCollectorOptions = {}) {
    this.#maxRecords = options.maxRecords ?? 100_000
    this.#maxSignatures = options.maxSignatures ?? 100
  }

  /** How many messages were dropped for want of room. */
  get dropped(): number {
    return this.#dropped
  }

  /**
   * Counts a message.
   *
   * @param message What is known of it.
   * @returns Whether it is in a report: not when no policy applies, the policy asks for no reports, or there is no room.
   * @throws {MailError} `DMARC_REPORT_BAD_VALUE` for a client without an address.
   */
  add(message: ReportedMessageFacts): boolean {
    const { verdict, sourceIp } = message
    const address = parseIpAddress(sourceIp)
    if (address === undefined) {
      throw reportFault(
        'DMARC_REPORT_BAD_VALUE',
        `report on "${clip(sourceIp)}": it is no address`,
        'rfc9990#section-3.1.1',
      )
    }
    const { policy, record, authorDomain } = verdict
    if (!policy || !record || authorDomain === undefined || record.rua.length === 0) return false
    const reported = policyOf(policy.domain, record, verdict)
    const row = this.#rowOf(message, { sourceIp: formatIpAddress(address), headerFrom: authorDomain })
    return this.#count({ policy: reported, record, rows: new Map() }, row)
  }

  #count(fresh: Policy, record: Row['record']): boolean {
    // RFC 9990 section 3.1: one report has one domain and one configuration.
    const policyKey = JSON.stringify([fresh.policy, fresh.record.rua.map(({ uri }) => uri)])
    const { rows } = this.#policies.get(policyKey) ?? fresh
    const key = JSON.stringify(record)
    const row = rows.get(key)
    if (row) row.count++
    else if (this.#records >= this.#maxRecords) {
      this.#dropped++
      return false
    } else {
      rows.set(key, { record, count: 1 })
      this.#records++
      if (rows === fresh.rows) this.#policies.set(policyKey, fresh)
    }
    return true
  }

  #rowOf(message: ReportedMessageFacts, names: Pick<AggregateRecord, 'sourceIp' | 'headerFrom'>): Row['record'] {
    const { verdict, envelopeFrom, envelopeTo, dkim = [], spf } = message
    const disposition = message.disposition ?? dispositionOf(verdict)
    const ranked = dkim.flatMap(dkimResult).map((one) => [rankOf(one, verdict), one] as const)
    const signatures = ranked.sort(([a], [b]) => a - b).map(([, one]) => one)
    return {
      ...names,
      disposition,
      dkim: verdict.dkim?.result === 'pass' ? 'pass' : 'fail',
      spf: verdict.spf?.result === 'pass' ? 'pass' : 'fail',
      reasons: message.reasons ?? reasonsOf(verdict, disposition),
      ...known({ envelopeFrom: envelopeFrom?.slice(0, MAX_TEXT), envelopeTo: envelopeTo?.slice(0, MAX_TEXT) }),
      dkimResults: signatures.slice(0, this.#maxSignatures),
      spfResults: spf ? spfResult(spf) : [],
      extensions: [],
    }
  }

  /**
   * Gives the reports on what was collected; nothing is forgotten by that.
   *
   * @param facts Who makes them, and for which time.
   * @returns One report for each policy, as it was published; none has no record.
   */
  reports(facts: AggregateReportFacts): readonly CollectedReport[] {
    const { reportId, ...metadata } = facts
    return [...this.#policies.values()].map(({ policy, record, rows }, index) => ({
      record,
      report: {
        ...metadata,
        reportId: reportId(policy.domain, index),
        errors: errorsOf(record),
        policy,
        records: [...rows.values()].map((row) => ({ ...row.record, count: row.count })),
        extensions: [],
      },
    }))
  }

  /** Forgets all that was collected, as the next time begins. */
  clear(): void {
    this.#policies.clear()
    this.#records = 0
    this.#dropped = 0
  }
}

function policyOf(domain: string, record: DmarcRecord, { discovery }: DmarcVerdict): ReportedPolicy {
  const { p, sp, np, adkim, aspf, fo, t } = record
  const discoveryMethod = discovery === 'treewalk' ? ('treewalk' as const) : ('psl' as const)
  return { domain, ...known({ p, sp, np }), adkim, aspf, discoveryMethod, fo: fo.join(':'), testing: t }
}

// RFC 9990 appendix A: "pass" is for what passes under a policy that would have asked for something.
function dispositionOf({ result, policy }: DmarcVerdict): ReportDisposition {
  if (result === 'fail') return policy!.applied
  return result === 'pass' && policy!.published !== 'none' ? 'pass' : 'none'
}

// RFC 9990 section 3.1.1.9: where something else is done than the policy asks for, there is a reason.
function reasonsOf(
  { result, policy, testing }: DmarcVerdict,
  disposition: ReportDisposition,
): readonly OverrideReason[] {
  if (result !== 'fail' || disposition === policy!.published) return []
  return [{ type: testing && disposition === policy!.applied ? 'policy_test_mode' : 'local_policy' }]
}

// RFC 9990 section 3.1.3: the order in which signatures count.
function rankOf({ domain, result }: DkimReportResult, { authorDomain = '', ...verdict }: DmarcVerdict): number {
  const name = domain.toLowerCase()
  if (result !== 'pass') return 3
  if (name === authorDomain) return 0
  // Without a walk, the domain of the policy is what is known of the organization.
  const organization = verdict.organizationalDomain ?? verdict.policy?.domain
  const isBelow = organization !== undefined && isAtOrBelow(name, organization)
  return name === verdict.dkim?.domain || isBelow ? 1 : 2
}

function cut(text: string): string {
  return text.slice(0, MAX_TEXT)
}

// HAZARD: a signature that lacks what a report requires would keep the whole report from being written.
function dkimResult({ domain, selector, result, humanResult }: DkimReportResult): DkimReportResult[] {
  if (!domain || !selector || !result) return []
  return [{ ...known({ humanResult: shortText(humanResult) }), domain: cut(domain), selector: cut(selector), result }]
}

function spfResult({ domain, scope, result, humanResult }: SpfReportResult): SpfReportResult[] {
  if (!domain || !result || scope === 'helo') return []
  return [{ ...known({ scope, humanResult: shortText(humanResult) }), domain: cut(domain), result }]
}

function shortText(text: ReportText | undefined): ReportText | undefined {
  return text && { ...known({ lang: text.lang }), text: cut(text.text) }
}

const HARMLESS: ReadonlySet<string> = new Set(['empty-tag', 'retired-size', 'retired-tag', 'unknown-tag'])

// RFC 9990 section 3.1.5: what was wrong with the record.
function errorsOf({ defects }: ParsedDmarc): AggregateReport['errors'] {
  const told = defects.filter(({ code }) => !HARMLESS.has(code))
  const words = told.map(({ code, tag }) => (tag === undefined ? code : `${code} in ${clip(tag)}`))
  return words.length === 0 ? [] : [{ text: `DMARC record: ${[...new Set(words)].join(', ')}`.slice(0, MAX_TEXT) }]
}
