/**
 * The client end of an SMTP or LMTP session without I/O: commands and octets in, events and octets out.
 * RFC 5321, RFC 2033 (LMTP), RFC 2920 (groups), RFC 3030 (BDAT), RFC 3207 (STARTTLS), RFC 4954 (AUTH).
 * Out of scope: sockets, time, the choice of commands; `client.ts` has those.
 */

import { type Capabilities, type Command, DotStuffer, encodeChunk, encodeCommand } from '@posthorn/command'
import { decodeBase64, encodeBase64, encodeUtf8, joinBytes, type MailError } from '@posthorn/core'
import { type Reply, ReplyParser } from '@posthorn/reply'
import type { ClientSessionOptions, PipeliningLevel } from './client-session-options.ts'
import { type Answer, ClientState } from './client-state.ts'
import { type Deadline, deadlineFor } from './deadline.ts'
import { fault, outOfTurn, type SmtpErrorCode } from './error.ts'
import type { ClientEvent } from './event.ts'
import { Learnt } from './learnt.ts'
import { outcomeOf, type SessionState } from './state.ts'
import { checkOffered, checkTurn } from './turn.ts'

/**
 * The client end of a session.
 *
 * The caller sends commands, feeds what it receives, and pulls events until there is none; it writes what
 * `takeOutput` gives. A mistake of the caller throws at the caller; a fault of the server is the event `error`,
 * after which nothing more comes.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc5321#section-4.1.4 | RFC 5321 section 4.1.4}
 * @example
 * const session = new ClientSession()
 * session.receive(new TextEncoder().encode('220 mx.example\r\n'))
 * session.nextEvent()?.type // 'greeting'
 * session.send({ verb: 'EHLO', domain: 'client.example' })
 * new TextDecoder().decode(session.takeOutput()) // 'EHLO client.example\r\n'
 */
export class ClientSession {
  readonly #parser: ReplyParser
  readonly #protocol: 'smtp' | 'lmtp'
  readonly #level: PipeliningLevel
  readonly #state: ClientState
  #output: Uint8Array[] = []
  readonly #learnt = new Learnt()
  #secured: boolean
  #smtpUtf8 = false
  #stuffer: DotStuffer | undefined
  #failure: MailError | undefined

  /** @param options How to behave. */
  constructor(options: ClientSessionOptions = {}) {
    this.#parser = new ReplyParser(options.replies ?? { tolerate: ['eight-bit', 'unknown-code'] })
    this.#protocol = options.protocol ?? 'smtp'
    this.#level = options.pipelining ?? 'data'
    this.#secured = options.secured ?? false
    this.#state = new ClientState(this.#protocol === 'lmtp')
  }

  /** Where the session stands, by the replies that have come. */
  get state(): SessionState {
    return this.#state.current
  }

  /** What the server offered in its last EHLO or LHLO reply; nothing before it, after HELO, and after a TLS handshake. */
  get capabilities(): Capabilities {
    return this.#learnt.capabilities
  }

  /** Whether TLS is in force. */
  get secured(): boolean {
    return this.#secured
  }

  /** Whether the server has accepted credentials. */
  get authenticated(): boolean {
    return this.#learnt.authenticated
  }

  /** How far commands may be grouped, by the options and by what the server offers. */
  get pipelining(): PipeliningLevel {
    return this.capabilities.pipelining ? this.#level : 'none'
  }

  /** Whether one more command may be sent before the replies to the last ones have come. */
  get mayPipeline(): boolean {
    if (this.#state.pending.length === 0) return true
    return this.pipelining !== 'none' && this.#state.pending.groupIsOpen(this.pipelining === 'messages')
  }

  /** What is awaited and for how long; `undefined` when it is the caller's turn. */
  get deadline(): Deadline | undefined {
    if (this.state === 'upgrading') return deadlineFor('handshake')
    const { oldest } = this.#state.pending
    if (oldest) return deadlineFor(oldest.exchange === 'response' ? 'AUTH' : oldest.exchange)
    return this.state === 'body' ? deadlineFor('body') : undefined
  }

  /**
   * Sends a command; chunks of a message go by `sendChunk`.
   *
   * @param command The command.
   * @throws {MailError} `SMTP_OUT_OF_TURN` when the session does not allow it now, or octets from the server wait that
   * `nextEvent` has not taken; `SMTP_NOT_OFFERED` when the server lacks what it needs, and the codes of `formatCommand`;
   * nothing is written then.
   */
  send(command: Command): void {
    if (command.verb === 'BDAT') throw this.#outOfTurn('BDAT', 'sendChunk sends it with its octets')
    this.#check(command)
    this.#output.push(encodeCommand(command, this.#learnt.limitFor(command)))
    if (command.verb === 'MAIL') this.#smtpUtf8 = command.parameters?.smtpUtf8 === true
    this.#state.pending.add({ exchange: command.verb, command })
  }

  /**
   * Sends a chunk of the message with its BDAT command; its octets are sent as they are.
   *
   * @param bytes The octets, with CRLF for every line ending unless the body is BINARYMIME.
   * @param last Whether they end the message; the event `message-reply` follows then, else `reply`.
   * @throws {MailError} As {@link ClientSession.send}.
   */
  sendChunk(bytes: Uint8Array, last: boolean): void {
    const command: Command = { verb: 'BDAT', size: bytes.length, last }
    this.#check(command)
    this.#output.push(encodeChunk(bytes, last))
    this.#state.pending.add(last ? { exchange: 'message' } : { exchange: 'BDAT', command })
  }

  /**
   * Answers a challenge.
   *
   * @param data The response, or `undefined` to cancel the exchange (RFC 4954 section 4).
   * @throws {MailError} `SMTP_OUT_OF_TURN` when no challenge waits.
   */
  respond(data: Uint8Array | undefined): void {
    if (this.state !== 'challenged' || this.#state.pending.length > 0 || this.#failure) {
      throw this.#outOfTurn('a SASL response', 'no challenge waits')
    }
    this.#output.push(encodeUtf8(`${data ? encodeBase64(data) : '*'}\r\n`))
    this.#state.pending.add({ exchange: 'response' })
  }

  /**
   * Sends a part of the message; dots are doubled and bare newlines made CRLF on the way.
   *
   * @param bytes The next octets.
   * @param options Whether nobody changes them until they are written, so that they need no copy; default `false`.
   * @throws {MailError} `SMTP_OUT_OF_TURN` before the event `send-body` and after `endBody`.
   */
  sendBody(bytes: Uint8Array, options: { readonly adopt?: boolean } = {}): void {
    this.#output.push(this.#bodyStuffer().push(bytes, options))
  }

  /**
   * Ends the message; the event `message-reply` will follow.
   *
   * @throws {MailError} `SMTP_OUT_OF_TURN` as {@link ClientSession.sendBody}.
   */
  endBody(): void {
    this.#output.push(this.#bodyStuffer().end())
    this.#state.move('body end')
    this.#state.pending.add({ exchange: 'message' })
  }

  /** Gives the octets to write, and forgets them. */
  takeOutput(): Uint8Array {
    const output = joinBytes(this.#output)
    this.#output = []
    return output
  }

  /**
   * Feeds octets from the server; never throws.
   *
   * @param bytes Any number of them, split anywhere.
   */
  receive(bytes: Uint8Array): void {
    this.#parser.push(bytes)
    if (this.state === 'upgrading') this.#fail('SMTP_TLS_INJECTION', 'plaintext came after the reply to STARTTLS')
  }

  /** Tells that the server has closed the connection. */
  end(): void {
    if (this.state === 'closed') return
    this.#fail('SMTP_CLOSED', 'the server closed the connection')
  }

  /**
   * Tells that the TLS handshake is done: all that was learnt before it is forgotten, and EHLO must come again.
   *
   * @throws {MailError} `SMTP_OUT_OF_TURN` without the event `upgrade-tls`.
   */
  tlsEstablished(): void {
    if (this.state !== 'upgrading' || this.#failure) throw this.#outOfTurn('a handshake', 'STARTTLS was not accepted')
    this.#state.move('handshake ok')
    this.#secured = true
    this.#learnt.forget()
  }

  /** Gives the next event; `undefined` until there is more input, or while TLS is being raised. */
  nextEvent(): ClientEvent | undefined {
    if (this.#failure) return this.#tellFailure()
    if (this.state === 'upgrading' || this.state === 'closed') return undefined
    const event = this.#parser.next()
    if (!event) return undefined
    if (event.type === 'reply') return this.#onReply(event.reply)
    this.#failure = event.error
    return this.#tellFailure()
  }

  #check(command: Command): void {
    // HAZARD: a reply that nobody asked for would pass for that of this command.
    if (this.#state.pending.length === 0 && this.#parser.pending) {
      throw this.#outOfTurn(command.verb, 'a reply that answers no command waits')
    }
    checkTurn(command, {
      state: this.state,
      projected: this.#failure ? undefined : this.#state.pending.project(this.state),
      mayPipeline: this.mayPipeline,
      protocol: this.#protocol,
      secured: this.#secured,
      authenticated: this.authenticated,
    })
    checkOffered(command, this.capabilities, this.#smtpUtf8)
  }

  #onReply(reply: Reply): ClientEvent | undefined {
    const answer = this.#state.answer(reply)
    if (answer.type === 'unexpected') {
      return this.#failNow('SMTP_UNEXPECTED_REPLY', `${answer.exchange} was answered with ${reply.code}`)
    }
    // RFC 5321 section 3.8: 421 may come at any time and answer any command, and the server closes. A server that refuses
    // a message before its end does not tell whether it goes on to read it, so that is the end too.
    const ends = reply.code === 421 || (this.state === 'body' && outcomeOf(reply.code) === 'no')
    if (answer.type === 'unsolicited' && !ends) {
      return this.#failNow('SMTP_UNSOLICITED_REPLY', `reply ${reply.code} answers no command`)
    }
    if (ends) this.#state.close()
    return this.#eventFor(answer, reply)
  }

  #eventFor(answer: Exclude<Answer, { readonly type: 'unexpected' }>, reply: Reply): ClientEvent | undefined {
    if (answer.type === 'unsolicited') return { type: 'closing', reply }
    if (answer.type === 'message') return { type: 'message-reply', reply, ...answer.place }
    const { pending } = answer
    if (pending.exchange === 'greeting') return { type: 'greeting', reply }
    if (pending.exchange === 'AUTH' || !('command' in pending)) return this.#onAuthReply(reply)
    const { command } = pending
    if (outcomeOf(reply.code) === 'ok') this.#learnt.onSuccess(command, reply)
    if (this.state === 'upgrading') {
      if (!this.#parser.pending) return { type: 'upgrade-tls', reply }
      return this.#failNow('SMTP_TLS_INJECTION', 'plaintext came after the reply to STARTTLS')
    }
    if (this.state === 'body') {
      this.#stuffer = new DotStuffer()
      return { type: 'send-body', reply }
    }
    if (command.verb === 'DATA' && this.state === 'sent') {
      this.#output.push(new DotStuffer().end())
      this.#state.pending.add({ exchange: 'message' })
    }
    return { type: 'reply', command, reply }
  }

  #onAuthReply(reply: Reply): ClientEvent | undefined {
    if (this.state === 'challenged') return this.#challenge(reply)
    const succeeded = outcomeOf(reply.code) === 'ok'
    this.#learnt.onAuthentication(succeeded)
    return { type: succeeded ? 'authenticated' : 'auth-failed', reply }
  }

  #challenge(reply: Reply): ClientEvent | undefined {
    try {
      return { type: 'challenge', data: decodeBase64(reply.lines.join('')), reply }
    } catch (cause) {
      return this.#failNow('SMTP_UNEXPECTED_REPLY', 'the challenge is not Base64', cause)
    }
  }

  #bodyStuffer(): DotStuffer {
    if (this.state !== 'body' || !this.#stuffer || this.#failure) {
      throw this.#outOfTurn('the message', `the session is in state "${this.state}"`)
    }
    return this.#stuffer
  }

  #outOfTurn(what: string, why: string): MailError<SmtpErrorCode> {
    return outOfTurn(`send ${what}`, why)
  }

  #fail(code: SmtpErrorCode, why: string, cause?: unknown): void {
    this.#failure ??= fault(code, why, cause)
  }

  #failNow(code: SmtpErrorCode, why: string, cause?: unknown): ClientEvent | undefined {
    this.#fail(code, why, cause)
    return this.#tellFailure()
  }

  #tellFailure(): ClientEvent | undefined {
    if (this.state === 'closed' || !this.#failure) return undefined
    this.#state.close()
    return { type: 'error', error: this.#failure }
  }
}
