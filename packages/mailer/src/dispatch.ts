/**
 * One message on its way through the pool: the sessions that it takes, and what became of each recipient. It goes on to
 * another session only for recipients of whom no server can have taken the message: RFC 5321 section 4.2.5 and 6.1.
 */

import { MailError } from '@posthorn/core'
import type { OutgoingMessage, RecipientOutcome, SendOptions, SendOutcome, SmtpClient } from '@posthorn/smtp'
import { type BareEnvelope, withoutDsn } from './dsn-parameters.ts'
import { fault } from './error.ts'
import type { MailerListener } from './event.ts'
import type { PreparedMail } from './mail.ts'
import { isLasting, type MailOutcome, sumUp, unsent } from './outcome.ts'
import { type WatchedSource, watchSource } from './source.ts'

/** What all messages of a mailer have in common. */
export interface DispatchContext {
  /** In how many sessions in a row one may be begun in vain. */
  readonly attempts: number
  readonly emit: MailerListener
}

/** How one message is sent. */
interface DispatchOptions extends SendOptions {
  readonly lane?: string
}

/**
 * One message on its way.
 *
 * @internal
 */
export class Dispatch {
  readonly lane: string
  /** What becomes of the message; it never rejects. */
  readonly outcome: Promise<MailOutcome>
  readonly #mail: PreparedMail
  readonly #options: DispatchOptions
  readonly #context: DispatchContext
  // What became of each recipient, by position, once it is known.
  readonly #settled: (RecipientOutcome | undefined)[] = []
  readonly #source: WatchedSource
  // The positions of the recipients that are still to be served.
  #left: readonly number[]
  #resolve: (outcome: MailOutcome) => void = () => undefined
  #attempts = 0
  // Sessions in a row in which nothing was settled.
  #fruitless = 0
  #failedOpenings = 0
  // Whether the session that it goes over lacks DSN, and whether it was accepted over one that does.
  #lacksDsn = false
  #withoutDsn = false
  #error: MailError | undefined

  constructor(mail: PreparedMail, options: DispatchOptions, context: DispatchContext) {
    this.#mail = mail
    this.#options = options
    this.#context = context
    this.lane = options.lane ?? ''
    this.#left = mail.envelope.forwardPaths.map((_, index) => index)
    this.#source = watchSource(mail.source)
    this.outcome = new Promise((resolve) => {
      this.#resolve = resolve
    })
  }

  /** Whether it can be given up while it is sent, so that its session is its own meanwhile. */
  get canBeGivenUp(): boolean {
    return this.#options.signal !== undefined
  }

  /** Sends what is left over a session; true when another session is needed, else `conclude` follows. It never rejects. */
  async run(client: SmtpClient): Promise<boolean> {
    const { envelope, message } = this.begin(client)
    try {
      return this.hear(await client.send(envelope, message, this.#options))
    } catch (error) {
      this.#failAll(error instanceof MailError ? error : fault('MAILER_CONNECT_FAILED', 'send message', error))
      return false
    }
  }

  /** Gives what is left as it goes over a session; `hear` follows. */
  begin(client: SmtpClient): OutgoingMessage {
    this.#attempts++
    const { envelope, isChanged } = this.#envelopeFor(client)
    this.#lacksDsn = isChanged
    return { envelope, message: this.#source.message, options: this.#options }
  }

  /** Takes what became of it in a session; true when another session is needed, else `conclude` follows. */
  hear(outcome: SendOutcome): boolean {
    // A message that could not be sent at all is one that no server was told of.
    if (outcome.recipients.length === 0 && outcome.error) {
      this.#failAll(outcome.error)
      return false
    }
    if (this.#lacksDsn) this.#withoutDsn ||= outcome.recipients.some(({ status }) => status === 'accepted')
    this.#note(outcome)
    const goesOn = this.#mayGoOn()
    if (goesOn) this.#tellRetry()
    return goesOn
  }

  /** A session could not be opened; true when the message waits for another. */
  openingFailed(error: MailError): boolean {
    this.#failedOpenings++
    if (this.#failedOpenings < this.#context.attempts) return true
    this.giveUp(error)
    return false
  }

  /** No further session is to be had. */
  giveUp(error: MailError): void {
    this.#failAll(error)
    this.conclude()
  }

  #failAll(error: MailError): void {
    this.#error = error
    for (const index of this.#left) {
      this.#settled[index] ??= unsent(this.#mail.paths[index]!, isLasting(error))
    }
  }

  // The recipients that are left, and no more than this server knows of DSN: RFC 3461 section 5.2.2.
  #envelopeFor({ capabilities }: SmtpClient): BareEnvelope {
    const { envelope: whole } = this.#mail
    const all = whole.forwardPaths
    const isWhole = this.#left.length === all.length
    const envelope = isWhole ? whole : { ...whole, forwardPaths: this.#left.map((index) => all[index]!) }
    return capabilities.dsn ? { envelope, isChanged: false } : withoutDsn(envelope)
  }

  // What a session told of recipients; those that are to go on are left.
  #note(outcome: SendOutcome): void {
    const asked = this.#left
    this.#error = outcome.error
    const left: number[] = []
    outcome.recipients.forEach((recipient, position) => {
      const index = asked[position]!
      this.#settled[index] = recipient
      if (goesOn(recipient, outcome)) left.push(index)
    })
    this.#fruitless = left.length < asked.length ? 0 : this.#fruitless + 1
    this.#left = left
  }

  #mayGoOn(): boolean {
    if (this.#left.length === 0 || this.#fruitless >= this.#context.attempts) return false
    return !this.#source.isSpent && this.#options.signal?.aborted !== true
  }

  #tellRetry(): void {
    const { messageId } = this.#mail
    this.#context.emit({
      type: 'retrying',
      ...(messageId !== undefined && { messageId }),
      ...(this.#error && { error: this.#error }),
    })
  }

  /** Tells what became of the message, once its session can be used for the next. */
  conclude(): void {
    const recipients = this.#mail.envelope.forwardPaths.map((_, index) => this.#settled[index]!)
    const { messageId } = this.#mail
    this.#resolve({
      type: sumUp(recipients),
      recipients,
      attempts: this.#attempts,
      ...(messageId !== undefined && { messageId }),
      ...(this.#withoutDsn && { withoutDsn: true }),
      ...(this.#error && { error: this.#error }),
    })
  }
}

// A recipient that the end of its session cut off, or that found no room in it, has not had the message.
function goesOn({ status, retry, reply }: RecipientOutcome, { error }: SendOutcome): boolean {
  if (status !== 'deferred') return false
  if (retry === 'now-in-another-transaction') return true
  return error !== undefined && retry === 'now-on-another-host' && (reply === undefined || reply.code === 421)
}
