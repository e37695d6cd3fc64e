/** Writes a session in our own form, so that it reads back as it is: docs/transcript-form.md. */

import { formatEnhancedStatus } from '@posthorn/reply'
import { verbOf } from '../dialogue/command-line.ts'
import { findTransactions } from '../dialogue/transactions.ts'
import { eventLine, FORM, type FormEvent, headerLine, VERSION } from '../form/lines.ts'
import type { CommandEvent, NoteEvent, TranscriptEvent, TranscriptRecipient, TranscriptSession } from '../session.ts'
import { isChunk, isToldOnly } from '../session-kind.ts'
import type { DistributiveOmit } from './distributive.ts'

/** How {@link formatTranscript} writes. */
export interface FormatTranscriptOptions {
  /** Stands on each line, so that several sessions can be in one file; default none. */
  readonly session?: string
}

/**
 * Writes a session in our own form: `parseTranscript` reads it back without loss.
 *
 * @param session The session, of any format.
 * @param options A key for its lines.
 * @returns The lines, each with its line ending.
 * @example
 * import { parseTranscript } from '@posthorn/transcript'
 * const [session] = parseTranscript('S: 220 mx.example.net\nC: QUIT\nS: 221 2.0.0 bye').sessions
 * formatTranscript(session!).split('\n')[2] // '{"n":1,"type":"command","text":"QUIT"}'
 */
export function formatTranscript(session: TranscriptSession, options: FormatTranscriptOptions = {}): string {
  const { perspective, protocol, client, server, startedAt, tls, authentication } = session
  const header = { transcript: FORM, version: VERSION, perspective, protocol, client, server, startedAt } as const
  const toldOnly = isToldOnly(session)
  const told = toldOnly ? { tls, authentication } : {}
  const recipients = toldRecipients(session)
  const isClosed = (event: TranscriptEvent): boolean => event.type === 'note' && event.kind === 'closed'
  const end = session.events.filter(isClosed).at(-1)?.index
  let tlsTold = false
  const lines = session.events.map((event) => {
    const isFirstTls = !tlsTold && event.type === 'note' && event.kind === 'tls-started'
    tlsTold ||= isFirstTls
    return eventLine(
      lineOf(event, session, { told: recipients.get(event.index), isFirstTls, toldOnly, end }),
      options.session,
    )
  })
  return [headerLine({ ...header, ...told }, options.session), ...lines, ''].join('\n')
}

// The recipients of whom the replies do not tell what came
function toldRecipients({ events, protocol, transactions }: TranscriptSession): Map<number, TranscriptRecipient> {
  const derived = new Map<number, string>()
  for (const { recipients } of findTransactions(events, protocol === 'lmtp')) {
    for (const recipient of recipients) derived.set(recipient.event, comparable(recipient))
  }
  const all = transactions.flatMap(({ recipients }) => recipients)
  return new Map(all.filter((one) => derived.get(one.event) !== comparable(one)).map((one) => [one.event, one]))
}

function comparable({ outcome, reply, enhanced }: TranscriptRecipient): string {
  return JSON.stringify([outcome, reply, enhanced])
}

const ALL_HAVE = { index: true, phase: true, secure: true, at: true, source: true } as const

interface Beside {
  readonly told: TranscriptRecipient | undefined
  readonly isFirstTls: boolean
  readonly toldOnly: boolean
  /** The last event that tells of the end of the connection. */
  readonly end: number | undefined
}

function lineOf(event: TranscriptEvent, session: TranscriptSession, beside: Beside): FormEvent {
  const phase = beside.toldOnly ? event.phase : undefined
  const base = { n: event.index, phase, at: event.at }
  switch (event.type) {
    case 'command':
      return { ...base, type: 'command', ...commandMembers(event, beside.told) }
    case 'credentials':
      return { ...base, type: 'credentials' }
    case 'reply': {
      const { reply, ...members } = membersOf(event)
      const { code, enhanced, lines } = reply
      return { ...base, code, enhanced: enhanced && formatEnhancedStatus(enhanced), lines, ...members }
    }
    case 'message': {
      const { seen, answeredBy: _, ...members } = membersOf(event)
      const framing = isChunk(session, event.index) ? 'BDAT' : 'DATA'
      return { ...base, framing, ...members, seen: seen || undefined }
    }
    default:
      return { ...base, ...noteMembers(event, session, beside) }
  }
}

// What an event has beside what all have
function membersOf<Event extends TranscriptEvent>(event: Event): Omit<Event, keyof typeof ALL_HAVE> {
  return Object.fromEntries(Object.entries(event).filter(([name]) => !(name in ALL_HAVE))) as Event
}

function commandMembers({ text, verb, inferred }: CommandEvent, told: TranscriptRecipient | undefined) {
  const { outcome, enhanced, reply } = told ?? {}
  return {
    text,
    verb: verb !== 'OTHER' && verbOf(text) === '' ? verb : undefined,
    inferred: inferred || undefined,
    outcome,
    enhanced: enhanced && formatEnhancedStatus(enhanced),
    decidedBy: reply,
  }
}

type NoteMembers = DistributiveOmit<
  Extract<FormEvent, { readonly type: 'note' | 'tls' | 'close' }>,
  'n' | 'at' | 'phase'
>

function noteMembers(
  { index, kind, text }: NoteEvent,
  { tls, close }: TranscriptSession,
  { isFirstTls, end }: Beside,
): NoteMembers {
  const { version, cipher } = isFirstTls ? tls : {}
  if (kind === 'tls-started') return { type: 'tls', version, cipher, text }
  if (kind === 'tls-failed') return { type: 'tls', failed: true, text }
  if (index === end && close !== 'timeout') return { type: 'close', reason: close, text }
  return { type: 'note', kind, text }
}
