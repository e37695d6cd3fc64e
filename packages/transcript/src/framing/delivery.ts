/** What mail servers and reports tell of deliveries, as sessions of which only the outcome is seen. */

import type { Reply } from '@posthorn/reply'
import { OpenReply } from '../dialogue/reply-lines.ts'
import type { SessionFacts } from '../dialogue/sessions.ts'
import { Timeline } from '../dialogue/timeline.ts'
import type { Draft } from '../draft.ts'
import { type Line, rangeOf } from '../import/line.ts'
import type { AuthState, Peer, RecipientOutcome, TlsState, TranscriptRecipient, TranscriptSession } from '../session.ts'
import { readStatus } from '../status.ts'

/** One recipient of one delivery. */
export interface Delivery {
  /** What it has in common with others of the same session. */
  readonly key: string
  readonly line: Line
  /** Absent where nobody was named yet. */
  readonly recipient?: string | undefined
  /** The command that was answered, where it is not that of the recipient. */
  readonly stage?: string | undefined
  readonly outcome: RecipientOutcome
  readonly server: Peer
  /** Who came, where the server tells of what it was offered. */
  readonly client?: Peer | undefined
  readonly tls?: TlsState | undefined
  readonly authentication?: Omit<AuthState, 'offered'> | undefined
  readonly sender?: string | undefined
  readonly at?: number | undefined
  /** The text behind the outcome: a reply, or the words of the server that tells. */
  readonly text: string
  /** The enhanced status code. */
  readonly status?: string | undefined
  readonly lmtp?: boolean
}

const REPLY = /(?:^|\s)([2-5]\d\d)(?=[ -]|$)/

// The reply in the words of a server, and what command it answered
function findReply(text: string): { reply: string; stage: string } | undefined {
  const found = /(?:said: |: |^|; ?)([2-5]\d\d[ -].*)$/.exec(text) ?? REPLY.exec(text)
  if (!found) return undefined
  const stage =
    /\(in reply to (?:the )?(end of DATA|[A-Z]+)/.exec(text)?.[1] ??
    /after (?:initial connection|([A-Z]+)|end of data)/.exec(text)?.[1] ??
    ''
  const at = found.index + found[0].indexOf(found[1]?.slice(0, 3) ?? '')
  return { reply: text.slice(at).replace(/ \(in reply to .*$/, ''), stage }
}

/** Makes sessions of deliveries. */
export function sessionsOf(
  deliveries: readonly Delivery[],
  facts: SessionFacts,
  scrub: (text: string) => string,
): TranscriptSession[] {
  const groups = new Map<string, Delivery[]>()
  for (const one of deliveries) {
    const group = groups.get(one.key)
    if (group) group.push(one)
    else groups.set(one.key, [one])
  }
  return [...groups.values()].map((group) => toSession(group, facts, scrub))
}

function toSession(
  group: readonly Delivery[],
  facts: SessionFacts,
  scrub: (text: string) => string,
): TranscriptSession {
  const timeline = new Timeline()
  const fact = <K extends keyof Delivery>(name: K): Delivery[K] | undefined =>
    group.find((one) => one[name] !== undefined)?.[name]
  const sender = fact('sender')
  const nameless = group.filter(({ recipient }) => recipient === undefined)
  for (const one of nameless) if (one.stage !== 'MAIL') addOutcome(timeline, one, scrub)
  timeline.phase = 'envelope'
  const mail = sender === undefined ? undefined : timeline.command('MAIL', `MAIL FROM:<${sender}>`, {}, true)
  for (const one of nameless) if (one.stage === 'MAIL') addOutcome(timeline, one, scrub, mail)
  const recipients = group.flatMap((one) => (one.recipient === undefined ? [] : [addRecipient(timeline, one, scrub)]))
  const times = group.flatMap(({ at }) => (at === undefined ? [] : [at]))
  const hasMail = sender !== undefined || recipients.length > 0
  return {
    ...facts,
    confidence: 1,
    client: fact('client') ?? {},
    server: fact('server') ?? {},
    protocol: fact('lmtp') ? 'lmtp' : 'smtp',
    events: timeline.events,
    greetings: [],
    tls: fact('tls') ?? { state: 'none' },
    authentication: { offered: [], ...(fact('authentication') ?? { outcome: 'none' }) },
    transactions: hasMail ? [{ ...(sender !== undefined && { reversePath: sender }), parameters: [], recipients }] : [],
    close: 'unknown',
    ...(times.length > 0 && { startedAt: times[0] as number, endedAt: times.at(-1) as number }),
  }
}

function addRecipient(timeline: Timeline, one: Delivery, scrub: (text: string) => string): TranscriptRecipient {
  const { at, recipient: address = '', outcome } = one
  const event = timeline.command('RCPT', `RCPT TO:<${address}>`, { at }, true)
  const recipient: Draft<TranscriptRecipient> = { address, parameters: [], outcome, event }
  const reply = addOutcome(timeline, one, scrub, event)
  const told = timeline.events[reply ?? -1]
  if (told?.type === 'reply') {
    recipient.reply = told.index
    if (told.reply.enhanced) recipient.enhanced = told.reply.enhanced
  }
  const status = readStatus(one.status)
  if (status) recipient.enhanced ??= status
  return recipient
}

// The reply in the words of the server, or the words
function addOutcome(
  timeline: Timeline,
  { line, at, stage, text, outcome }: Delivery,
  scrub: (text: string) => string,
  asked?: number,
): number | undefined {
  const place = { source: rangeOf(line), at }
  const event = asked ?? (stage ? timeline.command(stage.split(' ')[0] ?? '', stage, { at }, true) : undefined)
  const found = findReply(text)
  if (!found) {
    timeline.note(outcome === 'accepted' ? 'info' : 'error', scrub(text.slice(0, 1000)), place)
    return undefined
  }
  const reply: Reply = new OpenReply({ ...line, text: found.reply }).toReply(scrub)
  return timeline.reply(reply, place, !stage && found.stage === '' && reply.code < 300 ? undefined : event)
}
