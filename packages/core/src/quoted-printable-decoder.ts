/**
 * Decoding quoted-printable (RFC 2045 section 6.7): strictly by its grammar, or as bodies of messages come, without fail
 * and with every fault told. Out of scope: charsets.
 */

import { type Anomaly, AnomalyLog, type DecodedBody } from './anomaly.ts'
import { concatBytes, cutTo } from './bytes.ts'
import { AMBIGUOUS, type QuotedPrintableAnomaly, throwIfUngrammatical } from './quoted-printable-anomaly.ts'
import { blanksEnd, copyRun, decodeEscapes, isBlank, isLowerCase } from './quoted-printable-octets.ts'
import { hexDigit } from './text.ts'

/** How {@link QuotedPrintableDecoder} reads its input. */
export interface QuotedPrintableDecoderOptions {
  /** Throws at whatever the grammar does not have; default `false`, because few bodies of old software are without it. */
  readonly strict?: boolean
}

const CR = 13
const LF = 10
const EQUALS = 61
const MAX_COLUMNS = 76
// RFC 5322 section 2.1.1: the most octets of a line. A longer run of blanks is no padding, and is kept.
const MAX_LINE = 998
const WAIT = -1

/**
 * Decodes a body that comes in chunks, with the same result however it is split. It keeps back a line at most.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc2045#section-6.7 | RFC 2045 section 6.7}
 * @example
 * const decoder = new QuotedPrintableDecoder()
 * const chunks = [decoder.push(encodeUtf8('n=c')), decoder.push(encodeUtf8('3=A9=')), decoder.finish()]
 * decodeUtf8(concatBytes(chunks)) // 'né'
 * decoder.anomalies.map(({ code }) => code) // ['QP_LOWER_CASE', 'QP_CUT_SOFT_BREAK']
 */
export class QuotedPrintableDecoder {
  readonly #strict: boolean
  readonly #log = new AnomalyLog(AMBIGUOUS)
  #rest: Uint8Array = new Uint8Array(0)
  // Where the input at hand, and the line at hand, begin in the body.
  #start = 0
  #line = 0
  // Whether the input goes on in a run of blanks that is too long to be padding.
  #keeping = false
  #final = false
  // Where the octets at hand are written, and after which of them blanks may be padding.
  #offset = 0
  #floor = 0

  /** @param options Whether to throw at a fault. */
  constructor(options: QuotedPrintableDecoderOptions = {}) {
    this.#strict = options.strict === true
  }

  /** What was wrong up to here, by offset. */
  get anomalies(): readonly Anomaly<QuotedPrintableAnomaly>[] {
    return this.#log.list()
  }

  /**
   * Takes octets.
   *
   * @param bytes Any number of them; they are not kept.
   * @returns What they stand for, as far as that can be told.
   * @throws {MailError} With `strict`, the code of the first fault and its offset in the body.
   */
  push(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
    return this.#decode(this.#rest.length > 0 ? concatBytes([this.#rest, bytes]) : bytes)
  }

  /**
   * Ends the body and gives what was kept back.
   *
   * @throws {MailError} As {@link QuotedPrintableDecoder.push} does.
   */
  finish(): Uint8Array<ArrayBuffer> {
    this.#final = true
    const last = this.#decode(this.#rest)
    this.#endLine(this.#start, 0)
    return last
  }

  #decode(input: Uint8Array): Uint8Array<ArrayBuffer> {
    const out = new Uint8Array(input.length)
    const leading = this.#keeping ? blanksEnd(input, 0) : 0
    out.set(input.subarray(0, leading))
    let index = leading
    let offset = leading
    this.#floor = leading
    while (index < input.length) {
      const end = copyRun(input, index, out, offset)
      offset += end - index
      index = end
      const octets = decodeEscapes(input, index, out, offset)
      if (octets > 0) {
        offset += octets
        this.#floor = offset
        index += 3 * octets
        continue
      }
      if (index >= input.length) break
      this.#offset = offset
      const next = this.#takeOther(input, index, out)
      offset = this.#offset
      if (next === WAIT) break
      index = next
    }
    this.#offset = offset
    this.#keep(input, index, out, leading)
    return cutTo(out, this.#offset)
  }

  // Keeps back what the next octets decide over: blanks, and what was not taken.
  #keep(input: Uint8Array, index: number, out: Uint8Array, leading: number): void {
    let end = index
    if (this.#final) this.#dropBlanks(out, this.#start + index)
    else if (input[index] !== EQUALS) {
      const blanks = this.#trailingBlanks(out)
      this.#keeping = blanks > MAX_LINE || (leading === input.length && this.#keeping)
      if (blanks <= MAX_LINE) {
        this.#offset -= blanks
        end -= blanks
      }
    }
    this.#rest = input.slice(end)
    this.#start += end
  }

  // How many blanks end what is decoded, and stand in the body as they are.
  #trailingBlanks(out: Uint8Array): number {
    let start = this.#offset
    while (start > this.#floor && isBlank(out[start - 1]!)) start--
    return this.#offset - start
  }

  #dropBlanks(out: Uint8Array, end: number): void {
    const blanks = this.#trailingBlanks(out)
    if (blanks === 0 || blanks > MAX_LINE) return
    this.#note('QP_TRAILING_BLANK', end - blanks)
    this.#offset -= blanks
  }

  // Each of these gives where to go on, or WAIT where the octet after the input decides.
  #takeOther(input: Uint8Array, index: number, out: Uint8Array): number {
    const octet = input[index]!
    if (octet === EQUALS) return this.#takeEquals(input, index, out)
    const ending = this.#lineEnding(input, index)
    if (ending === WAIT) return WAIT
    if (ending > 0) this.#takeLineEnd(this.#start + index, ending, out)
    else {
      this.#note(octet === CR ? 'QP_BARE_CR' : 'QP_RAW_OCTET', this.#start + index)
      out[this.#offset++] = octet
    }
    return index + Math.max(1, ending)
  }

  #takeLineEnd(at: number, ending: number, out: Uint8Array): void {
    this.#dropBlanks(out, at)
    if (ending === 1) this.#note('QP_BARE_LF', at)
    else out[this.#offset++] = CR
    out[this.#offset++] = LF
    this.#endLine(at, ending)
  }

  #takeEquals(input: Uint8Array, index: number, out: Uint8Array): number {
    const high = hexDigit(input[index + 1])
    const low = hexDigit(input[index + 2])
    if (high >= 0 && low >= 0) {
      if (isLowerCase(input[index + 1]!) || isLowerCase(input[index + 2]!)) {
        this.#note('QP_LOWER_CASE', this.#start + index)
      }
      out[this.#offset++] = (high << 4) | low
      return index + 3
    }
    if (this.#isCut(input, index + 1) || (high >= 0 && this.#isCut(input, index + 2))) return WAIT
    const next = high >= 0 ? index : this.#takeSoftBreak(input, index)
    if (next !== index) return next
    this.#note('QP_BAD_ESCAPE', this.#start + index)
    out[this.#offset++] = EQUALS
    return index + 1
  }

  // Gives `index` where this is no soft break.
  #takeSoftBreak(input: Uint8Array, index: number): number {
    const end = blanksEnd(input, index + 1)
    const blanks = end - index - 1
    if (blanks > MAX_LINE) return index
    const ending = this.#lineEnding(input, end)
    if (ending === WAIT) return WAIT
    if (ending === 0 && end < input.length) return index
    if (blanks > 0) this.#note('QP_PADDED_SOFT_BREAK', this.#start + index)
    if (ending === 0) this.#note('QP_CUT_SOFT_BREAK', this.#start + index)
    if (ending === 1) this.#note('QP_BARE_LF', this.#start + end)
    if (ending > 0) this.#endLine(this.#start + end, ending)
    this.#floor = this.#offset
    return end + ending
  }

  // How many octets end the line here: two, one, or none; or WAIT.
  #lineEnding(input: Uint8Array, index: number): number {
    if (input[index] === LF) return 1
    if (this.#isCut(input, index) || (input[index] === CR && this.#isCut(input, index + 1))) return WAIT
    return input[index] === CR && input[index + 1] === LF ? 2 : 0
  }

  #isCut(input: Uint8Array, index: number): boolean {
    return index >= input.length && !this.#final
  }

  #endLine(end: number, ending: number): void {
    const length = end - this.#line
    if (length > MAX_COLUMNS) this.#note('QP_LINE_OVER_76', this.#line + MAX_COLUMNS)
    if (length > MAX_LINE) this.#note('QP_LINE_OVER_998', this.#line + MAX_LINE)
    this.#line = end + ending
  }

  #note(code: QuotedPrintableAnomaly, offset: number): void {
    this.#log.note(code, offset)
    if (this.#strict) throwIfUngrammatical(code, offset)
  }
}

/**
 * Decodes quoted-printable strictly: what the grammar has, and nothing else. Blanks before a line end, which a transport
 * may have added, are in it; they are dropped.
 *
 * @param bytes The encoded octets.
 * @returns New octets.
 * @throws {MailError} Any {@link QuotedPrintableAnomaly} but `QP_TRAILING_BLANK` and `QP_PADDED_SOFT_BREAK`, with its
 * offset.
 * @see {@link https://www.rfc-editor.org/rfc/rfc2045#section-6.7 | RFC 2045 section 6.7}
 * @example
 * decodeUtf8(decodeQuotedPrintable(encodeUtf8('Gr=C3=BC=C3=9Fe=\r\n!'))) // 'Grüße!'
 * decodeQuotedPrintable(encodeUtf8('n=c3=a9')) // throws QP_LOWER_CASE
 */
export function decodeQuotedPrintable(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return decodeWhole(new QuotedPrintableDecoder({ strict: true }), bytes)
}

/**
 * Decodes the body of a message from quoted-printable, as it comes, without fail.
 *
 * @param bytes The body.
 * @returns Its octets, and what was wrong with it.
 * @see {@link https://www.rfc-editor.org/rfc/rfc2045#section-6.7 | RFC 2045 section 6.7}
 * @example
 * const { bytes, anomalies } = decodeQuotedPrintableBody(encodeUtf8('1+1=2'))
 * decodeUtf8(bytes) // '1+1=2'
 * anomalies // [{ code: 'QP_BAD_ESCAPE', offset: 3, count: 1, ambiguous: true }]
 */
export function decodeQuotedPrintableBody(bytes: Uint8Array): DecodedBody<QuotedPrintableAnomaly> {
  const decoder = new QuotedPrintableDecoder()
  return { bytes: decodeWhole(decoder, bytes), anomalies: decoder.anomalies }
}

function decodeWhole(decoder: QuotedPrintableDecoder, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const decoded = decoder.push(bytes)
  const last = decoder.finish()
  return last.length > 0 ? concatBytes([decoded, last]) : decoded
}
