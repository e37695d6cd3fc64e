/**
 * Which fields of a delivery status are of the message, and which of each recipient: RFC 3464 section 2.1, and what is
 * there where empty lines lack or are too many.
 */

import type { ParsedField } from '../parse/fields.ts'
import type { ReportDefects } from './defect.ts'
import { MESSAGE_FIELDS, RECIPIENT_FIELDS } from './delivery-status.ts'

/** @internal */
export interface StatusGroups {
  readonly message: readonly ParsedField[]
  readonly recipients: readonly (readonly ParsedField[])[]
}

interface Group {
  readonly fields: ParsedField[]
  readonly names: Set<string>
}

/**
 * Sorts fields into groups.
 *
 * @internal
 */
export function sortFields(
  blocks: readonly (readonly ParsedField[])[],
  options: { readonly maxRecipients: number; readonly defects: ReportDefects },
): StatusGroups {
  return new GroupSorter(options).sort(blocks)
}

interface FieldPlace {
  /** The field behind it in its block. */
  readonly next: ParsedField | undefined
  /** Whether a field of the message stands before it there. */
  readonly hasMessage: boolean
}

class GroupSorter {
  readonly #message: ParsedField[] = []
  readonly #recipients: Group[] = []
  readonly #maxRecipients: number
  readonly #defects: ReportDefects
  // The recipient that the next field belongs to; none before the first of a block.
  #current: Group | undefined
  // Where what is not read begins.
  #beyond: number | undefined

  constructor({ maxRecipients, defects }: { readonly maxRecipients: number; readonly defects: ReportDefects }) {
    this.#maxRecipients = maxRecipients
    this.#defects = defects
  }

  sort(blocks: readonly (readonly ParsedField[])[]): StatusGroups {
    for (const [index, block] of blocks.entries()) {
      if (block.some(({ name }) => RECIPIENT_FIELDS.includes(name.toLowerCase()))) this.#takeRecipients(block, index)
      else this.#takeOthers(block, index)
      if (this.#beyond === undefined) continue
      this.#defects.add('recipient-limit', { start: this.#beyond, end: blocks.at(-1)!.at(-1)!.end })
      break
    }
    return { message: this.#message, recipients: this.#recipients.map(({ fields }) => fields) }
  }

  // Fields of the message, or of nobody.
  #takeOthers(block: readonly ParsedField[], index: number): void {
    const last = this.#recipients.at(-1)
    if (last === undefined && index > 0) this.#doubtBefore(block[0]!)
    for (const field of block) {
      if (last) this.#defects.add('misplaced-field', field)
      if (!last || isOfMessage(field)) this.#message.push(field)
      else last.fields.push(field)
    }
  }

  #takeRecipients(block: readonly ParsedField[], index: number): void {
    this.#current = undefined
    const last = this.#recipients.at(-1)
    if (last && continues(block, last)) {
      this.#doubtBefore(block[0]!)
      this.#current = last
    }
    let hasMessage = false
    for (const [at, field] of block.entries()) {
      if (isOfMessage(field)) {
        if (index > 0 || this.#current) this.#defects.add('misplaced-field', field)
        this.#message.push(field)
        hasMessage = true
      } else if (this.#current === undefined && index === 0 && !isOfRecipient(field)) this.#message.push(field)
      else if (!this.#takeField(field, { next: block[at + 1], hasMessage })) return
    }
  }

  // Gives whether there is room for more.
  #takeField(field: ParsedField, { next, hasMessage }: FieldPlace): boolean {
    const name = field.name.toLowerCase()
    if (this.#current === undefined || begins(name, this.#current.names, next)) {
      if (this.#recipients.length >= this.#maxRecipients) {
        this.#beyond = field.start
        return false
      }
      if (this.#current !== undefined || hasMessage) this.#defects.add('missing-blank-line', before(field))
      this.#current = { fields: [], names: new Set() }
      this.#recipients.push(this.#current)
    }
    this.#current.fields.push(field)
    this.#current.names.add(name)
    return true
  }

  #doubtBefore(field: ParsedField): void {
    this.#defects.add('stray-blank-line', before(field))
  }
}

function before({ start }: ParsedField): { start: number; end: number } {
  return { start, end: start }
}

function isOfMessage({ name }: ParsedField): boolean {
  return MESSAGE_FIELDS.includes(name.toLowerCase())
}

function isOfRecipient({ name }: ParsedField): boolean {
  return RECIPIENT_FIELDS.includes(name.toLowerCase())
}

// A recipient is named once. What stands right before its name belongs to it, if the one before has that already; the name
// that the sender gave may stand anywhere else in the group.
function begins(name: string, names: ReadonlySet<string>, next: ParsedField | undefined): boolean {
  if (name === 'final-recipient') return names.has(name)
  const isBeforeName = names.has('final-recipient') && next?.name.toLowerCase() === 'final-recipient'
  if (name === 'original-recipient') return names.has(name) || isBeforeName
  return names.has(name) && isBeforeName
}

// The rest of a group that an empty line has cut: it names nobody, and nothing that is there already.
function continues(block: readonly ParsedField[], { names }: Group): boolean {
  return block.every(({ name }) => {
    const lower = name.toLowerCase()
    return lower !== 'final-recipient' && lower !== 'original-recipient' && !names.has(lower)
  })
}
