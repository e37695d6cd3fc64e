/** What became of a message, recipient by recipient, and whether to try again: RFC 5321 section 4.2.1, 4.5.4.1, 6.1. */

import type { ForwardPath } from '@posthorn/command'
import type { MailError } from '@posthorn/core'
import { classifyReply, type Reply, type RetryAdvice, replyClass } from '@posthorn/reply'
import type { Exchange } from './state.ts'

/** What became of the message for one recipient. */
export interface RecipientOutcome {
  /** The recipient. */
  readonly recipient: ForwardPath
  /**
   * `accepted`: the server is responsible now; `rejected`: it never will be; `deferred`: it is not, try again;
   * `unknown`: the connection was lost after the end of the message, so it may be.
   */
  readonly status: 'accepted' | 'rejected' | 'deferred' | 'unknown'
  /** The reply that decided, where there was one. */
  readonly reply?: Reply
  /** Whether to try again. */
  readonly retry: RetryAdvice
}

/** What became of a message. */
export interface SendOutcome {
  /** All recipients accepted, some of them, none, or some not known. */
  readonly type: 'accepted' | 'partial' | 'refused' | 'unknown'
  /** Each recipient in the order given. */
  readonly recipients: readonly RecipientOutcome[]
  /** What broke the session, or kept the message from being sent at all; absent when nothing did. */
  readonly error?: MailError
}

/**
 * The outcomes of one transaction as its replies come in.
 *
 * @internal
 */
export class Outcomes {
  readonly #recipients: readonly ForwardPath[]
  readonly #outcomes: (RecipientOutcome | undefined)[]
  // The positions of the recipients that RCPT accepted, in order, and those that a later reply has decided.
  readonly #accepted: number[] = []
  readonly #decided: boolean[] = []

  constructor(recipients: readonly ForwardPath[]) {
    this.#recipients = recipients
    this.#outcomes = recipients.map(() => undefined)
  }

  /** How many recipients RCPT accepted. */
  get accepted(): number {
    return this.#accepted.length
  }

  /** The reply to MAIL has refused all; what answers RCPT after it is an echo. */
  refuseAll(reply: Reply): void {
    this.#recipients.forEach((_, index) => {
      this.#set(index, reply, 'MAIL')
    })
  }

  /** The reply to the RCPT of one recipient. */
  answer(index: number, reply: Reply): void {
    if (this.#outcomes[index]) return
    this.#set(index, reply, 'RCPT')
    if (replyClass(reply) === 2) this.#accepted.push(index)
  }

  /** The reply for one of the recipients that RCPT accepted. */
  decideOne(position: number, reply: Reply): void {
    const index = this.#accepted[position]
    if (index === undefined) return
    this.#set(index, reply, 'message')
    this.#decided[index] = true
  }

  /** The reply for the message as a whole; a refusal stands above what single recipients were told before. */
  decide(reply: Reply, answers: Exchange = 'message'): void {
    const refused = replyClass(reply) !== 2
    for (const index of this.#accepted) {
      if (this.#decided[index] && !(refused && this.#outcomes[index]?.status === 'accepted')) continue
      this.#set(index, reply, answers)
      this.#decided[index] = true
    }
  }

  settle(): RecipientOutcome[] {
    return this.#recipients.map((recipient, index) => this.#outcomes[index] ?? cutOff(recipient))
  }

  /** The connection broke: before the end of the message nothing was taken, after it nobody knows. */
  settleBroken(ended: boolean): RecipientOutcome[] {
    return this.#recipients.map((recipient, index): RecipientOutcome => {
      const outcome = this.#outcomes[index]
      if (outcome && (outcome.status !== 'accepted' || this.#decided[index])) return outcome
      return ended ? { recipient, status: 'unknown', retry: 'may-duplicate' } : cutOff(recipient)
    })
  }

  #set(index: number, reply: Reply, answers: Exchange): void {
    this.#outcomes[index] = outcomeOfReply(this.#recipients[index]!, reply, answers)
  }
}

function outcomeOfReply(recipient: ForwardPath, reply: Reply, answers: Exchange): RecipientOutcome {
  if (replyClass(reply) === 2) return { recipient, status: 'accepted', reply, retry: 'never' }
  const { retry } = classifyReply(reply, { answers })
  return { recipient, status: retry === 'never' ? 'rejected' : 'deferred', reply, retry }
}

/**
 * A recipient that the end of the session cut off before the message was sent.
 *
 * @internal
 */
export function cutOff(recipient: ForwardPath): RecipientOutcome {
  return { recipient, status: 'deferred', retry: 'now-on-another-host' }
}

/**
 * A recipient that another transaction must serve, because a limit of the server left no room here.
 *
 * @internal
 */
export function leftOver(recipient: ForwardPath): RecipientOutcome {
  return { recipient, status: 'deferred', retry: 'now-in-another-transaction' }
}

/** @internal */
export function sumUp(recipients: readonly RecipientOutcome[], error?: MailError): SendOutcome {
  const accepted = recipients.filter(({ status }) => status === 'accepted').length
  const unknown = recipients.some(({ status }) => status === 'unknown')
  const type = unknown ? 'unknown' : accepted === recipients.length ? 'accepted' : accepted > 0 ? 'partial' : 'refused'
  return { type, recipients, ...(error && { error }) }
}
