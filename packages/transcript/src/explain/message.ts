/** What goes wrong with the message, and what its acceptance means: RFC 5321 section 4.1.1.4. */

import type { MessageEvent, ReplyEvent } from '../session.ts'
import { isChunk } from '../session-kind.ts'
import type { Check } from './check.ts'
import { answeredBy, answerTo, indexesOf, isCut, isRefusal, type SessionView, wordsOf } from './view.ts'

function messagesOf({ session }: SessionView): MessageEvent[] {
  return session.events.filter((event) => event.type === 'message')
}

/** Gives the reply to a message; in BDAT that to its chunk. */
export function answerToMessage(view: SessionView, message: MessageEvent): ReplyEvent | undefined {
  const before = view.session.events[message.index - 1]
  return answerTo(view, message) ?? (isChunk(view.session, message.index) ? answerTo(view, before) : undefined)
}

/** The next host has the message; nobody has said that it was delivered: RFC 5321 section 4.2.5. */
export const queuedNotDelivered: Check = ({ session }) => {
  if (session.protocol === 'lmtp') return undefined
  const accepted = session.transactions.flatMap(({ recipients }) =>
    recipients.filter(({ outcome }) => outcome === 'accepted'),
  )
  const evidence = new Set(accepted.map(({ reply, event }) => reply ?? event))
  return evidence.size > 0 ? { id: 'queued-not-delivered', evidence: [...evidence] } : undefined
}

/** The connection is lost between the final dot and the reply: RFC 5321 section 4.5.3.2.6, RFC 1047. */
export const lostAfterDot: Check = (view) => {
  const { notes, replies } = view
  const mayBeTwice = notes.filter(({ text }) => /may be sent more than once/.test(text))
  if (mayBeTwice.length > 0) return { id: 'lost-after-dot', evidence: [], explains: indexesOf(mayBeTwice) }
  const lost = messagesOf(view).filter((message) => message.complete && !answerToMessage(view, message))
  const last = lost.at(-1)
  if (!last || !isCut(view) || (replies.at(-1)?.reply.code ?? 0) >= 400) return undefined
  const told = notes.filter(({ index, kind }) => index > last.index && kind !== 'info')
  return { id: 'lost-after-dot', evidence: indexesOf([last, ...told]), fails: true }
}

/** The message has more octets than the server takes: RFC 1870 section 6. */
export const tooBig: Check = (view) => {
  const { session, commands } = view
  const limit = Number(session.greetings.at(-1)?.capabilities['SIZE'] ?? 0)
  if (!(limit > 0)) return undefined
  const declared = commands.filter(
    ({ verb, text }) => verb === 'MAIL' && Number(/ SIZE=(\d{1,15})/i.exec(text)?.[1] ?? 0) > limit,
  )
  const sent = messagesOf(view).filter(({ octets = 0 }) => octets > limit)
  const over = [...declared, ...sent]
  if (over.length === 0) return undefined
  const answers = [
    ...declared.map((mail) => answerTo(view, mail)),
    ...sent.map((message) => answerToMessage(view, message)),
  ]
  const explains = indexesOf(answers.filter((answer) => answer && isRefusal(answer)))
  const severity = explains.length > 0 ? 'error' : 'warning'
  return { id: 'too-big', evidence: indexesOf(over), explains, values: [limit], severity }
}

const BLAMES_LF = /\bbare\b|line.?feed|newline|\bLF\b|smuggl/i

/** Lines of the message end in LF alone: RFC 5321 section 2.3.8. */
export const bareLineFeed: Check = (view) => {
  const bare = messagesOf(view).filter(({ bareLf }) => bareLf)
  if (bare.length === 0) return undefined
  const blamed = view.refusals.filter(
    (reply) => answeredBy(view, reply) === 'message' && BLAMES_LF.test(wordsOf(reply)),
  )
  const explains = indexesOf(blamed)
  return {
    id: 'bare-line-feed',
    evidence: indexesOf(bare),
    explains,
    severity: explains.length > 0 ? 'error' : 'warning',
  }
}

/** Dots at the start of lines are not doubled, so that one is lost, or ends the message too early: RFC 5321 section 4.5.2. */
export const dotStuffing: Check = (view) => {
  const { session } = view
  const evidence: number[] = []
  const explains: number[] = []
  let isBehind = false
  for (const event of session.events) {
    if (event.type === 'message') {
      isBehind = event.complete && event.seen
      if (event.unstuffed) evidence.push(event.index)
    } else if (event.type === 'command') {
      const answer = answerTo(view, event)
      isBehind &&= event.verb === 'OTHER' && answer !== undefined
      if (!isBehind || !answer || answer.reply.code < 500) continue
      evidence.push(event.index)
      explains.push(answer.index)
    }
  }
  if (evidence.length === 0) return undefined
  return { id: 'dot-stuffing', evidence, explains, severity: explains.length > 0 ? 'error' : 'warning' }
}

function isWithin(domain: string, other: string): boolean {
  return domain === other || domain.endsWith(`.${other}`) || other.endsWith(`.${domain}`)
}

/** From is of another domain than the envelope sender, and no signature of it is seen: RFC 9989 section 4.4. */
export const envelopeDiffers: Check = ({ session }) => {
  const evidence: number[] = []
  for (const { reversePath = '', message = -1 } of session.transactions) {
    const event = session.events[message]
    const sender = reversePath.slice(reversePath.lastIndexOf('@') + 1).toLowerCase()
    if (event?.type !== 'message' || !reversePath.includes('@')) continue
    const { fromDomains: [from] = [], signers = [] } = event
    if (from && ![sender, ...signers].some((domain) => isWithin(domain, from))) evidence.push(message)
  }
  return evidence.length > 0 ? { id: 'envelope-differs', evidence } : undefined
}
