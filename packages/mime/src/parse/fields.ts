/**
 * The fields of a header as they stand there, each octet kept: RFC 5322 section 2.2, and what is read for one by the
 * majority of readers (RFC 7103 section 7.2 and 7.3).
 */

import { decodeLatin1, decodeUtf8, isUtf8 } from '@posthorn/core'

/** One field of a message that was parsed. */
export interface ParsedField {
  /** The name as it is written. */
  readonly name: string
  /** Where the field begins, in octets of the message. */
  readonly start: number
  /** Where it ends, behind its line end. */
  readonly end: number
  /** What stands behind the colon, unfolded and without blanks at its ends; nothing in it is decoded but UTF-8. */
  readonly value: string
}

/** What was found wrong with a header. */
export type FieldDefect = 'no-field' | 'blank-before-colon' | 'bare-cr' | 'eight-bit' | 'mbox-line' | 'too-many-fields'

/** The fields of a header, and what was found wrong. */
export interface Fields {
  readonly fields: readonly ParsedField[]
  readonly defects: readonly { readonly code: FieldDefect; readonly start: number; readonly end: number }[]
}

const EIGHT_BIT = /[\u0080-\u00ff]/
// field-name = 1*ftext                               ; blanks before the colon by RFC 5322 section 4.5.8
const NAME = /^([!-9;-~]+)([ \t]*)$/

/**
 * Cuts a header into its fields. A line that is none is left out, and told of.
 *
 * @internal
 * @param header The header without the empty line.
 * @param offset Where it begins.
 * @param maxFields What goes beyond is left out, and told of.
 */
export function readFields(header: Uint8Array, offset: number, maxFields: number): Fields {
  return new FieldReader(header, offset).read(maxFields)
}

class FieldReader {
  readonly #header: Uint8Array
  readonly #offset: number
  // A character for each octet, so that places are the same.
  readonly #text: string
  readonly #fields: ParsedField[] = []
  readonly #defects: { code: FieldDefect; start: number; end: number }[] = []

  constructor(header: Uint8Array, offset: number) {
    this.#header = header
    this.#offset = offset
    this.#text = decodeLatin1(header)
  }

  read(maxFields: number): Fields {
    const text = this.#text
    for (let start = 0; start < text.length; ) {
      const end = this.#endOfField(start)
      if (this.#fields.length === maxFields) {
        this.#doubt('too-many-fields', start, text.length)
        break
      }
      this.#readField(start, end)
      start = end
    }
    return { fields: this.#fields, defects: this.#defects }
  }

  // Behind the first line end that no blank follows.
  #endOfField(start: number): number {
    const text = this.#text
    for (let lf = text.indexOf('\n', start); lf >= 0; lf = text.indexOf('\n', lf + 1)) {
      const next = text.charCodeAt(lf + 1)
      if (next !== 32 && next !== 9) return lf + 1
    }
    return text.length
  }

  #readField(start: number, end: number): void {
    // HAZARD: only within the field, as else a header without colons is searched from each of its lines.
    const colon = start + this.#text.slice(start, end).indexOf(':')
    const match = colon >= start ? NAME.exec(this.#text.slice(start, colon)) : undefined
    if (!match) {
      // Of a mailbox in one file, or of a gateway that keeps one.
      const isMbox = /^>?From /.test(this.#text.slice(start, start + 6))
      this.#doubt(isMbox ? 'mbox-line' : 'no-field', start, end)
      return
    }
    if (match[2] !== '') this.#doubt('blank-before-colon', start, colon)
    const value = this.#valueOf(colon + 1, end)
    this.#fields.push({ name: match[1]!, start: this.#offset + start, end: this.#offset + end, value })
  }

  #valueOf(start: number, end: number): string {
    const raw = this.#text.slice(start, end)
    const value = (raw.includes('\n') ? unfold(raw) : raw).trim()
    if (value.includes('\r')) this.#doubt('bare-cr', start, end)
    if (!EIGHT_BIT.test(value)) return value
    this.#doubt('eight-bit', start, end)
    const octets = this.#header.subarray(start, end)
    // RFC 6532: UTF-8. What is not was written before it, in whichever charset.
    return isUtf8(octets) ? unfold(decodeUtf8(octets)).trim() : value
  }

  #doubt(code: FieldDefect, start: number, end: number): void {
    this.#defects.push({ code, start: this.#offset + start, end: this.#offset + end })
  }
}

// RFC 5322 section 2.2.3: the line ends go, the blanks behind them stay.
function unfold(text: string): string {
  return text.replace(/\r?\n/g, '')
}
