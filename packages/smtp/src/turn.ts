/**
 * Why a client may not send a command: it is out of turn (RFC 5321 section 4.1.4), or needs what the EHLO reply did not
 * offer (RFC 5321 section 4.1.1.11, and each extension's own RFC).
 */

import { type Capabilities, type Command, neededExtensions } from '@posthorn/command'
import { MailError } from '@posthorn/core'
import { outOfTurn, type SmtpErrorCode } from './error.ts'
import { type SessionState, stateAfter } from './state.ts'

/** Where a client stands, as far as a command depends on it. */
export interface ClientStanding {
  /** Where the session stands by the replies that have come. */
  readonly state: SessionState
  /** Where it will stand if all that is awaited succeeds; `undefined` when no command may come behind it. */
  readonly projected: SessionState | undefined
  readonly mayPipeline: boolean
  readonly protocol: 'smtp' | 'lmtp'
  readonly secured: boolean
  readonly authenticated: boolean
}

/**
 * Refuses a command that is out of turn.
 *
 * @internal
 */
export function checkTurn({ verb }: Command, standing: ClientStanding): void {
  const { state, projected, secured, authenticated, protocol } = standing
  if (!standing.mayPipeline) throw outOfTurn(`send ${verb}`, 'a reply is awaited first')
  if (!projected || stateAfter(projected, verb) === undefined) {
    throw outOfTurn(`send ${verb}`, `the session is in state "${state}"`)
  }
  if (verb === 'STARTTLS' && secured) throw outOfTurn('send STARTTLS', 'TLS is in force')
  if (verb === 'AUTH' && authenticated) throw outOfTurn('send AUTH', 'it has succeeded already')
  // RFC 2033 section 4.1: LHLO takes the place of EHLO and HELO.
  const greets = verb === 'EHLO' || verb === 'HELO' ? 'smtp' : verb === 'LHLO' ? 'lmtp' : protocol
  if (greets !== protocol) throw outOfTurn(`send ${verb}`, `the protocol is ${protocol.toUpperCase()}`)
}

/**
 * Refuses a command that needs what the server does not offer.
 *
 * @internal
 */
export function checkOffered(command: Command, offered: Capabilities, smtpUtf8: boolean): void {
  if (command.verb === 'AUTH') need(offered.auth.includes(command.mechanism), `AUTH ${command.mechanism}`)
  for (const keyword of neededExtensions(command)) {
    need(
      offered.list.some((capability) => capability.keyword === keyword),
      keyword,
    )
    // RFC 6531 section 3.4: the parameter of MAIL is what lets such an address stand in RCPT.
    if (keyword === 'SMTPUTF8' && command.verb === 'RCPT') need(smtpUtf8, 'SMTPUTF8 for this transaction')
  }
}

function need(offered: boolean, what: string): void {
  if (offered) return
  throw new MailError<SmtpErrorCode>('SMTP_NOT_OFFERED', `Cannot send command: the server does not offer ${what}`, {
    spec: 'rfc5321#section-4.1.1.11',
  })
}
