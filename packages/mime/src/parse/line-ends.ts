/** Messages whose lines end by CR alone, as old systems wrote them: read as if LF stood there, octet for octet. */

const [LF, CR] = [10, 13]
// If no LF stands in so much, none ends the lines.
const ENOUGH = 65_536

/**
 * Makes CR of the end of lines LF, where CR is what ends them; of the same length, so that places stay the same.
 *
 * @internal
 */
export class LineEnds {
  #held: Uint8Array[] = []
  #length = 0
  #hasCr = false
  #isByCr: boolean | undefined

  /** Whether lines end by CR alone, as far as was seen. */
  get isByCr(): boolean {
    return this.#isByCr === true
  }

  /** Gives what can be read; nothing, while it is not known how lines end. */
  push(chunk: Uint8Array): readonly Uint8Array[] {
    if (this.#isByCr !== undefined) return [this.#mend(chunk)]
    // What stands behind so much decides nothing, so that chunks of any size are decided alike.
    const seen = chunk.subarray(0, ENOUGH - this.#length)
    this.#hasCr ||= seen.includes(CR)
    this.#length += chunk.length
    const hasLf = seen.includes(LF)
    const isDecided = hasLf || this.#length >= ENOUGH
    this.#held.push(isDecided ? chunk : chunk.slice())
    return isDecided ? this.#decide(!hasLf) : []
  }

  end(): readonly Uint8Array[] {
    return this.#isByCr === undefined ? this.#decide(true) : []
  }

  #decide(isByCr: boolean): readonly Uint8Array[] {
    const held = this.#held
    this.#held = []
    this.#isByCr = isByCr && this.#hasCr
    return held.map((chunk) => this.#mend(chunk))
  }

  #mend(chunk: Uint8Array): Uint8Array {
    return this.#isByCr ? chunk.map((octet) => (octet === CR ? LF : octet)) : chunk
  }
}
