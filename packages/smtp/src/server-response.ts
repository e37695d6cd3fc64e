/** What a server does with a command that it does not refuse: what it answers of its own, and what it tells its caller. */

import type { Command, Tolerated } from '@posthorn/command'
import type { Reply } from '@posthorn/reply'
import type { ServerEvent } from './event.ts'
import type { Offer, OfferState } from './offer.ts'
import { done, goodbye, standardReply } from './standard-reply.ts'
import type { Exchange } from './state.ts'

/** What a command leads to. */
export interface ServerResponse {
  /** The reply; absent where the caller answers the event. */
  readonly reply?: Reply
  /** What the caller is told. */
  readonly event?: ServerEvent
  /** Whether it ends the transaction that is open. */
  readonly drops?: true
}

/**
 * Gives what a command leads to.
 *
 * @internal
 */
export function responseTo(
  command: Exclude<Command, { readonly verb: 'BDAT' }>,
  hostname: string,
  offer: Offer,
  state: OfferState,
): ServerResponse {
  switch (command.verb) {
    case 'EHLO':
    case 'HELO':
    case 'LHLO':
      return responseToHello(command, hostname, () => offer.lines(state))
    case 'STARTTLS':
      return { reply: standardReply('startTls'), event: { type: 'upgrade-tls' } }
    case 'AUTH': {
      const { mechanism, initialResponse } = command
      return { event: { type: 'auth', mechanism, ...(initialResponse && { initialResponse }) } }
    }
    case 'MAIL': {
      const { reversePath, parameters = {} } = command
      return { event: { type: 'mail', reversePath, parameters, ...toleratedIn(command) } }
    }
    case 'RCPT': {
      const { forwardPath, parameters = {} } = command
      return { event: { type: 'rcpt', forwardPath, parameters, ...toleratedIn(command) } }
    }
    case 'DATA':
      return { reply: standardReply('sendMessage'), event: { type: 'message-start' } }
    case 'XCLIENT':
      return { event: { type: 'xclient', attributes: command.attributes } }
    case 'XFORWARD':
      return { reply: done('XFORWARD'), event: { type: 'xforward', attributes: command.attributes } }
    case 'RSET':
      return { reply: done('RSET'), event: { type: 'reset' }, drops: true }
    case 'QUIT':
      return { reply: goodbye(hostname), event: { type: 'quit' }, drops: true }
    default:
      return { reply: done(command.verb) }
  }
}

/**
 * The events that wait for an answer, and what it answers.
 *
 * @internal
 */
export const AWAITED: Readonly<Partial<Record<ServerEvent['type'], Exchange>>> = {
  connect: 'greeting',
  auth: 'AUTH',
  'auth-response': 'response',
  xclient: 'XCLIENT',
  mail: 'MAIL',
  rcpt: 'RCPT',
  'message-end': 'message',
}

function responseToHello(
  command: Extract<Command, { readonly verb: 'EHLO' | 'HELO' | 'LHLO' }>,
  hostname: string,
  offered: () => readonly string[],
): ServerResponse {
  const extended = command.verb !== 'HELO'
  const lines = [hostname, ...(extended ? offered() : [])]
  return {
    reply: { code: 250, lines },
    event: { type: 'hello', domain: command.domain, extended, ...toleratedIn(command) },
    drops: true,
  }
}

function toleratedIn({ anomalies }: Tolerated): Tolerated {
  return anomalies ? { anomalies } : {}
}
