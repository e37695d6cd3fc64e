/**
 * The only place of this package that touches a clock, timers or randomness. The sessions take them from here, and tests
 * put a virtual clock in their place.
 */

import { pooledRandom } from '@posthorn/core'
import type { Platform } from '@posthorn/smtp'

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
  random: pooledRandom((length) => crypto.getRandomValues(new Uint8Array(length))),
}
