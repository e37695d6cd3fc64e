/** A session as a script: what the client says, what the server says and when it may, and how it ends. */

import type {
  CommandEvent,
  CredentialsEvent,
  MessageEvent,
  ReplyEvent,
  TranscriptEvent,
  TranscriptSession,
} from '../session.ts'
import { isChunk, isToldOnly } from '../session-kind.ts'
import { notReplayable } from './error.ts'

/** One thing that the client says: a command, with its chunk if it is BDAT; a line of SASL; or a message of DATA. */
export type Turn = CommandEvent | CredentialsEvent | MessageEvent

/** A reply, and after how many turns of the client it may be given. */
export interface Cue {
  readonly event: ReplyEvent
  readonly due: number
  /** Whether a TLS handshake follows, and whether it succeeds. */
  readonly tls?: 'started' | 'failed'
}

/** Who ends the session; `silence` is a server that answers no more. */
export type Ending = 'server' | 'client' | 'silence'

/** A session that can be played. */
export interface Script {
  /** Turns and replies in the order in which they were said. */
  readonly order: readonly (Turn | Cue)[]
  readonly turns: readonly Turn[]
  readonly cues: readonly Cue[]
  /** Whether the log has the greeting. */
  readonly greets: boolean
  readonly ending: Ending
}

/**
 * Reads a session as a script.
 *
 * @throws {MailError} `TRANSCRIPT_NOT_REPLAYABLE` for what was no dialogue.
 */
export function scriptOf(session: TranscriptSession): Script {
  const { events } = session
  if (isToldOnly(session)) throw notReplayable('only outcomes are told, and no dialogue')
  const order: (Turn | Cue)[] = []
  const places = new Map<number, number>()
  let turns = 0
  let due = 0
  for (const event of events.slice(0, lastHeard(events))) {
    if (event.type === 'reply') {
      due = Math.max(due, event.answers === undefined ? turns : (places.get(event.answers) ?? turns))
      const cue = { event, due, ...handshake(event, session) }
      order.push(cue)
      if (cue.tls === 'failed') break
    } else if (isTurn(event, session)) {
      places.set(event.index, ++turns)
      order.push(event)
      if (event.type === 'message' && !event.complete) break
    }
  }
  order.push(...lateReplies(order, events, turns))
  const cues = order.filter((step) => 'due' in step)
  const [first] = order
  return {
    order,
    turns: order.filter((step): step is Turn => !('due' in step)),
    cues,
    greets: first !== undefined && 'due' in first && first.event.answers === undefined,
    ending: endingOf(session, order),
  }
}

function isTurn(event: TranscriptEvent, session: TranscriptSession): event is Turn {
  return event.type !== 'reply' && event.type !== 'note' && !(event.type === 'message' && isChunk(session, event.index))
}

// After 421 nobody hears what the client says
function lastHeard(events: readonly TranscriptEvent[]): number {
  const last = events.filter((event) => event.type === 'reply').at(-1)
  return last?.type === 'reply' && last.reply.code === 421 ? last.index + 1 : events.length
}

// A message without an end hides all commands behind it, but not the replies
function lateReplies(order: readonly (Turn | Cue)[], events: readonly TranscriptEvent[], due: number): Cue[] {
  const last = order.at(-1)
  if (last === undefined || 'due' in last || last.type !== 'message' || last.complete) return []
  return events.flatMap((event) => (event.type === 'reply' && event.answers === last.index ? [{ event, due }] : []))
}

function handshake({ index, answers, reply }: ReplyEvent, { events }: TranscriptSession): Pick<Cue, 'tls'> {
  const asked = answers === undefined ? undefined : events[answers]
  if (asked?.type !== 'command' || !/TLS$/.test(asked.verb) || reply.code >= 300) return {}
  const failed = events.slice(index).some((event) => event.type === 'note' && event.kind === 'tls-failed')
  return { tls: failed ? 'failed' : 'started' }
}

function endingOf({ close, events }: TranscriptSession, order: readonly (Turn | Cue)[]): Ending {
  const last = order.at(-1)
  if (last && 'due' in last && last.tls === 'failed') return 'server'
  if (close === 'quit' || close === 'server-closed') return 'server'
  if (close === 'timeout') return 'silence'
  // Who dropped it is not told; a client that has its answers had no cause to wait for the server
  const waits = last !== undefined && !('due' in last) && !events.some((event) => isAnswerTo(event, last))
  return waits ? 'server' : 'client'
}

function isAnswerTo(event: TranscriptEvent, { index }: Turn): boolean {
  return event.type === 'reply' && event.answers === index
}
