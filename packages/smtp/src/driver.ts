/** What the client and the server share: reading with a deadline, and one way to end. */

import { MailError } from '@posthorn/core'
import type { Connection } from './connection.ts'
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
 * Runs one operation on a connection; when its deadline passes or the signal fires, the connection is aborted.
 *
 * @internal
 */
export async function bounded<T>(
  connection: Connection,
  operation: () => Promise<T>,
  deadline: Deadline,
  bounds: Bounds,
): Promise<T> {
  const { platform, signal } = bounds
  if (signal?.aborted) throw abort(connection, signal)
  let stop: (error: MailError) => void = () => {}
  const stopped = new Promise<never>((_, reject) => {
    stop = reject
  })
  const onAbort = (): void => stop(abort(connection, signal))
  signal?.addEventListener('abort', onAbort, { once: true })
  const cancel = platform.startTimer(bounds.milliseconds(deadline), () => {
    const error = new MailError<SmtpErrorCode>('SMTP_TIMEOUT', `Cannot wait longer for: ${deadline.awaiting}`, {
      spec: 'rfc5321#section-4.5.3.2',
    })
    connection.abort(error)
    stop(error)
  })
  try {
    return await Promise.race([operation(), stopped])
  } finally {
    cancel()
    signal?.removeEventListener('abort', onAbort)
  }
}

function abort(connection: Connection, signal: AbortSignal | undefined): MailError<SmtpErrorCode> {
  const error = new MailError<SmtpErrorCode>('SMTP_ABORTED', 'Cannot go on: the caller aborted', {
    cause: signal?.reason,
  })
  connection.abort(error)
  return error
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
