/** Timers, as a `Platform` has them. */

/**
 * Begins a timer.
 *
 * @internal
 * @returns What takes it back.
 */
export function startTimer(milliseconds: number, callback: () => void): () => void {
  const timer = setTimeout(callback, milliseconds)
  return () => clearTimeout(timer)
}
