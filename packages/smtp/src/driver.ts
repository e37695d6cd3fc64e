/** What the client and the server share: reading with a deadline, and one way to end. */

import { MailError } from '@posthorn/core'
import type { Deadline } from './deadline.ts'
import type { SmtpErrorCode } from './error.ts'
import type { Platform } from './platform.ts'

/** What bounds an operation. */
export interface Bounds {
  readonly platform: Platform
  /** Turns the deadline of the session into the one in force. */
  readonly milliseconds: (deadline: Deadline) => number
  readonly signal: AbortSignal | undefined
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
  return { platform, milliseconds: options.deadline ?? (({ milliseconds }) => milliseconds), signal: options.signal }
}

/**
 * Runs one operation on a connection; rejects when its deadline passes or the signal fires. The operation may then still
 * be under way, so the caller must abort the connection.
 *
 * @internal
 */
export async function bounded<T>(operation: () => Promise<T>, deadline: Deadline, bounds: Bounds): Promise<T> {
  const { platform, signal } = bounds
  if (signal?.aborted) throw aborted(signal)
  let stop: (error: MailError) => void = () => {}
  const stopped = new Promise<never>((_, reject) => {
    stop = reject
  })
  const onAbort = (): void => stop(aborted(signal))
  signal?.addEventListener('abort', onAbort, { once: true })
  const cancel = platform.startTimer(bounds.milliseconds(deadline), () => stop(expired(deadline)))
  try {
    return await Promise.race([operation(), stopped])
  } finally {
    cancel()
    signal?.removeEventListener('abort', onAbort)
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
