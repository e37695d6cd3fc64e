/**
 * Which commands a server refuses before it asks its handlers: RFC 5321 section 4.1.4, RFC 1870, RFC 2033, RFC 3030,
 * RFC 3207, RFC 4954 section 4, RFC 6531, RFC 9422.
 */

import { type Command, isAsciiPath, type Verb } from '@posthorn/command'
import type { Reply } from '@posthorn/reply'
import type { IncomingTransaction } from './incoming-transaction.ts'
import type { Offer } from './offer.ts'
import { DEFAULT_MAX_RECIPIENTS, DEFAULT_MAX_SIZE, type ServerSessionOptions } from './server-session-options.ts'
import type { ServerTrust } from './server-trust.ts'
import { notOffered, outOfTurn, standardReply, unknownParameter } from './standard-reply.ts'
import { type SessionState, stateAfter } from './state.ts'

/** Where a session stands, as far as a refusal depends on it. */
export interface Standing {
  readonly state: SessionState
  readonly offer: Offer
  readonly trust: ServerTrust
  readonly transaction: IncomingTransaction
  /** Whether a part of the message has come by BDAT. */
  readonly chunked: boolean
}

const NEVER_OFFERED: ReadonlySet<Verb> = new Set<Verb>(['ATRN', 'BURL', 'ETRN', 'SAML', 'SEND', 'SOML', 'TURN'])

/**
 * Gives the reply to a command that is out of turn or not allowed to this client, or `undefined`.
 *
 * @internal
 */
export function refusalOf(command: Command, options: ServerSessionOptions, standing: Standing): Reply | undefined {
  const { verb } = command
  const { state, trust } = standing
  if (!isSpoken(verb, options, standing)) return notOffered(verb)
  if (verb === 'STARTTLS' && trust.secured) return outOfTurn('TLS is in force')
  if (verb === 'AUTH' && trust.authenticated) return outOfTurn('You have authenticated')
  if (verb === 'DATA' || verb === 'BDAT') return refusalOfMessage(verb, options, standing)
  // RFC 3030 section 2: once a chunk has come, only further chunks belong to the transaction.
  if (stateAfter(state, verb) === undefined || (verb === 'RCPT' && standing.chunked)) {
    return outOfTurn(state === 'greeted' ? `Say ${hello(options)} first` : `${verb} is out of turn`)
  }
  if (verb === 'AUTH') return refusalOfMechanism(command.mechanism, options, standing)
  if (verb === 'MAIL') return refusalOfMail(command, options, standing)
  return verb === 'RCPT' ? refusalOfRcpt(command, options, standing) : undefined
}

function hello(options: ServerSessionOptions): string {
  return options.protocol === 'lmtp' ? 'LHLO' : 'EHLO'
}

function isSpoken(verb: Verb, options: ServerSessionOptions, { trust, offer }: Standing): boolean {
  if (NEVER_OFFERED.has(verb) || offer.isWithheld(verb === 'BDAT' ? 'CHUNKING' : verb)) return false
  // RFC 2033 section 4.1: LHLO takes the place of EHLO and HELO.
  if (verb === 'LHLO') return options.protocol === 'lmtp'
  if (verb === 'EHLO' || verb === 'HELO') return options.protocol !== 'lmtp'
  if (verb === 'STARTTLS') return options.tls === true
  if (verb === 'XCLIENT' || verb === 'XFORWARD') return options.unsafeTrustedProxy === true && !trust.proxied
  return true
}

function refusalOfMessage(verb: 'DATA' | 'BDAT', options: ServerSessionOptions, standing: Standing): Reply | undefined {
  const { state, transaction, chunked } = standing
  // RFC 2033 section 4.2 asks for 503 where RFC 2920 section 3.2 has 554: a group whose recipients were all refused.
  if (state === 'mail' && transaction.tried) {
    return options.protocol === 'lmtp' ? outOfTurn('No valid recipients') : standardReply('noRecipients')
  }
  if (verb === 'DATA' && chunked) return outOfTurn('The message has begun by BDAT')
  // RFC 3030 section 3: a binary body goes by BDAT alone.
  if (verb === 'DATA' && transaction.binary) return outOfTurn('A binary body needs BDAT')
  if (stateAfter(state, verb) !== undefined) return undefined
  return outOfTurn(state === 'greeted' ? `Say ${hello(options)} first` : `${verb} is out of turn`)
}

type Mail = Extract<Command, { verb: 'MAIL' }>
type Rcpt = Extract<Command, { verb: 'RCPT' }>

function refusalOfMail(command: Mail, options: ServerSessionOptions, standing: Standing): Reply | undefined {
  if (options.requireTls && !standing.trust.secured) return standardReply('tlsNeeded')
  if (options.requireAuth && !standing.trust.authenticated) return standardReply('authNeeded')
  const unoffered = standing.offer.lackedBy(command, standing.trust)
  if (unoffered) return unknownParameter(unoffered)
  // RFC 1870 section 6.1: a declared size over the limit is refused before the message comes.
  if ((command.parameters?.size ?? 0) > (options.maxSize ?? DEFAULT_MAX_SIZE)) return standardReply('tooLarge')
  const { maxTransactions = Number.POSITIVE_INFINITY } = options
  return standing.transaction.count >= maxTransactions ? standardReply('tooManyTransactions') : undefined
}

function refusalOfRcpt(command: Rcpt, options: ServerSessionOptions, standing: Standing): Reply | undefined {
  const { transaction } = standing
  const unoffered = standing.offer.lackedBy(command, standing.trust)
  if (unoffered) return unknownParameter(unoffered)
  if (!transaction.smtpUtf8 && !isAsciiPath(command.forwardPath)) return standardReply('smtpUtf8Needed')
  const { maxRecipients = DEFAULT_MAX_RECIPIENTS, maxRecipientDomains = Number.POSITIVE_INFINITY } = options
  const full =
    transaction.recipients >= maxRecipients || transaction.domainsWith(command.forwardPath) > maxRecipientDomains
  return full ? standardReply('tooManyRecipients') : undefined
}

function refusalOfMechanism(name: string, options: ServerSessionOptions, standing: Standing): Reply | undefined {
  const { mechanisms = [], unsafePlaintextAuth } = options
  if (mechanisms.length === 0) return notOffered('AUTH')
  const { offer, trust } = standing
  if (!trust.secured && !unsafePlaintextAuth) return standardReply('encryptionNeeded')
  return offer.mechanisms(trust).includes(name) ? undefined : standardReply('unknownMechanism')
}
