/**
 * The transparency of DATA: dots doubled on the way out and taken away on the way in, RFC 5321 section 4.5.2.
 * Both transforms are incremental; only CRLF "." CRLF ends a message, however the octets are split.
 */

import { PlainRuns } from './plain-runs.ts'

const CR = 13
const LF = 10
const DOT = 46
const EMPTY = new Uint8Array(0)

/**
 * Makes one message ready for DATA: doubles the dot that begins a line, and makes every bare CR or LF a CRLF.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc5321#section-4.5.2 | RFC 5321 section 4.5.2}
 * @example
 * const stuffer = new DotStuffer()
 * const sent = [stuffer.push(new TextEncoder().encode('.a\nb')), stuffer.end()]
 * sent.map((octets) => new TextDecoder().decode(octets)).join('') // '..a\r\nb\r\n.\r\n'
 */
export class DotStuffer {
  #lineStart = true
  #heldCr = false

  /**
   * Transforms the next octets.
   *
   * @param bytes Any number of them.
   * @param options Whether nobody changes them until they are sent, so that they need no copy where they go as they are;
   * default `false`.
   * @returns What to send now; a CR at the end is held back until it is known what follows it.
   */
  push(bytes: Uint8Array, { adopt = false }: { readonly adopt?: boolean } = {}): Uint8Array {
    const runs = new PlainRuns(bytes)
    if (!this.#heldCr && bytes.length > 0 && runs.end(0, this.#lineStart) === bytes.length) {
      this.#lineStart = bytes[bytes.length - 1] === LF
      return adopt ? bytes : bytes.slice()
    }
    const out = new Uint8Array(bytes.length * 2 + 2)
    let length = 0
    let index = 0
    while (index < bytes.length) {
      const end = this.#heldCr ? index : runs.end(index, this.#lineStart)
      if (end > index) {
        out.set(bytes.subarray(index, end), length)
        length += end - index
        this.#lineStart = bytes[end - 1] === LF
        index = end
      } else length = this.#step(bytes[index++]!, out, length)
    }
    return out.subarray(0, length)
  }

  // Writes what an octet that is not plain becomes; gives where the output ends then.
  #step(octet: number, out: Uint8Array, length: number): number {
    let at = length
    if (this.#heldCr || octet === LF) {
      out[at++] = CR
      out[at++] = LF
      this.#lineStart = true
      this.#heldCr = false
      if (octet === LF) return at
    }
    this.#heldCr = octet === CR
    if (this.#heldCr) return at
    if (this.#lineStart && octet === DOT) out[at++] = DOT
    out[at++] = octet
    this.#lineStart = false
    return at
  }

  /** Gives the end of the message: a CRLF if the last line lacks it, and the lone dot. */
  end(): Uint8Array {
    const cut = this.#heldCr || !this.#lineStart
    return Uint8Array.of(...(cut ? [CR, LF] : []), DOT, CR, LF)
  }
}

/** What {@link DotUnstuffer.push} found. */
export interface UnstuffedChunk {
  /** The next octets of the message. */
  readonly bytes: Uint8Array
  /** Whether the lone dot has come. */
  readonly ended: boolean
  /** What followed the lone dot; empty before. */
  readonly rest: Uint8Array
}

/**
 * Reads one message as DATA brings it: takes the doubled dots away and finds the lone dot.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc5321#section-4.5.2 | RFC 5321 section 4.5.2}
 * @example
 * const unstuffer = new DotUnstuffer()
 * const chunk = unstuffer.push(new TextEncoder().encode('..a\r\n.\r\nQUIT\r\n'))
 * new TextDecoder().decode(chunk.bytes) // '.a\r\n'
 * chunk.ended // true
 * new TextDecoder().decode(chunk.rest) // 'QUIT\r\n'
 */
export class DotUnstuffer {
  #state: 'line' | 'text' | 'cr' | 'dot' | 'dot-cr' = 'line'
  #ended = false
  #bareNewline = false

  /** Whether a CR without LF, or a LF without CR, has been seen: RFC 5321 section 2.3.8 forbids both. */
  get bareNewline(): boolean {
    return this.#bareNewline
  }

  /**
   * Transforms the next octets.
   *
   * @param bytes Any number of them; they are not kept.
   */
  push(bytes: Uint8Array): UnstuffedChunk {
    if (this.#ended) return { bytes: EMPTY, ended: true, rest: bytes.slice() }
    const runs = new PlainRuns(bytes)
    const out = new Uint8Array(bytes.length + 1)
    let length = 0
    let index = 0
    while (index < bytes.length) {
      const plain = this.#state === 'line' || this.#state === 'text'
      const end = plain ? runs.end(index, this.#state === 'line') : index
      if (end > index) {
        out.set(bytes.subarray(index, end), length)
        length += end - index
        this.#state = bytes[end - 1] === LF ? 'line' : 'text'
        index = end
        continue
      }
      const octet = bytes[index++]!
      const held = this.#step(octet)
      if (this.#ended) return { bytes: out.subarray(0, length), ended: true, rest: bytes.slice(index) }
      if (held === 'cr-first') out[length++] = CR
      if (held !== 'keep') out[length++] = octet
    }
    return { bytes: out.subarray(0, length), ended: false, rest: EMPTY }
  }

  // What to do with the octet: keep it back, give it out, or give out a CR kept back and then it.
  #step(octet: number): 'keep' | 'give' | 'cr-first' {
    switch (this.#state) {
      case 'line':
        if (octet === DOT) {
          this.#state = 'dot'
          return 'keep'
        }
        return this.#plain(octet)
      case 'dot':
        if (octet === CR) {
          this.#state = 'dot-cr'
          return 'keep'
        }
        return this.#plain(octet)
      case 'dot-cr':
        if (octet === LF) {
          this.#ended = true
          return 'keep'
        }
        this.#bareNewline = true
        this.#plain(octet)
        return 'cr-first'
      case 'cr':
        if (octet === LF) {
          this.#state = 'line'
          return 'give'
        }
        this.#bareNewline = true
        return this.#plain(octet)
      default:
        return this.#plain(octet)
    }
  }

  #plain(octet: number): 'give' {
    this.#bareNewline ||= octet === LF
    this.#state = octet === CR ? 'cr' : 'text'
    return 'give'
  }
}
