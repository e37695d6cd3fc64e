/** Addresses that did not answer a short while ago, so that a dead host does not cost every message its time. */

/** For how long, and how many. */
export interface QuietOptions {
  readonly quietTime: number
  readonly maxQuiet: number
  readonly now: () => number
}

/**
 * Remembers addresses that did not answer.
 *
 * @internal
 */
export class QuietAddresses {
  readonly #options: QuietOptions
  // In the order in which they were found.
  readonly #since = new Map<string, number>()

  constructor(options: QuietOptions) {
    this.#options = options
  }

  /** Notes that an address did not answer. */
  add(address: string): void {
    this.#since.delete(address)
    this.#since.set(address, this.#options.now())
    const [oldest] = this.#since.keys()
    if (this.#since.size > this.#options.maxQuiet && oldest !== undefined) this.#since.delete(oldest)
  }

  /** Notes that an address answered. */
  remove(address: string): void {
    this.#since.delete(address)
  }

  /** Tells whether an address did not answer a short while ago. */
  has(address: string): boolean {
    const since = this.#since.get(address)
    if (since === undefined) return false
    const age = this.#options.now() - since
    if (age >= 0 && age < this.#options.quietTime) return true
    this.#since.delete(address)
    return false
  }
}
