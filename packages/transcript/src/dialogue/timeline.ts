/** The events of a session while it is read. */

import type { Reply } from '@posthorn/reply'
import type { Draft } from '../draft.ts'
import type {
  CommandEvent,
  CredentialsEvent,
  MessageEvent,
  NoteEvent,
  Phase,
  ReplyEvent,
  SourceRange,
} from '../session.ts'

/** An event that may still change. */
export type EventDraft =
  | Draft<CommandEvent>
  | Draft<CredentialsEvent>
  | Draft<ReplyEvent>
  | Draft<MessageEvent>
  | Draft<NoteEvent>

/** Where something stands, and when it was said. */
export interface Place {
  readonly source?: SourceRange | undefined
  readonly at?: number | undefined
}

/** The same of a reply, and whether a line of it has no code. */
export interface ReplyPlace extends Place {
  readonly codeless?: boolean
}

/** The events, in order, with the part of the session and whether TLS is up. */
export class Timeline {
  readonly events: EventDraft[] = []
  phase: Phase = 'connect'
  secure = false
  /** Whether anything of SMTP was said. */
  spoken = false

  #base({ source, at }: Place) {
    const { phase, secure } = this
    const index = this.events.length
    return { index, phase, secure, ...(source && { source }), ...(at !== undefined && { at }) }
  }

  /** Adds a command. */
  command(verb: string, text: string, place: Place, inferred = false): number {
    this.spoken = true
    return this.events.push({ type: 'command', ...this.#base(place), verb, text, inferred }) - 1
  }

  /** Adds a line of a SASL exchange. */
  credentials(place: Place): number {
    this.spoken = true
    return this.events.push({ type: 'credentials', ...this.#base(place) }) - 1
  }

  /** Adds a message that begins. */
  message(place: Place): Draft<MessageEvent> {
    const event: Draft<MessageEvent> = { type: 'message', ...this.#base(place), seen: false, complete: false }
    this.events.push(event)
    return event
  }

  /** Adds what a tool tells. */
  note(kind: NoteEvent['kind'], text: string, place: Place): number {
    return this.events.push({ type: 'note', ...this.#base(place), kind, text }) - 1
  }

  /** Adds a reply, and ties it to what it answers. */
  reply(reply: Reply, place: ReplyPlace, answers?: number): number {
    this.spoken = true
    const base = this.#base(place)
    const asked = answers === undefined ? undefined : this.events[answers]
    if (asked) base.phase = asked.phase
    this.events.push({
      type: 'reply',
      ...base,
      reply,
      ...(answers !== undefined && { answers }),
      ...(place.codeless && { codeless: true }),
    })
    if (asked && 'type' in asked && asked.type !== 'note' && asked.type !== 'reply') asked.answeredBy ??= base.index
    return base.index
  }
}
