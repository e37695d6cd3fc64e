/** The only place of the delivery that touches a clock or randomness; tests put a virtual clock in its place. */

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
  random: (length) => crypto.getRandomValues(new Uint8Array(length)),
}
