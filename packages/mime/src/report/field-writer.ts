/** Fields of a report as they are written: folded, without controls, in US-ASCII unless the part has UTF-8. */

import { clip, findControl, isAscii, MailError } from '@posthorn/core'
import type { MimeErrorCode } from '../error.ts'
import { formatDate } from '../header/date.ts'
import { foldLines, joinLines, tokensOf } from '../syntax/fold.ts'
import type { ReportField } from './field-group.ts'
import { formatMtaName, formatTypedAddress, type MtaName, type TypedAddress } from './typed-value.ts'

/** How a report for machines is written. */
export interface FormatReportOptions {
  /**
   * Whether it is of one of the `message/global-…` types, in UTF-8; default `false`: addresses of UTF-8 are then escaped,
   * and no other text may have it.
   */
  readonly utf8?: boolean
}

// field-name = 1*ftext
const NAME = /^[!-9;-~]{1,76}$/

/**
 * Writes the fields of a report, in groups.
 *
 * @internal
 */
export class FieldWriter {
  readonly #utf8: boolean
  readonly #spec: string
  readonly #lines: string[] = []

  constructor({ utf8 = false }: FormatReportOptions, spec: string) {
    this.#utf8 = utf8
    this.#spec = spec
  }

  /** Writes a field, where there is a value. */
  text(name: string, value: string | undefined): void {
    if (value !== undefined) this.lines(name, [value])
  }

  /** Writes a field whose value is cut into lines already; one alone is folded. */
  lines(name: string, values: readonly string[]): void {
    for (const value of values) this.#check(name, value)
    const [first = '', ...more] = values
    const tokens = tokensOf(`${name}: ${first}`)
    const lines = more.length === 0 ? foldLines(tokens) : [`${name}: ${first}`, ...more.map((line) => ` ${line}`)]
    this.#lines.push(joinLines(lines))
  }

  address(name: string, value: TypedAddress | undefined): void {
    if (value) this.text(name, formatTypedAddress(value, this.#utf8))
  }

  mta(name: string, value: MtaName | undefined): void {
    if (value) this.text(name, formatMtaName(value))
  }

  date(name: string, value: Date | undefined): void {
    if (value) this.text(name, formatDate(value))
  }

  /** Writes fields that have no meaning here; those of a known name are refused. */
  extensions(fields: readonly ReportField[] | undefined, known: readonly string[]): void {
    for (const { name, value } of fields ?? []) {
      if (known.includes(name.toLowerCase())) throw this.fault(name, 'it has a property of its own')
      this.text(name, value)
    }
  }

  /** Refuses what lacks. */
  required<T>(name: string, value: T | undefined): T {
    if (value === undefined) throw this.fault(name, 'it is required')
    return value
  }

  /** Begins another group. */
  part(): void {
    this.#lines.push('')
  }

  /** All that was written. */
  finish(): string {
    return this.#lines.map((line) => `${line}\r\n`).join('')
  }

  fault(name: string, why: string): MailError<MimeErrorCode> {
    return new MailError('MIME_BAD_REPORT', `Cannot write field "${clip(name)}" of a report: ${why}`, {
      spec: this.#spec,
    })
  }

  #check(name: string, value: string): void {
    if (!NAME.test(name)) throw this.fault(name, 'its name is none')
    if (findControl(value) >= 0) throw this.fault(name, 'its value has a control character')
    if (value.trim() !== value || value === '') throw this.fault(name, 'its value is empty, or has blanks at its ends')
    if (!this.#utf8 && !isAscii(value)) throw this.fault(name, 'its value is not US-ASCII')
  }
}
