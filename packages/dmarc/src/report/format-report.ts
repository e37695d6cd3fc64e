/** Aggregate reports as they go out: RFC 9990 section 3.1.1 and appendix A; section 3.5.2 for gzip. */

import { clip, encodeUtf8, isDomain, parseIpAddress } from '@posthorn/core'
import { gzipSync } from 'fflate'
import { reportFault } from './error.ts'
import { NAMESPACE } from './layout.ts'
import type { AggregateRecord, AggregateReport, ReportElement, ReportedPolicy, ReportText } from './model.ts'
import { attribute, XmlWriter } from './xml-writer.ts'

/** How a report is encoded. */
export interface EncodeAggregateReportOptions {
  /** Whether it is compressed by gzip; default true, as RFC 9990 section 3.5.2 asks for. */
  readonly gzip?: boolean
}

/**
 * Formats an aggregate report by RFC 9990; the inverse of `parseAggregateReport`.
 *
 * Characters that no XML can hold become U+FFFD: who sent the mail that is reported chose some of the texts, and must not
 * be able to keep a report from being written.
 *
 * @param report The report; its version is always written as `1.0`.
 * @returns The XML, to be encoded as UTF-8.
 * @throws {MailError} `DMARC_REPORT_BAD_VALUE` for what a receiver would refuse: a value that is required and absent, no
 * record, an address, a domain, a count or a time that is none, an extension without a namespace; and for what RFC 9990 has
 * no place for: `pct`, the scope `helo`, the reasons `forwarded` and `sampled_out`, several errors, or several results of
 * SPF.
 * @see {@link https://www.rfc-editor.org/rfc/rfc9990#section-3.1.1 | RFC 9990 section 3.1.1}
 * @example
 * const xml = formatAggregateReport({
 *   organizationName: 'Receiver', email: 'dmarc@mx.example', reportId: '1.example.com', begin: 0, end: 86399, errors: [],
 *   policy: { domain: 'example.com', p: 'reject' },
 *   records: [{
 *     sourceIp: '192.0.2.1', count: 3, disposition: 'pass', dkim: 'pass', spf: 'fail', reasons: [],
 *     headerFrom: 'example.com', dkimResults: [], spfResults: [], extensions: [],
 *   }],
 *   extensions: [],
 * })
 * xml.split('\n')[1] // '<feedback xmlns="urn:ietf:params:xml:ns:dmarc-2.0">'
 * parseAggregateReport(xml).records[0]?.count // 3
 */
export function formatAggregateReport(report: AggregateReport): string {
  const writer = new XmlWriter()
  if (report.records.length === 0) throw bad('record', 'there is none')
  const write = () => {
    writer.text('version', '1.0')
    writer.within('report_metadata', () => writeMetadata(report, writer))
    writer.within('policy_published', () => writePolicy(report.policy, writer))
    if (report.extensions.length > 0) {
      writer.within('extension', () => writeExtensions(report.extensions, writer))
    }
    for (const [index, record] of report.records.entries()) writeRecord(record, `record[${index}]`, writer)
  }
  writer.within('feedback', write, attribute('xmlns', NAMESPACE))
  return writer.finish()
}

/**
 * Encodes an aggregate report as it goes into a file: the same report gives the same octets in every runtime.
 *
 * @param report The report.
 * @param options Whether it is compressed.
 * @returns The XML in UTF-8, compressed by gzip.
 * @throws {MailError} As {@link formatAggregateReport}.
 * @see {@link https://www.rfc-editor.org/rfc/rfc9990#section-3.5.2 | RFC 9990 section 3.5.2}
 * @example
 * const report = {
 *   organizationName: 'Receiver', email: 'dmarc@mx.example', reportId: '1', begin: 0, end: 86399, errors: [],
 *   policy: { domain: 'example.com', p: 'none' }, records: [], extensions: [],
 * } as const
 * encodeAggregateReport(report) // throws DMARC_REPORT_BAD_VALUE
 * const record = {
 *   sourceIp: '192.0.2.1', count: 3, disposition: 'none', dkim: 'pass', spf: 'fail', reasons: [],
 *   headerFrom: 'example.com', dkimResults: [], spfResults: [], extensions: [],
 * } as const
 * const octets = encodeAggregateReport({ ...report, records: [record] })
 * readAggregateReport(octets).packing // 'gzip'
 */
export function encodeAggregateReport(report: AggregateReport, options: EncodeAggregateReportOptions = {}): Uint8Array {
  const xml = encodeUtf8(formatAggregateReport(report))
  // Without a time, so that nothing of the machine is in it.
  return options.gzip === false ? xml : gzipSync(xml, { level: 9, mtime: 0 })
}

function writeMetadata(report: AggregateReport, writer: XmlWriter): void {
  const { begin, end, errors } = report
  writer.text('org_name', filled(report.organizationName, 'report_metadata.org_name'))
  writer.text('email', filled(report.email, 'report_metadata.email'))
  writeText(writer, 'extra_contact_info', report.extraContactInfo)
  writer.text('report_id', filled(report.reportId, 'report_metadata.report_id'))
  for (const time of [begin, end]) {
    if (!Number.isSafeInteger(time) || time < 0) throw bad('report_metadata.date_range', 'it is no time in seconds')
  }
  if (end < begin) throw bad('report_metadata.date_range', 'it ends before it begins')
  writer.within('date_range', () => {
    writer.text('begin', begin)
    writer.text('end', end)
  })
  if (errors.length > 1) throw bad('report_metadata.error', 'there is more than one')
  writeText(writer, 'error', errors[0])
  writer.text('generator', report.generator)
}

function writePolicy(policy: ReportedPolicy, writer: XmlWriter): void {
  writer.text('domain', domain(policy.domain, 'policy_published.domain'))
  writer.text('p', filled(policy.p, 'policy_published.p'))
  if (policy.pct !== undefined) throw bad('policy_published.pct', 'RFC 9990 has none')
  writer.text('sp', policy.sp)
  writer.text('np', policy.np)
  writer.text('adkim', policy.adkim)
  writer.text('aspf', policy.aspf)
  writer.text('discovery_method', policy.discoveryMethod)
  writer.text('fo', policy.fo)
  writer.text('testing', policy.testing)
}

function writeRecord(record: AggregateRecord, path: string, writer: XmlWriter): void {
  writer.within('record', () => {
    writer.within('row', () => writeRow(record, path, writer))
    writer.within('identifiers', () => {
      writer.text('header_from', filled(record.headerFrom, `${path}.identifiers.header_from`))
      writer.text('envelope_from', record.envelopeFrom)
      writer.text('envelope_to', record.envelopeTo)
    })
    writer.within('auth_results', () => writeResults(record, `${path}.auth_results`, writer))
    writeExtensions(record.extensions, writer)
  })
}

function writeRow(record: AggregateRecord, above: string, writer: XmlWriter): void {
  const path = `${above}.row`
  const { sourceIp, count, reasons } = record
  if (parseIpAddress(sourceIp) === undefined) throw bad(`${path}.source_ip`, `"${clip(sourceIp)}" is no address`)
  if (!Number.isSafeInteger(count) || count < 1) throw bad(`${path}.count`, `${count} is no count`)
  writer.text('source_ip', sourceIp)
  writer.text('count', count)
  writer.within('policy_evaluated', () => {
    const evaluated = `${path}.policy_evaluated`
    writer.text('disposition', filled(record.disposition, `${evaluated}.disposition`))
    writer.text('dkim', filled(record.dkim, `${evaluated}.dkim`))
    writer.text('spf', filled(record.spf, `${evaluated}.spf`))
    for (const [index, { type, comment }] of reasons.entries()) {
      const reason = `${evaluated}.reason[${index}].type`
      if (type === 'forwarded' || type === 'sampled_out') throw bad(reason, `RFC 9990 has no "${type}"`)
      writer.within('reason', () => {
        writer.text('type', filled(type, reason))
        writeText(writer, 'comment', comment)
      })
    }
  })
}

function writeResults({ dkimResults, spfResults }: AggregateRecord, path: string, writer: XmlWriter): void {
  for (const [index, { domain, selector, result, humanResult }] of dkimResults.entries()) {
    const own = `${path}.dkim[${index}]`
    writer.within('dkim', () => {
      writer.text('domain', filled(domain, `${own}.domain`))
      writer.text('selector', filled(selector, `${own}.selector`))
      writer.text('result', filled(result, `${own}.result`))
      writeText(writer, 'human_result', humanResult)
    })
  }
  if (spfResults.length > 1) throw bad(`${path}.spf`, 'there is more than one')
  for (const { domain, scope, result, humanResult } of spfResults) {
    if (scope === 'helo') throw bad(`${path}.spf[0].scope`, 'RFC 9990 has no "helo"')
    writer.within('spf', () => {
      writer.text('domain', filled(domain, `${path}.spf[0].domain`))
      writer.text('scope', scope)
      writer.text('result', filled(result, `${path}.spf[0].result`))
      writeText(writer, 'human_result', humanResult)
    })
  }
}

// RFC 9990 section 5: what others define has a namespace of its own.
function writeExtensions(extensions: readonly ReportElement[], writer: XmlWriter): void {
  for (const one of extensions) {
    if (one.namespace === undefined || one.namespace === '' || one.namespace === NAMESPACE) {
      throw bad(`extension "${clip(one.name)}"`, 'it has no namespace of its own')
    }
    writer.extension(one, NAMESPACE)
  }
}

// langAttrString: the language is an attribute, "en" by default.
function writeText(writer: XmlWriter, name: string, text: ReportText | undefined): void {
  if (text) writer.text(name, text.text, text.lang === undefined ? '' : attribute('lang', text.lang))
}

function filled<T extends string>(value: T | undefined, path: string): T {
  if (value === undefined || value === '') throw bad(path, 'it is required')
  return value
}

function domain(text: string, path: string): string {
  if (!isDomain(text, { underscore: true, unicode: true })) throw bad(path, `"${clip(text)}" is no domain`)
  return text
}

function bad(path: string, why: string): Error {
  return reportFault('DMARC_REPORT_BAD_VALUE', `format report: ${path}: ${why}`, 'rfc9990#appendix-A')
}
