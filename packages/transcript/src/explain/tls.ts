/** What goes wrong with STARTTLS: RFC 3207. */

import type { ReplyEvent } from '../session.ts'
import { isHello } from '../session-kind.ts'
import type { Check } from './check.ts'
import { tlsOnPlainPort } from './connection.ts'
import { answeredBy, answerTo, codeFor, indexesOf, isRefusal, type SessionView, wordsOf } from './view.ts'

const TLS = /\b(?:START)?TLS\b|\bSSL\b|encrypt/i
const DEMANDS = /\bmust\b|requir|\bneed|\bfirst\b|\bonly\b|without|n[o']t sent/i
const DEMANDING_CODES = [530, 523, 538, 550, 554, 421, 451]

/** Whether a reply asks for TLS. */
export function isTlsDemand(view: SessionView, reply: ReplyEvent): boolean {
  const { secure } = reply
  if (secure || !DEMANDING_CODES.includes(reply.reply.code) || answeredBy(view, reply) === 'STARTTLS') return false
  const words = wordsOf(reply)
  return TLS.test(words) && DEMANDS.test(words)
}

/** Something other than EHLO follows STARTTLS: RFC 3207 section 4.2. */
export const noHelloAfterTls: Check = (view) => {
  const { commands } = view
  const [evidence, explains]: [number[], number[]] = [[], []]
  for (const [i, command] of commands.entries()) {
    const next = commands[i + 1]
    const code = codeFor(view, command)
    if (command.verb !== 'STARTTLS' || code === 0 || code >= 300 || !next || next.inferred) continue
    if (isHello(next.verb) || next.verb === 'QUIT') continue
    evidence.push(command.index, next.index)
    const answer = answerTo(view, next)
    if (answer && isRefusal(answer)) explains.push(answer.index)
  }
  if (evidence.length === 0) return undefined
  return { id: 'no-hello-after-tls', evidence, explains, severity: explains.length > 0 ? 'error' : 'warning' }
}

function isLoopback({ session }: SessionView): boolean {
  return /^(?:127\.|::1$)/.test(session.server.address ?? session.client.address ?? '')
}

/** STARTTLS is offered, and mail goes in the clear: RFC 7435. */
export const startTlsUnused: Check = (view) => {
  const { session, commands, refusals } = view
  const mail = commands.find(({ verb }) => verb === 'MAIL')
  if (session.tls.state !== 'offered' || !mail || isLoopback(view)) return undefined
  if (refusals.some((reply) => isTlsDemand(view, reply))) return undefined
  const offer = session.greetings.find(({ capabilities }) => 'STARTTLS' in capabilities)
  return { id: 'starttls-unused', evidence: [...(offer ? [offer.event] : []), mail.index] }
}

/** The server asks for TLS, and the client does without. */
export const tlsRequired: Check = (view) => {
  const asked = view.refusals.filter((reply) => isTlsDemand(view, reply))
  if (asked.length === 0) return undefined
  const offer = view.session.greetings.find(({ capabilities }) => 'STARTTLS' in capabilities)
  return { id: 'tls-required', evidence: offer ? [offer.event] : [], explains: indexesOf(asked) }
}

const NOT_OFFERED =
  /(?:\bnot (?:advertise|offer|support)\w*|without|no) (?:\w+ )?STARTTLS|STARTTLS\b.{0,40}\bnot (?:advertised|available|offered|supported)/i

/** The client gives up because the server does not offer STARTTLS: RFC 3207 section 4.1. */
export const tlsNotOffered: Check = ({ session, notes }) => {
  const told = notes.filter(({ text }) => NOT_OFFERED.test(text))
  if (told.length === 0 || session.tls.state === 'offered' || session.tls.state === 'started') return undefined
  return { id: 'tls-not-offered', evidence: indexesOf(told), fails: true }
}

/** The handshake fails, or the certificate is not accepted: RFC 3207 section 4.1, RFC 8446. */
export const tlsFailed: Check = (view) => {
  const told = view.notes.filter(({ kind }) => kind === 'tls-failed')
  return view.isDialogue && told.length > 0 && !tlsOnPlainPort(view)
    ? { id: 'tls-failed', evidence: indexesOf(told), fails: true }
    : undefined
}
