/**
 * The canonical forms of a body as a stream, without copies kept: RFC 6376 section 3.4.3 and 3.4.4. Only CRLF ends a line; a
 * bare CR or LF is content, as it is on the wire. Out of scope: making line endings good.
 */

import type { Canonicalization } from './canonical-field.ts'

const TAB = 9
const LF = 10
const CR = 13
const SPACE = 32
const CRLF = /* @__PURE__ */ Uint8Array.of(CR, LF)
const BREAKS = 512
// How much is brought to its form at a time.
const SLICE = 65_536

/**
 * Takes some of the canonical form; the octets are good only until it returns.
 *
 * @internal
 */
export type Sink = (bytes: Uint8Array) => void

/** @internal */
export interface BodyStream {
  /** Takes a part of the body; white space that may end a line or the body is held back. */
  push(bytes: Uint8Array): void
  /** Ends the body: the empty lines at its end fall away, and what is left ends with one CRLF. */
  end(): void
  /** Whether a CR or LF has come that ends no line; absent where the form does not look. */
  readonly hasBareEnds?: boolean
}

/** @internal */
export function bodyStream(form: Canonicalization, sink: Sink): BodyStream {
  return form === 'relaxed' ? new RelaxedBody(sink) : new SimpleBody(sink)
}

class SimpleBody implements BodyStream {
  readonly #sink: Sink
  #breaks = 0
  #heldCr = false

  constructor(sink: Sink) {
    this.#sink = sink
  }

  push(bytes: Uint8Array): void {
    if (bytes.length === 0) return
    let start = 0
    if (this.#heldCr) {
      this.#heldCr = false
      if (bytes[0] === LF) {
        this.#breaks++
        start = 1
      } else {
        giveBreaks(this.#sink, this.#breaks)
        this.#breaks = 0
        this.#sink(CRLF.subarray(0, 1))
      }
    }
    let end = bytes.length
    if (end > start && bytes[end - 1] === CR) {
      end--
      this.#heldCr = true
    }
    let content = end
    while (content - start >= 2 && bytes[content - 1] === LF && bytes[content - 2] === CR) content -= 2
    if (content > start) {
      giveBreaks(this.#sink, this.#breaks)
      this.#breaks = 0
      this.#sink(bytes.subarray(start, content))
    }
    this.#breaks += (end - content) / 2
  }

  end(): void {
    if (this.#heldCr) {
      giveBreaks(this.#sink, this.#breaks)
      this.#sink(CRLF.subarray(0, 1))
    }
    // RFC 6376 section 3.4.3: an empty body becomes one CRLF.
    this.#sink(CRLF)
  }
}

// A blank and a CR that were held back.
const MOST_HELD = 2

class RelaxedBody implements BodyStream {
  readonly #sink: Sink
  #out = new Uint8Array(0)
  #breaks = 0
  #blank = 0
  #heldCr = false
  #hasContent = false
  hasBareEnds = false

  constructor(sink: Sink) {
    this.#sink = sink
  }

  push(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += SLICE) this.#pushSlice(bytes.subarray(at, at + SLICE))
  }

  #pushSlice(bytes: Uint8Array): void {
    if (this.#out.length < bytes.length + MOST_HELD) this.#out = new Uint8Array(bytes.length + MOST_HELD)
    const out = this.#out
    let at = 0
    let start = 0
    if (this.#blank === 1) out[at++] = SPACE
    if (this.#heldCr) {
      // With the LF that comes it ends a line, and the blank before it goes.
      if (bytes[0] === LF) at = 0
      else this.hasBareEnds = true
      out[at++] = CR
      if (bytes[0] === LF) out[at++] = bytes[start++]!
      this.#blank = 0
    }
    this.#heldCr = bytes.at(-1) === CR
    const end = this.#heldCr ? bytes.length - 1 : bytes.length
    this.#keep(this.#write(bytes.subarray(start, end), at))
  }

  // HAZARD: this is the loop that each octet of a body goes through. It keeps no more state than whether the last octet was a
  // blank: one after another is written as well, and written over by what comes next.
  #write(bytes: Uint8Array, start: number): number {
    const out = this.#out
    const { length } = bytes
    let at = start
    let blank = this.#blank
    for (let index = 0; index < length; index++) {
      const octet = bytes[index]!
      if (octet > SPACE) {
        out[at++] = octet
        blank = 0
      } else if (octet === SPACE || octet === TAB) {
        out[at] = SPACE
        at += 1 - blank
        blank = 1
      } else {
        if (octet === CR && bytes[index + 1] === LF) {
          at -= blank
          out[at++] = CR
          index++
        } else if (octet === CR || octet === LF) this.hasBareEnds = true
        out[at++] = bytes[index]!
        blank = 0
      }
    }
    this.#blank = blank
    return at
  }

  // Holds back the white space and the line ends behind the last content, and gives the rest.
  #keep(written: number): void {
    const out = this.#out
    const end = written - this.#blank
    let content = end
    while (content >= 2 && out[content - 1] === LF && out[content - 2] === CR) content -= 2
    if (content > 0) {
      giveBreaks(this.#sink, this.#breaks)
      this.#breaks = 0
      this.#hasContent = true
      this.#sink(out.subarray(0, content))
    }
    this.#breaks += (end - content) / 2
  }

  end(): void {
    if (this.#heldCr) {
      giveBreaks(this.#sink, this.#breaks)
      this.#sink(this.#blank === 1 ? Uint8Array.of(SPACE, CR) : Uint8Array.of(CR))
    }
    // RFC 6376 section 3.4.4: an empty body stays empty.
    if (this.#hasContent || this.#heldCr) this.#sink(CRLF)
  }
}

function giveBreaks(sink: Sink, count: number): void {
  if (count === 0) return
  const some = new Uint8Array(Math.min(count, BREAKS) * 2)
  for (let at = 0; at < some.length; at += 2) some.set(CRLF, at)
  for (let left = count; left > 0; left -= BREAKS) sink(some.subarray(0, left * 2))
}
