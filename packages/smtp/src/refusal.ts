/** Which commands a server refuses before it asks its handlers: RFC 5321 section 4.1.4, RFC 3207, RFC 4954 section 4. */

import type { Command } from '@posthorn/command'
import type { Reply } from '@posthorn/reply'
import type { ServerSessionOptions } from './offer.ts'
import { notOffered, outOfTurn, REPLIES } from './standard-reply.ts'
import { type SessionState, stateAfter } from './state.ts'

interface Standing {
  readonly state: SessionState
  readonly secured: boolean
  readonly authenticated: boolean
  readonly triedRecipients: boolean
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
  if (verb === 'DATA' && state === 'mail' && standing.triedRecipients) return REPLIES.noRecipients
  if (stateAfter(state, verb) === undefined) {
    return outOfTurn(state === 'greeted' ? 'Say EHLO first' : `${verb} is out of turn`)
  }
  if (verb === 'AUTH') return refusalOfMechanism(command.mechanism, options, secured)
  if (verb === 'MAIL' && options.requireTls && !secured) return REPLIES.tlsNeeded
  if (verb === 'MAIL' && options.requireAuth && !authenticated) return REPLIES.authNeeded
  return undefined
}

function refusalOfMechanism(name: string, options: ServerSessionOptions, secured: boolean): Reply | undefined {
  const { mechanisms = [], unsafePlaintextAuth } = options
  if (mechanisms.length === 0) return notOffered('AUTH')
  if (!secured && !unsafePlaintextAuth) return REPLIES.encryptionNeeded
  return mechanisms.some((mechanism) => mechanism.name === name) ? undefined : REPLIES.unknownMechanism
}
