/** Reports on TLS as they go out: the JSON, its file name, and the subject of the mail: RFC 8460 section 4.4 and 5. */

import { clip, findControl } from '@posthorn/core'
import { normalizeDnsName } from '@posthorn/dns'
import { fault } from './error.ts'
import { failureTexts, isDateTime, type TlsFailure, type TlsPolicyReport, type TlsReport } from './tls-report.ts'
import { parseTlsReport } from './tls-report-read.ts'

const SPEC = 'rfc8460#section-4.4'

/**
 * Formats a report on TLS; the inverse of `parseTlsReport`.
 *
 * @param report The report; types of policies and failures are registered ones.
 * @returns The JSON, for gzip or as it is.
 * @throws {MailError} `POLICY_MISSING_FIELD` or `POLICY_BAD_FIELD` for what a receiver would refuse: an empty name, domain
 * or id, a date that is none, a count that is no whole number, failures that add up to more than their sum;
 * `POLICY_TOO_LARGE` beyond the limits of `parseTlsReport`.
 * @see {@link https://www.rfc-editor.org/rfc/rfc8460#section-4.4 | RFC 8460 section 4.4}
 * @example
 * const json = formatTlsReport({
 *   organizationName: 'Sender', contactInfo: 'tls@sender.example', reportId: '2026-01-01_example.com',
 *   start: '2026-01-01T00:00:00Z', end: '2026-01-01T23:59:59Z', policies: [],
 * })
 * json.slice(0, 30) // '{"organization-name":"Sender",'
 */
export function formatTlsReport(report: TlsReport): string {
  const text = JSON.stringify({
    'organization-name': filled(report.organizationName, 'organization-name'),
    'date-range': { 'start-datetime': date(report.start), 'end-datetime': date(report.end) },
    'contact-info': filled(report.contactInfo, 'contact-info'),
    'report-id': filled(report.reportId, 'report-id'),
    policies: report.policies.map(policyMembers),
  })
  parseTlsReport(text)
  return text
}

function policyMembers(policy: TlsPolicyReport): object {
  const { policyString, mxHosts, failures } = policy
  return {
    policy: {
      'policy-type': policy.policyType,
      ...(policyString.length > 0 && { 'policy-string': policyString }),
      'policy-domain': filled(policy.policyDomain, 'policy-domain'),
      ...(mxHosts.length > 0 && { 'mx-host': mxHosts }),
    },
    summary: {
      'total-successful-session-count': policy.successfulSessions,
      'total-failure-session-count': policy.failedSessions,
    },
    ...(failures.length > 0 && { 'failure-details': failures.map(failureMembers) }),
  }
}

function failureMembers(failure: TlsFailure): object {
  const texts = failureTexts.flatMap(([key, name]) => (failure[key] === undefined ? [] : [[name, failure[key]]]))
  return {
    'result-type': failure.resultType,
    ...Object.fromEntries(texts),
    'failed-session-count': failure.failedSessions,
  }
}

function filled(text: string, name: string): string {
  if (text !== '') return text
  throw fault('POLICY_MISSING_FIELD', `format report: its ${name} is empty`, SPEC)
}

function date(text: string): string {
  if (isDateTime(text)) return text
  throw fault('POLICY_BAD_FIELD', `take "${clip(text)}" as a date of a report`, SPEC)
}

/** What names a report in the mail that carries it. */
export interface TlsReportNames {
  /** The domain that reports, which the mail comes from. */
  readonly submitter: string
  /** The domain that is reported on. */
  readonly domain: string
}

/** What the file name of a report is made of. */
export interface TlsReportFile extends TlsReportNames {
  /** From when, in seconds since 1970. */
  readonly start: number
  /** Until when, in seconds since 1970. */
  readonly end: number
  /** Letters and digits that tell this report from others of the same time. */
  readonly uniqueId?: string
  /** Whether it is compressed by gzip; default true, as RFC 8460 section 5.2 suggests. */
  readonly gzip?: boolean
}

/**
 * Gives the file name of a report.
 *
 * @param file What it is made of.
 * @throws {MailError} `DNS_BAD_NAME` for what is no domain; `POLICY_BAD_FIELD` for a time that is no whole number of
 * seconds, or another character in `uniqueId`.
 * @see {@link https://www.rfc-editor.org/rfc/rfc8460#section-5.1 | RFC 8460 section 5.1}
 * @example
 * const names = { submitter: 'mail.sender.example', domain: 'example.com' }
 * tlsReportFileName({ ...names, start: 1470013207, end: 1470186007 })
 * // 'mail.sender.example!example.com!1470013207!1470186007.json.gz'
 */
export function tlsReportFileName(file: TlsReportFile): string {
  const { start, end, uniqueId, gzip = true } = file
  const parts = [normalizeDnsName(file.submitter), normalizeDnsName(file.domain), seconds(start), seconds(end)]
  if (uniqueId !== undefined) {
    if (!/^[A-Za-z0-9]+$/.test(uniqueId)) {
      throw fault('POLICY_BAD_FIELD', `take "${clip(uniqueId)}" into a file name`, 'rfc8460#section-5.1')
    }
    parts.push(uniqueId)
  }
  return `${parts.join('!')}${gzip ? '.json.gz' : '.json'}`
}

/**
 * Gives the subject of the mail that carries a report. The mail also has the fields `TLS-Report-Domain` and
 * `TLS-Report-Submitter` with the two domains.
 *
 * @param names The domains.
 * @param options `reportId`: a Message-ID without its brackets.
 * @throws {MailError} `DNS_BAD_NAME` for what is no domain; `POLICY_BAD_FIELD` for what is no identifier.
 * @see {@link https://www.rfc-editor.org/rfc/rfc8460#section-5.3 | RFC 8460 section 5.3}
 * @example
 * const names = { submitter: 'mail.sender.example', domain: 'example.com' }
 * tlsReportSubject(names, { reportId: '735ff.e317@mail.sender.example' })
 * // 'Report Domain: example.com Submitter: mail.sender.example Report-ID: <735ff.e317@mail.sender.example>'
 */
export function tlsReportSubject(names: TlsReportNames, options: { readonly reportId: string }): string {
  const { reportId } = options
  if (!/^[^\s<>@"\\]+@[^\s<>@"\\]+$/.test(reportId) || findControl(reportId) >= 0) {
    throw fault('POLICY_BAD_FIELD', `take "${clip(reportId)}" as a Report-ID`, 'rfc8460#section-5.3')
  }
  const [domain, submitter] = [normalizeDnsName(names.domain), normalizeDnsName(names.submitter)]
  return `Report Domain: ${domain} Submitter: ${submitter} Report-ID: <${reportId}>`
}

function seconds(time: number): string {
  if (Number.isSafeInteger(time) && time >= 0) return String(time)
  throw fault('POLICY_BAD_FIELD', `take ${time} as a time of a file name`, 'rfc8460#section-5.1')
}
