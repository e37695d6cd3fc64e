/** What the handlers of a server decide: they are asked, and its session is given their answers. */

import { type Reply, replyClass } from '@posthorn/reply'
import { outOfTurn } from './error.ts'
import type { Decision, MessageDecision, ServeOptions } from './handler.ts'
import type { ServerSession } from './server-session.ts'
import { done, standardReply } from './standard-reply.ts'

/**
 * Asks handlers, and answers the session's events by what they decide.
 *
 * @internal
 */
export class ServerDecisions {
  readonly #session: ServerSession
  readonly #options: Pick<ServeOptions, 'onError'>

  /**
   * @param session The session whose events are answered.
   * @param options Who hears what handlers throw, and what they say that cannot be said.
   */
  constructor(session: ServerSession, options: Pick<ServeOptions, 'onError'>) {
    this.#session = session
    this.#options = options
  }

  /** Answers by what a handler decides, where there is one; `accepted` then learns of success. */
  decide(ask: (() => Decision | Promise<Decision>) | undefined, accepted?: () => void): Promise<void> | void {
    const answer = (decision: Decision): void => {
      if (this.#answer(decision)) accepted?.()
    }
    return ask ? this.ask(ask).then(answer) : answer(undefined)
  }

  /** Asks a handler; what it throws is answered with 451. */
  async ask<T>(ask: () => T | Promise<T>): Promise<T | Reply> {
    try {
      return await ask()
    } catch (error) {
      return this.failed(error)
    }
  }

  /** Gives the answer to what a handler threw. */
  failed(error: unknown): Reply {
    this.#options.onError?.(error)
    return standardReply('localError')
  }

  /** Answers the end of a message: for all recipients alike, or for each. */
  answerMessage(decision: MessageDecision, recipients: number): void {
    if (!isList(decision)) {
      this.#answer(decision)
      return
    }
    this.#say(() => {
      if (!this.#session.perRecipient || decision.length !== recipients) {
        throw outOfTurn('give replies', 'the recipients cannot have them')
      }
      this.#session.replyEach(decision.map((reply) => reply ?? done('message')))
    })
  }

  // True when the client has been told of success.
  #answer(reply: Decision): boolean {
    const said = this.#say(() => {
      if (!reply) this.#session.accept()
      // A decision is final: 3xx would ask the client to go on with what the session does not expect.
      else if (replyClass(reply) === 3) throw outOfTurn('give a reply', 'a decision is 2xx, 4xx or 5xx')
      else this.#session.reply(reply)
    })
    return said && (!reply || replyClass(reply) === 2)
  }

  // What a handler says that cannot be said is its error, not the end of the session.
  #say(give: () => void): boolean {
    try {
      give()
      return true
    } catch (error) {
      this.#session.reply(this.failed(error))
      return false
    }
  }
}

function isList(decision: MessageDecision): decision is readonly (Reply | undefined)[] {
  return Array.isArray(decision)
}
