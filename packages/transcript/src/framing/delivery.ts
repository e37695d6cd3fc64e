/** What mail servers and reports tell of deliveries, as sessions of which only the outcome is seen. */

import type { Reply } from '@posthorn/reply'
import { OpenReply } from '../dialogue/reply-lines.ts'
import type { SessionFacts } from '../dialogue/sessions.ts'
import { Timeline } from '../dialogue/timeline.ts'
import type { Draft } from '../draft.ts'
import { type Line, rangeOf } from '../import/line.ts'
import type { Peer, RecipientOutcome, TranscriptRecipient, TranscriptSession } from '../session.ts'
import { readStatus } from '../status.ts'

/** One recipient of one delivery. */
export interface Delivery {
  /** What it has in common with others of the same session. */
  readonly key: string
  readonly line: Line
  readonly recipient: string
  readonly outcome: RecipientOutcome
  readonly server: Peer
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
  const [first] = group
  const sender = group.find((one) => one.sender !== undefined)?.sender
  timeline.phase = 'envelope'
  if (sender !== undefined) timeline.command('MAIL', `MAIL FROM:<${sender}>`, {}, true)
  const recipients = group.map((one) => addRecipient(timeline, one, scrub))
  const times = group.flatMap(({ at }) => (at === undefined ? [] : [at]))
  return {
    ...facts,
    confidence: 1,
    client: {},
    server: first?.server ?? {},
    protocol: first?.lmtp ? 'lmtp' : 'smtp',
    events: timeline.events,
    greetings: [],
    tls: { state: 'none' },
    authentication: { offered: [], outcome: 'none' },
    transactions: [{ ...(sender !== undefined && { reversePath: sender }), parameters: [], recipients }],
    close: 'unknown',
    ...(times.length > 0 && { startedAt: times[0] as number, endedAt: times.at(-1) as number }),
  }
}

function addRecipient(timeline: Timeline, one: Delivery, scrub: (text: string) => string): TranscriptRecipient {
  const { line, at, recipient: address, outcome } = one
  const place = { source: rangeOf(line), at }
  const event = timeline.command('RCPT', `RCPT TO:<${address}>`, { at }, true)
  const recipient: Draft<TranscriptRecipient> = { address, parameters: [], outcome, event }
  const found = findReply(one.text)
  if (found) {
    const reply: Reply = new OpenReply({ ...line, text: found.reply }).toReply(scrub)
    recipient.reply = timeline.reply(reply, place, found.stage === '' && reply.code < 300 ? undefined : event)
    if (reply.enhanced) recipient.enhanced = reply.enhanced
  } else {
    timeline.note(outcome === 'accepted' ? 'info' : 'error', scrub(one.text.slice(0, 1000)), place)
  }
  const told = readStatus(one.status)
  if (told) recipient.enhanced ??= told
  return recipient
}
