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

const AS_IT_IS = ({ milliseconds }: Deadline): number => milliseconds
const NEVER: readonly AbortSignal[] = []

/**
 * Gives the bounds that the options of a client or a server set.
 *
 * @internal
 */
export function boundsOf(
  platform: Platform,
  options: { readonly deadline?: (deadline: Deadline) => number; readonly signal?: AbortSignal },
): Bounds {
  return { platform, milliseconds: options.deadline ?? AS_IT_IS, signals: options.signal ? [options.signal] : NEVER }
}

/**
 * One deadline at a time, under which any number of operations run one after the other. When it rejects, an operation may
 * still be under way, so the caller must abort the connection.
 *
 * @internal
 */
export class Wait {
  readonly #bounds: Bounds
  #deadline: Deadline | undefined
  #cancel: (() => void) | undefined
  #failure: MailError | undefined
  #resolve: ((value: undefined) => void) | undefined
  #reject: ((error: MailError) => void) | undefined

  /**
   * @param deadline The deadline; without one the wait may last for ever.
   * @param bounds What else ends it.
   */
  constructor(deadline: Deadline | undefined, bounds: Bounds) {
    this.#bounds = bounds
    for (const signal of bounds.signals) signal.addEventListener('abort', this, { once: true })
    this.begin(deadline)
  }

  /** Whether it has a deadline. */
  get hasDeadline(): boolean {
    return this.#deadline !== undefined
  }

  /** Sets a deadline, or none, in place of the one that runs. */
  begin(deadline: Deadline | undefined): void {
    this.#cancel?.()
    this.#deadline = deadline
    const { platform, milliseconds } = this.#bounds
    this.#cancel = deadline && platform.startTimer(milliseconds(deadline), this.#onTime)
  }

  /**
   * Runs an operation; rejects when the deadline passes or a signal fires, and with whatever it threw as a `MailError`.
   *
   * @param operation The operation.
   * @param use What is done with its result at once, and must not throw; default: it is given.
   */
  race<T, Result = T>(operation: () => Promise<T>, use?: (value: T) => Result): Promise<Result> {
    if (this.#bounds.signals.length > 0) this.handleEvent()
    if (this.#failure) return Promise.reject(this.#failure)
    return new Promise((resolve, reject) => {
      this.#resolve = resolve as (value: undefined) => void
      this.#reject = reject
      const take = use ? (value: T): void => resolve(use(value)) : (resolve as (value: unknown) => void)
      operation().then(take, (cause: unknown) => reject(asMailError(cause)))
    })
  }

  /** Leaves the operation that runs, as if it had given nothing. */
  giveUp(): void {
    this.#resolve?.(undefined)
  }

  /** Ends the wait; must be called. */
  stop(): void {
    this.begin(undefined)
    for (const signal of this.#bounds.signals) signal.removeEventListener('abort', this)
  }

  readonly #onTime = (): void => {
    if (this.#deadline) this.#end(expired(this.#deadline))
  }

  /** Hears that a signal has fired. */
  handleEvent(): void {
    const fired = this.#bounds.signals.find((signal) => signal.aborted)
    if (fired) this.#end(aborted(fired))
  }

  #end(error: MailError): void {
    this.#failure ??= error
    this.#reject?.(this.#failure)
  }
}

/**
 * Runs one operation on a connection under a deadline of its own; as {@link Wait}.
 *
 * @internal
 */
export async function bounded<T>(
  operation: () => Promise<T>,
  deadline: Deadline | undefined,
  bounds: Bounds,
): Promise<T> {
  const wait = new Wait(deadline, bounds)
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

function aborted(signal: AbortSignal): MailError<SmtpErrorCode> {
  return new MailError('SMTP_ABORTED', 'Cannot go on: the caller aborted', { cause: signal.reason })
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
