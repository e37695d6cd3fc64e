/** What the readers of reports doubt, as data with its place. */

import type { FieldDefect } from '../parse/fields.ts'
import type { DefectCode } from '../syntax/defect.ts'

/**
 * What can be doubted of a report, beside what the readers of its fields doubt.
 *
 * Of the message around it: `not-a-report`, the container is no multipart/report; `missing-report-type` and
 * `wrong-report-type`, of that container; `misplaced-part`, the part for machines is not the second; `wrong-part-type`, it
 * says that it is something else; `encoded-report`, it is encoded and may not be; `missing-text`, nothing for people stands
 * before it; `missing-original`, nothing of the message stands behind it where that is required.
 *
 * Of fields: `missing-field`, with the name of the one that is required; `duplicate-field`, with the value that does not
 * count; `misplaced-field`, in a group of fields where it does not belong; `missing-blank-line`, between two groups;
 * `stray-blank-line`, within one; `missing-type`, nothing before the ";" tells of what kind a value is;
 * `bracketed-address`; `bad-action`, `bad-disposition`, `bad-status`, `bad-number` and `bad-value`, what is none;
 * `status-from-diagnostic`, the status is that of the diagnostic, since there is no other; `retry-without-delay`, a time to
 * give up is told of what is not delayed; `error-without-modifier`, an Error field where the disposition has no error;
 * `recipient-limit`, what comes beyond the limit is not read.
 */
export type ReportDefectCode =
  | DefectCode
  | FieldDefect
  | 'bad-action'
  | 'bad-disposition'
  | 'bad-number'
  | 'bad-status'
  | 'bad-value'
  | 'bracketed-address'
  | 'duplicate-field'
  | 'encoded-report'
  | 'error-without-modifier'
  | 'misplaced-field'
  | 'misplaced-part'
  | 'missing-blank-line'
  | 'missing-field'
  | 'missing-original'
  | 'missing-report-type'
  | 'missing-text'
  | 'missing-type'
  | 'not-a-report'
  | 'recipient-limit'
  | 'retry-without-delay'
  | 'status-from-diagnostic'
  | 'stray-blank-line'
  | 'wrong-part-type'
  | 'wrong-report-type'

/** One doubt about the part of a report that is for machines, and where it is. */
export interface ReportDefect {
  /** What is doubted. */
  readonly code: ReportDefectCode
  /** Where it begins, in octets of what was read, those of UTF-8 where that was text. */
  readonly start: number
  /** Where it ends, the offset after its last. */
  readonly end: number
  /** The other reading, or the name of a field that is missing. */
  readonly other?: string
}

/** @internal */
export interface Place {
  readonly start: number
  readonly end: number
}

// What is told of in any case, once.
const LIMITS: readonly ReportDefectCode[] = ['recipient-limit', 'too-many-fields']

/**
 * Gathers defects up to a limit.
 *
 * @internal
 */
export class ReportDefects {
  readonly list: ReportDefect[] = []
  readonly #max: number
  #isFull = false

  constructor(max: number) {
    this.#max = max
  }

  add(code: ReportDefectCode, { start, end }: Place, other?: string): void {
    if (LIMITS.includes(code) || this.list.length < this.#max) {
      this.list.push({ code, start, end, ...(other !== undefined && { other }) })
    } else if (!this.#isFull) {
      this.#isFull = true
      this.list.push({ code: 'defect-limit', start, end })
    }
  }
}
