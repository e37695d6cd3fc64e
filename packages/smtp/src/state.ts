/**
 * Every transition of an SMTP or LMTP session, for both ends: RFC 5321 section 4.1.4, RFC 2033, RFC 3030, RFC 3207,
 * RFC 4954.
 *
 * Two rules keep it so. All transitions stand in the table below and nowhere else; and the table does not know which
 * end it serves: a client moves when a reply comes in, a server when a reply goes out.
 * The diagram in the documentation is made from this table.
 */

import type { Verb } from '@posthorn/command'

/** Where a session stands. */
export type SessionState =
  | 'connected'
  | 'refused'
  | 'greeted'
  | 'ready'
  | 'challenged'
  | 'upgrading'
  | 'mail'
  | 'rcpt'
  | 'body'
  | 'chunk'
  | 'sent'
  | 'closed'

/** What a reply answers: a command, the connection itself, a SASL response, or a whole message. */
export type Exchange = Verb | 'greeting' | 'response' | 'message'

/** What a reply says: done (2xx), go on (3xx), failed (4xx, 5xx). */
export type Outcome = 'ok' | 'more' | 'no'

/** What moves a session. */
export type Trigger = `${Exchange} ${Outcome}` | 'handshake ok' | 'body end' | 'DATA void'

type Transitions = Readonly<Partial<Record<Trigger, SessionState>>>

const QUIT: Transitions = { 'QUIT ok': 'closed', 'QUIT no': 'closed' }

// RFC 5321 section 4.1.4: these change nothing and may come at any time between commands.
function idle(state: SessionState): Transitions {
  return {
    'NOOP ok': state,
    'HELP ok': state,
    'VRFY ok': state,
    'EXPN ok': state,
    'ETRN ok': state,
    'OTHER ok': state,
    ...QUIT,
  }
}

const HELLO: Transitions = { 'EHLO ok': 'ready', 'HELO ok': 'ready', 'LHLO ok': 'ready' }

// RFC 5321 section 4.1.4: EHLO drops the transaction as RSET does.
const RESET: Transitions = { ...HELLO, 'RSET ok': 'ready' }

// RFC 3030 section 2: the last chunk ends the message, and its reply is that of the message.
const CHUNKS: Transitions = { 'BDAT ok': 'chunk', 'message ok': 'ready', 'message no': 'ready' }

/** The table: a trigger that a state does not list leaves it as it is, or is out of turn. */
export const TRANSITIONS: Readonly<Record<SessionState, Transitions>> = {
  connected: { 'greeting ok': 'greeted', 'greeting no': 'refused' },
  // RFC 5321 section 3.1: after a greeting of 554 only QUIT is in turn.
  refused: QUIT,
  // After XCLIENT the session begins anew, with a greeting for answer.
  // QUIRK: GNU SASL says STARTTLS without EHLO, which nothing forbids.
  greeted: {
    ...idle('greeted'),
    ...HELLO,
    'RSET ok': 'greeted',
    'XCLIENT ok': 'greeted',
    'STARTTLS ok': 'upgrading',
  },
  ready: {
    ...idle('ready'),
    ...RESET,
    'STARTTLS ok': 'upgrading',
    'AUTH ok': 'ready',
    'AUTH more': 'challenged',
    'XCLIENT ok': 'greeted',
    'XFORWARD ok': 'ready',
    'MAIL ok': 'mail',
    // RFC 2920 section 3.1: a server may ask for a message though it took no recipient; it gets an empty one.
    'DATA void': 'sent',
  },
  challenged: { 'response ok': 'ready', 'response more': 'challenged', 'response no': 'ready' },
  // RFC 3207 section 4.2: after the handshake both ends forget what they learnt before.
  upgrading: { 'handshake ok': 'greeted' },
  mail: { ...idle('mail'), ...RESET, 'RCPT ok': 'rcpt', 'DATA void': 'sent' },
  rcpt: { ...idle('rcpt'), ...RESET, ...CHUNKS, 'RCPT ok': 'rcpt', 'DATA more': 'body' },
  body: { 'body end': 'sent' },
  chunk: { ...idle('chunk'), ...RESET, ...CHUNKS },
  // PRDR: 353 says that a reply for each recipient follows.
  sent: { 'message ok': 'ready', 'message more': 'sent', 'message no': 'ready' },
  closed: {},
}

// Made once each, because every reply moves a session by one.
const TRIGGERS: Readonly<Record<Outcome, Map<Exchange, Trigger>>> = { ok: new Map(), more: new Map(), no: new Map() }

/**
 * Gives the trigger of a reply.
 *
 * @internal
 */
export function triggerOf(exchange: Exchange, outcome: Outcome): Trigger {
  let trigger = TRIGGERS[outcome].get(exchange)
  if (!trigger) {
    trigger = `${exchange} ${outcome}`
    TRIGGERS[outcome].set(exchange, trigger)
  }
  return trigger
}

/**
 * Tells where a command leads if it succeeds; `undefined` when it is out of turn.
 *
 * @internal
 */
export function stateAfter(state: SessionState, verb: Verb): SessionState | undefined {
  const transitions = TRANSITIONS[state]
  return transitions[triggerOf(verb, 'ok')] ?? transitions[triggerOf(verb, 'more')]
}

/**
 * Gives what the class of a reply says.
 *
 * @internal
 */
export function outcomeOf(code: number): Outcome {
  return code < 300 ? 'ok' : code < 400 ? 'more' : 'no'
}

/** The verbs that must end a group of commands: RFC 2920 section 3.1, RFC 3207 section 4, RFC 4954 section 4. */
export const ENDS_GROUP: ReadonlySet<Verb> = new Set<Verb>([
  'EHLO',
  'HELO',
  'LHLO',
  'DATA',
  'VRFY',
  'EXPN',
  'HELP',
  'NOOP',
  'QUIT',
  'STARTTLS',
  'AUTH',
  'ETRN',
  'ATRN',
  'XCLIENT',
  'XFORWARD',
  'OTHER',
])
