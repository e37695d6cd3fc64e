/** The replies that a server gives of its own: RFC 5321 section 4.2.3 and 4.3.2, with the status codes of RFC 3463. */

import type { Verb } from '@posthorn/command'
import type { MailError } from '@posthorn/core'
import { encodeReply, parseEnhancedStatus, type Reply } from '@posthorn/reply'
import { type Exchange, outcomeOf } from './state.ts'

const TEXTS = {
  sendMessage: '354 Send the message; end it with a lone dot',
  startTls: '220 2.0.0 Ready to start TLS',
  tooLong: '500 5.5.2 Line too long',
  authTooLong: '500 5.5.6 Authentication line too long',
  bareNewline: '500 5.5.2 Bare LF received; lines end with CRLF',
  bareNewlineInMessage: '554 5.6.0 Bare CR or LF received; lines end with CRLF',
  tooLarge: '552 5.3.4 Message too large',
  noRecipients: '554 5.5.1 No valid recipients',
  tooManyRecipients: '452 4.5.3 Too many recipients',
  tooManyTransactions: '452 4.5.3 Too many transactions',
  tooManyIdleCommands: '421 4.7.0 Too many commands without a message',
  badChunk: '501 5.5.4 Chunk size malformed; closing the connection',
  recipientsFollow: '353 Replies for each recipient follow',
  tooManyMistakes: '421 4.7.0 Too many errors',
  smtpUtf8Needed: '550 5.6.7 Address needs SMTPUTF8',
  tlsNeeded: '530 5.7.0 Say STARTTLS first',
  authNeeded: '530 5.7.0 Authentication required',
  encryptionNeeded: '538 5.7.11 Encryption required for authentication',
  unknownMechanism: '504 5.5.4 Authentication mechanism not offered',
  authFailed: '535 5.7.8 Authentication credentials invalid',
  authCancelled: '501 5.7.0 Authentication cancelled',
  notBase64: '501 5.5.2 Cannot decode the response',
  localError: '451 4.3.0 Local error',
  shutDown: '421 4.3.2 Service is shutting down',
  goingAway: '421 4.4.2 Timeout; closing the connection',
} as const

/** The name of a reply that never varies. */
export type StandardReply = keyof typeof TEXTS

// Those that never vary are read, and written, once.
const REPLIES = new Map<string, Reply>()
const OCTETS = new Map<Reply, Uint8Array>()

/** Gives a reply that never varies. */
export function standardReply(name: StandardReply): Reply {
  return constant(TEXTS[name])
}

/**
 * Encodes a reply; lines that are too long are folded, except in the reply to EHLO, where each line has a meaning.
 *
 * @internal
 * @returns The octets, which belong to others too and must not be changed.
 */
export function octetsOf(reply: Reply, exchange?: Exchange): Uint8Array {
  return OCTETS.get(reply) ?? encodeReply(reply, { fold: exchange !== 'EHLO' && exchange !== 'LHLO' })
}

function constant(line: string): Reply {
  let reply = REPLIES.get(line)
  if (!reply) {
    reply = parse(line)
    REPLIES.set(line, reply)
    OCTETS.set(reply, encodeReply(reply))
  }
  return reply
}

const DONE: Readonly<Partial<Record<Exchange, string>>> = {
  AUTH: '235 2.7.0 Authentication succeeded',
  response: '235 2.7.0 Authentication succeeded',
  MAIL: '250 2.1.0 Sender ok',
  RCPT: '250 2.1.5 Recipient ok',
  message: '250 2.0.0 Message accepted',
  HELP: '214 2.0.0 See RFC 5321',
  VRFY: '252 2.5.1 Cannot verify, but will take the message',
  EXPN: '252 2.5.1 Cannot expand',
}

// A reply as it reads on the wire: code, enhanced status code where there is one, text.
function parse(line: string): Reply {
  const [, code, status, text] = /^(\d{3})(?: (\d\.\d+\.\d+))? (.*)$/.exec(line)!
  return { code: Number(code), ...(status && { enhanced: parseEnhancedStatus(status) }), lines: [text!] }
}

/** The reply of success to an exchange. */
export function done(exchange: Exchange): Reply {
  return constant(DONE[exchange] ?? '250 2.0.0 OK')
}

/** The greeting, RFC 5321 section 4.3.1. */
export function greeting(hostname: string, protocol: 'smtp' | 'lmtp' = 'smtp'): Reply {
  return { code: 220, lines: [`${hostname} ${protocol === 'lmtp' ? 'LMTP' : 'ESMTP'}`] }
}

/** The reply to QUIT. */
export function goodbye(hostname: string): Reply {
  return { code: 221, enhanced: { class: 2, subject: 0, detail: 0 }, lines: [`${hostname} closes the connection`] }
}

/** The refusal of a verb that this server does not offer. */
export function notOffered(verb: Verb): Reply {
  return parse(`502 5.5.1 ${verb} is not offered`)
}

/** The refusal of a command that is out of turn. */
export function outOfTurn(why: string): Reply {
  return parse(`503 5.5.1 ${why}`)
}

/** The refusal of a parameter whose extension this server does not offer. */
export function unknownParameter(keyword: string): Reply {
  return parse(`555 5.5.4 ${keyword} is not offered`)
}

/** The reply to a chunk that is not the last, RFC 3030 section 2. */
export function chunkTaken(octets: number): Reply {
  return parse(`250 2.0.0 ${octets} octets received`)
}

const BAD_COMMANDS: Readonly<Record<string, string>> = {
  COMMAND_UNKNOWN: '500 5.5.1 Command not known',
  COMMAND_NEEDS_SMTPUTF8: '550 5.6.7 Address needs SMTPUTF8',
  COMMAND_BAD_PATH: '501 5.1.3 Address malformed',
  COMMAND_BAD_PARAMETER: '501 5.5.4 Parameter malformed',
  COMMAND_BAD_DOMAIN: '501 5.5.4 Domain malformed',
  COMMAND_TOO_LONG: TEXTS.tooLong,
}

/**
 * Gives the reply to a command line that could not be parsed.
 *
 * @internal
 */
export function replyToBadCommand(error: MailError): Reply {
  return constant(BAD_COMMANDS[error.code] ?? '501 5.5.2 Syntax error in the command')
}

/**
 * Gives the reply to a message that the session refuses.
 *
 * @internal
 */
export function replyToBadMessage({ code }: MailError): Reply {
  return standardReply(code === 'SMTP_BARE_NEWLINE' ? 'bareNewlineInMessage' : 'tooLarge')
}

/** The replies of PRDR for each recipient, with the one for the message, which succeeds if it did for anybody. */
export function withSummary(replies: readonly Reply[]): readonly Reply[] {
  const whole = replies.some(({ code }) => outcomeOf(code) === 'ok') ? done('message') : replies.at(-1)!
  return [standardReply('recipientsFollow'), ...replies, whole]
}
