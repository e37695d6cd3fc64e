/** A wait that a signal ends. */

/**
 * Waits for something, or for a signal. What goes on after the signal is for the caller to stop, or to leave to others who
 * wait for it.
 *
 * @param promise What to wait for.
 * @param signal Ends the wait; none: it is waited for to its end.
 * @returns What the promise gives; it rejects as the promise does, or with the reason of the signal.
 * @example
 * const abort = new AbortController()
 * const wait = untilAborted(new Promise(() => undefined), abort.signal)
 * abort.abort('enough')
 * await wait.catch((reason: unknown) => reason) // 'enough'
 */
export function untilAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason)
    if (signal.aborted) onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}
