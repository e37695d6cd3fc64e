/** How long to wait for the other end: RFC 5321 section 4.5.3.2; where it says nothing, its nearest figure. */

import type { Exchange } from './state.ts'

/** What is awaited. */
export type AwaitedPhase = Exchange | 'command' | 'handshake' | 'body'

/** What a session waits for, and for how long. */
export interface Deadline {
  /** What is awaited. */
  readonly awaiting: AwaitedPhase
  /** How long, in milliseconds. */
  readonly milliseconds: number
}

const SECOND = 1000
const MINUTE = 60 * SECOND

const DEADLINES: Readonly<Partial<Record<AwaitedPhase, number>>> = {
  STARTTLS: 2 * MINUTE,
  handshake: 2 * MINUTE,
  DATA: 2 * MINUTE,
  body: 3 * MINUTE,
  message: 10 * MINUTE,
  QUIT: 5 * SECOND,
}

// Made once each, because every command asks for one.
const MADE = new Map<AwaitedPhase, Deadline>()

/**
 * Gives the deadline of a phase; five minutes where the table has no other.
 *
 * @internal
 */
export function deadlineFor(awaiting: AwaitedPhase): Deadline {
  let deadline = MADE.get(awaiting)
  if (!deadline) {
    deadline = { awaiting, milliseconds: DEADLINES[awaiting] ?? 5 * MINUTE }
    MADE.set(awaiting, deadline)
  }
  return deadline
}
