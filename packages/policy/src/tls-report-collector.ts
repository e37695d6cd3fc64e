/** From sessions to reports: those that fared alike under one policy are counted together. RFC 8460 section 4.1 to 4.4. */

import { normalizeDnsName } from '@posthorn/dns'
import type { TlsFailure, TlsPolicyReport, TlsReport, TlsResultType } from './tls-report.ts'

/** A policy that sessions were held under. */
export interface TlsReportedPolicy {
  /** Of which kind. */
  readonly type: 'no-policy-found' | 'sts' | 'tlsa'
  /** The lines of the policy file, or the TLSA records; default none. */
  readonly text?: readonly string[]
  /** The domain of the policy: with `tlsa` the host that has the records; default the domain of the recipients. */
  readonly domain?: string
  /** The `mx` of an MTA-STS policy; default none. */
  readonly mxHosts?: readonly string[]
}

/** What kept TLS from being as the policy asks. */
export interface TlsSessionFailure extends Omit<TlsFailure, 'failedSessions' | 'resultType'> {
  /** Of which kind. */
  readonly resultType: TlsResultType
}

/** A session with a host of a domain, as a report counts it. */
export interface TlsSessionFacts {
  /** The domain of the recipients, which the report goes to. */
  readonly domain: string
  /** The policy. */
  readonly policy: TlsReportedPolicy
  /** What failed; absent when nothing did. */
  readonly failure?: TlsSessionFailure
}

/** How much is collected. */
export interface TlsReportCollectorOptions {
  /**
   * How many policies and kinds of failures are kept, of all domains together; default 100,000. What would need room for
   * another is dropped.
   */
  readonly maxEntries?: number
}

/** What a report says of who makes it, and for which time. */
export interface TlsReportFacts extends Pick<TlsReport, 'contactInfo' | 'end' | 'organizationName' | 'start'> {
  /** Gives the name of the report to a domain, one of its kind. */
  readonly reportId: (domain: string) => string
}

/** A report, and whom it is for. */
export interface CollectedTlsReport {
  /** The domain that it is for; `_smtp._tls` below it says where it goes. */
  readonly domain: string
  /** The report. */
  readonly report: TlsReport
}

interface Row {
  readonly failure: TlsSessionFailure
  count: number
}

interface Tally {
  readonly policy: TlsReportedPolicy
  readonly failures: Map<string, Row>
  successful: number
  failed: number
}

/**
 * Collects sessions, and makes a report for each domain.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc8460#section-4 | RFC 8460 section 4}
 * @example
 * const collector = new TlsReportCollector()
 * const policy = { type: 'no-policy-found' } as const
 * collector.add({ domain: 'example.com', policy }) // true
 * collector.add({ domain: 'example.com', policy, failure: { resultType: 'starttls-not-supported' } }) // true
 * const facts = { organizationName: 'Sender', contactInfo: 'tls@sender.example', reportId: () => '1' }
 * const times = { start: '2026-01-01T00:00:00Z', end: '2026-01-01T23:59:59Z' }
 * const [collected] = collector.reports({ ...facts, ...times })
 * collected?.domain // 'example.com'
 * collected?.report.policies[0]?.successfulSessions // 1
 * collected?.report.policies[0]?.failures // [{ resultType: 'starttls-not-supported', failedSessions: 1 }]
 */
export class TlsReportCollector {
  readonly #maxEntries: number
  readonly #domains = new Map<string, Map<string, Tally>>()
  #entries = 0
  #dropped = 0

  /** @param options How much is kept. */
  constructor(options: TlsReportCollectorOptions = {}) {
    this.#maxEntries = options.maxEntries ?? 100_000
  }

  /** How many sessions were dropped for want of room. */
  get dropped(): number {
    return this.#dropped
  }

  /**
   * Counts a session.
   *
   * @param session What is known of it.
   * @returns Whether it is counted: not when there is no room.
   * @throws {MailError} `DNS_BAD_NAME` for a domain that is no name.
   */
  add(session: TlsSessionFacts): boolean {
    const { policy, failure } = session
    const domain = normalizeDnsName(session.domain)
    const tallies = this.#domains.get(domain) ?? new Map<string, Tally>()
    const key = JSON.stringify([policy.type, policy.domain, policy.text, policy.mxHosts])
    const tally = tallies.get(key) ?? { policy, failures: new Map<string, Row>(), successful: 0, failed: 0 }
    const failureKey = JSON.stringify(failure)
    const row = failure && (tally.failures.get(failureKey) ?? { failure, count: 0 })
    const fresh = Number(!tallies.has(key)) + Number(row !== undefined && row.count === 0)
    if (this.#entries + fresh > this.#maxEntries) {
      this.#dropped++
      return false
    }
    this.#entries += fresh
    this.#domains.set(domain, tallies.set(key, tally))
    if (!row) tally.successful++
    else {
      tally.failed++
      row.count++
      tally.failures.set(failureKey, row)
    }
    return true
  }

  /**
   * Gives the reports on what was collected; nothing is forgotten by that.
   *
   * @param facts Who makes them, and for which time: a day of UTC (RFC 8460 section 4.1).
   * @returns One report for each domain.
   */
  reports(facts: TlsReportFacts): readonly CollectedTlsReport[] {
    const { reportId, ...shared } = facts
    return [...this.#domains].map(([domain, tallies]) => ({
      domain,
      report: {
        ...shared,
        reportId: reportId(domain),
        policies: [...tallies.values()].map((tally) => policyReport(domain, tally)),
      },
    }))
  }

  /** Forgets all that was collected, as the next day begins. */
  clear(): void {
    this.#domains.clear()
    this.#entries = 0
    this.#dropped = 0
  }
}

function policyReport(domain: string, { policy, successful, failed, failures }: Tally): TlsPolicyReport {
  return {
    policyType: policy.type,
    policyString: policy.text ?? [],
    policyDomain: policy.domain ?? domain,
    mxHosts: policy.mxHosts ?? [],
    successfulSessions: successful,
    failedSessions: failed,
    failures: [...failures.values()].map(({ failure, count }) => ({ ...failure, failedSessions: count })),
  }
}
