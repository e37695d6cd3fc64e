/** The everyday call: a server's URL to a mailer that composes, signs and sends over sessions that it keeps. */

import type { Capabilities } from '@posthorn/command'
import type { ConnectionInfo, Platform } from '@posthorn/smtp'
import { Dispatch, type DispatchContext } from './dispatch.ts'
import { fault } from './error.ts'
import type { MailerEvent } from './event.ts'
import { guarded } from './guarded.ts'
import { type ComposedMail, type Mail, type PreparedMail, prepare, type RawMail } from './mail.ts'
import type { MailerOptions, MailSendOptions } from './mailer-options.ts'
import { openSession } from './open-session.ts'
import type { MailOutcome } from './outcome.ts'
import { defaultPlatform } from './platform.ts'
import { Pool } from './pool.ts'
import { poolSettings } from './pool-options.ts'
import { parseServerUrl, type ServerUrl } from './server-url.ts'

/** What a server offers to this mailer. */
export interface ServerReport {
  /** The addresses, and TLS with the certificate. */
  readonly connection: ConnectionInfo
  /** What it offers once TLS is up and the mailer is authenticated. */
  readonly capabilities: Capabilities
  /** Whether credentials were given and taken. */
  readonly authenticated: boolean
}

/** How a mailer is closed. */
export interface CloseOptions {
  /** How long messages may still take, in milliseconds, before everything is ended; default: as long as they take. */
  readonly timeout?: number
}

/** A mailer, made by {@link createMailer}. */
export interface Mailer {
  /** How many messages wait for a session, and how many sessions there are. */
  readonly load: { readonly queued: number; readonly sessions: number }
  /**
   * Sends a message, once it is its turn.
   *
   * @param mail The message to compose, or one in wire form with its envelope.
   * @param options How to send it; a signal gives it up while it waits, and ends its session while it is under way.
   * @returns What became of it for each recipient, also when no server could be had; look at `type`.
   * @throws {MailError} The codes of `compose`, `parseEnvelope` and `signDkim` for a message that cannot be made,
   * `MAILER_NO_RECIPIENTS`, `MAILER_TOO_LARGE_TO_SIGN`, `MAILER_QUEUE_FULL`, `MAILER_CLOSED`; nothing was sent then.
   */
  send(mail: Mail, options?: MailSendOptions): Promise<MailOutcome>
  /**
   * Opens a session of its own and quits, to learn whether messages could be sent.
   *
   * @returns What the server offers.
   * @throws {MailError} The codes of `connect` and of `SmtpClient.open`.
   */
  verify(options?: { readonly signal?: AbortSignal }): Promise<ServerReport>
  /**
   * Takes no more messages, waits for those that it has, and ends all sessions. It never rejects.
   *
   * @param options How long to wait.
   */
  close(options?: CloseOptions): Promise<void>
}

/**
 * Makes a mailer; nothing is connected before the first message.
 *
 * @param server The server as a URL, such as `submission://user:password@mail.example`, or its parts.
 * @param options By what to connect, how sessions behave, and what is done to each message.
 * @returns The mailer; its sessions end by themselves when idle, and by `close`.
 * @throws {MailError} `MAILER_BAD_URL`, `MAILER_BAD_OPTION`.
 * @example
 * import { memoryPair, serve } from '@posthorn/smtp'
 * const connect = async () => {
 *   const [near, far] = memoryPair()
 *   serve(far, { hostname: 'mx.example', onMessage: () => undefined })
 *   return near
 * }
 * const mailer = createMailer('smtp://localhost', { connect })
 * const outcome = await mailer.send({ from: 'ada@example.org', to: 'b@example.net', subject: 'Hi', text: 'Hello' })
 * outcome.type // 'accepted'
 * await mailer.close()
 */
export function createMailer(server: string | ServerUrl, options: MailerOptions): Mailer {
  const place = typeof server === 'string' ? parseServerUrl(server) : server
  return new PooledMailer(place, options)
}

class PooledMailer implements Mailer {
  readonly #server: ServerUrl
  readonly #options: MailerOptions
  readonly #platform: Platform
  readonly #context: DispatchContext
  readonly #pool: Pool
  #closing: Promise<void> | undefined

  constructor(server: ServerUrl, options: MailerOptions) {
    const settings = poolSettings(options.pool)
    this.#server = server
    this.#options = options
    this.#platform = options.platform ?? defaultPlatform
    const emit = guarded((event: MailerEvent) => options.onEvent?.(event))
    this.#context = { attempts: settings.attempts, emit }
    this.#pool = new Pool(settings, {
      platform: this.#platform,
      emit,
      laced: options.pipelining === 'messages',
      open: (session, signal) => openSession(server, options, { session, signal, platform: this.#platform }),
    })
  }

  get load(): Mailer['load'] {
    return this.#pool.load
  }

  async send(mail: Mail, options: MailSendOptions = {}): Promise<MailOutcome> {
    this.#refuseIfClosed()
    const preparing = this.#prepare(mail, options)
    // Signing takes time, in which the mailer may be closed.
    const prepared = preparing instanceof Promise ? await preparing : preparing
    this.#refuseIfClosed()
    const { transmission } = this.#options
    const dispatch = new Dispatch(prepared, transmission ? { ...transmission, ...options } : options, this.#context)
    this.#pool.submit(dispatch, options.signal)
    const outcome = await dispatch.outcome
    this.#context.emit({ type: 'sent', outcome })
    return outcome
  }

  async verify({
    signal = new AbortController().signal,
  }: {
    readonly signal?: AbortSignal
  } = {}): Promise<ServerReport> {
    const { client, connection } = await openSession(this.#server, this.#options, {
      session: 0,
      signal,
      platform: this.#platform,
    })
    const authenticated = (this.#options.credentials ?? this.#server.credentials) !== undefined
    const report = { connection: connection.info, capabilities: client.capabilities, authenticated }
    await client.quit()
    return report
  }

  close(options: CloseOptions = {}): Promise<void> {
    this.#closing ??= this.#pool.close()
    return options.timeout === undefined ? this.#closing : this.#closeWithin(options.timeout, this.#closing)
  }

  async #closeWithin(timeout: number, closing: Promise<void>): Promise<void> {
    const late = fault('MAILER_CLOSED', 'send message: the mailer was closed before its turn')
    const cancel = this.#platform.startTimer(timeout, () => this.#pool.abort(late))
    await closing
    cancel()
  }

  #refuseIfClosed(): void {
    if (this.#closing) throw fault('MAILER_CLOSED', 'send message: the mailer is closed')
  }

  #prepare(mail: Mail, { dkim = this.#options.dkim }: MailSendOptions): PreparedMail | Promise<PreparedMail> {
    const { maxKeptToSign } = this.#options
    return prepare(this.#withDefaults(mail), {
      now: new Date(this.#platform.now()),
      random: this.#platform.random,
      signer: dkim ? { signatures: dkim, ...(maxKeptToSign !== undefined && { maxKept: maxKeptToSign }) } : undefined,
    })
  }

  #withDefaults(mail: Mail): Mail {
    const { defaults } = this.#options
    return !defaults || isRaw(mail) ? mail : ({ ...defaults, ...mail } as ComposedMail)
  }
}

function isRaw(mail: Mail): mail is RawMail {
  return 'raw' in mail
}
