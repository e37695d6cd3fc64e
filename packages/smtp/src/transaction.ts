/**
 * One mail transaction of a client, in steps that can be laced with those of the next: MAIL, RCPT, the message, and what
 * became of each recipient. RFC 5321 section 3.3, RFC 2920 (groups), RFC 3030 (BDAT), RFC 2033 (LMTP).
 */

import type { Command, ForwardPath } from '@posthorn/command'
import type { MailError } from '@posthorn/core'
import { replyClass } from '@posthorn/reply'
import type { Channel } from './channel.ts'
import type { ReplyEvent } from './event.ts'
import type { MessageWriter } from './message-writer.ts'
import { Outcomes, type RecipientOutcome } from './outcome.ts'
import type { TransactionPlan } from './plan.ts'

// HAZARD: an endless group fills both ends' buffers, and each waits for the other (RFC 2920 section 3.1).
const MAX_GROUP = 100

/**
 * One transaction. `begin`, `proceed` and `finish` come in this order; with the pipelining level `messages` the next
 * transaction may begin between `proceed` and `finish`.
 *
 * @internal
 */
export class Transaction {
  readonly #plan: TransactionPlan
  readonly #writer: MessageWriter
  readonly #outcomes: Outcomes
  // How many recipients have been named, and how many of them answered.
  #named = 0
  #answered = 0
  #awaitsMessage = false
  #awaitsReset = false

  constructor(plan: TransactionPlan, writer: MessageWriter) {
    this.#plan = plan
    this.#writer = writer
    this.#outcomes = new Outcomes(plan.recipients.map(({ forwardPath }) => forwardPath))
  }

  get forwardPaths(): readonly ForwardPath[] {
    return this.#plan.recipients.map(({ forwardPath }) => forwardPath)
  }

  /** What became of each recipient, after `finish`, or after the session broke. */
  outcomes(broken?: MailError): RecipientOutcome[] {
    return broken ? this.#outcomes.settleBroken(this.#writer.ended) : this.#outcomes.settle()
  }

  /** Queues MAIL, and as much behind it as may stand in one group. */
  begin(channel: Channel): void {
    channel.command(this.#plan.mail)
    if (channel.session.pipelining !== 'none') this.#nameGroup(channel)
  }

  /** Takes the replies to the envelope, and queues the message if it may come. */
  async proceed(channel: Channel): Promise<void> {
    const mailAccepted = this.#onMail(await channel.event())
    if (channel.session.pipelining === 'none') await this.#inLockStep(channel, mailAccepted)
    else await this.#inGroups(channel, mailAccepted)
  }

  /** Takes the replies to the message, and leaves the session ready for the next transaction. */
  async finish(channel: Channel): Promise<void> {
    if (this.#awaitsMessage) await this.#readMessageReplies(channel)
    const { state } = channel.session
    if (!this.#awaitsReset && (state === 'mail' || state === 'rcpt' || state === 'chunk')) this.#reset(channel)
    if (this.#awaitsReset) await this.#readResetReply(channel)
  }

  get #isLastGroup(): boolean {
    return this.#named === this.#plan.recipients.length
  }

  #nameGroup(channel: Channel): void {
    const group = this.#plan.recipients.slice(this.#named, this.#named + MAX_GROUP)
    for (const command of group) channel.command(command)
    this.#named += group.length
    if (!this.#isLastGroup || channel.session.pipelining === 'envelope') return
    if (this.#writer.framing === 'DATA') channel.command({ verb: 'DATA' })
    else if (this.#writer.writeWhole(channel)) this.#awaitsMessage = true
  }

  async #inGroups(channel: Channel, mailAccepted: boolean): Promise<void> {
    for (;;) {
      while (this.#answered < this.#named) this.#onRcpt(await channel.event())
      if (this.#isLastGroup) break
      // What remains of the envelope would only be refused.
      if (!mailAccepted) return
      this.#nameGroup(channel)
    }
    if (this.#awaitsMessage) {
      // The chunk will be refused; what comes behind it must find no transaction.
      if (this.#outcomes.accepted === 0 && channel.session.mayPipeline) this.#reset(channel)
      return
    }
    if (this.#writer.framing === 'BDAT' || channel.session.pipelining === 'envelope') return this.#startMessage(channel)
    await this.#onData(channel, await channel.event())
  }

  async #inLockStep(channel: Channel, mailAccepted: boolean): Promise<void> {
    if (!mailAccepted) return
    for (const command of this.#plan.recipients) {
      channel.command(command)
      this.#onRcpt(await channel.event())
    }
    await this.#startMessage(channel)
  }

  // Begins the message on its own, when the recipients have been answered.
  async #startMessage(channel: Channel): Promise<void> {
    if (this.#outcomes.accepted === 0) return this.#resetIfOpen(channel)
    if (this.#writer.framing === 'DATA') {
      channel.command({ verb: 'DATA' })
      return this.#onData(channel, await channel.event())
    }
    const refusal = await this.#writer.writeChunks(channel)
    this.#awaitsMessage = !refusal
    if (!refusal) return
    this.#outcomes.decide(refusal.reply)
    if (channel.session.state === 'closed') throw channel.leave(refusal)
    // RFC 3030 section 2: what a refused chunk leaves behind, only RSET clears.
    this.#reset(channel)
  }

  #onMail({ reply }: ReplyEvent): boolean {
    if (replyClass(reply) === 2) return true
    this.#outcomes.refuseAll(reply)
    return false
  }

  #onRcpt({ reply }: ReplyEvent): void {
    this.#outcomes.answer(this.#answered++, reply)
  }

  async #onData(channel: Channel, event: ReplyEvent): Promise<void> {
    if (event.type === 'send-body') {
      const refusal = await this.#writer.writeBody(channel)
      this.#awaitsMessage = !refusal
      if (!refusal) return
      this.#outcomes.decide(refusal.reply)
      throw channel.leave(refusal)
    }
    // The session has sent a lone dot, because no recipient was accepted; its reply has to be taken.
    if (replyClass(event.reply) === 3) {
      channel.record({ type: 'message', octets: 0, framing: 'DATA' })
      this.#awaitsMessage = true
      return
    }
    this.#outcomes.decide(event.reply, 'DATA')
    this.#resetIfOpen(channel)
  }

  async #readMessageReplies(channel: Channel): Promise<void> {
    for (;;) {
      const event = await channel.event()
      // The replies to chunks before the last; the one to the last tells what became of the message.
      if (event.type === 'reply') continue
      if (event.type !== 'message-reply') return this.#outcomes.decide(event.reply)
      if (event.recipient !== undefined) this.#outcomes.decideOne(event.recipient, event.reply)
      else if (event.last) this.#outcomes.decide(event.reply)
      if (event.last) return
    }
  }

  async #readResetReply(channel: Channel): Promise<void> {
    for (;;) {
      const event = await channel.event()
      if (event.type !== 'reply' || event.command.verb === 'RSET') return
    }
  }

  #resetIfOpen(channel: Channel): void {
    const { state } = channel.session
    if (state === 'mail' || state === 'rcpt') this.#reset(channel)
  }

  #reset(channel: Channel): void {
    const command: Command = { verb: 'RSET' }
    channel.command(command)
    this.#awaitsReset = true
  }
}
