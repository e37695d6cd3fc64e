/** A session as the checks look at it: its events by kind, and what is known beside it. */

import type { ReplyExplanation } from '../catalogue/explain.ts'
import type {
  CommandEvent,
  NoteEvent,
  ReplyEvent,
  SourceRange,
  TranscriptEvent,
  TranscriptRecipient,
  TranscriptSession,
} from '../session.ts'

/** What is known beside a session. */
export interface Surroundings {
  /** Where usable secrets stand. */
  readonly secrets: readonly SourceRange[]
  /** Whether a later session delivers to an address. */
  readonly isAcceptedLater: (address: string) => boolean
  /** What was explained already. */
  readonly explanations: Map<string, ReplyExplanation>
}

/** A session, and its events by kind. */
export interface SessionView extends Surroundings {
  readonly session: TranscriptSession
  readonly commands: readonly CommandEvent[]
  readonly replies: readonly ReplyEvent[]
  /** The replies of 4xx and 5xx. */
  readonly refusals: readonly ReplyEvent[]
  readonly notes: readonly NoteEvent[]
  /** Whether the log has what was said, and not only what came of it. */
  readonly isDialogue: boolean
}

/** A refusal, or what a log of deliveries has in its place. */
export type Refusal = ReplyEvent | NoteEvent

/** Makes the view of a session. */
export function viewOf(session: TranscriptSession, surroundings: Surroundings): SessionView {
  const { events, perspective } = session
  const replies = events.filter((event) => event.type === 'reply')
  return {
    ...surroundings,
    session,
    commands: events.filter((event) => event.type === 'command'),
    replies,
    refusals: replies.filter(isRefusal),
    notes: events.filter((event) => event.type === 'note'),
    isDialogue: perspective !== 'log' && perspective !== 'report',
  }
}

/** Whether a session ended before its time. */
export function isCut({ session }: SessionView): boolean {
  return session.close === 'dropped' || session.close === 'timeout' || session.close === 'server-closed'
}

/** Whether a reply is of 4xx or 5xx. */
export function isRefusal({ reply }: ReplyEvent): boolean {
  return reply.code >= 400
}

/** Gives all that was refused, in order. */
export function refusalsIn({ isDialogue, notes, refusals }: SessionView): Refusal[] {
  const failures = isDialogue ? [] : notes.filter(({ kind }) => kind === 'error')
  return [...refusals, ...failures].sort((a, b) => a.index - b.index)
}

/** Gives the first reply to an event. */
export function answerTo({ session }: SessionView, event: TranscriptEvent | undefined): ReplyEvent | undefined {
  const answer = event && 'answeredBy' in event ? session.events[event.answeredBy ?? -1] : undefined
  return answer?.type === 'reply' ? answer : undefined
}

/** Gives the code of the first reply to an event; 0 where none is seen. */
export function codeFor(view: SessionView, event: TranscriptEvent | undefined): number {
  return answerTo(view, event)?.reply.code ?? 0
}

const AT_CONNECT = [421, 521, 554]

/** Names what a reply answers: a verb, `greeting`, or `message`; nothing where the server speaks unasked. */
export function answeredBy({ session, replies }: SessionView, reply: ReplyEvent): string | undefined {
  const asked = reply.answers === undefined ? undefined : session.events[reply.answers]
  // A reply that stands alone may be any
  const isGreeting = reply === replies[0] && (session.events.length > 1 || AT_CONNECT.includes(reply.reply.code))
  if (!asked) return isGreeting ? 'greeting' : undefined
  if (asked.type === 'command') return asked.verb
  return asked.type === 'credentials' ? 'AUTH' : 'message'
}

/** Gives the words of a reply in one line. */
export function wordsOf({ reply }: ReplyEvent): string {
  return reply.lines.slice(0, 20).join(' ').slice(0, 2000)
}

/** Gives where events stand in the session. */
export function indexesOf(events: readonly (TranscriptEvent | undefined)[]): number[] {
  return events.flatMap((event) => (event ? [event.index] : []))
}

/** Gives all recipients of a session. */
export function recipientsOf({ session }: SessionView): TranscriptRecipient[] {
  return session.transactions.flatMap(({ recipients }) => recipients)
}
