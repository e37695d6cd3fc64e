/** What can be signed: lines that end in CRLF, and no CR or LF elsewhere. RFC 6376 section 5.3, RFC 5322 section 2.3. */

import { fault } from './error.ts'

const LF = 10
const CR = 13

/**
 * Refuses a bare CR or LF in what comes in parts.
 *
 * @internal
 */
export class LineEnds {
  #offset = 0
  #heldCr = false

  /** @throws {MailError} `DKIM_BAD_MESSAGE`, with the offset in all that was taken. */
  check(bytes: Uint8Array): void {
    if (bytes.length === 0) return
    if (this.#heldCr && bytes[0] !== LF) throw this.#bare(-1)
    const start = this.#heldCr ? 1 : 0
    this.#heldCr = bytes.at(-1) === CR
    const bare = findBare(bytes, start)
    if (bare >= 0) throw this.#bare(bare)
    this.#offset += bytes.length
  }

  /** Takes a part that somebody else has looked through. */
  skip(bytes: Uint8Array): void {
    if (bytes.length === 0) return
    this.#heldCr = bytes[bytes.length - 1] === CR
    this.#offset += bytes.length
  }

  /** @throws {MailError} `DKIM_BAD_MESSAGE` for a CR at the very end. */
  end(): void {
    if (this.#heldCr) throw this.#bare(-1)
  }

  // RFC 6376 section 5.3: what is signed is what is sent, so lines end in CRLF before, not after.
  #bare(at: number): Error {
    return fault('DKIM_BAD_MESSAGE', `sign message: at ${this.#offset + at} it has a bare CR or LF`, '5.3')
  }
}

// Where a CR or an LF stands alone, or -1; a CR at the end may be the first half of a CRLF.
function findBare(bytes: Uint8Array, start: number): number {
  for (let at = start; ; ) {
    const cr = bytes.indexOf(CR, at)
    const lf = bytes.indexOf(LF, at)
    if (lf < 0) return cr === bytes.length - 1 ? -1 : cr
    if (cr < 0 || lf < cr) return lf
    if (lf > cr + 1) return cr
    at = lf + 1
  }
}
