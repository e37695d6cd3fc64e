/** Reports that are one group of fields; an empty line in it is a defect. RFC 8098 section 3.1, RFC 5965 section 3. */

import type { ParsedField } from '../parse/fields.ts'
import { ReportDefects } from './defect.ts'
import { REPORT_LIMITS, type ReadReportOptions, readBlocks } from './field-block.ts'
import { FieldGroup } from './field-group.ts'

/** @internal */
export interface FlatGroup {
  readonly group: FieldGroup
  readonly fields: readonly ParsedField[]
  readonly defects: ReportDefects
}

/** @internal */
export function readFlatGroup(content: Uint8Array | string, options: ReadReportOptions): FlatGroup {
  const limits = { ...REPORT_LIMITS, ...options }
  const defects = new ReportDefects(limits.maxDefects)
  const { octets, blocks } = readBlocks(content, { ...limits, defects })
  for (const [first] of blocks.slice(1)) defects.add('stray-blank-line', { start: first!.start, end: first!.start })
  const fields = blocks.flat()
  return { group: new FieldGroup(fields, { octets, defects }), fields, defects }
}
