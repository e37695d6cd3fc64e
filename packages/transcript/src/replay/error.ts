/** The errors of a replay. */

import { clip, MailError } from '@posthorn/core'
import { oneLine } from '../write/one-line.ts'

/** Every `code` of a `MailError` of a replay. */
export type ReplayErrorCode = 'TRANSCRIPT_DIVERGED' | 'TRANSCRIPT_NOT_REPLAYABLE'

/**
 * A client that does not say what the transcript has; its `code` is `TRANSCRIPT_DIVERGED`.
 *
 * @example
 * const { code, event, expected } = new TranscriptDivergence(3, 'MAIL FROM:<a@a.example>', 'MAIL FROM:<b@a.example>')
 * code // 'TRANSCRIPT_DIVERGED'
 * event // 3
 * expected // 'MAIL FROM:<a@a.example>'
 */
export class TranscriptDivergence extends MailError<ReplayErrorCode> {
  /** The event that was due, by its index; the number of events where nothing more was. */
  readonly event: number
  /** What the transcript has, without secrets. */
  readonly expected: string
  /** What came, without secrets. */
  readonly received: string

  /**
   * @param event The event that was due.
   * @param expected What the transcript has.
   * @param received What came.
   */
  constructor(event: number, expected: string, received: string) {
    const [due, came] = [clip(oneLine(expected)), clip(oneLine(received))]
    super('TRANSCRIPT_DIVERGED', `Cannot replay transcript: at event ${event} it has ${due}, and ${came} came`)
    this.event = event
    this.expected = expected
    this.received = received
  }
}

/** Makes the error of a session that is no dialogue. */
export function notReplayable(why: string): MailError<ReplayErrorCode> {
  return new MailError('TRANSCRIPT_NOT_REPLAYABLE', `Cannot replay transcript: ${why}`)
}
