/**
 * Which refusals only follow from an earlier one: a refused MAIL leaves no RCPT to be taken, no recipient leaves no DATA, a
 * refused DATA has the text of the message taken for commands. RFC 5321 section 4.1.4, RFC 2920 section 3.1.
 */

import type { ReplyEvent } from '../session.ts'
import { isHello } from '../session-kind.ts'
import { isLoginDemand } from './authentication.ts'
import { isTlsDemand } from './tls.ts'
import { answeredBy, isRefusal, type SessionView, wordsOf } from './view.ts'

/** The refusals that are in force, each the first of its kind. */
interface State {
  /** Of the connection as a whole. */
  shut?: ReplyEvent | undefined
  hello?: ReplyEvent | undefined
  tls?: ReplyEvent | undefined
  login?: ReplyEvent | undefined
  mail?: ReplyEvent | undefined
  recipient?: ReplyEvent | undefined
  data?: ReplyEvent | undefined
  /** Whether the transaction has a recipient. */
  hasRecipient: boolean
  /** The first of all. */
  first?: ReplyEvent | undefined
}

const COUNTS = /too many (?:\w+ ){0,3}(?:errors|commands|failures)|error limit/i

// What a server says to strangers
const RELAY = /relay|access denied|cannot deliver/i

/** Gives for each refusal that follows from another the index of that other. */
export function causesOf(view: SessionView): Map<number, number> {
  const causes = new Map<number, number>()
  const state: State = { hasRecipient: false }
  for (const reply of view.replies) {
    const verb = answeredBy(view, reply) ?? ''
    if (!isRefusal(reply)) {
      accept(state, verb, reply.reply.code)
      continue
    }
    const cause = causeOf(view, state, verb, reply)
    if (cause) causes.set(reply.index, causes.get(cause.index) ?? cause.index)
    refuse(state, verb, reply)
  }
  return causes
}

function accept(state: State, verb: string, code: number): void {
  if (code >= 300) return
  if (verb !== 'QUIT') Object.assign(state, { data: undefined, shut: undefined })
  if (isHello(verb)) Object.assign(state, { hello: undefined, mail: undefined, recipient: undefined })
  if (verb === 'AUTH') state.login = undefined
  if (verb === 'STARTTLS') state.tls = undefined
  if (verb === 'RCPT') Object.assign(state, { mail: undefined, hasRecipient: true })
  if (verb === 'MAIL' || verb === 'RSET' || verb === 'message') beginTransaction(state)
}

function beginTransaction(state: State): void {
  Object.assign(state, { mail: undefined, recipient: undefined, hasRecipient: false })
}

function causeOf(view: SessionView, state: State, verb: string, reply: ReplyEvent): ReplyEvent | undefined {
  const { code } = reply.reply
  if (state.shut) return state.shut
  if (verb === 'QUIT' || COUNTS.test(wordsOf(reply))) return state.first
  if (state.data && (code === 500 || code === 502 || code === 503) && !isSeenHello(view, reply)) return state.data
  const login = state.login && (verb === 'AUTH' ? code === 500 : isLoginDemand(view, reply)) ? state.login : undefined
  const tls = state.tls && isTlsDemand(view, reply) ? state.tls : undefined
  const hello = code === 503 && !isHello(verb) ? state.hello : undefined
  if (verb === 'MAIL' || verb === 'AUTH') return hello ?? login ?? tls
  const relay = state.login && RELAY.test(wordsOf(reply)) ? state.login : undefined
  if (verb === 'RCPT') return state.mail ?? hello ?? login ?? relay ?? tls
  if (verb !== 'DATA' && verb !== 'BDAT' && verb !== 'message') return undefined
  return state.mail ?? (state.hasRecipient ? undefined : state.recipient) ?? hello ?? login ?? tls
}

// Where a log has no command, what was asked is a guess
function isSeenHello({ session }: SessionView, { answers = -1 }: ReplyEvent): boolean {
  const asked = session.events[answers]
  return asked?.type === 'command' && isHello(asked.verb) && !asked.inferred
}

function refuse(state: State, verb: string, reply: ReplyEvent): void {
  state.first ??= reply
  if (verb === 'greeting' || reply.reply.code === 421) state.shut ??= reply
  if (isHello(verb)) state.hello ??= reply
  if (verb === 'STARTTLS') state.tls ??= reply
  if (verb === 'AUTH' && (reply.reply.code === 535 || state.login?.reply.code !== 535)) state.login = reply
  if (verb === 'MAIL' && !state.hasRecipient) state.mail = reply
  if (verb === 'RCPT') state.recipient ??= reply
  if (verb === 'DATA' || verb === 'BDAT') state.data ??= reply
}
