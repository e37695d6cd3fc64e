/** The fields of one group, each taken once as what it is; what nobody takes is an extension. RFC 3464 section 2.4. */

import { readDate } from '../header/read-date.ts'
import type { ParsedField } from '../parse/fields.ts'
import { blankControls } from '../syntax/character.ts'
import { withoutComments } from '../syntax/comment.ts'
import type { Place, ReportDefects } from './defect.ts'
import { linesOf } from './field-block.ts'
import { type Doubt, type MtaName, readMtaName, readTypedAddress, type TypedAddress } from './typed-value.ts'

/** A field that has no meaning here. */
export interface ReportField {
  /** Its name as it is written. */
  readonly name: string
  /** Its value on one line. */
  readonly value: string
}

/** @internal */
export interface GroupContext {
  readonly octets: Uint8Array
  readonly defects: ReportDefects
}

/**
 * Reads the fields of a group.
 *
 * @internal
 */
export class FieldGroup {
  /** Where the group stands. */
  readonly place: Place
  readonly #fields: readonly ParsedField[]
  readonly #byName = new Map<string, ParsedField[]>()
  readonly #taken = new Set<string>()
  readonly #context: GroupContext

  constructor(fields: readonly ParsedField[], context: GroupContext) {
    this.#fields = fields
    this.#context = context
    this.place = { start: fields[0]?.start ?? 0, end: fields.at(-1)?.end ?? 0 }
    for (const field of fields) {
      const name = field.name.toLowerCase()
      const same = this.#byName.get(name)
      if (same) same.push(field)
      else this.#byName.set(name, [field])
    }
  }

  /** All fields of a name. */
  all(name: string): readonly ParsedField[] {
    this.#taken.add(name.toLowerCase())
    return this.#byName.get(name.toLowerCase()) ?? []
  }

  /** The first field of a name; of several it counts. */
  once(name: string): ParsedField | undefined {
    const [first, ...more] = this.all(name)
    for (const field of more) this.#context.defects.add('duplicate-field', field, field.value)
    return first
  }

  /** The same, with a defect where there is none. */
  required(name: string): ParsedField | undefined {
    const field = this.once(name)
    if (!field) this.#context.defects.add('missing-field', this.place, name)
    return field
  }

  /** Tells of a doubt about a field. */
  doubtOf(field: ParsedField): Doubt {
    return (code, other) => this.#context.defects.add(code, field, other)
  }

  /** What is read of a field; nothing where there is none. */
  read<T>(field: ParsedField | undefined, reader: (text: string, doubt: Doubt) => T): T | undefined {
    return field && reader(field.value, this.doubtOf(field))
  }

  /** The lines of a field. */
  lines(field: ParsedField): string[] {
    return linesOf(this.#context.octets, field)
  }

  address(name: string): TypedAddress | undefined {
    return this.read(this.once(name), readTypedAddress)
  }

  mta(name: string): MtaName | undefined {
    return this.read(this.once(name), readMtaName)
  }

  text(name: string): string | undefined {
    return this.read(this.once(name), readPlainText)
  }

  date(name: string): Date | undefined {
    return this.read(this.once(name), readMoment)
  }

  /** A whole number up to a limit. */
  number(field: ParsedField | undefined, max: number): number | undefined {
    return this.read(field, (text, doubt) => readNumber(text, { max, doubt }))
  }

  /** What was not taken, in order. */
  rest(): ReportField[] {
    return this.#fields
      .filter(({ name }) => !this.#taken.has(name.toLowerCase()))
      .map(({ name, value }) => ({ name, value: readPlainText(value) }))
  }
}

/** @internal */
export function readPlainText(text: string): string {
  return blankControls(text).trim()
}

function readMoment(text: string, doubt: Doubt): Date | undefined {
  const { date, defects } = readDate(text)
  for (const { code, other } of defects) doubt(code, other)
  return date
}

function readNumber(text: string, { max, doubt }: { max: number; doubt: Doubt }): number | undefined {
  const written = withoutComments(text)
  const number = /^\d{1,15}$/.test(written) ? Number(written) : Number.NaN
  if (number <= max) return number
  doubt('bad-number')
  return undefined
}
