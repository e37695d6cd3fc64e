/** The canonical forms of a body, given out piece by piece: RFC 6376 section 3.4.3 and 3.4.4. */

import { joinBytes } from '@posthorn/core'
import type { Canonicalization } from './canonical-field.ts'
import { type BodyStream, bodyStream } from './canonical-stream.ts'

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
  readonly #stream: BodyStream
  readonly #limit: number
  #length = 0
  #pieces: Uint8Array[] = []

  /**
   * @param canonicalization Which form.
   * @param options With `limit`, no more than so many octets are given out, as `l=` asks; all are still counted.
   */
  constructor(canonicalization: Canonicalization, options: { readonly limit?: number | undefined } = {}) {
    this.#limit = options.limit ?? Number.POSITIVE_INFINITY
    this.#stream = bodyStream(canonicalization, (bytes) => {
      const room = Math.max(0, this.#limit - this.#length)
      this.#length += bytes.length
      if (room > 0) this.#pieces.push(bytes.slice(0, room))
    })
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
    this.#stream.push(bytes)
    return this.#take()
  }

  /**
   * Ends the body: the empty lines at its end fall away, and what is left ends with one CRLF.
   *
   * @returns The rest of the canonical form.
   */
  end(): Uint8Array {
    this.#stream.end()
    return this.#take()
  }

  #take(): Uint8Array {
    const pieces = this.#pieces
    this.#pieces = []
    return joinBytes(pieces)
  }
}
