/** How much of a time is left by a clock that may be set back. */

/**
 * Gives how many milliseconds are left of a time that began at one moment; none where the clock was set back before it, as
 * the wait would be as long as that.
 *
 * @internal
 */
export function timeLeft(begun: number, milliseconds: number, now: number): number {
  return now < begun ? 0 : Math.max(0, begun + milliseconds - now)
}
