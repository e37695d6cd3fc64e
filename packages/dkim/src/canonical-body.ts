/**
 * The canonical forms of a body: RFC 6376 section 3.4.3 and 3.4.4. Only CRLF ends a line; a bare CR or LF is content,
 * as it is on the wire. Out of scope: making line endings good.
 */

import type { Canonicalization } from './canonical-field.ts'

const TAB = 9
const LF = 10
const CR = 13
const SPACE = 32

/**
 * Brings a body to its canonical form, however it is split.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6376#section-3.4.4 | RFC 6376 section 3.4.4}
 * @example
 * const body = new BodyCanonicalizer('relaxed')
 * const text = new TextDecoder()
 * text.decode(body.push(new TextEncoder().encode('a  b \r\n\r'))) // 'a b'
 * text.decode(body.push(new TextEncoder().encode('\n'))) // ''
 * text.decode(body.end()) // '\r\n'
 */
export class BodyCanonicalizer {
  readonly #relaxed: boolean
  readonly #limit: number
  #length = 0
  #heldBreaks = 0
  #heldBlank = false
  #heldCr = false
  #hasContent = false

  /**
   * @param canonicalization Which form.
   * @param options With `limit`, no more than so many octets are given out, as `l=` asks; all are still counted.
   */
  constructor(canonicalization: Canonicalization, options: { readonly limit?: number | undefined } = {}) {
    this.#relaxed = canonicalization === 'relaxed'
    this.#limit = options.limit ?? Number.POSITIVE_INFINITY
  }

  /** How many octets the canonical form has so far, beyond the limit too. */
  get length(): number {
    return this.#length
  }

  /**
   * Takes a part of the body.
   *
   * @param bytes Any number of octets.
   * @returns What is sure to belong to the canonical form; white space that may end a line or the body is held back.
   */
  push(bytes: Uint8Array): Uint8Array {
    const out = new Uint8Array(this.#heldBreaks * 2 + 2 + bytes.length)
    let at = 0
    for (let index = 0; index < bytes.length; index++) {
      const octet = bytes[index]!
      if (this.#heldCr) {
        this.#heldCr = false
        if (octet === LF) {
          this.#heldBreaks++
          this.#heldBlank = false
          continue
        }
        at = this.#write(out, at, CR)
      }
      if (octet === CR) this.#heldCr = true
      else if (this.#relaxed && (octet === SPACE || octet === TAB)) this.#heldBlank = true
      else at = this.#write(out, at, octet)
    }
    return this.#giveOut(out.subarray(0, at))
  }

  /**
   * Ends the body: the empty lines at its end fall away, and what is left ends with one CRLF.
   *
   * @returns The rest of the canonical form.
   */
  end(): Uint8Array {
    const out = new Uint8Array(this.#heldBreaks * 2 + 4)
    let at = this.#heldCr ? this.#write(out, 0, CR) : 0
    // RFC 6376 section 3.4.4: an empty body stays empty; section 3.4.3: it becomes one CRLF.
    if (this.#relaxed && !this.#hasContent) return new Uint8Array(0)
    out[at++] = CR
    out[at++] = LF
    return this.#giveOut(out.subarray(0, at))
  }

  #write(out: Uint8Array, start: number, octet: number): number {
    let at = start
    for (; this.#heldBreaks > 0; this.#heldBreaks--) {
      out[at++] = CR
      out[at++] = LF
    }
    if (this.#heldBlank) out[at++] = SPACE
    this.#heldBlank = false
    this.#hasContent = true
    out[at++] = octet
    return at
  }

  #giveOut(bytes: Uint8Array): Uint8Array {
    const room = Math.max(0, this.#limit - this.#length)
    this.#length += bytes.length
    return bytes.length > room ? bytes.subarray(0, room) : bytes
  }
}
