/**
 * A client over any connection: greets, raises TLS, authenticates, sends messages, quits.
 * RFC 5321, RFC 2033, RFC 3207, RFC 4954, RFC 6409. Out of scope: which host to connect to, and retries.
 */

import type { Capabilities, Command } from '@posthorn/command'
import { type Reply, replyClass } from '@posthorn/reply'
import { authenticate, isVerified, refuseUnsafeAuth } from './authentication.ts'
import { Channel } from './channel.ts'
import type { OutgoingMessage, SmtpClientOptions } from './client-options.ts'
import { ClientSession } from './client-session.ts'
import type { Connection } from './connection.ts'
import { deadlineFor } from './deadline.ts'
import { asMailError, boundsOf } from './driver.ts'
import type { Envelope } from './envelope.ts'
import { fault, refused } from './error.ts'
import { Lacing } from './lacing.ts'
import type { MessageSource } from './message-source.ts'
import type { SendOutcome } from './outcome.ts'
import { Planner } from './planner.ts'
import { defaultPlatform, type Platform } from './platform.ts'
import { type Allowance, type SendOptions, send } from './sending.ts'
import { connectedEntry, tlsEntry } from './transcript.ts'

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
  readonly #channel: Channel
  readonly #planner: Planner
  readonly #allowance: Allowance = { left: Number.POSITIVE_INFINITY }
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
      ...(options.protocol && { protocol: options.protocol }),
      ...(options.pipelining && { pipelining: options.pipelining }),
    })
    this.#channel = new Channel(this.#session, connection, boundsOf(this.#platform, options), options.record)
    this.#planner = new Planner(this.#channel, () => isVerified(connection.info, options))
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
    await this.#alone({}, async () => {
      const { info } = this.#connection
      this.#channel.record(connectedEntry('client', this.#options.protocol, info.local, info.remote))
      if (info.tls) this.#channel.record(tlsEntry(info.tls))
      const greeting = await this.#channel.event()
      if (replyClass(greeting.reply) !== 2) {
        throw refused('SMTP_REFUSED', 'the server does not serve this client', greeting.reply)
      }
      await this.#hello()
      await this.#raiseTls()
      const { credentials } = this.#options
      if (!credentials) return
      refuseUnsafeAuth(this.#connection.info, this.#options)
      const [channelBinding] = this.#connection.info.tls?.channelBindings ?? []
      await authenticate(this.#channel, {
        credentials,
        random: this.#platform.random,
        ...(channelBinding && { channelBinding }),
        ...(this.#options.mechanisms && { allowed: this.#options.mechanisms }),
      })
    })
  }

  /**
   * Sends one message, in several transactions where the server limits the recipients of one and the source can be read
   * more than once (octets, a `Blob`, or a function).
   *
   * @param envelope From whom and to whom.
   * @param message The message in wire form, or a source of it.
   * @param options How to send it.
   * @returns What became of it for each recipient; look at `type`, as part of them may be refused.
   * @throws {MailError} `COMMAND_…` for an envelope that cannot be sent, `SMTP_NO_RECIPIENTS`, `SMTP_NOT_OFFERED` when
   * the server lacks what a parameter needs, `SMTP_NEEDS_VERIFIED_TLS` for REQUIRETLS without it, and the codes of
   * `planTransmission`; nothing is sent then.
   */
  async send(envelope: Envelope, message: MessageSource, options: SendOptions = {}): Promise<SendOutcome> {
    return this.#alone(options, () =>
      send(this.#channel, this.#planner.plan({ envelope, message, options }), this.#allowance),
    )
  }

  /**
   * Sends messages one after the other. With the pipelining level `messages` each envelope rides with the end of the
   * message before it, so that a message costs one round trip; a recipient that a server wants in another transaction is
   * told so then (`now-in-another-transaction`), not sent again.
   *
   * @param messages The messages, of which the next is asked for as soon as it can be sent.
   * @returns What became of each, in order. One that cannot be sent at all has the outcome `refused`, no recipients, and
   * the `error` that `send` would throw. When the session breaks, all that follow are deferred.
   */
  async *sendAll(
    messages: Iterable<OutgoingMessage> | AsyncIterable<OutgoingMessage>,
    options: Pick<SendOptions, 'signal'> = {},
  ): AsyncGenerator<SendOutcome> {
    const release = this.#acquire(options)
    try {
      yield* new Lacing(this.#channel, this.#allowance).send(this.#planner.planAll(messages))
    } finally {
      release()
    }
  }

  /**
   * Sends NOOP, to learn whether the session still lives.
   *
   * @returns The reply.
   */
  async noop(): Promise<Reply> {
    return this.#alone({}, () => this.#exchange({ verb: 'NOOP' }))
  }

  /**
   * Listens until the next call of this client, so that a server that leaves meanwhile is noticed at once.
   *
   * @param onEnd Called once, when the session has ended before that.
   */
  watch(onEnd: () => void): void {
    if (this.#busy) throw fault('SMTP_BUSY', 'another call is under way')
    if (this.usable) this.#channel.watch(onEnd)
    else onEnd()
  }

  /** Says QUIT, waits briefly for the reply, and closes the connection; never rejects. */
  async quit(): Promise<void> {
    const { usable } = this
    try {
      if (usable) await this.#alone({}, () => this.#exchange({ verb: 'QUIT' }))
    } catch {
      this.#connection.abort()
    }
    this.#channel.ended(usable ? 'quit' : 'server-closed')
    await this.#connection.close().catch(() => undefined)
  }

  async #alone<T>(options: Pick<SendOptions, 'signal'>, work: () => Promise<T>): Promise<T> {
    const release = this.#acquire(options)
    try {
      return await work()
    } catch (error) {
      throw asMailError(error)
    } finally {
      release()
    }
  }

  // One call at a time; its signal counts beside that of the session.
  #acquire({ signal }: Pick<SendOptions, 'signal'>): () => void {
    if (this.#busy) throw fault('SMTP_BUSY', 'another call is under way')
    this.#busy = true
    this.#channel.unwatch()
    const release = this.#channel.heed(signal)
    return () => {
      this.#busy = false
      release()
    }
  }

  async #hello(): Promise<void> {
    const domain = this.#options.domain ?? '[127.0.0.1]'
    const lmtp = this.#options.protocol === 'lmtp'
    let reply = await this.#exchange({ verb: lmtp ? 'LHLO' : 'EHLO', domain })
    // RFC 5321 section 3.2: a server that does not know EHLO is greeted with HELO.
    if (!lmtp && replyClass(reply) !== 2 && this.usable) reply = await this.#exchange({ verb: 'HELO', domain })
    if (replyClass(reply) !== 2) throw refused('SMTP_REFUSED', 'the server refuses the greeting of the client', reply)
    // RFC 9422 section 4.1: MAILMAX counts the transactions of the session.
    this.#allowance.left = this.capabilities.limits?.mailMax ?? Number.POSITIVE_INFINITY
  }

  async #raiseTls(): Promise<void> {
    const { tls = 'required', serverName, checkCertificate } = this.#options
    if (this.#session.secured || tls === 'none') return
    if (!this.capabilities.startTls) {
      if (tls === 'opportunistic') return
      throw fault('SMTP_TLS_UNAVAILABLE', 'the server does not offer STARTTLS')
    }
    this.#channel.command({ verb: 'STARTTLS' })
    const event = await this.#channel.event()
    if (event.type !== 'upgrade-tls') {
      if (tls === 'opportunistic') return
      throw refused('SMTP_TLS_UNAVAILABLE', 'the server refuses STARTTLS', event.reply)
    }
    const start = (): Promise<unknown> =>
      this.#connection.startTls({
        ...(serverName !== undefined && { serverName }),
        ...(checkCertificate && { checkCertificate }),
      })
    await this.#channel.bounded(start, deadlineFor('handshake'))
    this.#session.tlsEstablished()
    this.#channel.record(tlsEntry(this.#connection.info.tls!))
    await this.#hello()
  }

  async #exchange(command: Command): Promise<Reply> {
    this.#channel.command(command)
    return (await this.#channel.event()).reply
  }
}
