/** What names an aggregate report in the mail that carries it, its file and its subject: RFC 9990 section 3.5.1 and 3.5.2. */

import { ATEXT, clip, isDomain, type MailError } from '@posthorn/core'
import { reportFault } from './error.ts'

/** Who reports, and on whom. */
export interface AggregateReportNames {
  /** The domain that reports. */
  readonly receiver: string
  /** The domain of the policy. */
  readonly domain: string
}

/** What the name of a report's file is made of. */
export interface AggregateReportFile extends AggregateReportNames {
  /** From when, in seconds since 1970. */
  readonly begin: number
  /** Until when, in seconds since 1970. */
  readonly end: number
  /** Letters and digits that tell this report from others of the same time; the same as its Report-ID. */
  readonly uniqueId?: string
  /** What follows the last dots; default `xml.gz`. `zip` is none of the standard's, and is only read. */
  readonly extension?: 'xml' | 'xml.gz' | 'zip'
}

const FILE_SPEC = 'rfc9990#section-3.5.2'
// filename = receiver "!" policy-domain "!" begin-timestamp "!" end-timestamp [ "!" unique-id ] "." extension
const FILE = /^([^!]{1,253})!([^!]{1,253})!(\d{1,15})!(\d{1,15})(?:!([A-Za-z0-9]{1,255}))?\.(xml|xml\.gz|zip)$/i
// ridfmt = (dot-atom-text ["@" dot-atom-text])
const DOT_ATOM = `[${ATEXT}]+(?:\\.[${ATEXT}]+)*`
const REPORT_ID = /* @__PURE__ */ new RegExp(`^${DOT_ATOM}(?:@${DOT_ATOM})?$`)
const MAX_REPORT_ID = 512

/**
 * Gives the name of a report's file. A report that is sent again keeps its name.
 *
 * @param file What it is made of.
 * @throws {MailError} `DMARC_REPORT_BAD_NAME` for what is no domain, a time that is no whole number of seconds, another
 * character in `uniqueId`, or the extension `zip`.
 * @see {@link https://www.rfc-editor.org/rfc/rfc9990#section-3.5.2 | RFC 9990 section 3.5.2}
 * @example
 * const names = { receiver: 'mail.receiver.example', domain: 'example.com' }
 * aggregateReportFileName({ ...names, begin: 1013662812, end: 1013749130 })
 * // 'mail.receiver.example!example.com!1013662812!1013749130.xml.gz'
 */
export function aggregateReportFileName(file: AggregateReportFile): string {
  const { receiver, domain, begin, end, uniqueId, extension = 'xml.gz' } = file
  const parts = [
    domainName(receiver),
    domainName(domain),
    String(begin),
    String(end),
    ...(uniqueId === undefined ? [] : [uniqueId]),
  ]
  const name = `${parts.join('!')}.${extension}`
  if (extension === 'zip' || !FILE.test(name)) throw badName(name, FILE_SPEC)
  return name
}

/**
 * Parses the name of a report's file, a path before it aside. It tells less than the report itself, and is as easily wrong.
 *
 * @param name The name.
 * @returns What it is made of.
 * @throws {MailError} `DMARC_REPORT_BAD_NAME` for another name.
 * @see {@link https://www.rfc-editor.org/rfc/rfc9990#section-3.5.2 | RFC 9990 section 3.5.2}
 * @example
 * parseAggregateReportFileName('mx.example!example.com!0!86399!7.xml')
 * // { receiver: 'mx.example', domain: 'example.com', begin: 0, end: 86399, uniqueId: '7', extension: 'xml' }
 */
export function parseAggregateReportFileName(name: string): AggregateReportFile {
  const [, receiver, domain, begin, end, uniqueId, extension] = FILE.exec(name) ?? []
  if (!isName(receiver) || !isName(domain)) throw badName(name, FILE_SPEC)
  return {
    receiver,
    domain,
    begin: Number(begin),
    end: Number(end),
    ...(uniqueId !== undefined && { uniqueId }),
    extension: extension!.toLowerCase() as 'xml' | 'xml.gz' | 'zip',
  }
}

/**
 * Gives the subject of the mail that carries a report.
 *
 * @param names The domains.
 * @param options `reportId`: what names the report, as in its XML; with brackets or without.
 * @throws {MailError} `DMARC_REPORT_BAD_NAME` for what is no domain, or no identifier.
 * @see {@link https://www.rfc-editor.org/rfc/rfc9990#section-3.5.2 | RFC 9990 section 3.5.2}
 * @example
 * const names = { receiver: 'mail.receiver.example', domain: 'example.com' }
 * aggregateReportSubject(names, { reportId: 'sample-ridtxt@example.com' })
 * // 'Report Domain: example.com Submitter: mail.receiver.example Report-ID: <sample-ridtxt@example.com>'
 */
export function aggregateReportSubject(names: AggregateReportNames, options: { readonly reportId: string }): string {
  const reportId = options.reportId.replace(/^<(.*)>$/, '$1')
  if (reportId.length > MAX_REPORT_ID || !REPORT_ID.test(reportId))
    throw badName(options.reportId, 'rfc9990#section-3.5.1')
  const [domain, receiver] = [domainName(names.domain), domainName(names.receiver)]
  return `Report Domain: ${domain} Submitter: ${receiver} Report-ID: <${reportId}>`
}

/** What the subject of a mail with a report says. */
export interface AggregateReportSubject {
  /** The domain of the policy. */
  readonly domain: string
  /** Who reports; often the name of an organization, where it should be a domain. */
  readonly submitter: string
  /** What names the report, without brackets; absent where it is not there. */
  readonly reportId?: string
}

const MAX_SUBJECT = 2000
const DOMAIN = /\breport[ \t]+domain:/i
const SUBMITTER = /\bsubmitter:/i
const ID = /\breport-id:/i

/**
 * Reads the subject of a mail with a report, as it should be, and as some write it: in another case, with semicolons, with
 * other words before and between.
 *
 * @param subject The subject, decoded and unfolded.
 * @returns What it says; nothing for another subject.
 * @see {@link https://www.rfc-editor.org/rfc/rfc9990#section-3.5.2 | RFC 9990 section 3.5.2}
 * @example
 * readAggregateReportSubject('Report domain: example.com Submitter: mx.example Report-ID: 7')
 * // { domain: 'example.com', submitter: 'mx.example', reportId: '7' }
 * readAggregateReportSubject('Hello') // undefined
 */
export function readAggregateReportSubject(subject: string): AggregateReportSubject | undefined {
  const text = subject.slice(0, MAX_SUBJECT)
  const [domain, submitter, id] = [DOMAIN, SUBMITTER, ID].map((pattern) => pattern.exec(text))
  if (!domain || !submitter || submitter.index < domain.index) return undefined
  const idAt = id && id.index > submitter.index ? id.index : text.length
  const after = ({ 0: words, index }: RegExpExecArray, end: number) => bare(text.slice(index + words.length, end))
  const reportId = id && idAt < text.length ? after(id, text.length) : ''
  return {
    domain: after(domain, submitter.index),
    // What some put between, as a date, is none of it.
    submitter: bare(after(submitter, idAt).split(/[;}]|\bdate:/i, 1)[0]!),
    ...(reportId !== '' && { reportId }),
  }
}

// Without the blanks, brackets and semicolons around a value.
function bare(text: string): string {
  let [start, end] = [0, text.length]
  while (start < end && /[\s<{]/.test(text[start]!)) start++
  while (start < end && /[\s>};]/.test(text[end - 1]!)) end--
  return text.slice(start, end)
}

function isName(text: string | undefined): text is string {
  return text !== undefined && isDomain(text, { underscore: true })
}

function domainName(text: string): string {
  if (!isName(text)) throw badName(text, FILE_SPEC)
  return text.toLowerCase()
}

function badName(text: string, spec: string): MailError {
  return reportFault('DMARC_REPORT_BAD_NAME', `take "${clip(text)}" as a name of a report`, spec)
}
