/**
 * The only place of this package that touches a clock or randomness. The sessions use neither; the client and the
 * server take them from here, and tests put a virtual clock in their place.
 */

import type { RandomOctets } from '@posthorn/core'

/** Clock, timers and randomness, as the client and the server use them. */
export interface Platform {
  /** Gives the time in milliseconds since any moment. */
  readonly now: () => number
  /** Calls back after some milliseconds; gives a function that cancels. */
  readonly startTimer: (milliseconds: number, callback: () => void) => () => void
  /** Gives random octets fit for nonces. */
  readonly random: RandomOctets
}

/**
 * The platform's own clock, timers and randomness.
 *
 * @internal
 */
export const defaultPlatform: Platform = {
  now: () => Date.now(),
  startTimer(milliseconds, callback) {
    const timer = setTimeout(callback, milliseconds)
    return () => clearTimeout(timer)
  },
  random: (length) => crypto.getRandomValues(new Uint8Array(length)),
}
