/** When a pool may open one more session: not before the server has had a rest after a failure, and not beyond what it bears. */

import { MailError } from '@posthorn/core'
import type { Platform } from '@posthorn/smtp'
import { fault } from './error.ts'
import type { MailerListener } from './event.ts'
import type { OpenedSession } from './session.ts'
import { timeLeft } from './time-left.ts'

/** What openings are made of, and who hears of them. */
interface OpeningParts {
  readonly platform: Platform
  readonly emit: MailerListener
  readonly open: (session: number, signal: AbortSignal) => Promise<OpenedSession>
  /** How many sessions there are. */
  readonly sessions: () => number
  readonly opened: (session: number, opened: OpenedSession) => void
  /** `counts`: whether it counts as one more failure for the messages that wait. */
  readonly failed: (error: MailError, counts: boolean) => void
}

const FIRST_PAUSE = 250
const LONGEST_PAUSE = 30_000

// How long a server that refused one more session beside others gets no more than it had.
const SMALLER_FOR = 60_000

/**
 * The sessions that are being opened.
 *
 * @internal
 */
export class Openings {
  readonly #maxConnections: number
  readonly #parts: OpeningParts
  // One for each that is under way: a signal that all shared would count them as leaking listeners.
  readonly #underWay = new Set<AbortController>()
  #aborted = false
  #limit: number
  #limitedUntil = 0
  #begun = 0
  // Openings that were begun together fail together, and count as one failure.
  #failures = 0
  #failedAt = 0
  #pause = 0

  constructor({ maxConnections }: { readonly maxConnections: number }, parts: OpeningParts) {
    this.#maxConnections = maxConnections
    this.#limit = maxConnections
    this.#parts = parts
  }

  /** How many are under way. */
  get count(): number {
    return this.#underWay.size
  }

  /** How many milliseconds until the next may begin, which `begin` leaves to its caller. */
  get wait(): number {
    return timeLeft(this.#failedAt, this.#pause, this.#parts.platform.now())
  }

  /** Begins one more, if that is allowed beside the sessions that there are, and wanted by the messages that wait. */
  begin(wanted: number): boolean {
    if (this.#limit < this.#maxConnections && this.#parts.platform.now() >= this.#limitedUntil) {
      this.#limit = this.#maxConnections
    }
    const isFull = this.#parts.sessions() + this.count >= this.#limit || this.count >= wanted
    if (isFull || this.#aborted) return false
    this.#open()
    return true
  }

  /** Ends those that are under way, and allows no more. */
  abort(reason: unknown): void {
    this.#aborted = true
    for (const abort of this.#underWay) abort.abort(reason)
  }

  async #open(): Promise<void> {
    const { open, opened, failed, emit } = this.#parts
    const id = ++this.#begun
    const failures = this.#failures
    const abort = new AbortController()
    this.#underWay.add(abort)
    let session: OpenedSession
    try {
      session = await open(id, abort.signal)
    } catch (cause) {
      this.#underWay.delete(abort)
      const error = cause instanceof MailError ? cause : fault('MAILER_CONNECT_FAILED', 'connect', cause)
      emit({ type: 'session-failed', session: id, error })
      failed(error, this.#note(failures))
      return
    }
    this.#underWay.delete(abort)
    this.#failures = 0
    const { client, connection } = session
    emit({
      type: 'session-opened',
      session: id,
      connection: connection.info,
      capabilities: client.capabilities,
    })
    opened(id, session)
  }

  // True when the failure is one more for all that wait.
  #note(failuresBefore: number): boolean {
    const { sessions, platform } = this.#parts
    const { now } = platform
    if (sessions() > 0) {
      this.#limit = sessions()
      this.#limitedUntil = now() + SMALLER_FOR
      return false
    }
    if (failuresBefore !== this.#failures) return false
    this.#failedAt = now()
    this.#pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** this.#failures)
    this.#failures++
    return true
  }
}
