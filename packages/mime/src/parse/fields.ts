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
export type FieldDefect =
  | 'no-field'
  | 'blank-before-colon'
  | 'bare-cr'
  | 'byte-order-mark'
  | 'eight-bit'
  | 'mbox-line'
  | 'too-many-fields'

/** The fields of a header, and what was found wrong. */
export interface Fields {
  readonly fields: readonly ParsedField[]
  readonly defects: readonly { readonly code: FieldDefect; readonly start: number; readonly end: number }[]
}

const MARK = '\u00ef\u00bb\u00bf'
const EIGHT_BIT = /[\u0080-\u00ff]/
// field-name = 1*ftext
const NAME = /^[!-9;-~]+$/
const BLANKS = /^[ \t]+$/

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
  readonly #isAscii: boolean
  readonly #fields: ParsedField[] = []
  readonly #defects: { code: FieldDefect; start: number; end: number }[] = []

  constructor(header: Uint8Array, offset: number) {
    this.#header = header
    this.#offset = offset
    this.#text = decodeLatin1(header)
    this.#isAscii = !EIGHT_BIT.test(this.#text)
  }

  read(maxFields: number): Fields {
    const text = this.#text
    for (let start = this.#skipMark(); start < text.length; ) {
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

  // RFC 3629 section 6: a mark of the encoding, by who stored the message; it is no part of a name.
  #skipMark(): number {
    if (this.#offset > 0 || !this.#text.startsWith(MARK)) return 0
    this.#doubt('byte-order-mark', 0, MARK.length)
    return MARK.length
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
    const lines = this.#text.slice(start, end)
    const colon = lines.indexOf(':')
    const name = nameIn(lines.slice(0, Math.max(colon, 0)))
    if (name === undefined) {
      // Of a mailbox in one file, or of a gateway that keeps one.
      this.#doubt(/^>?From /.test(lines) ? 'mbox-line' : 'no-field', start, end)
      return
    }
    if (name.length < colon) this.#doubt('blank-before-colon', start, start + colon)
    const value = this.#valueOf(start + colon + 1, end)
    this.#fields.push({ name, start: this.#offset + start, end: this.#offset + end, value })
  }

  #valueOf(start: number, end: number): string {
    const lines = withoutLineEnd(this.#text.slice(start, end))
    const unfolded = lines.includes('\n') ? unfold(lines) : lines
    if (unfolded.includes('\r')) this.#doubt('bare-cr', start, end)
    const value = unfolded.trim()
    if (this.#isAscii || !EIGHT_BIT.test(value)) return value
    this.#doubt('eight-bit', start, end)
    const octets = this.#header.subarray(start, end)
    // RFC 6532: UTF-8. What is not was written before it, in whichever charset.
    return isUtf8(octets) ? unfold(decodeUtf8(octets)).trim() : value
  }

  #doubt(code: FieldDefect, start: number, end: number): void {
    this.#defects.push({ code, start: this.#offset + start, end: this.#offset + end })
  }
}

// RFC 5322 section 4.5.8: once, blanks could stand before the colon.
function nameIn(written: string): string | undefined {
  if (NAME.test(written)) return written
  const name = written.trimEnd()
  return NAME.test(name) && BLANKS.test(written.slice(name.length)) ? name : undefined
}

/**
 * Unfolds a field. RFC 5322 section 2.2.3: the line ends go, the blanks behind them stay.
 *
 * @internal
 */
export function unfold(text: string): string {
  return text.replace(/\r?\n/g, '')
}

function withoutLineEnd(text: string): string {
  if (text.endsWith('\r\n')) return text.slice(0, -2)
  return text.endsWith('\n') ? text.slice(0, -1) : text
}
