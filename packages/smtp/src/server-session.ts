/**
 * The server end of an SMTP session without I/O: octets and decisions in, events and octets out.
 * RFC 5321, RFC 1870 (SIZE), RFC 2920 (groups), RFC 3207 (STARTTLS), RFC 4954 (AUTH).
 * Out of scope: sockets, time, who may send to whom; `server.ts` and its handlers have those.
 */

import type { Command, Tolerated } from '@posthorn/command'
import { concatBytes, encodeBase64, type Line, LineBuffer, type MailError } from '@posthorn/core'
import { encodeReply, type Reply } from '@posthorn/reply'
import { type Deadline, deadlineFor } from './deadline.ts'
import { fault, outOfTurn, type SmtpErrorCode } from './error.ts'
import type { ServerEvent } from './event.ts'
import { MessageReceiver } from './message-receiver.ts'
import { capabilitiesOf, DEFAULT_MAX_SIZE, type ServerSessionOptions } from './offer.ts'
import { MAX_LINE, readCommand, readResponse } from './received-line.ts'
import { refusalOf, type Standing } from './refusal.ts'
import { done, goodbye, greeting, standardReply } from './standard-reply.ts'
import { type Exchange, outcomeOf, type SessionState, TRANSITIONS, type Trigger } from './state.ts'

/**
 * The server end of a session.
 *
 * The caller feeds what it receives, pulls events until there is none, and writes what `takeOutput` gives. The events
 * `connect`, `auth`, `auth-response`, `mail`, `rcpt` and `message-end` wait for `reply` (or `challenge`); the session
 * answers everything else itself. A fault of the client is a reply, or the event `error`, after which nothing comes.
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
  readonly #lines = new LineBuffer({ maxLength: MAX_LINE })
  #state: SessionState = 'connected'
  #output: Uint8Array[] = []
  #awaiting: Exchange | undefined
  #connectTold = false
  #secured: boolean
  #authenticated = false
  #smtpUtf8 = false
  #recipients = 0
  #triedRecipients = false
  #mistakes = 0
  #receiver: MessageReceiver | undefined
  #failure: MailError | undefined

  /** @param options How to behave. */
  constructor(options: ServerSessionOptions) {
    this.#options = options
    this.#secured = options.secured ?? false
  }

  /** Where the session stands, by the replies that have been given. */
  get state(): SessionState {
    return this.#state
  }

  /** Whether TLS is in force. */
  get secured(): boolean {
    return this.#secured
  }

  /** Whether the client has authenticated. */
  get authenticated(): boolean {
    return this.#authenticated
  }

  /** What is awaited of the client and for how long; `undefined` while it is the caller's turn, and at the end. */
  get deadline(): Deadline | undefined {
    if (this.#awaiting || this.#state === 'closed') return undefined
    if (this.#state === 'upgrading') return deadlineFor('handshake')
    return deadlineFor(this.#state === 'body' ? 'body' : 'command')
  }

  /**
   * Feeds octets from the client; never throws.
   *
   * @param bytes Any number of them, split anywhere.
   */
  receive(bytes: Uint8Array): void {
    if (this.#state === 'upgrading') this.#fail('SMTP_TLS_INJECTION', 'plaintext came behind STARTTLS')
    this.#lines.push(bytes)
  }

  /** Tells that the client has closed the connection. */
  end(): void {
    if (this.#state !== 'closed') this.#fail('SMTP_CLOSED', 'the client closed the connection')
  }

  /** Gives the octets to write, and forgets them. */
  takeOutput(): Uint8Array {
    const output = concatBytes(this.#output)
    this.#output = []
    return output
  }

  /**
   * Answers the event that waits with the usual reply of success.
   *
   * @throws {MailError} `SMTP_OUT_OF_TURN` when no event waits.
   */
  accept(): void {
    const exchange = this.#awaiting
    if (!exchange) throw this.#outOfTurn('a reply')
    this.reply(exchange === 'greeting' ? greeting(this.#options.hostname) : done(exchange))
  }

  /**
   * Answers the event that waits.
   *
   * @param reply The reply; its class decides where the session goes.
   * @throws {MailError} `SMTP_OUT_OF_TURN` when no event waits, and the codes of `encodeReply`.
   */
  reply(reply: Reply): void {
    const exchange = this.#awaiting
    if (!exchange) throw this.#outOfTurn('a reply')
    // A password that is wrong is a mistake too, so that one session cannot try many.
    const wrong = (exchange === 'AUTH' || exchange === 'response') && outcomeOf(reply.code) === 'no'
    const given = wrong && this.#isOneTooMany() ? standardReply('tooManyMistakes') : reply
    this.#output.push(encodeReply(given))
    this.#awaiting = undefined
    const outcome = outcomeOf(given.code)
    if (outcome === 'ok') this.#onAccepted(exchange)
    this.#move(`${exchange} ${outcome}`)
    if (given.code === 421) this.#state = 'closed'
  }

  /**
   * Answers `auth` or `auth-response` with one more challenge.
   *
   * @param data The challenge.
   * @throws {MailError} `SMTP_OUT_OF_TURN` when neither waits.
   */
  challenge(data: Uint8Array): void {
    if (this.#awaiting !== 'AUTH' && this.#awaiting !== 'response') throw this.#outOfTurn('a challenge')
    this.reply({ code: 334, lines: [encodeBase64(data)] })
  }

  /**
   * Tells that the TLS handshake is done: all that was learnt before it is forgotten.
   *
   * @throws {MailError} `SMTP_OUT_OF_TURN` without the event `upgrade-tls`.
   */
  tlsEstablished(): void {
    if (this.#state !== 'upgrading' || this.#failure) throw this.#outOfTurn('a handshake')
    this.#move('handshake ok')
    this.#secured = true
    this.#authenticated = false
  }

  /** Gives the next event; `undefined` until there is more input, a waiting one is answered, or TLS is up. */
  nextEvent(): ServerEvent | undefined {
    while (!this.#failure) {
      if (this.#awaiting || this.#state === 'closed' || this.#state === 'upgrading') return undefined
      if (!this.#connectTold) {
        this.#connectTold = true
        this.#awaiting = 'greeting'
        return { type: 'connect' }
      }
      if (this.#receiver)
        return this.#state === 'body' ? this.#readBody(this.#receiver) : this.#finishBody(this.#receiver)
      const line = this.#lines.next()
      if (!line) return undefined
      const event = this.#state === 'challenged' ? this.#onResponse(line) : this.#onLine(line)
      if (event) return event
    }
    return this.#tellFailure()
  }

  #onLine(line: Line): ServerEvent | undefined {
    const read = readCommand(line)
    if ('reply' in read) return this.#mistake(read.reply)
    const { command } = read
    this.#triedRecipients ||= command.verb === 'RCPT'
    const refusal = refusalOf(command, this.#options, this.#standing)
    return refusal ? this.#mistake(refusal) : this.#onCommand(command)
  }

  get #standing(): Standing {
    return {
      state: this.#state,
      secured: this.#secured,
      authenticated: this.#authenticated,
      triedRecipients: this.#triedRecipients,
      smtpUtf8: this.#smtpUtf8,
    }
  }

  #onCommand(command: Command): ServerEvent | undefined {
    switch (command.verb) {
      case 'EHLO':
      case 'HELO':
        return this.#onHello(command)
      case 'STARTTLS':
        return this.#onStartTls()
      case 'AUTH': {
        const { mechanism, initialResponse } = command
        this.#awaiting = 'AUTH'
        return { type: 'auth', mechanism, ...(initialResponse && { initialResponse }) }
      }
      case 'MAIL':
        return this.#onMail(command)
      case 'RCPT':
        return this.#onRcpt(command)
      case 'DATA':
        return this.#onData()
      case 'RSET':
        this.#answer('RSET', done('RSET'))
        return { type: 'reset' }
      case 'QUIT':
        this.#answer('QUIT', goodbye(this.#options.hostname))
        return { type: 'quit' }
      default:
        this.#answer(command.verb, done(command.verb))
        return undefined
    }
  }

  #onHello(command: Extract<Command, { verb: 'EHLO' | 'HELO' }>): ServerEvent {
    const { verb, domain } = command
    const extended = verb === 'EHLO'
    const extensions = extended ? capabilitiesOf(this.#options, this.#secured, this.#authenticated) : []
    this.#answer(verb, { code: 250, lines: [this.#options.hostname, ...extensions] })
    return { type: 'hello', domain, extended, ...toleratedIn(command) }
  }

  #onStartTls(): ServerEvent | undefined {
    // HAZARD: commands behind STARTTLS would be taken as if they had come through TLS (RFC 3207 section 4.2).
    if (this.#lines.length > 0) {
      this.#fail('SMTP_TLS_INJECTION', 'plaintext came behind STARTTLS')
      return undefined
    }
    this.#answer('STARTTLS', standardReply('startTls'))
    return { type: 'upgrade-tls' }
  }

  #onMail(command: Extract<Command, { verb: 'MAIL' }>): ServerEvent {
    const { reversePath, parameters = {} } = command
    this.#recipients = 0
    this.#triedRecipients = false
    this.#smtpUtf8 = parameters.smtpUtf8 === true
    this.#awaiting = 'MAIL'
    return { type: 'mail', reversePath, parameters, ...toleratedIn(command) }
  }

  #onRcpt(command: Extract<Command, { verb: 'RCPT' }>): ServerEvent | undefined {
    const { forwardPath, parameters = {} } = command
    if (this.#recipients >= (this.#options.maxRecipients ?? 1000)) {
      this.#answer('RCPT', standardReply('tooManyRecipients'))
      return undefined
    }
    this.#awaiting = 'RCPT'
    return { type: 'rcpt', forwardPath, parameters, ...toleratedIn(command) }
  }

  #onData(): ServerEvent {
    this.#answer('DATA', standardReply('sendMessage'))
    this.#receiver = new MessageReceiver(this.#options.maxSize ?? DEFAULT_MAX_SIZE)
    return { type: 'message-start' }
  }

  #readBody(receiver: MessageReceiver): ServerEvent | undefined {
    const waiting = this.#lines.drain()
    if (waiting.length === 0) return undefined
    const bytes = receiver.push(waiting)
    if (receiver.ended) this.#move('body end')
    else if (receiver.endless) {
      this.#fail('SMTP_MESSAGE_TOO_LARGE', 'the message goes on far beyond the limit')
      return this.#tellFailure()
    }
    if (!receiver.problem && bytes.length > 0) return { type: 'body', bytes }
    return receiver.ended ? this.#finishBody(receiver) : undefined
  }

  #finishBody(receiver: MessageReceiver): ServerEvent {
    this.#lines.push(receiver.rest)
    this.#receiver = undefined
    this.#awaiting = 'message'
    const error = receiver.problem
    if (!error) return { type: 'message-end' }
    this.reply(standardReply(error.code === 'SMTP_BARE_NEWLINE' ? 'bareNewlineInMessage' : 'tooLarge'))
    return { type: 'message-refused', error }
  }

  #onResponse(line: Line): ServerEvent | undefined {
    const read = readResponse(line)
    this.#awaiting = 'response'
    if ('data' in read) return { type: 'auth-response', data: read.data }
    this.reply(read.reply)
    return undefined
  }

  #onAccepted(exchange: Exchange): void {
    if (exchange === 'AUTH' || exchange === 'response') this.#authenticated = true
    if (exchange === 'RCPT') this.#recipients++
  }

  #answer(exchange: Exchange, reply: Reply): void {
    this.#awaiting = exchange
    this.reply(reply)
  }

  // Answers a mistake; too many of them end the session.
  #mistake(reply: Reply): undefined {
    const enough = this.#isOneTooMany()
    this.#output.push(encodeReply(enough ? standardReply('tooManyMistakes') : reply))
    if (enough) this.#state = 'closed'
  }

  #isOneTooMany(): boolean {
    this.#mistakes++
    return this.#mistakes >= (this.#options.maxMistakes ?? 20)
  }

  #move(trigger: Trigger): void {
    this.#state = TRANSITIONS[this.#state][trigger] ?? this.#state
  }

  #outOfTurn(what: string): MailError<SmtpErrorCode> {
    return outOfTurn(`give ${what}`, `the session is in state "${this.#state}"`)
  }

  #fail(code: SmtpErrorCode, why: string): void {
    this.#failure ??= fault(code, why)
  }

  #tellFailure(): ServerEvent | undefined {
    if (this.#state === 'closed' || !this.#failure) return undefined
    this.#state = 'closed'
    return { type: 'error', error: this.#failure }
  }
}

function toleratedIn({ anomalies }: Tolerated): Tolerated {
  return anomalies ? { anomalies } : {}
}
