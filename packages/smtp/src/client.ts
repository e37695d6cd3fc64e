/**
 * A client over any connection: greets, raises TLS, authenticates, sends messages, quits.
 * RFC 5321, RFC 3207, RFC 4954, RFC 6409. Out of scope: which host to connect to, and retries.
 */

import type { Capabilities, Command } from '@posthorn/command'
import type { MailError } from '@posthorn/core'
import { type Reply, replyClass } from '@posthorn/reply'
import type { PasswordCredentials } from '@posthorn/sasl'
import { authenticate, refuseUnsafeAuth } from './authentication.ts'
import type { Channel } from './channel.ts'
import { ClientSession } from './client-session.ts'
import type { Connection } from './connection.ts'
import { type Deadline, deadlineFor } from './deadline.ts'
import { asMailError, type Bounds, bounded, boundsOf } from './driver.ts'
import { fault, refused } from './error.ts'
import type { ReplyEvent } from './event.ts'
import type { MessageSource } from './message-source.ts'
import type { SendOutcome } from './outcome.ts'
import type { Envelope } from './plan.ts'
import { defaultPlatform, type Platform } from './platform.ts'
import { Transaction } from './transaction.ts'
import { commandEntry, type Recorder, replyEntry } from './transcript.ts'

/** How a {@link SmtpClient} behaves. */
export interface SmtpClientOptions {
  /** The name that EHLO gives; default `[127.0.0.1]`, an address literal that any host may use. */
  readonly domain?: string
  /**
   * Whether TLS is raised on a connection that began without: `required` (default, so that nothing is sent in the
   * clear by accident), `opportunistic` (as relays do), or `none`.
   */
  readonly tls?: 'required' | 'opportunistic' | 'none'
  /** The name that the server's certificate must prove, when TLS is raised here. */
  readonly serverName?: string
  /** The credentials; the strongest mechanism that fits is used, and no other if it fails. */
  readonly credentials?: PasswordCredentials
  /** Sends credentials though nobody verified the server's certificate, or without TLS at all; default `false`. */
  readonly unsafeUnverifiedAuth?: boolean
  /** Sends credentials through a bridge that sees them, because it raised TLS itself; default `false`. */
  readonly unsafeTrustBridge?: boolean
  /** Whether commands may be grouped where the server offers it; default `true`, as it saves round trips. */
  readonly pipelining?: boolean
  /** Turns the deadline of RFC 5321 section 4.5.3.2 into the one in force, in milliseconds; default: as it is. */
  readonly deadline?: (deadline: Deadline) => number
  /** Ends the session when it fires. */
  readonly signal?: AbortSignal
  /** Takes the conversation, secrets left out. */
  readonly record?: Recorder
  /** Timers and randomness; default: the platform's. */
  readonly platform?: Platform
}

/**
 * A client over any connection. It serves one caller at a time.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc5321#section-3 | RFC 5321 section 3}
 * @example
 * import { memoryPair, serve } from '@posthorn/smtp'
 * const [near, far] = memoryPair()
 * const server = serve(far, { hostname: 'mx.example', onMessage: async () => undefined })
 * const client = new SmtpClient(near, { tls: 'none' })
 * await client.open()
 * const message = new TextEncoder().encode('Subject: hi\r\n\r\nHello\r\n')
 * const outcome = await client.send({ reversePath: 'a@example.org', forwardPaths: ['b@example.net'] }, message)
 * outcome.type // 'accepted'
 * await client.quit()
 * await server
 */
export class SmtpClient {
  readonly #connection: Connection
  readonly #options: SmtpClientOptions
  readonly #session: ClientSession
  readonly #platform: Platform
  readonly #bounds: Bounds
  readonly #channel: Channel
  #busy = false

  /**
   * @param connection An open connection, which the client owns from now on.
   * @param options How to behave.
   */
  constructor(connection: Connection, options: SmtpClientOptions = {}) {
    this.#connection = connection
    this.#options = options
    this.#platform = options.platform ?? defaultPlatform
    this.#session = new ClientSession({
      secured: connection.info.tls !== undefined,
      pipelining: options.pipelining ?? true,
    })
    this.#bounds = boundsOf(this.#platform, options)
    this.#channel = {
      session: this.#session,
      command: (command) => this.#send(command),
      event: () => this.#event(),
      flush: () => this.#flush(),
      fail: (error) => this.#broken(error),
      record: (entry) => options.record?.(entry),
    }
  }

  /** What the server offers. */
  get capabilities(): Capabilities {
    return this.#session.capabilities
  }

  /** Whether the session can still be used. */
  get usable(): boolean {
    return this.#session.state !== 'closed'
  }

  /**
   * Takes the greeting, says EHLO, raises TLS and authenticates, as the options ask.
   *
   * @throws {MailError} `SMTP_REFUSED` when the server greets with a refusal or refuses EHLO and HELO,
   * `SMTP_TLS_UNAVAILABLE` when TLS is required and cannot be had, `SMTP_UNSAFE_AUTH`, `SMTP_AUTH_UNAVAILABLE` or
   * `SMTP_AUTH_FAILED` for credentials, and the codes of the session and the mechanism.
   */
  async open(): Promise<void> {
    await this.#alone(async () => {
      const greeting = await this.#event()
      if (replyClass(greeting.reply) !== 2) {
        throw refused('SMTP_REFUSED', 'the server does not serve this client', greeting.reply)
      }
      await this.#hello()
      await this.#raiseTls()
      const { credentials } = this.#options
      if (!credentials) return
      refuseUnsafeAuth(this.#connection.info, this.#options)
      await authenticate(this.#channel, credentials, this.#platform.random)
    })
  }

  /**
   * Sends one message.
   *
   * @param envelope From whom and to whom.
   * @param message The message in wire form, or a source of it.
   * @returns What became of it for each recipient; look at `type`, as part of them may be refused.
   * @throws {MailError} `COMMAND_…` for an envelope that cannot be sent, `SMTP_NO_RECIPIENTS`, `SMTP_NOT_OFFERED` when
   * the server lacks what the message needs, `SMTP_MESSAGE_TOO_LARGE` when it says so beforehand; nothing is sent then.
   */
  async send(envelope: Envelope, message: MessageSource): Promise<SendOutcome> {
    return this.#alone(() => {
      const transaction = new Transaction(envelope, message, this.#session.capabilities)
      return transaction.run(this.#channel)
    })
  }

  /**
   * Sends NOOP, to learn whether the session still lives.
   *
   * @returns The reply.
   */
  async noop(): Promise<Reply> {
    return this.#alone(() => this.#exchange({ verb: 'NOOP' }))
  }

  /** Says QUIT, waits briefly for the reply, and closes the connection; never rejects. */
  async quit(): Promise<void> {
    try {
      if (this.usable) await this.#alone(() => this.#exchange({ verb: 'QUIT' }))
    } catch {
      this.#connection.abort()
    }
    await this.#connection.close().catch(() => undefined)
  }

  async #alone<T>(work: () => Promise<T>): Promise<T> {
    if (this.#busy) throw fault('SMTP_BUSY', 'another call is under way')
    this.#busy = true
    try {
      return await work()
    } catch (error) {
      throw asMailError(error)
    } finally {
      this.#busy = false
    }
  }

  async #hello(): Promise<void> {
    const domain = this.#options.domain ?? '[127.0.0.1]'
    let reply = await this.#exchange({ verb: 'EHLO', domain })
    // RFC 5321 section 3.2: a server that does not know EHLO is greeted with HELO.
    if (replyClass(reply) !== 2 && this.usable) reply = await this.#exchange({ verb: 'HELO', domain })
    if (replyClass(reply) !== 2) throw refused('SMTP_REFUSED', 'the server refuses EHLO and HELO', reply)
  }

  async #raiseTls(): Promise<void> {
    const { tls = 'required', serverName } = this.#options
    if (this.#session.secured || tls === 'none') return
    if (!this.capabilities.startTls) {
      if (tls === 'opportunistic') return
      throw fault('SMTP_TLS_UNAVAILABLE', 'the server does not offer STARTTLS')
    }
    this.#send({ verb: 'STARTTLS' })
    const event = await this.#event()
    if (event.type !== 'upgrade-tls') {
      if (tls === 'opportunistic') return
      throw refused('SMTP_TLS_UNAVAILABLE', 'the server refuses STARTTLS', event.reply)
    }
    const start = (): Promise<unknown> => this.#connection.startTls(serverName === undefined ? {} : { serverName })
    await this.#bounded(start, deadlineFor('handshake'))
    this.#session.tlsEstablished()
    this.#options.record?.({ type: 'tls', info: this.#connection.info.tls! })
    await this.#hello()
  }

  async #exchange(command: Command): Promise<Reply> {
    this.#send(command)
    return (await this.#event()).reply
  }

  #send(command: Command): void {
    this.#session.send(command)
    this.#options.record?.(commandEntry(command))
  }

  // Writes what is ready, then reads until the session has an event.
  async #event(): Promise<ReplyEvent> {
    await this.#flush()
    for (;;) {
      const event = this.#session.nextEvent()
      if (event?.type === 'error') throw this.#broken(event.error)
      if (event) {
        this.#options.record?.(replyEntry(event))
        return event
      }
      if (!this.usable) throw this.#broken(fault('SMTP_CLOSED', 'the server closes the connection'))
      const bytes = await this.#bounded(() => this.#connection.read(), this.#session.deadline ?? deadlineFor('command'))
      if (bytes) this.#session.receive(bytes)
      else this.#session.end()
    }
  }

  async #flush(): Promise<void> {
    const output = this.#session.takeOutput()
    if (output.length === 0) return
    await this.#bounded(() => this.#connection.write(output), deadlineFor('body'))
  }

  async #bounded<T>(operation: () => Promise<T>, deadline: Deadline): Promise<T> {
    try {
      return await bounded(operation, deadline, this.#bounds)
    } catch (error) {
      throw this.#broken(asMailError(error))
    }
  }

  #broken(error: MailError): MailError {
    this.#session.end()
    this.#session.nextEvent()
    this.#connection.abort(error)
    return error
  }
}
