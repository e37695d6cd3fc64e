/**
 * One mail transaction of a client: MAIL, RCPT, DATA, and what became of each recipient.
 * RFC 5321 section 3.3, RFC 2920 (groups).
 */

import type { Capabilities, ForwardPath } from '@posthorn/command'
import { MailError } from '@posthorn/core'
import { type Reply, replyClass } from '@posthorn/reply'
import type { Channel } from './channel.ts'
import { asMailError } from './driver.ts'
import { outOfTurn, type SmtpErrorCode } from './error.ts'
import type { ReplyEvent } from './event.ts'
import { asStream, type MessageSource, type StreamedMessage } from './message-source.ts'
import { outcomeOfReply, type RecipientOutcome, type SendOutcome, sumUp } from './outcome.ts'
import { type Envelope, planTransaction, type TransactionPlan } from './plan.ts'

// HAZARD: an endless group fills both ends' buffers, and each waits for the other (RFC 2920 section 3.1).
const MAX_GROUP = 100

// Output is collected up to this size, so that a small message is one write.
const WRITE_SIZE = 65_536

/**
 * One transaction.
 *
 * @internal
 */
export class Transaction {
  readonly #plan: TransactionPlan
  readonly #message: StreamedMessage
  readonly #outcomes: (RecipientOutcome | undefined)[]
  #dotSent = false

  constructor(envelope: Envelope, source: MessageSource, offered: Capabilities) {
    this.#message = asStream(source)
    this.#plan = planTransaction(envelope, this.#message, offered)
    this.#outcomes = this.#paths.map(() => undefined)
  }

  get #paths(): readonly ForwardPath[] {
    return this.#plan.forwardPaths
  }

  /** Runs it; rejects only when nothing has been sent. */
  async run(channel: Channel): Promise<SendOutcome> {
    if (channel.session.state !== 'ready') {
      throw outOfTurn('send a message', `the session is in state "${channel.session.state}"`)
    }
    try {
      channel.command(this.#plan.mail)
      await (channel.session.mayPipeline ? this.#inGroups(channel) : this.#inLockStep(channel))
      return sumUp(this.#settle())
    } catch (error) {
      return sumUp(this.#settleBroken(), asMailError(error))
    }
  }

  async #inGroups(channel: Channel): Promise<void> {
    const { recipients } = this.#plan
    let answered = 0
    for (let start = 0; start < recipients.length; start += MAX_GROUP) {
      const group = recipients.slice(start, start + MAX_GROUP)
      for (const command of group) channel.command(command)
      if (start + MAX_GROUP >= recipients.length) channel.command({ verb: 'DATA' })
      const mailAccepted = start > 0 || this.#onMail(await channel.event())
      for (const _ of group) this.#onRcpt(await channel.event(), answered++)
      if (!mailAccepted && answered < recipients.length) return
    }
    await this.#onData(channel, await channel.event())
  }

  async #inLockStep(channel: Channel): Promise<void> {
    if (!this.#onMail(await channel.event())) return
    for (const [index, command] of this.#plan.recipients.entries()) {
      channel.command(command)
      this.#onRcpt(await channel.event(), index)
    }
    if (this.#accepted.length === 0) return this.#reset(channel)
    channel.command({ verb: 'DATA' })
    await this.#onData(channel, await channel.event())
  }

  #onMail(event: ReplyEvent): boolean {
    const reply = event.reply
    if (replyClass(reply) === 2) return true
    this.#paths.forEach((path, index) => {
      this.#outcomes[index] = outcomeOfReply(path, reply)
    })
    return false
  }

  #onRcpt(event: ReplyEvent, index: number): void {
    // What answers RCPT after a refused MAIL is an echo; the reply to MAIL has decided.
    this.#outcomes[index] ??= outcomeOfReply(this.#paths[index]!, event.reply)
  }

  async #onData(channel: Channel, event: ReplyEvent): Promise<void> {
    if (event.type === 'send-body') {
      await this.#sendBody(channel)
      const reply = (await channel.event()).reply
      this.#decide(reply)
      return
    }
    const reply = event.reply
    // The session has sent a lone dot, because no recipient was accepted; its reply has to be taken.
    if (replyClass(reply) === 3) {
      await channel.event()
      return
    }
    this.#decide(reply)
    if (channel.session.state === 'rcpt' || channel.session.state === 'mail') await this.#reset(channel)
  }

  // One reply decides for all recipients that were still accepted.
  #decide(reply: Reply): void {
    for (const index of this.#accepted) this.#outcomes[index] = outcomeOfReply(this.#paths[index]!, reply)
  }

  async #sendBody(channel: Channel): Promise<void> {
    const { session } = channel
    let octets = 0
    let unwritten = 0
    for await (const chunk of this.#chunks(channel)) {
      session.sendBody(chunk)
      octets += chunk.length
      unwritten += chunk.length
      if (unwritten < WRITE_SIZE) continue
      await channel.flush()
      unwritten = 0
    }
    session.endBody()
    this.#dotSent = true
    channel.record({ type: 'message', octets })
  }

  // HAZARD: a source that fails must break the connection; a final dot would deliver half a message.
  async *#chunks(channel: Channel): AsyncGenerator<Uint8Array> {
    try {
      yield* this.#message.content
    } catch (cause) {
      throw channel.fail(
        new MailError<SmtpErrorCode>('SMTP_SOURCE_FAILED', 'Cannot send message: its source failed', { cause }),
      )
    }
  }

  async #reset(channel: Channel): Promise<void> {
    channel.command({ verb: 'RSET' })
    await channel.event()
  }

  get #accepted(): number[] {
    return this.#paths.map((_, index) => index).filter((index) => this.#outcomes[index]?.status === 'accepted')
  }

  #settle(): RecipientOutcome[] {
    return this.#paths.map((recipient, index) => this.#outcomes[index] ?? deferred(recipient))
  }

  // The connection broke: before the final dot nothing was taken, after it nobody knows.
  #settleBroken(): RecipientOutcome[] {
    return this.#paths.map((recipient, index): RecipientOutcome => {
      const outcome = this.#outcomes[index]
      if (outcome && outcome.status !== 'accepted') return outcome
      if (!outcome || !this.#dotSent) return deferred(recipient)
      return { recipient, status: 'unknown', retry: 'may-duplicate' }
    })
  }
}

function deferred(recipient: ForwardPath): RecipientOutcome {
  return { recipient, status: 'deferred', retry: 'now-on-another-host' }
}
