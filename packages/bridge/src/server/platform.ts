/** The only place of the bridge that touches the runtime: its clock, its timers and its randomness. Tests give others. */

/** Clock and timers, as a bridge uses them. */
export interface ServerPlatform {
  /** Gives the time in milliseconds since 1970. */
  readonly now: () => number
  /** Calls back after some milliseconds; gives a function that cancels. */
  readonly startTimer: (milliseconds: number, callback: () => void) => () => void
}

/**
 * The clock and the timers of the runtime.
 *
 * @internal
 */
export const serverPlatform: ServerPlatform = {
  now: () => Date.now(),
  startTimer(milliseconds, callback) {
    const timer = setTimeout(callback, milliseconds)
    return () => clearTimeout(timer)
  },
}

/**
 * The time, in milliseconds since 1970.
 *
 * @internal
 */
export function currentTime(): number {
  return Date.now()
}

/**
 * Gives random octets, good enough for what nobody may guess.
 *
 * @internal
 */
export function randomOctets(length: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(length))
}
