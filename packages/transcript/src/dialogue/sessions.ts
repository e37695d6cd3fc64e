/** Items to sessions: interleaved ones apart by their keys, successive ones by their greetings. */

import type { Line } from '../import/line.ts'
import { classifyPayload } from '../payload/classify.ts'
import type { Perspective, TranscriptSession } from '../session.ts'
import { Dialogue } from './dialogue.ts'
import type { Item } from './item.ts'
import { authenticationOf, closeOf, greetingsOf, peersOf, tlsOf } from './outcome.ts'
import type { SecretCollector } from './secret.ts'
import { findTransactions } from './transactions.ts'

/** Sessions, and the lines of which nothing came. */
export interface ReadSessions {
  readonly sessions: TranscriptSession[]
  readonly unexplained: Line[]
}

/** What is known of all sessions of a text. */
export interface SessionFacts {
  readonly format: string
  readonly perspective: Perspective
}

/** Reads the sessions in the items of one key. */
export function readSessions(items: readonly Item[], facts: SessionFacts, secrets: SecretCollector): ReadSessions {
  const sessions: TranscriptSession[] = []
  const unexplained: Line[] = []
  const answered = items.some(
    ({ side, payload }) => side === 'server' || (side === 'either' && classifyPayload(payload.text) === 'reply'),
  )
  const dots = nextDots(items)
  let dialogue = new Dialogue(secrets, answered)
  const finish = (): void => {
    dialogue.finish()
    const session = toSession(dialogue, facts)
    if (session) sessions.push(session)
    // As many as there are lines: more than a call takes as arguments
    for (const line of dialogue.unexplained) unexplained.push(line)
  }
  for (const [i, item] of items.entries()) {
    if (!dialogue.inMessage && dialogue.startsAnother(item)) {
      finish()
      dialogue = new Dialogue(secrets, answered)
    }
    const next = items[i + 1]
    dialogue.take(item, dots[i] ?? false, next?.side === 'server')
  }
  finish()
  return { sessions, unexplained }
}

// Whether a lone dot follows each item
function nextDots(items: readonly Item[]): boolean[] {
  const dots: boolean[] = []
  let follows = false
  for (let i = items.length - 1; i >= 0; i--) {
    dots[i] = follows
    const item = items[i]
    if (item && item.side !== 'server' && item.payload.text === '.') follows = true
  }
  return dots
}

const TELLING = new Set(['connected', 'tls-failed', 'tls-started', 'timeout', 'error'])

/** Gives the session that was read; nothing where nothing was said, and nothing is told. */
export function toSession(
  dialogue: Pick<Dialogue, 'events' | 'notes' | 'lmtp' | 'spoken' | 'explained' | 'unexplained'>,
  { format, perspective }: SessionFacts,
): TranscriptSession | undefined {
  const { events, notes, lmtp } = dialogue
  const tells = format !== 'unknown' && notes.some(({ kind }) => TELLING.has(kind))
  if (!dialogue.spoken && !tells) return undefined
  const greetings = greetingsOf(events)
  const times = events.flatMap(({ at }) => (at === undefined ? [] : [at]))
  const all = dialogue.explained + dialogue.unexplained.length
  return {
    format,
    perspective,
    confidence: all === 0 ? 0 : dialogue.explained / all,
    ...peersOf(events, notes, greetings, perspective),
    protocol: lmtp ? 'lmtp' : 'smtp',
    events,
    greetings,
    tls: tlsOf(events, notes, greetings),
    authentication: authenticationOf(events, greetings),
    transactions: findTransactions(events, lmtp),
    close: closeOf(events, notes),
    ...(times.length > 0 && { startedAt: times[0] as number, endedAt: times.at(-1) as number }),
  }
}
