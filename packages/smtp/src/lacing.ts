/**
 * Messages whose envelopes ride with the end of the one before, so that each costs one round trip: RFC 2920 section 3.1
 * lets MAIL follow the end of a message.
 */

import { MailError } from '@posthorn/core'
import type { Channel } from './channel.ts'
import { asMailError } from './driver.ts'
import type { SendOutcome } from './outcome.ts'
import type { Allowance, Sending } from './sending.ts'
import type { Transaction } from './transaction.ts'

interface Begun {
  readonly sending: Sending
  readonly transaction: Transaction
  /** Whether it is the last of its message. */
  readonly last: boolean
}

/**
 * Sends messages, laced into each other where the pipelining level allows it; the outcomes come in the order of the messages, one for each, also when the
 * session breaks.
 *
 * @internal
 */
export class Lacing {
  readonly #channel: Channel
  readonly #allowance: Allowance
  // Begun and not brought to their end, the oldest first.
  readonly #begun: Begun[] = []
  readonly #done: SendOutcome[] = []
  #broken: MailError | undefined

  constructor(channel: Channel, allowance: Allowance) {
    this.#channel = channel
    this.#allowance = allowance
  }

  /** Sends messages; one that could not be planned comes as its error. */
  async *send(sendings: AsyncIterable<Sending | MailError>): AsyncGenerator<SendOutcome> {
    try {
      for await (const sending of sendings) {
        await this.#attempt(() => (sending instanceof MailError ? this.#settle(0) : this.#add(sending)))
        yield* this.#done.splice(0)
        if (sending instanceof MailError) yield { type: 'refused', recipients: [], error: sending }
      }
      await this.#attempt(() => this.#settle(0))
      yield* this.#done.splice(0)
    } finally {
      // The caller may have had enough; what was begun is still brought to its end.
      if (this.#begun.length > 0) await this.#attempt(() => this.#settle(0))
    }
  }

  async #add(sending: Sending): Promise<void> {
    const transactions = sending.transactions().slice(0, Math.max(0, this.#allowance.left))
    if (this.#broken || transactions.length === 0) {
      await this.#settle(0)
      this.#done.push(sending.outcome(this.#broken))
    }
    if (this.#broken) return
    for (const [index, transaction] of transactions.entries()) {
      if (this.#channel.session.pipelining !== 'messages') await this.#settle(0)
      this.#allowance.left--
      this.#begun.push({ sending, transaction, last: index === transactions.length - 1 })
      transaction.begin(this.#channel)
      await this.#settle(1)
      await transaction.proceed(this.#channel)
    }
  }

  // Brings transactions to their end until few enough are open.
  async #settle(open: number): Promise<void> {
    while (this.#begun.length > open) {
      const { sending, transaction, last } = this.#begun[0]!
      await transaction.finish(this.#channel)
      this.#begun.shift()
      sending.note(transaction)
      if (last) this.#done.push(sending.outcome())
    }
  }

  // However the session breaks, every message that was begun has an outcome.
  async #attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (cause) {
      const error = asMailError(cause)
      this.#broken = error
      const sendings = new Set<Sending>()
      for (const { sending, transaction } of this.#begun.splice(0)) {
        sending.note(transaction, error)
        sendings.add(sending)
      }
      for (const sending of sendings) this.#done.push(sending.outcome(error))
    }
  }
}
