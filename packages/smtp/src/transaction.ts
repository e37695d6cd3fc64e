/**
 * One mail transaction of a client: MAIL, RCPT, DATA, and what became of each recipient.
 * RFC 5321 section 3.3, RFC 2920 (groups), RFC 1870 (SIZE), RFC 6152 (8BITMIME), RFC 6531 (SMTPUTF8).
 */

import {
  type Capabilities,
  type Command,
  type ForwardPath,
  formatCommand,
  isAsciiPath,
  type MailParameters,
  parseMailbox,
  type RcptParameters,
  type ReversePath,
} from '@posthorn/command'
import { MailError } from '@posthorn/core'
import { type Reply, replyClass } from '@posthorn/reply'
import type { ClientSession } from './client-session.ts'
import { asMailError } from './driver.ts'
import type { SmtpErrorCode } from './error.ts'
import type { ClientEvent } from './event.ts'
import { outcomeOfReply, type RecipientOutcome, type SendOutcome, sumUp } from './outcome.ts'
import type { Recorder } from './transcript.ts'

/** Who sends a message to whom. */
export interface Envelope {
  /** Where reports of failure go; `null` or `''` asks for none. Text is parsed as a mailbox. */
  readonly reversePath: ReversePath | string
  /** The recipients, at least one. Text is parsed as a mailbox. */
  readonly forwardPaths: readonly (ForwardPath | string)[]
  /** Parameters of MAIL beside SIZE, BODY and SMTPUTF8, which follow from the message. */
  readonly parameters?: MailParameters
  /** Parameters of each RCPT. */
  readonly recipientParameters?: RcptParameters
}

/** A message that is not in memory as a whole. */
export interface StreamedMessage {
  /** The octets in wire form, in order. */
  readonly content: AsyncIterable<Uint8Array>
  /** The number of octets, where known. */
  readonly size?: number
  /** Whether octets over 127 are among them; default `true`, because a server must be told. */
  readonly eightBit?: boolean
  /** Whether the header has UTF-8 (RFC 6532); default `false`. */
  readonly smtpUtf8?: boolean
}

/** A message in wire form, or a source of it. */
export type MessageSource = Uint8Array | StreamedMessage

/** What a transaction needs of the client. */
export interface Channel {
  readonly session: ClientSession
  readonly command: (command: Command) => void
  readonly event: () => Promise<Exclude<ClientEvent, { type: 'error' }>>
  readonly flush: () => Promise<void>
  readonly fail: (error: MailError) => MailError
  readonly record: Recorder
}

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
  readonly #commands: { readonly mail: Command; readonly recipients: readonly Command[] }
  readonly #paths: readonly ForwardPath[]
  readonly #message: StreamedMessage
  readonly #outcomes: (RecipientOutcome | undefined)[]
  #dotSent = false

  constructor(envelope: Envelope, source: MessageSource, offered: Capabilities) {
    this.#message = source instanceof Uint8Array ? inMemory(source) : source
    this.#paths = envelope.forwardPaths.map((path) => parseForwardPath(path))
    if (this.#paths.length === 0) throw fault('SMTP_NO_RECIPIENTS', 'it has no recipients')
    const reversePath = parseReversePath(envelope.reversePath)
    const parameters = plan(reversePath, this.#paths, { ...envelope.parameters }, this.#message, offered)
    this.#commands = {
      mail: { verb: 'MAIL', reversePath, parameters },
      recipients: this.#paths.map((forwardPath) => ({
        verb: 'RCPT',
        forwardPath,
        ...(envelope.recipientParameters && { parameters: envelope.recipientParameters }),
      })),
    }
    // Nothing is written before every argument of every command has been checked.
    for (const command of [this.#commands.mail, ...this.#commands.recipients]) formatCommand(command)
    this.#outcomes = this.#paths.map(() => undefined)
  }

  /** Runs it; rejects only when nothing has been sent. */
  async run(channel: Channel): Promise<SendOutcome> {
    if (channel.session.state !== 'ready') {
      throw fault('SMTP_OUT_OF_TURN', `the session is in state "${channel.session.state}"`)
    }
    try {
      const grouped = channel.session.capabilities.pipelining
      channel.command(this.#commands.mail)
      await (channel.session.mayPipeline && grouped ? this.#inGroups(channel) : this.#inLockStep(channel))
      return sumUp(this.#settle())
    } catch (error) {
      return sumUp(this.#settleBroken(), asMailError(error))
    }
  }

  async #inGroups(channel: Channel): Promise<void> {
    const { recipients } = this.#commands
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
    for (const [index, command] of this.#commands.recipients.entries()) {
      channel.command(command)
      this.#onRcpt(await channel.event(), index)
    }
    if (this.#accepted.length === 0) return this.#reset(channel)
    channel.command({ verb: 'DATA' })
    await this.#onData(channel, await channel.event())
  }

  #onMail(event: ClientEvent): boolean {
    const reply = replyOf(event)
    if (replyClass(reply) === 2) return true
    this.#paths.forEach((path, index) => {
      this.#outcomes[index] = outcomeOfReply(path, reply)
    })
    return false
  }

  #onRcpt(event: ClientEvent, index: number): void {
    // What answers RCPT after a refused MAIL is an echo; the reply to MAIL has decided.
    this.#outcomes[index] ??= outcomeOfReply(this.#paths[index]!, replyOf(event))
  }

  async #onData(channel: Channel, event: ClientEvent): Promise<void> {
    if (event.type === 'send-body') {
      await this.#sendBody(channel)
      const reply = replyOf(await channel.event())
      this.#decide(reply)
      return
    }
    const reply = replyOf(event)
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
    const chunks = this.#message.content[Symbol.asyncIterator]()
    for (;;) {
      const next = await chunks.next().catch((cause) => {
        const why = 'Cannot send message: its source failed'
        throw channel.fail(new MailError<SmtpErrorCode>('SMTP_SOURCE_FAILED', why, { cause }))
      })
      if (next.done) return
      yield next.value
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

function replyOf(event: ClientEvent): Reply {
  if (event.type === 'error') throw event.error
  return event.reply
}

function parseReversePath(path: ReversePath | string): ReversePath {
  if (typeof path !== 'string') return path
  return path === '' ? null : parseMailbox(path)
}

function parseForwardPath(path: ForwardPath | string): ForwardPath {
  if (typeof path !== 'string') return path
  return path.toLowerCase() === 'postmaster' ? 'postmaster' : parseMailbox(path)
}

function inMemory(bytes: Uint8Array): StreamedMessage {
  async function* pieces(): AsyncGenerator<Uint8Array> {
    for (let start = 0; start < bytes.length; start += WRITE_SIZE) yield bytes.subarray(start, start + WRITE_SIZE)
  }
  return { content: pieces(), size: bytes.length, eightBit: hasEightBit(bytes) }
}

function hasEightBit(bytes: Uint8Array): boolean {
  for (let index = 0; index < bytes.length; index++) if (bytes[index]! > 127) return true
  return false
}

// What the server must be told, and whether it can take the message at all.
function plan(
  reversePath: ReversePath,
  paths: readonly ForwardPath[],
  parameters: MailParameters,
  message: StreamedMessage,
  offered: Capabilities,
): MailParameters {
  const { size, eightBit = true, smtpUtf8 = false } = message
  const needsUtf8 = smtpUtf8 || parameters.smtpUtf8 === true || ![reversePath, ...paths].every(isAsciiPath)
  if (needsUtf8 && !offered.smtpUtf8) throw fault('SMTP_NOT_OFFERED', 'the server does not offer SMTPUTF8')
  // RFC 6152 section 3: without 8BITMIME the message must be made 7-bit, which is its composer's work.
  if (eightBit && !offered.eightBitMime) throw fault('SMTP_NOT_OFFERED', 'the server does not offer 8BITMIME')
  const limit = offered.size?.limit
  if (size !== undefined && limit !== undefined && size > limit) {
    throw fault('SMTP_MESSAGE_TOO_LARGE', `it has ${size} octets and the server takes ${limit}`)
  }
  return {
    ...parameters,
    ...(size !== undefined && offered.size && { size }),
    ...(eightBit && { body: '8BITMIME' as const }),
    ...(needsUtf8 && { smtpUtf8: true }),
  }
}

function fault(code: SmtpErrorCode, why: string): MailError<SmtpErrorCode> {
  return new MailError(code, `Cannot send message: ${why}`, { spec: 'rfc5321#section-3.3' })
}
