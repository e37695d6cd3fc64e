/**
 * Which commands a server refuses before it asks its handlers: RFC 5321 section 4.1.4, RFC 1870, RFC 3207,
 * RFC 4954 section 4, RFC 6531.
 */

import { type Command, isAsciiPath } from '@posthorn/command'
import type { Reply } from '@posthorn/reply'
import { DEFAULT_MAX_SIZE, type ServerSessionOptions, unofferedParameter } from './offer.ts'
import { notOffered, outOfTurn, standardReply, unknownParameter } from './standard-reply.ts'
import { type SessionState, stateAfter } from './state.ts'

/** Where a session stands, as far as a refusal depends on it. */
export interface Standing {
  readonly state: SessionState
  readonly secured: boolean
  readonly authenticated: boolean
  readonly triedRecipients: boolean
  readonly smtpUtf8: boolean
}

/**
 * Gives the reply to a command that is out of turn or not allowed to this client, or `undefined`.
 *
 * @internal
 */
export function refusalOf(command: Command, options: ServerSessionOptions, standing: Standing): Reply | undefined {
  const { verb } = command
  const { state, secured, authenticated } = standing
  if (verb === 'STARTTLS' && !options.tls) return notOffered(verb)
  if (verb === 'STARTTLS' && secured) return outOfTurn('TLS is in force')
  if (verb === 'AUTH' && authenticated) return outOfTurn('You have authenticated')
  // RFC 2920 section 3.2: a group whose recipients were all refused gets 554 here, not an empty message.
  if (verb === 'DATA' && state === 'mail' && standing.triedRecipients) return standardReply('noRecipients')
  if (stateAfter(state, verb) === undefined) {
    return outOfTurn(state === 'greeted' ? 'Say EHLO first' : `${verb} is out of turn`)
  }
  if (verb === 'AUTH') return refusalOfMechanism(command.mechanism, options, secured)
  if (verb === 'MAIL') return refusalOfMail(command, options, standing)
  return verb === 'RCPT' ? refusalOfRcpt(command, options, standing) : undefined
}

type Mail = Extract<Command, { verb: 'MAIL' }>
type Rcpt = Extract<Command, { verb: 'RCPT' }>

function refusalOfMail(command: Mail, options: ServerSessionOptions, standing: Standing): Reply | undefined {
  if (options.requireTls && !standing.secured) return standardReply('tlsNeeded')
  if (options.requireAuth && !standing.authenticated) return standardReply('authNeeded')
  const unoffered = unofferedParameter(command, options)
  if (unoffered) return unknownParameter(unoffered)
  // RFC 1870 section 6.1: a declared size over the limit is refused before the message comes.
  return (command.parameters?.size ?? 0) > (options.maxSize ?? DEFAULT_MAX_SIZE) ? standardReply('tooLarge') : undefined
}

function refusalOfRcpt(command: Rcpt, options: ServerSessionOptions, standing: Standing): Reply | undefined {
  const unoffered = unofferedParameter(command, options)
  if (unoffered) return unknownParameter(unoffered)
  return standing.smtpUtf8 || isAsciiPath(command.forwardPath) ? undefined : standardReply('smtpUtf8Needed')
}

function refusalOfMechanism(name: string, options: ServerSessionOptions, secured: boolean): Reply | undefined {
  const { mechanisms = [], unsafePlaintextAuth } = options
  if (mechanisms.length === 0) return notOffered('AUTH')
  if (!secured && !unsafePlaintextAuth) return standardReply('encryptionNeeded')
  return mechanisms.some((mechanism) => mechanism.name === name) ? undefined : standardReply('unknownMechanism')
}
