/** What a report is packed in, told by its first octets, as names and media types are often wrong. */

import type { ReportDefects } from './defect.ts'
import { reportFault } from './error.ts'
import { InflateBudget, inflate } from './inflate.ts'
import type { AggregateReportLimits } from './limits.ts'
import { unzip } from './zip.ts'

/** How a report is packed. */
export type ReportPacking = 'xml' | 'gzip' | 'zip'

/** @internal */
export interface Unpacked {
  readonly bytes: Uint8Array
  readonly packing: ReportPacking
}

// Some compress what is compressed.
const MAX_LAYERS = 2

/**
 * Tells how octets are packed.
 *
 * @internal
 */
export function packingOf([a, b, c, d]: Uint8Array): ReportPacking {
  if (a === 0x1f && b === 0x8b) return 'gzip'
  // PK, and the signature of a file, or of the end of a directory.
  if (a === 0x50 && b === 0x4b && ((c === 3 && d === 4) || (c === 5 && d === 6))) return 'zip'
  return 'xml'
}

/**
 * Undoes archives and compression.
 *
 * @internal
 * @throws {MailError} `DMARC_REPORT_TOO_LARGE` beyond a limit; `DMARC_REPORT_UNREADABLE` where nothing comes out of it.
 */
export function unpack(data: Uint8Array, limits: Required<AggregateReportLimits>, defects: ReportDefects): Unpacked {
  if (data.length > limits.maxSize) {
    throw reportFault(
      'DMARC_REPORT_TOO_LARGE',
      `read report: it is over ${limits.maxSize} octets`,
      'rfc9990#section-8.1',
    )
  }
  const budget = new InflateBudget(limits, data.length)
  const outer = packingOf(data)
  let [bytes, packing] = [data, outer]
  for (let layers = 0; packing !== 'xml'; layers++) {
    if (layers === MAX_LAYERS) {
      throw reportFault('DMARC_REPORT_UNREADABLE', 'read report: it is packed over and over', 'rfc9990#section-8.1')
    }
    if (layers > 0) defects.tell('nested-archive', '', packing)
    const { maxFiles } = limits
    const inner = packing === 'gzip' ? inflate(bytes, 'gzip', budget) : unzip(bytes, { maxFiles, budget, defects })
    if (!inner.complete) defects.tell('damaged-archive', '', packing)
    bytes = inner.bytes
    packing = packingOf(bytes)
  }
  if (bytes.length === 0) {
    throw reportFault('DMARC_REPORT_UNREADABLE', 'read report: there is nothing in it', 'rfc9990#section-3.5.2')
  }
  budget.check(bytes.length)
  return { bytes, packing: outer }
}
