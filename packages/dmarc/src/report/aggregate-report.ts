/**
 * Aggregate reports as they come in, in XML, gzip or zip: RFC 9990 section 3, and RFC 7489 section 7.2 as most still are.
 * Out of scope: whether the mail that brought one is authentic, which its DKIM signatures tell.
 */

import { plainBytes } from '@posthorn/core'
import { decodeXml } from './decode.ts'
import { type AggregateReportDefect, ReportDefects } from './defect.ts'
import { reportFault } from './error.ts'
import { type AggregateReportLimits, REPORT_LIMITS } from './limits.ts'
import type { AggregateReport } from './model.ts'
import { type AggregateReportForm, readXmlReport } from './read-report.ts'
import { type ReportPacking, unpack } from './unpack.ts'

/** What a reader made of an aggregate report. */
export interface ReadAggregateReport {
  /** The report; what is missing is empty, 0 or absent. */
  readonly report: AggregateReport
  /** Which standard it goes by. */
  readonly form: AggregateReportForm
  /** What it was packed in. */
  readonly packing: ReportPacking
  /** What is wrong with it, no more than 1,000. */
  readonly defects: readonly AggregateReportDefect[]
}

/**
 * Reads an aggregate report, whatever is wrong with it: as much is read as can be, and the rest is told beside it. What it
 * is packed in is told by its first octets, and by nothing else.
 *
 * @param input The XML, also as text, or what it is packed in.
 * @param limits How much is read.
 * @returns The report, and its defects.
 * @throws {MailError} `DMARC_REPORT_UNREADABLE` for what is no report: no `feedback` in it, an archive that is encrypted or
 * of which nothing comes out, a document type, as entities are how XML is made to explode; `DMARC_REPORT_TOO_LARGE` for
 * what goes beyond a limit, where the limit does not say that the rest is left out.
 * @see {@link https://www.rfc-editor.org/rfc/rfc9990#section-3.1.1 | RFC 9990 section 3.1.1}
 * @example
 * const { report, form, defects } = readAggregateReport(
 *   '<feedback><report_metadata><org_name>Receiver</org_name><email>d@mx.example</email><report_id>1</report_id>' +
 *   '<date_range><begin>0</begin><end>86399</end></date_range></report_metadata>' +
 *   '<policy_published><domain>example.com</domain><p>Reject</p></policy_published></feedback>',
 * )
 * report.policy // { domain: 'example.com', p: 'reject' }
 * form // 'rfc7489'
 * defects
 * // [{ code: 'missing', path: 'record' }, { code: 'wrong-case', path: 'policy_published.p', text: 'Reject' }]
 */
export function readAggregateReport(
  input: Uint8Array | string,
  limits: AggregateReportLimits = {},
): ReadAggregateReport {
  const all = { ...REPORT_LIMITS, ...limits }
  const defects = new ReportDefects()
  if (typeof input === 'string') {
    if (input.length > Math.min(all.maxSize, all.maxXmlSize)) {
      throw reportFault('DMARC_REPORT_TOO_LARGE', 'read report: it is too long', 'rfc9990#section-8.1')
    }
    return { ...readXmlReport(input, { limits: all, defects }), packing: 'xml' }
  }
  const { bytes, packing } = unpack(plainBytes(input), all, defects)
  return { ...readXmlReport(decodeXml(bytes, defects), { limits: all, defects }), packing }
}

/**
 * Parses an aggregate report that is as RFC 9990, or RFC 7489 before it, has it.
 *
 * @param input The XML, also as text, or what it is packed in.
 * @param limits How much is read.
 * @returns The report.
 * @throws {MailError} As {@link readAggregateReport}; `DMARC_REPORT_DEFECTIVE` for whatever that would tell, elements that
 * are not known excepted.
 * @see {@link https://www.rfc-editor.org/rfc/rfc9990#appendix-A | RFC 9990 appendix A}
 * @example
 * parseAggregateReport('<feedback/>') // throws DMARC_REPORT_DEFECTIVE
 */
export function parseAggregateReport(input: Uint8Array | string, limits: AggregateReportLimits = {}): AggregateReport {
  const { report, defects } = readAggregateReport(input, limits)
  const defect = defects.find(({ code }) => code !== 'unknown-element')
  if (!defect) return report
  const { code, path } = defect
  throw reportFault(
    'DMARC_REPORT_DEFECTIVE',
    `parse report: ${code}${path === '' ? '' : ` at ${path}`}`,
    'rfc9990#appendix-A',
  )
}
