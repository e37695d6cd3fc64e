/** What the client and the server share: waiting with a deadline, and one way to end. */

import { MailError } from '@posthorn/core'
import type { Deadline } from './deadline.ts'
import type { SmtpErrorCode } from './error.ts'
import type { Platform } from './platform.ts'

/** What bounds an operation. */
export interface Bounds {
  readonly platform: Platform
  /** Turns the deadline of the session into the one in force. */
  readonly milliseconds: (deadline: Deadline) => number
  /** Each ends the operation when it fires. */
  readonly signals: readonly AbortSignal[]
}

/**
 * Gives the bounds that the options of a client or a server set.
 *
 * @internal
 */
export function boundsOf(
  platform: Platform,
  options: { readonly deadline?: (deadline: Deadline) => number; readonly signal?: AbortSignal },
): Bounds {
  const signals = options.signal ? [options.signal] : []
  return { platform, milliseconds: options.deadline ?? (({ milliseconds }) => milliseconds), signals }
}

/** One deadline, under which any number of operations run one after the other. */
export interface Wait {
  /** Runs an operation; rejects when the deadline passes or a signal fires. */
  readonly race: <T>(operation: () => Promise<T>) => Promise<T>
  /** Ends the wait; must be called. */
  readonly stop: () => void
}

/**
 * Begins to wait, for ever where there is no deadline. When it rejects, the operation may still be under way, so the caller must abort the connection.
 *
 * @internal
 */
export function startWait(deadline: Deadline | undefined, bounds: Bounds): Wait {
  const { platform, signals } = bounds
  let end: (error: MailError) => void = () => {}
  const ended = new Promise<never>((_, reject) => {
    end = reject
  })
  ended.catch(() => undefined)
  const onAbort = (): void => end(aborted(signals.find((signal) => signal.aborted)))
  for (const signal of signals) signal.addEventListener('abort', onAbort, { once: true })
  const cancel = deadline && platform.startTimer(bounds.milliseconds(deadline), () => end(expired(deadline)))
  return {
    race: async (operation) => {
      const fired = signals.find((signal) => signal.aborted)
      if (fired) throw aborted(fired)
      return Promise.race([operation(), ended])
    },
    stop: () => {
      cancel?.()
      for (const signal of signals) signal.removeEventListener('abort', onAbort)
    },
  }
}

/**
 * Runs one operation on a connection under a deadline of its own; as {@link startWait}.
 *
 * @internal
 */
export async function bounded<T>(
  operation: () => Promise<T>,
  deadline: Deadline | undefined,
  bounds: Bounds,
): Promise<T> {
  const wait = startWait(deadline, bounds)
  try {
    return await wait.race(operation)
  } finally {
    wait.stop()
  }
}

function expired(deadline: Deadline): MailError<SmtpErrorCode> {
  return new MailError('SMTP_TIMEOUT', `Cannot wait longer for: ${deadline.awaiting}`, {
    spec: 'rfc5321#section-4.5.3.2',
  })
}

function aborted(signal: AbortSignal | undefined): MailError<SmtpErrorCode> {
  return new MailError('SMTP_ABORTED', 'Cannot go on: the caller aborted', { cause: signal?.reason })
}

/**
 * Turns whatever a connection threw into an error of this package.
 *
 * @internal
 */
export function asMailError(cause: unknown): MailError {
  if (cause instanceof MailError) return cause
  return new MailError<SmtpErrorCode>('SMTP_CLOSED', 'Cannot go on: the connection failed', { cause })
}
