/** How often something may happen: a token bucket for one, and one for each of many. Without a clock of their own. */

import { ipLimitKey } from '@posthorn/core'

/** How often something may happen. */
export interface Rate {
  /** How many in a second, on the long run. */
  readonly perSecond: number
  /** How many at once after a pause. */
  readonly burst: number
}

/**
 * A token bucket: it begins full, fills by `perSecond`, and holds `burst`.
 *
 * @internal
 */
export class TokenBucket {
  readonly #rate: Rate
  readonly #now: () => number
  #tokens: number
  #filled: number

  /**
   * @param rate How often.
   * @param now Gives the time in milliseconds, from whenever it counts.
   */
  constructor(rate: Rate, now: () => number) {
    this.#rate = rate
    this.#now = now
    this.#tokens = rate.burst
    this.#filled = now()
  }

  /** Takes a token; `false` where there is none. */
  take(): boolean {
    this.#fill()
    if (this.#tokens < 1) return false
    this.#tokens--
    return true
  }

  #fill(): void {
    const now = this.#now()
    // A clock that is set back gives nothing, and takes nothing away.
    const passed = Math.max(0, now - this.#filled)
    this.#filled = now
    this.#tokens = Math.min(this.#rate.burst, this.#tokens + (passed / 1000) * this.#rate.perSecond)
  }
}

/**
 * The options of {@link AddressRate}.
 *
 * @internal
 */
export interface AddressRateOptions {
  /** Gives the time in milliseconds, from whenever it counts. */
  readonly now: () => number
  /** Most addresses that are remembered; default 10,000, which is some megabytes. */
  readonly capacity?: number
}

const DEFAULT_CAPACITY = 10_000

/**
 * A token bucket for each address: one IPv4 address, or the first 64 bits of an IPv6 address.
 *
 * Where more addresses come than are remembered, the one that has been idle for longest is forgotten and begins anew: what
 * is held stays bounded, and nobody is refused for what others do.
 *
 * @internal
 */
export class AddressRate {
  readonly #rate: Rate
  readonly #options: Required<AddressRateOptions>
  // In the order of their last use.
  readonly #buckets = new Map<string, TokenBucket>()

  constructor(rate: Rate, { now, capacity = DEFAULT_CAPACITY }: AddressRateOptions) {
    this.#rate = rate
    this.#options = { now, capacity }
  }

  /** How many addresses are remembered. */
  get size(): number {
    return this.#buckets.size
  }

  /** Takes a token of an address; `false` where there is none. */
  take(address: string): boolean {
    const key = ipLimitKey(address)
    const bucket = this.#buckets.get(key) ?? new TokenBucket(this.#rate, this.#options.now)
    this.#buckets.delete(key)
    if (this.#buckets.size >= this.#options.capacity) this.#forgetOne()
    this.#buckets.set(key, bucket)
    return bucket.take()
  }

  #forgetOne(): void {
    for (const key of this.#buckets.keys()) {
      this.#buckets.delete(key)
      return
    }
  }
}
