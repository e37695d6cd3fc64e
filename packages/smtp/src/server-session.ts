/**
 * The server end of an SMTP or LMTP session without I/O: octets and decisions in, events and octets out.
 * RFC 5321, RFC 1870 (SIZE), RFC 2033 (LMTP), RFC 2920 (groups), RFC 3030 (BDAT), RFC 3207 (STARTTLS), RFC 4954 (AUTH),
 * RFC 9422 (LIMITS). Out of scope: sockets, time, who may send to whom; `server.ts` and its handlers have those.
 */

import type { ClientAttribute, Command } from '@posthorn/command'
import { encodeBase64, type Line, LineBuffer } from '@posthorn/core'
import type { Reply } from '@posthorn/reply'
import type { Deadline } from './deadline.ts'
import type { ServerEvent } from './event.ts'
import { IncomingTransaction } from './incoming-transaction.ts'
import { type IntakeStep, MessageIntake } from './message-intake.ts'
import { Offer } from './offer.ts'
import { Patience } from './patience.ts'
import { MAX_LINE, readCommand, readResponse } from './received-line.ts'
import { receivedEntry } from './received-text.ts'
import { refusalOf } from './refusal.ts'
import { ServerDialogue } from './server-dialogue.ts'
import { responseTo } from './server-response.ts'
import type { ServerSessionOptions } from './server-session-options.ts'
import { ServerTrust } from './server-trust.ts'
import { chunkTaken, done, greeting, replyToBadMessage, standardReply, withSummary } from './standard-reply.ts'
import { type Exchange, outcomeOf, type SessionState } from './state.ts'
import { HIDDEN_RESPONSE } from './transcript.ts'

/**
 * The server end of a session.
 *
 * The caller feeds what it receives, pulls events until there is none, and writes what `takeOutput` gives. The events
 * `connect`, `auth`, `auth-response`, `xclient`, `mail`, `rcpt` and `message-end` wait for `reply` (or `challenge`); the
 * session answers everything else itself. A fault of the client is a reply, or the event `error`, after which nothing
 * comes.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc5321#section-4.1.4 | RFC 5321 section 4.1.4}
 * @example
 * const session = new ServerSession({ hostname: 'mx.example' })
 * session.nextEvent() // { type: 'connect' }
 * session.accept()
 * new TextDecoder().decode(session.takeOutput()) // '220 mx.example ESMTP\r\n'
 */
export class ServerSession {
  readonly #options: ServerSessionOptions
  readonly #dialogue: ServerDialogue
  readonly #lines = new LineBuffer({ maxLength: MAX_LINE })
  readonly #transaction = new IncomingTransaction()
  readonly #intake: MessageIntake
  readonly #patience: Patience
  readonly #trust: ServerTrust
  readonly #offer: Offer
  #attributes: readonly ClientAttribute[] | undefined

  /** @param options How to behave. */
  constructor(options: ServerSessionOptions) {
    this.#options = options
    this.#dialogue = new ServerDialogue(options.record)
    this.#trust = new ServerTrust(options.secured ?? false, options.channelBinding ?? false)
    this.#offer = new Offer(options)
    this.#intake = new MessageIntake(options)
    this.#patience = new Patience(options)
  }

  /** Where the session stands, by the replies that have been given. */
  get state(): SessionState {
    return this.#dialogue.state
  }

  /** Whether TLS is in force. */
  get secured(): boolean {
    return this.#trust.secured
  }

  /** Whether the client has authenticated. */
  get authenticated(): boolean {
    return this.#trust.authenticated
  }

  /**
   * Whether the event `message-end` can be answered for each recipient: in LMTP, and where the client asked for PRDR and
   * it is offered.
   */
  get perRecipient(): boolean {
    return this.#options.protocol === 'lmtp' || this.#transaction.prdr
  }

  /** What is awaited of the client and for how long; `undefined` while it is the caller's turn, and at the end. */
  get deadline(): Deadline | undefined {
    return this.#dialogue.deadline(this.#intake.reading)
  }

  /**
   * Feeds octets from the client; never throws.
   *
   * @param bytes Any number of them, split anywhere.
   * @param options Whether nobody changes them until all are used, so that they need no copy; default `false`.
   */
  receive(bytes: Uint8Array, { adopt = false }: { readonly adopt?: boolean } = {}): void {
    if (this.state === 'upgrading') this.#dialogue.fail('SMTP_TLS_INJECTION', 'plaintext came behind STARTTLS')
    this.#lines[adopt ? 'adopt' : 'push'](bytes)
  }

  /** Tells that the client has closed the connection. */
  end(): void {
    if (this.state !== 'closed') this.#dialogue.fail('SMTP_CLOSED', 'the client closed the connection')
  }

  /** Begins to end the session: with 421 at once, or when the open transaction is over (RFC 5321 section 3.8). */
  shutDown(): void {
    this.#dialogue.shutDown()
  }

  /** Gives the octets to write, and forgets them. Other sessions may have them too: they are neither to be changed nor given away. */
  takeOutput(): Uint8Array {
    return this.#dialogue.takeOutput()
  }

  /**
   * Answers the event that waits with the usual reply of success.
   *
   * @throws {MailError} `SMTP_OUT_OF_TURN` when no event waits.
   */
  accept(): void {
    const exchange = this.#dialogue.awaited()
    const greets = exchange === 'greeting' || exchange === 'XCLIENT'
    this.reply(greets ? greeting(this.#options.hostname, this.#options.protocol) : done(exchange))
  }

  /**
   * Answers the event that waits; in LMTP the end of a message for every recipient alike.
   *
   * @param reply The reply; its class decides where the session goes.
   * @throws {MailError} `SMTP_OUT_OF_TURN` when no event waits, and the codes of `encodeReply`.
   */
  reply(reply: Reply): void {
    this.#answer(this.#dialogue.awaited(), reply)
  }

  /**
   * Answers the event `message-end` for each recipient.
   *
   * @param replies The reply for each recipient that was accepted, in order.
   * @throws {MailError} `SMTP_OUT_OF_TURN` when the event does not wait, each recipient cannot have a reply of its own, or
   * their number is another; and the codes of `encodeReply`.
   */
  replyEach(replies: readonly Reply[]): void {
    const exchange = this.#dialogue.awaited()
    if (exchange !== 'message' || !this.perRecipient || replies.length !== this.#transaction.recipients) {
      throw this.#dialogue.outOfTurn('replies for each recipient')
    }
    this.#settle(exchange, this.#options.protocol === 'lmtp' ? replies : withSummary(replies))
  }

  /**
   * Answers `auth` or `auth-response` with one more challenge.
   *
   * @param data The challenge.
   * @throws {MailError} `SMTP_OUT_OF_TURN` when neither waits.
   */
  challenge(data: Uint8Array): void {
    const { awaiting } = this.#dialogue
    if (awaiting !== 'AUTH' && awaiting !== 'response') throw this.#dialogue.outOfTurn('a challenge')
    this.reply({ code: 334, lines: [encodeBase64(data)] })
  }

  /**
   * Tells that the TLS handshake is done: all that was learnt before it is forgotten.
   *
   * @param options Whether it has a channel binding, so that mechanisms with `-PLUS` can be offered; default not.
   * @throws {MailError} `SMTP_OUT_OF_TURN` without the event `upgrade-tls`.
   */
  tlsEstablished(options: { readonly channelBinding?: boolean } = {}): void {
    if (this.state !== 'upgrading' || this.#dialogue.failed) throw this.#dialogue.outOfTurn('a handshake')
    this.#dialogue.move('handshake ok')
    this.#trust.onTls(options.channelBinding ?? false)
  }

  /** The names of the mechanisms that the client can be offered now. */
  get mechanisms(): readonly string[] {
    return this.#offer.mechanisms(this.#trust)
  }

  /** Gives the next event; `undefined` until there is more input, a waiting one is answered, or TLS is up. */
  nextEvent(): ServerEvent | undefined {
    while (!this.#dialogue.failed) {
      const event = this.#dialogue.next()
      if (event) return event
      if (!this.#dialogue.mayRead || !this.#step()) return undefined
    }
    return this.#dialogue.tellFailure()
  }

  // Takes one piece of what has come; false when there is none.
  #step(): boolean {
    if (this.#intake.reading) return this.#readMessage()
    const line = this.#lines.next()
    if (!line) return false
    if (this.state === 'challenged') this.#onResponse(line)
    else this.#onLine(line)
    return true
  }

  #onLine(line: Line): void {
    const read = readCommand(line)
    this.#dialogue.hear(() => receivedEntry(line))
    if ('reply' in read) {
      // HAZARD: what follows a chunk's command that cannot be read would be taken as commands.
      if (read.verb === 'BDAT') this.#dialogue.close(standardReply('badChunk'))
      else this.#mistake(read.reply)
      return
    }
    const { command } = read
    if (command.verb === 'RCPT') this.#transaction.try()
    const refusal = refusalOf(command, this.#options, {
      state: this.state,
      offer: this.#offer,
      trust: this.#trust,
      transaction: this.#transaction,
      chunked: this.#intake.chunked,
    })
    if (this.#patience.endsWithCommand(command.verb)) this.#dialogue.close(standardReply('tooManyIdleCommands'))
    else if (command.verb === 'BDAT') this.#onChunk(command, refusal)
    else if (refusal) this.#mistake(refusal)
    else this.#onCommand(command)
  }

  #onCommand(command: Exclude<Command, { verb: 'BDAT' }>): void {
    const { verb } = command
    // HAZARD: commands behind STARTTLS would be taken as if they had come through TLS (RFC 3207 section 4.2).
    if (verb === 'STARTTLS' && this.#lines.length > 0) {
      this.#dialogue.fail('SMTP_TLS_INJECTION', 'plaintext came behind STARTTLS')
      return
    }
    if (verb === 'MAIL') this.#transaction.begin(command)
    if (verb === 'RCPT') this.#transaction.ask(command.forwardPath)
    if (verb === 'XCLIENT') this.#attributes = command.attributes
    const { reply, event, drops } = responseTo(command, this.#options.hostname, this.#offer, this.#trust)
    if (reply) this.#settle(verb, [reply])
    if (verb === 'DATA') this.#intake.startData(this.#transaction)
    // Whoever takes a message of which chunks have come hears first that it is void.
    const error = drops && this.#intake.abandon()
    if (error) this.#dialogue.tell({ type: 'message-refused', error })
    if (event) this.#dialogue.tell(event)
  }

  // RFC 3030 section 2: the octets of a chunk are read whether it is refused or not.
  #onChunk(command: Extract<Command, { verb: 'BDAT' }>, refusal: Reply | undefined): void {
    if (!refusal) {
      if (this.#intake.startChunk(command, this.#transaction)) this.#dialogue.tell({ type: 'message-start' })
    } else if (!this.#intake.startDiscard(command.size, refusal)) this.#dialogue.close(refusal)
  }

  #readMessage(): boolean {
    const step = this.#intake.read(this.#lines)
    if (!step) return false
    if (step.type === 'body') this.#dialogue.tell(step)
    else if (step.type === 'discarded') this.#mistake(step.reply)
    else if (step.type === 'endless')
      this.#dialogue.fail('SMTP_MESSAGE_TOO_LARGE', 'the message goes on far beyond the limit')
    else if (step.type === 'message-end') this.#onMessageEnd(step)
    else this.#settle('BDAT', [step.problem ? replyToBadMessage(step.problem) : chunkTaken(step.octets)])
    return true
  }

  #onMessageEnd({ problem, octets, framing }: Extract<IntakeStep, { type: 'message-end' }>): void {
    this.#dialogue.hear(() => ({ type: 'message', octets, framing }))
    this.#dialogue.move('body end')
    if (problem) this.#answer('message', replyToBadMessage(problem))
    this.#dialogue.tell(problem ? { type: 'message-refused', error: problem } : { type: 'message-end' })
  }

  #onResponse(line: Line): void {
    const read = readResponse(line)
    this.#dialogue.hear(() => HIDDEN_RESPONSE)
    if ('data' in read) this.#dialogue.tell({ type: 'auth-response', data: read.data })
    else this.#answer('response', read.reply)
  }

  #answer(exchange: Exchange, reply: Reply): void {
    // A password that is wrong is a mistake too, so that one session cannot try many.
    const wrong = (exchange === 'AUTH' || exchange === 'response') && outcomeOf(reply.code) === 'no'
    const given = wrong && this.#patience.endsWithMistake() ? standardReply('tooManyMistakes') : reply
    const copies = exchange === 'message' && this.#options.protocol === 'lmtp' ? this.#transaction.recipients : 1
    this.#settle(exchange, copies > 1 ? Array<Reply>(copies).fill(given) : [given])
  }

  #settle(exchange: Exchange, replies: readonly Reply[]): void {
    if (this.#dialogue.settle(exchange, replies) !== 'ok') return
    if (exchange === 'AUTH' || exchange === 'response') this.#trust.onAuthenticated()
    if (exchange === 'MAIL') this.#transaction.open()
    if (exchange === 'RCPT') this.#transaction.accept()
    if (exchange === 'message') this.#patience.onMessage()
    if (exchange === 'XCLIENT') this.#trust.onXclient(this.#attributes ?? [])
  }

  // Answers a mistake; too many of them end the session.
  #mistake(reply: Reply): void {
    if (this.#patience.endsWithMistake()) this.#dialogue.close(standardReply('tooManyMistakes'))
    else this.#dialogue.say(reply)
  }
}
