/** Sessions without what depends on who wrote them down, so that two logs of one dialogue can be compared. */

import type { TranscriptEvent, TranscriptSession } from '../src/index.ts'
import { oneLine } from '../src/write/one-line.ts'

/** What comparison leaves out. */
export interface Ignored {
  /** Whether times are. */
  readonly times?: boolean
  /** Whether the addresses of the ends are; their names are not. */
  readonly addresses?: boolean
  /** Whether the words of notes are, and characters that nobody sees. */
  readonly words?: boolean
  /** Whether it is whether the log shows the text of messages, and how long it is. */
  readonly messages?: boolean
}

/** Gives a session without its format, whose view it is, and where it stands in the text. */
export function bare(session: TranscriptSession, ignored: Ignored = {}): unknown {
  const { format: _, confidence: __, perspective: ___, startedAt, endedAt, client, server, ...rest } = session
  const events = session.events.map((event) => bareEvent(event, ignored))
  const times = ignored.times ? {} : { startedAt, endedAt }
  const name = ({ name: one }: { readonly name?: string }) => ({ name: one })
  const ends = ignored.addresses ? { client: name(client), server: name(server) } : { client, server }
  return JSON.parse(JSON.stringify({ ...rest, events, ...times, ...ends }))
}

// What the text of a message shows
const TEXT = {
  seen: undefined,
  octets: undefined,
  bareLf: undefined,
  unstuffed: undefined,
  fromDomains: undefined,
  signers: undefined,
}

function bareEvent(event: TranscriptEvent, { times, messages, words }: Ignored): unknown {
  const { source: _, at, ...rest } = event
  const kept = times ? rest : { ...rest, at }
  if ('kind' in kept && words) return { ...kept, text: undefined }
  if ('reply' in kept && words) return { ...kept, reply: { ...kept.reply, lines: kept.reply.lines.map(oneLine) } }
  return messages && 'seen' in kept ? { ...kept, ...TEXT } : kept
}

/** Gives each thing that the client said and that was answered, with its replies. */
export function exchangesOf({ events }: TranscriptSession): string[] {
  return events.flatMap((event) => {
    const replies = events.filter((one) => one.type === 'reply' && one.answers === event.index)
    const said = 'text' in event ? event.text : event.type
    return replies.length === 0 ? [] : [`${said}: ${replies.map((one) => 'reply' in one && JSON.stringify(one.reply))}`]
  })
}

/** Gives what was said, without notes and times, as lines. */
export function dialogueOf({ events }: TranscriptSession): string[] {
  const lines = events.flatMap((event) => {
    if (event.type === 'reply') return [`${event.secure ? '~' : ' '}S ${JSON.stringify(event.reply)}`]
    if (event.type === 'command') return [`${event.secure ? '~' : ' '}C ${event.text}`]
    return event.type === 'note' ? [] : [event.type]
  })
  return lines
}
