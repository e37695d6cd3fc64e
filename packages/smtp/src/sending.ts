/**
 * The sending of messages over one session: the transactions that each takes, one after the other or laced, and the
 * outcome of each message. RFC 5321 section 3.3 and 4.5.3.1.10, RFC 9422 (limits of the server).
 */

import type { Capabilities } from '@posthorn/command'
import type { MailError } from '@posthorn/core'
import type { Channel } from './channel.ts'
import { asMailError } from './driver.ts'
import { type Envelope, type ParsedEnvelope, type ParsedRecipient, parseEnvelope } from './envelope.ts'
import { outOfTurn } from './error.ts'
import { type MessageSource, type OpenableMessage, openable } from './message-source.ts'
import { MessageWriter, type Progress } from './message-writer.ts'
import { cutOff, leftOver, type RecipientOutcome, type SendOutcome, sumUp } from './outcome.ts'
import { partRecipients, planTransaction, type TransactionPlan } from './plan.ts'
import { Transaction } from './transaction.ts'
import { planTransmission, type Transmission, type TransmissionOptions } from './transmission.ts'

/** How one message is sent. */
export interface SendOptions extends TransmissionOptions {
  /** Hears how far the message has come. */
  readonly onProgress?: (progress: Progress) => void
  /** Ends the session when it fires, so that no half of a message is taken for a whole one. */
  readonly signal?: AbortSignal
}

/** How many more transactions the session may have; counts them down. */
export interface Allowance {
  left: number
}

interface Part {
  readonly recipients: readonly ParsedRecipient[]
  readonly plan: TransactionPlan
}

/**
 * One message on its way: the parts of its envelope, and what became of each.
 *
 * @internal
 */
export class Sending {
  readonly #envelope: ParsedEnvelope
  readonly #message: OpenableMessage
  readonly #transmission: Transmission
  readonly #offered: Capabilities
  readonly #options: SendOptions
  // The transactions of the whole envelope, planned before anything is sent.
  readonly #parts: readonly Part[]
  readonly #recipientsOf = new Map<Transaction, readonly ParsedRecipient[]>()
  readonly #outcomes = new Map<ParsedRecipient, RecipientOutcome>()
  #begun = 0

  constructor(envelope: Envelope, source: MessageSource, offered: Capabilities, options: SendOptions) {
    this.#envelope = parseEnvelope(envelope)
    this.#message = openable(source)
    const { traits } = this.#message
    const smtpUtf8 = traits.smtpUtf8 === true || this.#envelope.smtpUtf8
    this.#transmission = planTransmission(offered, { ...traits, smtpUtf8 }, options)
    this.#offered = offered
    this.#options = options
    this.#parts = this.#plan(this.#envelope.recipients)
  }

  /** The transactions for all recipients, or those that are left, as the limits of the server and the source allow. */
  transactions(left?: readonly ParsedRecipient[]): Transaction[] {
    const parts = left ? this.#plan(left) : this.#parts
    const possible = this.#message.repeatable ? parts.length : Math.max(0, 1 - this.#begun)
    const taken = parts.slice(0, possible)
    this.#begun += taken.length
    return taken.map(({ recipients, plan }) => {
      const writer = new MessageWriter(this.#message, this.#transmission.framing, this.#options.onProgress)
      const transaction = new Transaction(plan, writer)
      this.#recipientsOf.set(transaction, recipients)
      return transaction
    })
  }

  #plan(all: readonly ParsedRecipient[]): Part[] {
    return partRecipients(all, this.#offered.limits).map((recipients) => ({
      recipients,
      plan: planTransaction(this.#envelope, recipients, this.#transmission, this.#offered),
    }))
  }

  /** Notes what became of the recipients of a transaction. */
  note(transaction: Transaction, broken?: MailError): void {
    const outcomes = transaction.outcomes(broken)
    this.#recipientsOf.get(transaction)?.forEach((recipient, index) => {
      this.#outcomes.set(recipient, outcomes[index]!)
    })
  }

  /** The recipients that the server wants in another transaction, if one more may help. */
  get postponed(): ParsedRecipient[] {
    if (!this.#message.repeatable) return []
    return this.#envelope.recipients.filter(
      (recipient) => this.#outcomes.get(recipient)?.retry === 'now-in-another-transaction',
    )
  }

  /** What became of the message; `error` is what broke the session. */
  outcome(error?: MailError): SendOutcome {
    const rest = error ? cutOff : leftOver
    const recipients = this.#envelope.recipients.map(
      (recipient) => this.#outcomes.get(recipient) ?? rest(recipient.forwardPath),
    )
    return sumUp(recipients, error)
  }
}

/**
 * Sends one message, in as many transactions as it takes.
 *
 * @internal
 */
export async function send(channel: Channel, sending: Sending, allowance: Allowance): Promise<SendOutcome> {
  let transactions = sending.transactions()
  while (transactions.length > 0) {
    const before = sending.postponed.length
    for (const transaction of transactions) {
      if (allowance.left <= 0) return sending.outcome()
      const broken = await run(channel, transaction, allowance)
      sending.note(transaction, broken)
      if (broken) return sending.outcome(broken)
    }
    // RFC 5321 section 4.5.3.1.10: what was too many for one transaction goes in another, as long as that helps.
    const { postponed } = sending
    if (before > 0 && postponed.length >= before) break
    transactions = sending.transactions(postponed)
  }
  return sending.outcome()
}

async function run(channel: Channel, transaction: Transaction, allowance: Allowance): Promise<MailError | undefined> {
  const { state } = channel.session
  if (state !== 'ready') throw outOfTurn('send a message', `the session is in state "${state}"`)
  try {
    allowance.left--
    transaction.begin(channel)
    await transaction.proceed(channel)
    await transaction.finish(channel)
    return undefined
  } catch (error) {
    return asMailError(error)
  }
}
