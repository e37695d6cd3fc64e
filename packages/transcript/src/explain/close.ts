/** How a session ends before its time: RFC 5321 section 3.8. */

import type { Check } from './check.ts'
import { answerToMessage, lostAfterDot } from './message.ts'
import { answeredBy, answerTo, indexesOf, isCut, isRefusal } from './view.ts'

/** 421 in the middle of a session. */
export const serverClosed: Check = (view) => {
  const closing = view.replies.filter((reply) => {
    const verb = answeredBy(view, reply)
    return reply.reply.code === 421 && verb !== 'greeting' && verb !== 'QUIT'
  })
  return closing.length > 0 ? { id: 'server-closed', evidence: indexesOf(closing) } : undefined
}

/** The connection ends while a reply is awaited, or the message is being sent. */
export const connectionLost: Check = (view) => {
  const { session, replies, notes } = view
  if (!isCut(view) || replies.length === 0 || replies.at(-1)?.reply.code === 421) return undefined
  const last = session.events
    .filter(({ type }) => type === 'command' || type === 'credentials' || type === 'message')
    .at(-1)
  if (!last || (last.type === 'command' && last.verb === 'QUIT')) return undefined
  const answer = last.type === 'message' ? answerToMessage(view, last) : answerTo(view, last)
  if (answer || lostAfterDot(view)) return undefined
  const told = notes.filter(({ index, kind }) => index > last.index && kind !== 'info')
  const reply = replies.at(-1)!
  const follows = isRefusal(reply) ? reply.index : undefined
  return { id: 'connection-lost', evidence: indexesOf(told.length > 0 ? told : [last]), follows, fails: true }
}
