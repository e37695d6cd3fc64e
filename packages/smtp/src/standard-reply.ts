/** The replies that a server gives of its own: RFC 5321 section 4.2.3 and 4.3.2, with the status codes of RFC 3463. */

import type { Verb } from '@posthorn/command'
import type { MailError } from '@posthorn/core'
import { type EnhancedStatus, parseEnhancedStatus, type Reply } from '@posthorn/reply'
import type { Exchange } from './state.ts'

function reply(code: number, status: string, text: string): Reply {
  const enhanced: EnhancedStatus = parseEnhancedStatus(status)
  return { code, enhanced, lines: [text] }
}

const DONE: Readonly<Partial<Record<Exchange, Reply>>> = {
  AUTH: reply(235, '2.7.0', 'Authentication succeeded'),
  response: reply(235, '2.7.0', 'Authentication succeeded'),
  MAIL: reply(250, '2.1.0', 'Sender ok'),
  RCPT: reply(250, '2.1.5', 'Recipient ok'),
  message: reply(250, '2.0.0', 'Message accepted'),
  HELP: reply(214, '2.0.0', 'See RFC 5321'),
  VRFY: reply(252, '2.5.1', 'Cannot verify, but will take the message'),
  EXPN: reply(252, '2.5.1', 'Cannot expand'),
}

const OK = reply(250, '2.0.0', 'OK')

type ReplyName =
  | 'authCancelled'
  | 'authFailed'
  | 'authNeeded'
  | 'authTooLong'
  | 'bareNewline'
  | 'bareNewlineInMessage'
  | 'encryptionNeeded'
  | 'goingAway'
  | 'localError'
  | 'noRecipients'
  | 'notBase64'
  | 'sendMessage'
  | 'smtpUtf8Needed'
  | 'startTls'
  | 'tlsNeeded'
  | 'tooLarge'
  | 'tooLong'
  | 'tooManyMistakes'
  | 'tooManyRecipients'
  | 'unknownMechanism'

/** The replies that never vary, by what they say. */
export const REPLIES: Readonly<Record<ReplyName, Reply>> = {
  startTls: reply(220, '2.0.0', 'Ready to start TLS'),
  sendMessage: { code: 354, lines: ['Send the message; end it with a lone dot'] },
  tooLong: reply(500, '5.5.2', 'Line too long'),
  authTooLong: reply(500, '5.5.6', 'Authentication line too long'),
  bareNewline: reply(500, '5.5.2', 'Bare LF received; lines end with CRLF'),
  bareNewlineInMessage: reply(554, '5.6.0', 'Bare CR or LF received; lines end with CRLF'),
  tooLarge: reply(552, '5.3.4', 'Message too large'),
  noRecipients: reply(554, '5.5.1', 'No valid recipients'),
  tooManyRecipients: reply(452, '4.5.3', 'Too many recipients'),
  tooManyMistakes: reply(421, '4.7.0', 'Too many errors'),
  smtpUtf8Needed: reply(550, '5.6.7', 'Address needs SMTPUTF8'),
  tlsNeeded: reply(530, '5.7.0', 'Say STARTTLS first'),
  authNeeded: reply(530, '5.7.0', 'Authentication required'),
  encryptionNeeded: reply(538, '5.7.11', 'Encryption required for authentication'),
  unknownMechanism: reply(504, '5.5.4', 'Authentication mechanism not offered'),
  authFailed: reply(535, '5.7.8', 'Authentication credentials invalid'),
  authCancelled: reply(501, '5.7.0', 'Authentication cancelled'),
  notBase64: reply(501, '5.5.2', 'Cannot decode the response'),
  localError: reply(451, '4.3.0', 'Local error'),
  goingAway: reply(421, '4.4.2', 'Timeout; closing the connection'),
}

/** The reply of success to an exchange. */
export function done(exchange: Exchange): Reply {
  return DONE[exchange] ?? OK
}

/** The greeting, RFC 5321 section 4.3.1. */
export function greeting(hostname: string): Reply {
  return { code: 220, lines: [`${hostname} ESMTP`] }
}

/** The reply to QUIT. */
export function goodbye(hostname: string): Reply {
  return reply(221, '2.0.0', `${hostname} closes the connection`)
}

/** The refusal of a verb that this server does not offer. */
export function notOffered(verb: Verb): Reply {
  return reply(502, '5.5.1', `${verb} is not offered`)
}

/** The refusal of a command that is out of turn. */
export function outOfTurn(why: string): Reply {
  return reply(503, '5.5.1', why)
}

/** The refusal of a parameter that this server does not offer. */
export function unknownParameter(keyword: string): Reply {
  return reply(555, '5.5.4', `Parameter ${keyword} is not offered`)
}

const BAD_COMMANDS: Readonly<Record<string, Reply>> = {
  COMMAND_UNKNOWN: reply(500, '5.5.1', 'Command not known'),
  COMMAND_NEEDS_SMTPUTF8: reply(550, '5.6.7', 'Address needs SMTPUTF8'),
  COMMAND_BAD_PATH: reply(501, '5.1.3', 'Address malformed'),
  COMMAND_BAD_PARAMETER: reply(501, '5.5.4', 'Parameter malformed'),
  COMMAND_BAD_DOMAIN: reply(501, '5.5.4', 'Domain malformed'),
}

/**
 * Gives the reply to a command line that could not be parsed.
 *
 * @internal
 */
export function replyToBadCommand(error: MailError): Reply {
  return BAD_COMMANDS[error.code] ?? reply(501, '5.5.2', 'Syntax error in the command')
}
