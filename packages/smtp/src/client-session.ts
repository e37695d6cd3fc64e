/**
 * The client end of an SMTP session without I/O: commands and octets in, events and octets out.
 * RFC 5321, RFC 2920 (groups), RFC 3207 (STARTTLS), RFC 4954 (AUTH).
 * Out of scope: sockets, time, the choice of commands; `client.ts` has those.
 */

import { type Capabilities, type Command, DotStuffer, encodeCommand, parseCapabilities } from '@posthorn/command'
import { concatBytes, decodeBase64, encodeBase64, encodeUtf8, type MailError } from '@posthorn/core'
import { type Reply, ReplyParser, type ReplyParserOptions } from '@posthorn/reply'
import { type Deadline, deadlineFor } from './deadline.ts'
import { fault, outOfTurn, type SmtpErrorCode } from './error.ts'
import type { ClientEvent } from './event.ts'
import { checkOffered } from './offered.ts'
import { type Pending, PendingExchanges } from './pending.ts'
import { outcomeOf, type SessionState, stateAfter, TRANSITIONS, type Trigger } from './state.ts'

/** How a {@link ClientSession} behaves. */
export interface ClientSessionOptions {
  /** Whether the connection began with TLS; default `false`. */
  readonly secured?: boolean
  /** Whether commands may be grouped where the server offers it; default `true`. */
  readonly pipelining?: boolean
  /** How replies are read; default: text beyond US-ASCII and codes beyond RFC 5321 are taken, as servers send them. */
  readonly replies?: ReplyParserOptions
}

const NOTHING_OFFERED = parseCapabilities([])

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
  readonly #mayGroup: boolean
  #state: SessionState = 'connected'
  readonly #pending = new PendingExchanges()
  #output: Uint8Array[] = []
  #capabilities: Capabilities = NOTHING_OFFERED
  #secured: boolean
  #authenticated = false
  #acceptedRecipients = 0
  #smtpUtf8 = false
  #stuffer: DotStuffer | undefined
  #failure: MailError | undefined

  /** @param options How to behave. */
  constructor(options: ClientSessionOptions = {}) {
    this.#parser = new ReplyParser(options.replies ?? { tolerate: ['eight-bit', 'unknown-code'] })
    this.#mayGroup = options.pipelining ?? true
    this.#secured = options.secured ?? false
  }

  /** Where the session stands, by the replies that have come. */
  get state(): SessionState {
    return this.#state
  }

  /** What the server offered in its last EHLO reply; nothing before it, after HELO, and after a TLS handshake. */
  get capabilities(): Capabilities {
    return this.#capabilities
  }

  /** Whether TLS is in force. */
  get secured(): boolean {
    return this.#secured
  }

  /** Whether the server has accepted credentials. */
  get authenticated(): boolean {
    return this.#authenticated
  }

  /** Whether one more command may be sent before the replies to the last ones have come. */
  get mayPipeline(): boolean {
    if (this.#pending.length === 0) return true
    if (!this.#mayGroup || !this.#capabilities.pipelining) return false
    return this.#pending.groupIsOpen
  }

  /** What is awaited and for how long; `undefined` when it is the caller's turn. */
  get deadline(): Deadline | undefined {
    if (this.#state === 'upgrading') return deadlineFor('handshake')
    const { oldest } = this.#pending
    if (oldest) return deadlineFor(oldest.exchange === 'response' ? 'AUTH' : oldest.exchange)
    return this.#state === 'body' ? deadlineFor('body') : undefined
  }

  /**
   * Sends a command.
   *
   * @param command The command.
   * @throws {MailError} `SMTP_OUT_OF_TURN` when the session does not allow it now, `SMTP_NOT_OFFERED` when the server
   * lacks what it needs, and the codes of `formatCommand`; nothing is written then.
   */
  send(command: Command): void {
    if (!this.mayPipeline) throw this.#outOfTurn(command.verb, 'a reply is awaited first')
    const projected = this.#pending.project(this.#state)
    if (this.#failure || !projected || stateAfter(projected, command.verb) === undefined) {
      throw this.#outOfTurn(command.verb, `the session is in state "${this.#state}"`)
    }
    if (command.verb === 'STARTTLS' && this.#secured) throw this.#outOfTurn('STARTTLS', 'TLS is in force')
    if (command.verb === 'AUTH' && this.#authenticated) throw this.#outOfTurn('AUTH', 'it has succeeded already')
    checkOffered(command, this.#capabilities, this.#smtpUtf8)
    this.#output.push(encodeCommand(command))
    if (command.verb === 'MAIL') {
      this.#acceptedRecipients = 0
      this.#smtpUtf8 = command.parameters?.smtpUtf8 === true
    }
    this.#pending.add({ exchange: command.verb, command })
  }

  /**
   * Answers a challenge.
   *
   * @param data The response, or `undefined` to cancel the exchange (RFC 4954 section 4).
   * @throws {MailError} `SMTP_OUT_OF_TURN` when no challenge waits.
   */
  respond(data: Uint8Array | undefined): void {
    if (this.#state !== 'challenged' || this.#pending.length > 0 || this.#failure) {
      throw this.#outOfTurn('a SASL response', 'no challenge waits')
    }
    this.#output.push(encodeUtf8(`${data ? encodeBase64(data) : '*'}\r\n`))
    this.#pending.add({ exchange: 'response' })
  }

  /**
   * Sends a part of the message; dots are doubled and bare newlines made CRLF on the way.
   *
   * @param bytes The next octets.
   * @throws {MailError} `SMTP_OUT_OF_TURN` before the event `send-body` and after `endBody`.
   */
  sendBody(bytes: Uint8Array): void {
    this.#output.push(this.#bodyStuffer().push(bytes))
  }

  /**
   * Ends the message; the event `message-reply` will follow.
   *
   * @throws {MailError} `SMTP_OUT_OF_TURN` as {@link ClientSession.sendBody}.
   */
  endBody(): void {
    this.#output.push(this.#bodyStuffer().end())
    this.#move('body end')
    this.#pending.add({ exchange: 'message' })
  }

  /** Gives the octets to write, and forgets them. */
  takeOutput(): Uint8Array {
    const output = this.#output.length === 1 ? this.#output[0]! : concatBytes(this.#output)
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
    if (this.#state === 'upgrading') this.#fail('SMTP_TLS_INJECTION', 'plaintext came after the reply to STARTTLS')
  }

  /** Tells that the server has closed the connection. */
  end(): void {
    if (this.#state === 'closed') return
    this.#fail('SMTP_CLOSED', 'the server closed the connection')
  }

  /**
   * Tells that the TLS handshake is done: all that was learnt before it is forgotten, and EHLO must come again.
   *
   * @throws {MailError} `SMTP_OUT_OF_TURN` without the event `upgrade-tls`.
   */
  tlsEstablished(): void {
    if (this.#state !== 'upgrading' || this.#failure) throw this.#outOfTurn('a handshake', 'STARTTLS was not accepted')
    this.#move('handshake ok')
    this.#secured = true
    this.#authenticated = false
    this.#capabilities = NOTHING_OFFERED
  }

  /** Gives the next event; `undefined` until there is more input, or while TLS is being raised. */
  nextEvent(): ClientEvent | undefined {
    if (this.#failure) return this.#tellFailure()
    if (this.#state === 'upgrading' || this.#state === 'closed') return undefined
    const event = this.#parser.next()
    if (!event) return undefined
    if (event.type === 'reply') return this.#onReply(event.reply)
    this.#failure = event.error
    return this.#tellFailure()
  }

  #onReply(reply: Reply): ClientEvent | undefined {
    const pending = this.#pending.take()
    if (!pending) {
      if (reply.code === 421) {
        this.#state = 'closed'
        return { type: 'closing', reply }
      }
      this.#fail('SMTP_UNSOLICITED_REPLY', `reply ${reply.code} answers no command`)
      return this.#tellFailure()
    }
    if (!this.#advance(pending, reply)) {
      this.#fail('SMTP_UNEXPECTED_REPLY', `${pending.exchange} was answered with ${reply.code}`)
      return this.#tellFailure()
    }
    // RFC 5321 section 3.8: 421 may answer any command, and the server closes.
    if (reply.code === 421) this.#state = 'closed'
    return this.#eventFor(pending, reply)
  }

  // Moves by the reply; false when no server may answer so.
  #advance(pending: Pending, reply: Reply): boolean {
    const outcome = outcomeOf(reply.code)
    const { exchange } = pending
    if (exchange === 'RCPT' && outcome === 'ok') this.#acceptedRecipients++
    const isVoid = exchange === 'DATA' && outcome === 'more' && this.#acceptedRecipients === 0
    const moved = this.#move(isVoid ? 'DATA void' : `${exchange} ${outcome}`)
    // In a pipelined group RCPT may succeed though MAIL has failed; the transaction is dead all the same.
    return moved || outcome === 'no' || (exchange === 'RCPT' && outcome === 'ok')
  }

  #eventFor(pending: Pending, reply: Reply): ClientEvent | undefined {
    if (pending.exchange === 'greeting') return { type: 'greeting', reply }
    if (pending.exchange === 'message') return { type: 'message-reply', reply }
    if (pending.exchange === 'AUTH' || !('command' in pending)) return this.#onAuthReply(reply)
    const { command } = pending
    if (outcomeOf(reply.code) === 'ok') this.#learn(command, reply)
    if (this.#state === 'upgrading') {
      if (!this.#parser.pending) return { type: 'upgrade-tls', reply }
      this.#fail('SMTP_TLS_INJECTION', 'plaintext came after the reply to STARTTLS')
      return this.#tellFailure()
    }
    if (this.#state === 'body') {
      this.#stuffer = new DotStuffer()
      return { type: 'send-body', reply }
    }
    if (command.verb === 'DATA' && this.#state === 'sent') {
      this.#output.push(new DotStuffer().end())
      this.#pending.add({ exchange: 'message' })
    }
    return { type: 'reply', command, reply }
  }

  #learn({ verb }: Command, reply: Reply): void {
    if (verb === 'EHLO') this.#capabilities = parseCapabilities(reply.lines)
    if (verb === 'HELO') this.#capabilities = NOTHING_OFFERED
  }

  #onAuthReply(reply: Reply): ClientEvent | undefined {
    if (this.#state === 'challenged') return this.#challenge(reply)
    this.#authenticated = outcomeOf(reply.code) === 'ok'
    return { type: this.#authenticated ? 'authenticated' : 'auth-failed', reply }
  }

  #challenge(reply: Reply): ClientEvent | undefined {
    try {
      return { type: 'challenge', data: decodeBase64(reply.lines.join('')), reply }
    } catch (cause) {
      this.#fail('SMTP_UNEXPECTED_REPLY', 'the challenge is not Base64', cause)
      return this.#tellFailure()
    }
  }

  #bodyStuffer(): DotStuffer {
    if (this.#state !== 'body' || !this.#stuffer || this.#failure) {
      throw this.#outOfTurn('the message', `the session is in state "${this.#state}"`)
    }
    return this.#stuffer
  }

  #move(trigger: Trigger): boolean {
    const next = TRANSITIONS[this.#state][trigger]
    if (next) this.#state = next
    return next !== undefined
  }

  #outOfTurn(what: string, why: string): MailError<SmtpErrorCode> {
    return outOfTurn(`send ${what}`, why)
  }

  #fail(code: SmtpErrorCode, why: string, cause?: unknown): void {
    this.#failure ??= fault(code, why, cause)
  }

  #tellFailure(): ClientEvent | undefined {
    if (this.#state === 'closed' || !this.#failure) return undefined
    this.#state = 'closed'
    return { type: 'error', error: this.#failure }
  }
}
