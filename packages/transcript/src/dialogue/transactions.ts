/** What came of each message, from the events: RFC 5321 section 3.3, RFC 2033, RFC 3030. */

import type { Draft } from '../draft.ts'
import type {
  CommandEvent,
  RecipientOutcome,
  ReplyEvent,
  TranscriptEvent,
  TranscriptRecipient,
  TranscriptTransaction,
} from '../session.ts'

import { isHello } from '../session-kind.ts'
import { isLastChunk } from './command-line.ts'

interface OpenTransaction extends Omit<Draft<TranscriptTransaction>, 'recipients'> {
  recipients: Draft<TranscriptRecipient>[]
  refused: boolean
  /** The command that ended it with the text: DATA's message, or the last BDAT. */
  asked?: number
}

const PATH = /^(?:MAIL ?FROM|RCPT ?TO) ?: *(?:<(?:@[^>:]{1,500}:)?((?:"(?:[^"\\]|\\.){0,500}"|[^<>"])*)>?|(\S*))(.*)$/i

// The path of MAIL and RCPT, and the parameters behind it
function readPath(text: string): { path: string; parameters: string[] } {
  const found = PATH.exec(text)
  const parameters = (found?.[3] ?? '').split(' ').filter((word) => word !== '')
  return { path: found?.[1] ?? found?.[2] ?? '', parameters }
}

/** Finds the messages of a session. */
export function findTransactions(events: readonly TranscriptEvent[], lmtp: boolean): TranscriptTransaction[] {
  const replies = new Map<number, ReplyEvent[]>()
  for (const event of events) {
    if (event.type !== 'reply' || event.answers === undefined) continue
    replies.set(event.answers, [...(replies.get(event.answers) ?? []).slice(-1000), event])
  }
  const done: TranscriptTransaction[] = []
  let open: OpenTransaction | undefined
  const close = (): void => {
    if (open) done.push(settle(open, replies, lmtp))
    open = undefined
  }
  for (const event of events) {
    if (event.type === 'message') {
      open ??= begin()
      open.message = event.index
      open.asked ??= event.index
      continue
    }
    if (event.type !== 'command') continue
    if (event.verb === 'RSET' || isHello(event.verb)) close()
    else if (event.verb === 'MAIL') {
      if (isRefused(event, replies) && open && !open.refused && open.asked === undefined) continue
      close()
      open = begin(event, isRefused(event, replies))
    } else if (event.verb === 'RCPT') {
      if (!open || open.asked !== undefined) {
        close()
        open = begin()
      }
      open.recipients.push(recipientOf(event, replies))
    } else if (event.verb === 'BDAT' && open) {
      if (isLastChunk(event.text)) open.asked = event.index
    }
  }
  close()
  return done
}

function isRefused(event: CommandEvent, replies: ReadonlyMap<number, readonly ReplyEvent[]>): boolean {
  return (replies.get(event.index)?.[0]?.reply.code ?? 0) >= 400
}

function begin(mail?: CommandEvent, refused = false): OpenTransaction {
  const { path, parameters } = mail ? readPath(mail.text) : { path: undefined, parameters: [] }
  const isSeen = path !== undefined && mail?.text !== mail?.verb
  return { ...(isSeen && { reversePath: path }), parameters, recipients: [], refused }
}

function outcomeOf(code: number): RecipientOutcome {
  return code < 400 ? 'accepted' : code < 500 ? 'deferred' : 'rejected'
}

function recipientOf(
  event: CommandEvent,
  replies: ReadonlyMap<number, readonly ReplyEvent[]>,
): Draft<TranscriptRecipient> {
  const { path, parameters } = readPath(event.text)
  const recipient: Draft<TranscriptRecipient> = { address: path, parameters, outcome: 'unknown', event: event.index }
  const answer = replies.get(event.index)?.[0]
  if (answer && answer.reply.code >= 400) decide(recipient, answer)
  return recipient
}

function decide(recipient: Draft<TranscriptRecipient>, { index, reply }: ReplyEvent): void {
  recipient.outcome = outcomeOf(reply.code)
  recipient.reply = index
  if (reply.enhanced) recipient.enhanced = reply.enhanced
}

// The reply to the message decides for all whom RCPT accepted; in LMTP there is one for each of them
function settle(
  open: OpenTransaction,
  replies: ReadonlyMap<number, readonly ReplyEvent[]>,
  lmtp: boolean,
): TranscriptTransaction {
  const { asked, recipients, refused: _, ...transaction } = open
  const all = (asked === undefined ? undefined : replies.get(asked)) ?? []
  // PRDR: 353 says that a reply for each recipient follows, and the last one is for the message
  const isEach = all[0]?.reply.code === 353
  const answers = isEach ? all.slice(1) : all
  const accepted = recipients.filter(({ outcome }) => outcome === 'unknown')
  for (const [i, recipient] of accepted.entries()) {
    const answer = lmtp || answers.length > 1 ? answers[i] : answers[0]
    if (answer) decide(recipient, answer)
  }
  const reply = (isEach ? all.at(-1) : answers[0])?.index
  return { ...transaction, recipients, ...(reply !== undefined && { reply }) }
}
