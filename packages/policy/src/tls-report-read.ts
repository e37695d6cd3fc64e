/**
 * Reports on TLS as they come in, which nobody vouches for: RFC 8460 section 4.4, and section 7 on what may be in them.
 * Out of scope: gzip, and the message around it.
 */

import { clip } from '@posthorn/core'
import { fault } from './error.ts'
import { isDepthWithin } from './json-depth.ts'
import {
  failureTexts,
  isDateTime,
  POLICY_TYPES,
  TLS_RESULT_TYPES,
  type TlsFailure,
  type TlsPolicyReport,
  type TlsReport,
} from './tls-report.ts'

/** One place where a report breaks its form. */
export interface TlsReportDefect {
  /**
   * `too-large`, `too-deep` and `not-json`: nothing was read; `missing`; `wrong-type`, and taken as absent;
   * `bad-count`, taken as 0; `bad-date`; `unknown-policy-type`; `unknown-result-type`; `text-too-long`, cut;
   * `too-many`, what is beyond the limit was not read; `unknown-member`; `count-mismatch`, failures do not add up.
   */
  readonly code:
    | 'bad-count'
    | 'bad-date'
    | 'count-mismatch'
    | 'missing'
    | 'not-json'
    | 'text-too-long'
    | 'too-deep'
    | 'too-large'
    | 'too-many'
    | 'unknown-member'
    | 'unknown-policy-type'
    | 'unknown-result-type'
    | 'wrong-type'
  /** Where it is, as `policies[0].summary`. */
  readonly path: string
}

/** What a reader made of a report. */
export interface ReadTlsReport {
  /** The report; what is missing is empty or 0. */
  readonly report: TlsReport
  /** What is wrong with it, no more than 1,000. */
  readonly defects: readonly TlsReportDefect[]
}

/** How much of a report is read. */
export interface TlsReportLimits {
  /** In UTF-16 units; default 10,485,760. */
  readonly maxLength?: number
  /** In all lists together, failures, policies and lines; default 100,000. */
  readonly maxEntries?: number
  /** Of one text, in UTF-16 units; default 4,096. */
  readonly maxText?: number
}

const MAX_LENGTH = 10_485_760
const MAX_ENTRIES = 100_000
const MAX_TEXT = 4096
const MAX_DEFECTS = 1000
// policies, one of them, failure-details, one of them, and room for extensions
const MAX_DEPTH = 32

/**
 * Reads a report on TLS. Nothing in it makes this throw: what is wrong is told beside what could be read.
 *
 * @param text The JSON, decompressed and decoded.
 * @param limits How much is read.
 * @returns The report and its defects.
 * @see {@link https://www.rfc-editor.org/rfc/rfc8460#section-4.4 | RFC 8460 section 4.4}
 * @example
 * const { report, defects } = readTlsReport('{"report-id":"1","policies":[{"policy":{"policy-type":"sts"}}]}')
 * report.reportId // '1'
 * report.policies[0]?.policyType // 'sts'
 * defects[0] // { code: 'missing', path: 'organization-name' }
 */
export function readTlsReport(text: string, limits: TlsReportLimits = {}): ReadTlsReport {
  const reader = new Reader(limits)
  const report = reader.report(parseJson(text, limits, reader))
  return { report, defects: reader.defects }
}

/**
 * Parses a report on TLS that is as RFC 8460 has it.
 *
 * @param text The JSON, decompressed and decoded.
 * @param limits How much is read.
 * @returns The report.
 * @throws {MailError} `POLICY_TOO_LARGE` beyond a limit; `POLICY_BAD_RECORD` for no JSON; `POLICY_MISSING_FIELD`;
 * `POLICY_BAD_FIELD` for whatever else {@link readTlsReport} would tell, members that are not known excepted.
 * @see {@link https://www.rfc-editor.org/rfc/rfc8460#section-4.4 | RFC 8460 section 4.4}
 * @example
 * parseTlsReport('[]') // throws POLICY_BAD_FIELD
 */
export function parseTlsReport(text: string, limits: TlsReportLimits = {}): TlsReport {
  const { report, defects } = readTlsReport(text, limits)
  const defect = defects.find(({ code }) => code !== 'unknown-member')
  if (!defect) return report
  const code = ERRORS[defect.code] ?? 'POLICY_BAD_FIELD'
  throw fault(code, `parse report: ${defect.code} at "${clip(defect.path)}"`, 'rfc8460#section-4.4')
}

const ERRORS: Partial<
  Record<TlsReportDefect['code'], 'POLICY_BAD_RECORD' | 'POLICY_MISSING_FIELD' | 'POLICY_TOO_LARGE'>
> = {
  missing: 'POLICY_MISSING_FIELD',
  'not-json': 'POLICY_BAD_RECORD',
  'text-too-long': 'POLICY_TOO_LARGE',
  'too-deep': 'POLICY_TOO_LARGE',
  'too-large': 'POLICY_TOO_LARGE',
  'too-many': 'POLICY_TOO_LARGE',
}

function parseJson(text: string, limits: TlsReportLimits, reader: Reader): unknown {
  if (text.length > (limits.maxLength ?? MAX_LENGTH)) return reader.unreadable('too-large')
  if (!isDepthWithin(text, MAX_DEPTH)) return reader.unreadable('too-deep')
  try {
    return JSON.parse(text.startsWith('\ufeff') ? text.slice(1) : text)
  } catch {
    return reader.unreadable('not-json')
  }
}

interface Members {
  readonly policy?: unknown
  readonly summary?: unknown
  readonly [name: string]: unknown
}

const UNREADABLE: Members = {}

class Reader {
  readonly defects: TlsReportDefect[] = []
  #entries: number
  readonly #maxText: number

  constructor(limits: TlsReportLimits) {
    this.#entries = limits.maxEntries ?? MAX_ENTRIES
    this.#maxText = limits.maxText ?? MAX_TEXT
  }

  unreadable(code: TlsReportDefect['code']): Members {
    this.#tell(code, '')
    return UNREADABLE
  }

  report(value: unknown): TlsReport {
    const members = this.#members(value, '')
    this.#onlyKnown(members, '', ['organization-name', 'date-range', 'contact-info', 'report-id', 'policies'])
    const organizationName = this.#text(members, 'organization-name', '')
    const range = this.#members(members['date-range'], 'date-range', members !== UNREADABLE)
    this.#onlyKnown(range, 'date-range', ['start-datetime', 'end-datetime'])
    return {
      organizationName,
      start: this.#date(range, 'start-datetime'),
      end: this.#date(range, 'end-datetime'),
      contactInfo: this.#text(members, 'contact-info', ''),
      reportId: this.#text(members, 'report-id', ''),
      policies: this.#list(members, 'policies', '').map(([one, path]) => this.#policy(one, path)),
    }
  }

  #policy(value: unknown, path: string): TlsPolicyReport {
    const members = this.#members(value, path)
    this.#onlyKnown(members, path, ['policy', 'summary', 'failure-details'])
    const at = `${path}.policy`
    const policy = this.#members(members.policy, at, members !== UNREADABLE)
    this.#onlyKnown(policy, at, ['policy-type', 'policy-string', 'policy-domain', 'mx-host'])
    const policyType = this.#text(policy, 'policy-type', at)
    if (policyType !== '' && !POLICY_TYPES.includes(policyType)) this.#tell('unknown-policy-type', `${at}.policy-type`)
    const policyString = this.#texts(policy, 'policy-string', at)
    const policyDomain = this.#text(policy, 'policy-domain', at)
    const mxHosts = this.#texts(policy, 'mx-host', at)
    const sums = `${path}.summary`
    const summary = this.#members(members.summary, sums, members !== UNREADABLE)
    this.#onlyKnown(summary, sums, ['total-successful-session-count', 'total-failure-session-count'])
    const successfulSessions = this.#count(summary, 'total-successful-session-count', sums)
    const failedSessions = this.#count(summary, 'total-failure-session-count', sums)
    const details = members['failure-details'] === undefined ? [] : this.#list(members, 'failure-details', path)
    const failures = details.map(([one, where]) => this.#failure(one, where))
    const sum = failures.reduce((total, one) => total + one.failedSessions, 0)
    if (sum > failedSessions && summary !== UNREADABLE) this.#tell('count-mismatch', path)
    return { policyType, policyString, policyDomain, mxHosts, successfulSessions, failedSessions, failures }
  }

  #failure(value: unknown, path: string): TlsFailure {
    const members = this.#members(value, path)
    this.#onlyKnown(members, path, ['result-type', 'failed-session-count', ...failureTexts.map(([, name]) => name)])
    const resultType = this.#text(members, 'result-type', path)
    if (resultType !== '' && !Object.hasOwn(TLS_RESULT_TYPES, resultType)) {
      this.#tell('unknown-result-type', `${path}.result-type`)
    }
    const failedSessions = this.#count(members, 'failed-session-count', path)
    const texts = failureTexts
      .filter(([, name]) => members[name] !== undefined && members[name] !== null)
      .map(([key, name]) => [key, this.#text(members, name, path)])
    return { resultType, failedSessions, ...Object.fromEntries(texts) }
  }

  #members(value: unknown, path: string, isExpected = true): Members {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Members
    if (isExpected) this.#tell(value === undefined ? 'missing' : 'wrong-type', path)
    return UNREADABLE
  }

  #onlyKnown(members: Members, path: string, known: readonly string[]): void {
    for (const name of Object.keys(members)) {
      if (!known.includes(name)) this.#tell('unknown-member', join(path, this.#cut(name)))
    }
  }

  #text(members: Members, name: string, path: string): string {
    const value = members[name]
    if (typeof value === 'string') return this.#short(value, join(path, name))
    // A part that is not there as a whole has been told of; each of its members need not be.
    if (members !== UNREADABLE) this.#tell(value === undefined ? 'missing' : 'wrong-type', join(path, name))
    return ''
  }

  #short(value: string, path: string): string {
    const cut = this.#cut(value)
    if (cut !== value) this.#tell('text-too-long', path)
    return cut
  }

  #cut(value: string): string {
    return value.length > this.#maxText ? value.slice(0, this.#maxText).replace(/[\ud800-\udbff]$/, '') : value
  }

  #date(members: Members, name: string): string {
    const text = this.#text(members, name, 'date-range')
    if (text !== '' && !isDateTime(text)) this.#tell('bad-date', join('date-range', name))
    return text
  }

  #count(members: Members, name: string, path: string): number {
    const value = members[name]
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value
    if (members !== UNREADABLE) this.#tell(value === undefined ? 'missing' : 'bad-count', join(path, name))
    return 0
  }

  // policy-string and mx-host may be absent; some write a single text where a list is meant.
  #texts(members: Members, name: string, path: string): string[] {
    const value = members[name]
    if (value === undefined || value === null) return []
    if (typeof value === 'string') return [this.#short(value, join(path, name))]
    return this.#list(members, name, path).flatMap(([one, where]) => {
      if (typeof one === 'string') return [this.#short(one, where)]
      this.#tell('wrong-type', where)
      return []
    })
  }

  #list(members: Members, name: string, path: string): [unknown, string][] {
    const value = members[name]
    const at = join(path, name)
    if (!Array.isArray(value)) {
      if (members !== UNREADABLE) this.#tell(value === undefined ? 'missing' : 'wrong-type', at)
      return []
    }
    if (value.length > this.#entries) this.#tell('too-many', at)
    const taken = value.slice(0, this.#entries)
    this.#entries -= taken.length
    return taken.map((one, index) => [one, `${at}[${index}]`])
  }

  #tell(code: TlsReportDefect['code'], path: string): void {
    if (this.defects.length < MAX_DEFECTS) this.defects.push({ code, path })
  }
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`
}
