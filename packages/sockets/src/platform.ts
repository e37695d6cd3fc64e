/** The only place of this package that touches a clock. */

/**
 * Calls back after some milliseconds; gives a function that cancels.
 *
 * @internal
 */
export function startTimer(milliseconds: number, callback: () => void): () => void {
  const timer = setTimeout(callback, milliseconds)
  return () => clearTimeout(timer)
}
