/**
 * Encoding to quoted-printable (RFC 2045 section 6.7): lines of at most 76 octets, upper-case digits, no blank before a
 * line end. No line begins with a dot, with `From ` or with `--`, so that it survives dot-stuffing and mailboxes, and can
 * never be taken for a delimiter of a multipart. Out of scope: escapes for EBCDIC.
 */

import { concatBytes, joinBytes } from './bytes.ts'

/** How {@link encodeQuotedPrintable} reads its input. */
export interface QuotedPrintableOptions {
  /** Escapes CR and LF too, so that the octets come back exactly; default `false`: the input is text with CRLF lines. */
  readonly binary?: boolean
}

const CR = 13
const LF = 10
const EQUALS = 61
const MAX_COLUMNS = 76
// What a soft break leaves of them.
const MAX_SOFT = 75
const DOT = 46
const HYPHEN = 45
const FROM = [70, 114, 111, 109, 32]
const BLOCK = 8192
// What decides over an octet reaches this far behind it, for "From ".
const AHEAD = 4

// What an octet becomes: itself; itself but for the start of a line, perhaps; a blank; an escape; or, for CR and LF, a
// line end, perhaps.
const LITERAL = 0
const GUARDED = 1
const BLANK = 2
const ESCAPED = 3
const NEWLINE = 4

let kinds: Uint8Array | undefined
function kindTable(): Uint8Array {
  if (kinds) return kinds
  kinds = new Uint8Array(256).fill(ESCAPED).fill(LITERAL, 33, 127)
  kinds[EQUALS] = ESCAPED
  for (const octet of [DOT, HYPHEN, FROM[0]!]) kinds[octet] = GUARDED
  for (const octet of [32, 9]) kinds[octet] = BLANK
  for (const octet of [CR, LF]) kinds[octet] = NEWLINE
  return kinds
}

interface Progress {
  index: number
  column: number
}

// Encodes up to `end`, or one octet more where that parts a CRLF; gives how many octets were written.
function encodeBlock(input: Uint8Array, end: number, out: Uint8Array, progress: Progress, binary: boolean): number {
  let { index, column } = progress
  let offset = 0
  while (index < end) {
    // Most octets need no look at what is around them.
    const literals = column > 0 ? copyLiterals(input, index, Math.min(end, index + MAX_SOFT - column), out, offset) : 0
    index += literals
    offset += literals
    column += literals
    const from = index
    for (; index < end && column < MAX_SOFT - 2 && input[index]! > 126; index++) {
      offset = writeEscape(out, offset, input[index]!)
      column += 3
    }
    if (literals > 0 || index > from) continue
    if (!binary && isCrlf(input, index)) {
      offset = writeCrlf(out, offset)
      column = 0
      index += 2
      continue
    }
    const last = index + 1 >= input.length || (!binary && isCrlf(input, index + 1))
    const limit = last ? MAX_COLUMNS : MAX_SOFT
    if (column + (isLiteral(input, index, column, last) ? 1 : 3) > limit) {
      out[offset++] = EQUALS
      offset = writeCrlf(out, offset)
      column = 0
    }
    if (isLiteral(input, index, column, last)) {
      out[offset++] = input[index]!
      column++
    } else {
      offset = writeEscape(out, offset, input[index]!)
      column += 3
    }
    index++
  }
  progress.index = index
  progress.column = column
  return offset
}

// How many octets from `from` on, and before `to`, are themselves whatever the line is like.
function copyLiterals(input: Uint8Array, from: number, to: number, out: Uint8Array, at: number): number {
  const table = kindTable()
  let index = from
  for (let offset = at; index < to; index++) {
    const octet = input[index]!
    const kind = table[octet]!
    if (kind >= ESCAPED) break
    if (kind === BLANK && (index + 1 >= input.length || table[input[index + 1]!] === NEWLINE)) break
    out[offset++] = octet
  }
  return index - from
}

function writeCrlf(out: Uint8Array, offset: number): number {
  out[offset] = CR
  out[offset + 1] = LF
  return offset + 2
}

function writeEscape(out: Uint8Array, offset: number, octet: number): number {
  const high = octet >> 4
  const low = octet & 15
  out[offset] = EQUALS
  out[offset + 1] = high < 10 ? 48 + high : 55 + high
  out[offset + 2] = low < 10 ? 48 + low : 55 + low
  return offset + 3
}

function isCrlf(input: Uint8Array, index: number): boolean {
  return input[index] === CR && input[index + 1] === LF
}

// RFC 2045 section 6.7: rules 2 and 3, and its advice on what transports and readers of mailboxes do to lines.
function isLiteral(input: Uint8Array, index: number, column: number, last: boolean): boolean {
  const kind = kindTable()[input[index]!]!
  if (kind === BLANK) return !last
  return kind === LITERAL || (kind === GUARDED && (column > 0 || !isRiskyStart(input, index)))
}

function isRiskyStart(input: Uint8Array, index: number): boolean {
  if (input[index] === DOT) return true
  if (input[index] === HYPHEN) return input[index + 1] === HYPHEN
  return FROM.every((octet, step) => input[index + step] === octet)
}

// An octet takes three at most, and a soft break of three comes after each 73 or more.
function roomFor(octets: number): number {
  return 3 * octets + 3 * Math.ceil((3 * octets) / 73)
}

// Gives each block in the same array.
function* encodeBlocks(input: Uint8Array, end: number, progress: Progress, binary: boolean): Generator<Uint8Array> {
  const out = new Uint8Array(roomFor(Math.min(BLOCK, Math.max(0, end - progress.index))))
  while (progress.index < end) {
    const length = encodeBlock(input, Math.min(end, progress.index + BLOCK), out, progress, binary)
    yield out.subarray(0, length)
  }
}

/**
 * Encodes octets; a CRLF of the input stays a line break, a bare CR or LF is escaped.
 *
 * @param bytes Text with CRLF line endings, or any octets with `binary`.
 * @param options How to read the input.
 * @returns US-ASCII octets, {@link quotedPrintableLength} of them.
 * @see {@link https://www.rfc-editor.org/rfc/rfc2045#section-6.7 | RFC 2045 section 6.7}
 * @example
 * decodeUtf8(encodeQuotedPrintable(encodeUtf8('Grüße \r\n'))) // 'Gr=C3=BC=C3=9Fe=20\r\n'
 * decodeUtf8(encodeQuotedPrintable(encodeUtf8('--\r\nFrom me'))) // '=2D-\r\n=46rom me'
 */
export function encodeQuotedPrintable(
  bytes: Uint8Array,
  options: QuotedPrintableOptions = {},
): Uint8Array<ArrayBuffer> {
  return encodeUpTo(bytes, bytes.length, { index: 0, column: 0 }, options.binary === true)
}

function encodeUpTo(bytes: Uint8Array, end: number, progress: Progress, binary: boolean): Uint8Array<ArrayBuffer> {
  const blocks = Array.from(encodeBlocks(bytes, end, progress, binary), (block) => new Uint8Array(block))
  return joinBytes(blocks)
}

/**
 * Tells how many octets {@link encodeQuotedPrintable} gives, without keeping them.
 *
 * @param bytes What is to be encoded.
 * @param options How to read the input.
 * @see {@link https://www.rfc-editor.org/rfc/rfc2045#section-6.7 | RFC 2045 section 6.7}
 * @example
 * quotedPrintableLength(encodeUtf8('né')) // 7
 */
export function quotedPrintableLength(bytes: Uint8Array, options: QuotedPrintableOptions = {}): number {
  const blocks = encodeBlocks(bytes, bytes.length, { index: 0, column: 0 }, options.binary === true)
  let length = 0
  for (const block of blocks) length += block.length
  return length
}

/**
 * Encodes octets that come in chunks; what it gives, joined, is what {@link encodeQuotedPrintable} gives for them joined,
 * however they are split. It keeps back four octets at most.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc2045#section-6.7 | RFC 2045 section 6.7}
 * @example
 * const encoder = new QuotedPrintableEncoder()
 * const chunks = [encoder.push(encodeUtf8('a ')), encoder.push(encodeUtf8('\r\nb')), encoder.finish()]
 * decodeUtf8(concatBytes(chunks)) // 'a=20\r\nb'
 */
export class QuotedPrintableEncoder {
  readonly #binary: boolean
  #rest: Uint8Array = new Uint8Array(0)
  #column = 0

  /** @param options How to read the input. */
  constructor(options: QuotedPrintableOptions = {}) {
    this.#binary = options.binary === true
  }

  /**
   * Takes octets.
   *
   * @param bytes Any number of them; they are not kept.
   * @returns What can be told of their encoding.
   */
  push(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
    return this.#encode(concatBytes([this.#rest, bytes]), AHEAD)
  }

  /** Ends the text and gives what was kept back; what is pushed after it begins another. */
  finish(): Uint8Array<ArrayBuffer> {
    const last = this.#encode(this.#rest, 0)
    this.#column = 0
    return last
  }

  #encode(input: Uint8Array, kept: number): Uint8Array<ArrayBuffer> {
    const progress = { index: 0, column: this.#column }
    const encoded = encodeUpTo(input, input.length - kept, progress, this.#binary)
    this.#rest = input.slice(progress.index)
    this.#column = progress.column
    return encoded
  }
}
