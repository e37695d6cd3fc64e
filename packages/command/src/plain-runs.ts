/** The parts of a message that the transforms of DATA leave as they are, so that they are copied at once. */

const CR = 13
const LF = 10
const DOT = 46

/**
 * Finds runs of plain octets: CR and LF as pairs, no pair split at an end, no line that begins with a dot. However many
 * runs are asked for, each octet is searched once.
 *
 * @internal
 */
export class PlainRuns {
  readonly #bytes: Uint8Array
  #cr = -1
  #lf = -1

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  /**
   * Gives where the run that begins at an octet ends; the octet itself when there is none.
   *
   * @param from The octet, which is no later half of a pair.
   * @param lineStart Whether it begins a line.
   */
  end(from: number, lineStart: boolean): number {
    const bytes = this.#bytes
    if (lineStart && bytes[from] === DOT) return from
    for (let at = from; ; ) {
      if (this.#cr < at) this.#cr = this.#find(CR, at)
      if (this.#lf < at) this.#lf = this.#find(LF, at)
      if (this.#lf === bytes.length || this.#cr + 1 !== this.#lf) return Math.min(this.#cr, this.#lf)
      at = this.#lf + 1
      if (at === bytes.length || bytes[at] === DOT) return at
    }
  }

  #find(octet: number, from: number): number {
    const found = this.#bytes.indexOf(octet, from)
    return found < 0 ? this.#bytes.length : found
  }
}
