/** How many messages may begin in a time: no window of that length, wherever it starts, has more. */

import { timeLeft } from './time-left.ts'

/** How many messages may begin in a time. */
export interface RateLimitOptions {
  /** How many. */
  readonly messages: number
  /** In how many milliseconds; default 1,000. */
  readonly interval?: number
}

/**
 * Remembers when messages began.
 *
 * @internal
 */
export class RateLimit {
  readonly #interval: number
  readonly #now: () => number
  // The last beginnings, as many as may be in one window, in a ring.
  readonly #begun: number[]
  #next = 0

  constructor({ messages, interval = 1000 }: RateLimitOptions, now: () => number) {
    this.#interval = interval
    this.#now = now
    this.#begun = new Array(messages).fill(Number.NEGATIVE_INFINITY)
  }

  /** How many milliseconds until the next message may begin; 0: now. */
  get wait(): number {
    return timeLeft(this.#begun[this.#next]!, this.#interval, this.#now())
  }

  /** Notes that a message begins. */
  begin(): void {
    this.#begun[this.#next] = this.#now()
    this.#next = (this.#next + 1) % this.#begun.length
  }
}
