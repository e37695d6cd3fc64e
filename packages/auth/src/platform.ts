/** The only place of this package that touches a timer; tests put another in its place. */

/** Timers, as the time limit of a message uses them. */
export interface AuthPlatform {
  /** Calls back after some milliseconds; gives a function that cancels. */
  readonly startTimer: (milliseconds: number, callback: () => void) => () => void
}

/** @internal */
export const defaultPlatform: AuthPlatform = {
  startTimer(milliseconds, callback) {
    const timer = setTimeout(callback, milliseconds)
    return () => clearTimeout(timer)
  },
}
