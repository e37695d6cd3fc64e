/** Listeners and recorders of callers, whose errors end nothing. */

/**
 * Makes a function whose errors end nothing.
 *
 * HAZARD: an error of a listener could end a session past the end of its message, or hide what became of it.
 *
 * @internal
 */
export function guarded<A extends readonly unknown[], R>(listener: (...heard: A) => R): (...heard: A) => R | undefined {
  return (...heard) => {
    try {
      return listener(...heard)
    } catch {
      return undefined
    }
  }
}
