/** What is wrong with a report that was read. */

import { clip } from '@posthorn/core'

/** What is wrong; the table in the documentation says how each is read. */
export type AggregateReportDefectCode =
  | 'bad-address'
  | 'bad-character'
  | 'bad-charset'
  | 'bad-count'
  | 'bad-date'
  | 'bad-value'
  | 'damaged-archive'
  | 'empty'
  | 'malformed-xml'
  | 'misplaced-element'
  | 'missing'
  | 'missing-namespace'
  | 'nested-archive'
  | 'old-word'
  | 'repeated-element'
  | 'retired-element'
  | 'retired-value'
  | 'several-files'
  | 'several-reports'
  | 'text-too-long'
  | 'too-malformed'
  | 'too-many'
  | 'unescaped-character'
  | 'unknown-element'
  | 'unknown-namespace'
  | 'wrapped-report'
  | 'wrong-case'
  | 'wrong-media-type'

/** One thing that is wrong, and where. */
export interface AggregateReportDefect {
  /** What it is. */
  readonly code: AggregateReportDefectCode
  /** Where it is, as `record[3].row.count`; empty for the report as a whole, and what is around it. */
  readonly path: string
  /** What stands there, or what the XML parser says of it, cut short; absent where there is nothing. */
  readonly text?: string
}

const MAX_DEFECTS = 1000

/**
 * Keeps defects, no more than 1,000.
 *
 * @internal
 */
export class ReportDefects {
  readonly all: AggregateReportDefect[] = []

  tell(code: AggregateReportDefectCode, path: string, text?: string): void {
    if (this.all.length >= MAX_DEFECTS) return
    this.all.push(text === undefined ? { code, path } : { code, path, text: clip(text) })
  }
}
