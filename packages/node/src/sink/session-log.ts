/** The transcripts of the sessions of a sink, the newest as many as there is room for. */

import type { TranscriptEntry } from '@posthorn/smtp'
import type { SinkSession } from './message.ts'
import type { SinkOptions } from './sink-options.ts'

const DEFAULT_SESSIONS = 1000
const DEFAULT_ENTRIES = 10_000

/**
 * Transcripts.
 *
 * @internal
 */
export class SessionLog {
  readonly #maxSessions: number
  readonly #maxEntries: number
  #sessions: SinkSession[] = []

  constructor({ maxTranscripts = {} }: Pick<SinkOptions, 'maxTranscripts'>) {
    this.#maxSessions = maxTranscripts.sessions ?? DEFAULT_SESSIONS
    this.#maxEntries = maxTranscripts.entries ?? DEFAULT_ENTRIES
  }

  get sessions(): readonly SinkSession[] {
    return [...this.#sessions]
  }

  /** Begins a session; gives what takes its entries. */
  open(): (entry: TranscriptEntry) => void {
    const entries: TranscriptEntry[] = []
    this.#sessions.push({ entries })
    if (this.#sessions.length > this.#maxSessions) this.#sessions.shift()
    return (entry) => {
      if (entries.length < this.#maxEntries) entries.push(entry)
    }
  }

  clear(): void {
    this.#sessions = []
  }
}
