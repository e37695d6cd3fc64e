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

// What is held back is one number: whether white space is, and twice how many line ends are.
const BLANK = 1
const BREAK = 2
// Up to so much is written with the content; more goes to the sink by itself.
const FEW = 64

class RelaxedBody implements BodyStream {
  readonly #sink: Sink
  #out = new Uint8Array(0)
  #held = 0
  #heldCr = false
  #hasContent = false

  constructor(sink: Sink) {
    this.#sink = sink
  }

  push(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += SLICE) this.#pushSlice(bytes.subarray(at, at + SLICE))
  }

  // HAZARD: this is the loop that each octet of a body goes through; what it does most is first, and in locals.
  #pushSlice(bytes: Uint8Array): void {
    const { length } = bytes
    if (this.#out.length < length + FEW + 4) this.#out = new Uint8Array(length + FEW + 4)
    const out = this.#out
    let at = this.#heldCr ? this.#settleCr(bytes[0] === LF) : 0
    let index = this.#heldCr && bytes[0] === LF ? 1 : 0
    let held = this.#held
    this.#heldCr = bytes[length - 1] === CR
    const end = this.#heldCr ? length - 1 : length
    for (; index < end; index++) {
      const octet = bytes[index]!
      if (octet > SPACE) {
        // Between words there is a blank, between lines a break; the rest is rare.
        if (held === BLANK) out[at++] = SPACE
        else if (held === BREAK) {
          out[at++] = CR
          out[at++] = LF
        } else if (held !== 0) at = this.#release(held, at)
        held = 0
        out[at++] = octet
      } else if (octet === SPACE || octet === TAB) held |= BLANK
      else if (octet === CR && bytes[index + 1] === LF) {
        held = (held & ~BLANK) + BREAK
        index++
      } else {
        if (held !== 0) at = this.#release(held, at)
        held = 0
        out[at++] = octet
      }
    }
    this.#held = held
    this.#give(at)
  }

  // Gives how many octets of the output are taken up.
  #settleCr(endsLine: boolean): number {
    if (endsLine) {
      this.#held = (this.#held & ~BLANK) + BREAK
      return 0
    }
    const at = this.#release(this.#held, 0)
    this.#held = 0
    this.#out[at] = CR
    return at + 1
  }

  #release(held: number, start: number): number {
    let at = start
    if (held - BLANK > FEW) {
      this.#give(at)
      this.#hasContent = true
      giveBreaks(this.#sink, held >> 1)
      at = 0
    } else {
      for (let breaks = held >> 1; breaks > 0; breaks--) {
        this.#out[at++] = CR
        this.#out[at++] = LF
      }
    }
    if ((held & BLANK) !== 0) this.#out[at++] = SPACE
    return at
  }

  #give(length: number): void {
    if (length === 0) return
    this.#hasContent = true
    this.#sink(this.#out.subarray(0, length))
  }

  end(): void {
    if (this.#heldCr) {
      if (this.#out.length === 0) this.#out = new Uint8Array(FEW + 4)
      this.#give(this.#settleCr(false))
    }
    // RFC 6376 section 3.4.4: an empty body stays empty.
    if (this.#hasContent) this.#sink(CRLF)
  }
}

function giveBreaks(sink: Sink, count: number): void {
  if (count === 0) return
  const some = new Uint8Array(Math.min(count, BREAKS) * 2)
  for (let at = 0; at < some.length; at += 2) some.set(CRLF, at)
  for (let left = count; left > 0; left -= BREAKS) sink(some.subarray(0, left * 2))
}
