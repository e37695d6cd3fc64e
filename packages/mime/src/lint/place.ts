/** Where in a message a piece of a field's value stands: values are unfolded and decoded, and octets are asked for. */

import { decodeLatin1, decodeUtf8 } from '@posthorn/core'
import { type ParsedField, unfold } from '../parse/fields.ts'
import type { ByteRange } from '../parse/part.ts'

const LF = 10
const CR = 13
const COLON = 58

/**
 * Places in the value of one field. Nothing is worked out before a place is asked for, and then in time linear in the field.
 *
 * @internal
 */
export class ValuePlaces {
  readonly #octets: Uint8Array
  readonly #field: ParsedField
  // Where each unit of the value, what trimming took away before it counted, begins.
  #starts: Uint32Array | undefined
  #count = 0
  #lead = 0
  #isLatin1 = true

  /** @param octets Those of the message, in which LF ends lines. */
  constructor(octets: Uint8Array, field: ParsedField) {
    this.#octets = octets
    this.#field = field
  }

  /** The octets of a range of the value, which is in UTF-16 units. */
  of({ start, end }: ByteRange): ByteRange {
    this.#starts ??= this.#read()
    const from = this.#lead + start
    const to = this.#lead + end
    const begin = from < this.#count ? this.#starts[from]! : this.#endOf(from - 1)
    return { start: begin, end: end > start ? Math.max(begin, this.#endOf(to - 1)) : begin }
  }

  #endOf(unit: number): number {
    const last = Math.min(unit, this.#count - 1)
    if (last < 0) return this.#octets.indexOf(COLON, this.#field.start) + 1
    const at = this.#starts![last]!
    return at + (this.#isLatin1 ? 1 : widthOf(this.#octets[at]!))
  }

  #read(): Uint32Array {
    const { start, end, value } = this.#field
    const from = this.#octets.indexOf(COLON, start) + 1
    const raw = this.#octets.subarray(from, end)
    const latin1 = unfold(decodeLatin1(raw))
    this.#isLatin1 = latin1.trim() === value
    const text = this.#isLatin1 ? latin1 : unfold(decodeUtf8(raw))
    this.#lead = text.length - text.trimStart().length
    const starts = new Uint32Array(raw.length)
    for (let at = 0; at < raw.length; at++) {
      const octet = raw[at]!
      if (octet === LF || (octet === CR && raw[at + 1] === LF)) continue
      if (!this.#isLatin1 && (octet & 0xc0) === 0x80) continue
      starts[this.#count++] = from + at
      // Two units of UTF-16, of one character.
      if (!this.#isLatin1 && octet >= 0xf0) starts[this.#count++] = from + at
    }
    return starts
  }
}

function widthOf(octet: number): number {
  if (octet < 0xc0) return 1
  return octet < 0xe0 ? 2 : octet < 0xf0 ? 3 : 4
}
