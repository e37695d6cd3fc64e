/**
 * What a decoder of mail bodies met that the encoding does not allow, as data: it never fails, so this is how a caller
 * tells a clean body from a damaged one, or from one that another receiver reads in another way.
 */

/** One kind of fault in a body. */
export interface Anomaly<Code extends string = string> {
  /** What it is, in upper case; stable across releases. */
  readonly code: Code
  /** Where the first of its kind stands, in octets from the start of the body. */
  readonly offset: number
  /** How many there are. */
  readonly count: number
  /** Whether widespread receivers read it in different ways, so that a filter may not see what its user sees. */
  readonly ambiguous: boolean
}

/** A body that was decoded without fail. */
export interface DecodedBody<Code extends string = string> {
  /** What the body says, by the reading that is documented for each anomaly. */
  readonly bytes: Uint8Array<ArrayBuffer>
  /** What was wrong with it, by offset; empty for a clean body, and at most one entry for each code. */
  readonly anomalies: readonly Anomaly<Code>[]
}

/**
 * Counts anomalies by their code, so that a body of nothing but faults takes no memory.
 *
 * @internal
 */
export class AnomalyLog<Code extends string> {
  readonly #found = new Map<Code, { offset: number; count: number }>()
  readonly #ambiguous: ReadonlySet<Code>

  /** @param ambiguous The codes of what receivers read in different ways. */
  constructor(ambiguous: ReadonlySet<Code>) {
    this.#ambiguous = ambiguous
  }

  /** Notes one, or `count` that begin at `offset`. */
  note(code: Code, offset: number, count = 1): void {
    const known = this.#found.get(code)
    if (known) known.count += count
    else this.#found.set(code, { offset, count })
  }

  /** All that were noted, by the offset of the first of each. */
  list(): Anomaly<Code>[] {
    return Array.from(this.#found, ([code, found]) => ({ code, ...found, ambiguous: this.#ambiguous.has(code) })).sort(
      (a, b) => a.offset - b.offset,
    )
  }
}
