/** Encoding a stream as Base64 in lines of 76 columns (RFC 2045 section 6.8). Out of scope: lines of another length. */

import { base64LinesLength, encodeLines, endLine, LINE_OCTETS } from './base64-encode.ts'

/** How {@link Base64LineEncoder} gives what it encodes. */
export interface Base64LineEncoderOptions {
  /**
   * Gives views of one array, each good until the next call; default `false`, because a stream keeps what it is given. A
   * sender that waits for each write is up to half as fast again with it.
   */
  readonly reuse?: boolean
}

/**
 * Encodes octets that come in chunks; what it gives, joined, is what {@link encodeBase64Lines} gives for them joined,
 * however they are split. It keeps back less than a line.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc2045#section-6.8 | RFC 2045 section 6.8}
 * @example
 * const encoder = new Base64LineEncoder()
 * decodeUtf8(concatBytes([encoder.push(encodeUtf8('fo')), encoder.push(encodeUtf8('ob')), encoder.finish()])) // 'Zm9vYg=='
 */
export class Base64LineEncoder {
  readonly #rest: Uint8Array = new Uint8Array(LINE_OCTETS)
  #resting = 0
  #begun = false
  #out: Uint16Array<ArrayBuffer> | undefined

  /** @param options Whose the arrays are that it gives. */
  constructor(options: Base64LineEncoderOptions = {}) {
    if (options.reuse) this.#out = new Uint16Array(0)
  }

  /**
   * Takes octets.
   *
   * @param bytes Any number of them; they are not kept.
   * @returns The lines that they fill.
   */
  push(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
    const missing = this.#resting > 0 ? LINE_OCTETS - this.#resting : 0
    const end = bytes.length - ((bytes.length - missing) % LINE_OCTETS)
    const lines = bytes.length < missing ? 0 : (this.#resting + end) / LINE_OCTETS
    if (lines === 0) {
      this.#keep(bytes)
      return new Uint8Array(0)
    }
    const first = bytes.subarray(0, missing)
    this.#rest.set(first, this.#resting)
    const out = this.#encode([missing > 0 ? this.#rest : first, bytes.subarray(missing, end)])
    this.#resting = 0
    this.#keep(bytes.subarray(end))
    return out
  }

  /** Ends the text and gives the last line; what is pushed after it begins another. */
  finish(): Uint8Array<ArrayBuffer> {
    const out = this.#encode([this.#rest.subarray(0, this.#resting)])
    this.#resting = 0
    this.#begun = false
    return out
  }

  #keep(bytes: Uint8Array): void {
    this.#rest.set(bytes, this.#resting)
    this.#resting += bytes.length
  }

  // Every stretch but the last is of whole lines.
  #encode(stretches: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
    const some = stretches.filter((bytes) => bytes.length > 0)
    const breaks = some.length - (this.#begun ? 0 : 1)
    const text = some.reduce((sum, bytes) => sum + base64LinesLength(bytes.length), 2 * Math.max(0, breaks))
    const out = this.#roomFor(text / 2)
    let offset = 0
    for (const bytes of some) {
      if (this.#begun) offset = endLine(out, offset)
      offset = encodeLines(out, offset, bytes)
      this.#begun = true
    }
    return new Uint8Array(out.buffer, 0, text)
  }

  #roomFor(pairs: number): Uint16Array<ArrayBuffer> {
    if (this.#out && pairs <= this.#out.length) return this.#out
    const out = new Uint16Array(pairs)
    if (this.#out) this.#out = out
    return out
  }
}
