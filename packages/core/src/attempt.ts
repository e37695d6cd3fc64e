/** One attempt at something that may take too long, or that its caller may give up. */

/** What may end an attempt before it is done. */
export interface AttemptLimits {
  /** How long it may take, in milliseconds. */
  readonly timeout: number
  /** Ends it when it fires. */
  readonly signal?: AbortSignal | undefined
  /** Calls back after some milliseconds; gives a function that cancels. */
  readonly startTimer: (milliseconds: number, callback: () => void) => () => void
  /** Gives the error for an attempt that took too long. */
  readonly late: () => Error
  /** Gives the error for an attempt that was given up, and why. */
  readonly aborted: (reason: unknown) => Error
}

/**
 * Waits for an attempt within its limits. What goes on after it was ended is for the caller to stop.
 *
 * @param begin Begins it; not called when the signal has fired before.
 * @param limits What may end it.
 * @returns What the attempt gives; it rejects as the attempt does, or with the error of the limit that came first.
 * @example
 * const startTimer = (_: number, callback: () => void) => (callback(), () => undefined)
 * const [late, aborted] = [() => new MailError('A_LATE', 'Cannot wait'), () => new MailError('A_GIVEN_UP', 'Cannot go on')]
 * await attempt(async () => 'done', { timeout: 1, startTimer: () => () => undefined, late, aborted }) // 'done'
 * await attempt(() => new Promise(() => undefined), { timeout: 1, startTimer, late, aborted }) // throws A_LATE
 */
export async function attempt<T>(begin: () => Promise<T>, limits: AttemptLimits): Promise<T> {
  const { timeout, signal, startTimer, late, aborted } = limits
  if (signal?.aborted) throw aborted(signal.reason)
  let stop: (error: Error) => void = () => undefined
  const stopped = new Promise<never>((_, reject) => {
    stop = reject
  })
  const onAbort = (): void => stop(aborted(signal?.reason))
  const cancel = startTimer(timeout, () => stop(late()))
  signal?.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.race([begin(), stopped])
  } finally {
    cancel()
    signal?.removeEventListener('abort', onAbort)
  }
}
