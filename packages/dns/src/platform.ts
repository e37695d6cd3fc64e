/** The only place of this package that touches a timer; tests put another in its place. */

/** Timers, as a resolver that waits for others uses them. */
export interface DnsPlatform {
  /** Calls back after some milliseconds; gives a function that cancels. */
  readonly startTimer: (milliseconds: number, callback: () => void) => () => void
}

/** @internal */
export const defaultPlatform: DnsPlatform = {
  startTimer(milliseconds, callback) {
    const timer = setTimeout(callback, milliseconds)
    return () => clearTimeout(timer)
  },
}
