/** What can be told of a session, its events and their verbs by their shape. */

import type { TranscriptSession } from './session.ts'

/** Whether a verb greets. */
export function isHello(verb: string): boolean {
  return verb === 'EHLO' || verb === 'HELO' || verb === 'LHLO'
}

/** Whether a message is a chunk, RFC 3030: it stands behind its BDAT. */
export function isChunk({ events }: TranscriptSession, index: number): boolean {
  const before = events[index - 1]
  return before?.type === 'command' && before.verb === 'BDAT'
}

/** Whether a session is no dialogue, but what a log or a report tells came of one. */
export function isToldOnly({ perspective, greetings, events }: TranscriptSession): boolean {
  if ((perspective !== 'log' && perspective !== 'report') || greetings.length > 0) return false
  return events.every((event) => (event.type === 'command' ? event.inferred : event.type !== 'message'))
}
