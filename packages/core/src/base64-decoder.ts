/**
 * Decoding the bodies of messages from Base64 (RFC 2045 section 6.8), as they come: what the section says to ignore is
 * ignored, nothing fails, and every fault is told. Out of scope: lines over 76 columns, which harm no reader.
 */

import { type Anomaly, AnomalyLog, type DecodedBody } from './anomaly.ts'
import { valueTable } from './base64-decode.ts'
import { concatBytes, cutTo, decodeUtf8 } from './bytes.ts'

/**
 * What is wrong with a body in Base64.
 *
 * - `BASE64_FOREIGN_CHARACTER`: an octet outside the alphabet that is no blank and no line end; it is ignored.
 * - `BASE64_URL_CHARACTER`: "-" or "_"; it is ignored, though some read it as "+" or "/".
 * - `BASE64_AFTER_PADDING`: a digit behind padding; another encoding begins there, though some stop before it.
 * - `BASE64_STRAY_PADDING`: padding where a group is whole, or more of it than the group lacks; it is ignored.
 * - `BASE64_MISSING_PADDING`: less padding than the last group lacks; what the group holds is given.
 * - `BASE64_CUT_GROUP`: a group of one digit, which holds no octet; it is dropped, though some then decode nothing.
 * - `BASE64_STRAY_BITS`: bits beyond the last octet are set; they are dropped.
 */
export type Base64Anomaly =
  | 'BASE64_FOREIGN_CHARACTER'
  | 'BASE64_URL_CHARACTER'
  | 'BASE64_AFTER_PADDING'
  | 'BASE64_STRAY_PADDING'
  | 'BASE64_MISSING_PADDING'
  | 'BASE64_CUT_GROUP'
  | 'BASE64_STRAY_BITS'

const AMBIGUOUS: ReadonlySet<Base64Anomaly> = /* @__PURE__ */ new Set<Base64Anomaly>([
  'BASE64_URL_CHARACTER',
  'BASE64_AFTER_PADDING',
  'BASE64_CUT_GROUP',
])
const PAD = 61
const FORM_FEED = 12
const BLOCK = 65_536
const MIN_NATIVE = 256
const NOTHING = { seen: 0, read: 0, written: 0 }

/** What some runtimes have built in. */
interface NativeDecoder {
  setFromBase64?(
    text: string,
    options: { readonly lastChunkHandling: 'stop-before-partial' },
  ): { readonly read: number; readonly written: number }
}

/**
 * Decodes a body that comes in chunks, with the same result however it is split. It keeps back less than a group.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc2045#section-6.8 | RFC 2045 section 6.8}
 * @example
 * const decoder = new Base64Decoder()
 * const chunks = [decoder.push(encodeUtf8('Zm9v\r\nY')), decoder.push(encodeUtf8('g*=')), decoder.finish()]
 * decodeUtf8(concatBytes(chunks)) // 'foob'
 * decoder.anomalies.map(({ code }) => code) // ['BASE64_FOREIGN_CHARACTER', 'BASE64_MISSING_PADDING']
 */
export class Base64Decoder {
  readonly #log = new AnomalyLog(AMBIGUOUS)
  #position = 0
  // The digits of the group that is not whole yet, as bits and by their number.
  #bits = 0
  #digits = 0
  // How much padding came since the last digit, and how much the group before it lacked.
  #padding = 0
  #lacking = 0

  /** What was wrong up to here, by offset. */
  get anomalies(): readonly Anomaly<Base64Anomaly>[] {
    return this.#log.list()
  }

  /**
   * Takes octets.
   *
   * @param bytes Any number of them; they are not kept.
   * @returns What they hold.
   */
  push(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
    const out = new Uint8Array(Math.ceil(((bytes.length + this.#digits) * 3) / 4))
    let offset = 0
    // HAZARD: the runtime's decoder refuses a block for one octet, so a block is offered to it once, and then to ours.
    let nativeFrom = 0
    for (let index = 0; index < bytes.length; ) {
      if (this.#digits === 0 && this.#padding === 0) {
        const block = index < nativeFrom ? NOTHING : decodeNatively(bytes.subarray(index, index + BLOCK), out, offset)
        nativeFrom = Math.max(nativeFrom, index + block.seen)
        index += block.read
        offset += block.written
        const groups = decodeGroups(bytes, index, out, offset)
        index += 4 * groups
        offset += 3 * groups
      }
      if (index < bytes.length) {
        offset = this.#take(bytes[index]!, this.#position + index, out, offset)
        index++
      }
    }
    this.#position += bytes.length
    return cutTo(out, offset)
  }

  /** Ends the body and gives what a last group holds that lacks its padding. */
  finish(): Uint8Array<ArrayBuffer> {
    const out = new Uint8Array(2)
    const offset = this.#digits > 0 ? this.#endGroup(this.#position, out, 0) : 0
    this.#endPadding(this.#position)
    return out.slice(0, offset)
  }

  #take(octet: number, at: number, out: Uint8Array, offset: number): number {
    const value = valueTable()[octet]!
    if (value >= 0) return this.#takeDigit(value, at, out, offset)
    if (octet === PAD) {
      const end = this.#padding === 0 ? this.#endGroup(at, out, offset) : offset
      if (++this.#padding > this.#lacking) this.#log.note('BASE64_STRAY_PADDING', at)
      return end
    }
    if (octet === 45 || octet === 95) this.#log.note('BASE64_URL_CHARACTER', at)
    else if (!isBlank(octet)) this.#log.note('BASE64_FOREIGN_CHARACTER', at)
    return offset
  }

  #takeDigit(value: number, at: number, out: Uint8Array, offset: number): number {
    if (this.#padding > 0) {
      this.#log.note('BASE64_AFTER_PADDING', at)
      this.#endPadding(at)
    }
    this.#bits = (this.#bits << 6) | value
    if (++this.#digits < 4) return offset
    out[offset] = this.#bits >> 16
    out[offset + 1] = this.#bits >> 8
    out[offset + 2] = this.#bits
    this.#bits = this.#digits = 0
    return offset + 3
  }

  // Gives the one or two octets of a group that is not whole.
  #endGroup(at: number, out: Uint8Array, offset: number): number {
    const digits = this.#digits
    const bits = this.#bits << (6 * (4 - digits))
    this.#bits = this.#digits = 0
    this.#lacking = digits > 1 ? 4 - digits : 0
    if (digits === 1) this.#log.note('BASE64_CUT_GROUP', at)
    if (digits < 2) return offset
    out[offset] = bits >> 16
    if (digits === 3) out[offset + 1] = bits >> 8
    if (bits & (digits === 3 ? 0xff : 0xffff)) this.#log.note('BASE64_STRAY_BITS', at)
    return offset + digits - 1
  }

  #endPadding(at: number): void {
    if (this.#padding < this.#lacking) this.#log.note('BASE64_MISSING_PADDING', at)
    this.#padding = this.#lacking = 0
  }
}

function isBlank(octet: number): boolean {
  return octet === 13 || octet === 10 || octet === 32 || octet === 9
}

// The runtime's own decoder knows blanks, of which a form feed is none to us, but hides what is wrong with padding.
function decodeNatively(block: Uint8Array, out: Uint8Array, at: number): typeof NOTHING {
  const target = out.subarray(at) as NativeDecoder
  if (!target.setFromBase64) return { ...NOTHING, seen: Number.POSITIVE_INFINITY }
  const padding = block.indexOf(PAD)
  const digits = padding < 0 ? block : block.subarray(0, padding)
  const seen = digits.length + 1
  if (digits.length < MIN_NATIVE || digits.includes(FORM_FEED)) return { ...NOTHING, seen }
  try {
    return { ...target.setFromBase64(decodeUtf8(digits), { lastChunkHandling: 'stop-before-partial' }), seen }
  } catch {
    return { ...NOTHING, seen }
  }
}

// How many whole groups stand from `from` on, with all of their digits; they are decoded.
function decodeGroups(bytes: Uint8Array, from: number, out: Uint8Array, at: number): number {
  const table = valueTable()
  let index = from
  for (let offset = at; index + 3 < bytes.length; index += 4) {
    const group =
      (table[bytes[index]!]! << 18) |
      (table[bytes[index + 1]!]! << 12) |
      (table[bytes[index + 2]!]! << 6) |
      table[bytes[index + 3]!]!
    if (group < 0) break
    out[offset] = group >> 16
    out[offset + 1] = group >> 8
    out[offset + 2] = group
    offset += 3
  }
  return (index - from) / 4
}

/**
 * Decodes the body of a message from Base64, as it comes, without fail.
 *
 * @param bytes The body.
 * @returns Its octets, and what was wrong with it.
 * @see {@link https://www.rfc-editor.org/rfc/rfc2045#section-6.8 | RFC 2045 section 6.8}
 * @example
 * const { bytes, anomalies } = decodeBase64Body(encodeUtf8('Zg==\r\nZm8=\r\n'))
 * decodeUtf8(bytes) // 'ffo'
 * anomalies // [{ code: 'BASE64_AFTER_PADDING', offset: 6, count: 1, ambiguous: true }]
 */
export function decodeBase64Body(bytes: Uint8Array): DecodedBody<Base64Anomaly> {
  const decoder = new Base64Decoder()
  const decoded = decoder.push(bytes)
  const last = decoder.finish()
  return { bytes: last.length > 0 ? concatBytes([decoded, last]) : decoded, anomalies: decoder.anomalies }
}
