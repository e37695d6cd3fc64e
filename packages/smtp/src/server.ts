/**
 * A server over any connection: drives a {@link ServerSession} and asks its handlers what to accept.
 * RFC 5321, RFC 2033, RFC 3207, RFC 4954. Out of scope: listening, storing, routing.
 */

import type { ForwardPath, MailParameters, RcptParameters, ReversePath } from '@posthorn/command'
import { MailError } from '@posthorn/core'
import type { ChannelBinding } from '@posthorn/sasl'
import type { Connection } from './connection.ts'
import { asMailError, type Bounds, boundsOf } from './driver.ts'
import type { SmtpErrorCode } from './error.ts'
import type { ServerEvent } from './event.ts'
import type { Decision, MessageDecision, ServeOptions } from './handler.ts'
import { IncomingBody } from './incoming-body.ts'
import { defaultPlatform } from './platform.ts'
import { receiveProxyHeader } from './proxied.ts'
import { ServerChannel } from './server-channel.ts'
import { ServerDecisions } from './server-decisions.ts'
import { ServerExchange } from './server-exchange.ts'
import { ServerPeer } from './server-peer.ts'
import { ServerSession } from './server-session.ts'
import { standardReply } from './standard-reply.ts'
import { connectedEntry, guardedRecorder, type Recorder, tlsEntry } from './transcript.ts'

/**
 * Serves one connection until it ends; never rejects.
 *
 * @param connection An open connection, which the server owns from now on.
 * @param options How to behave, and whom to ask.
 * @example
 * import { memoryPair } from '@posthorn/smtp'
 * const [near, far] = memoryPair()
 * const done = serve(far, { hostname: 'mx.example', onMessage: () => undefined })
 * new TextDecoder().decode(await near.read()) // '220 mx.example ESMTP\r\n'
 * await near.write(new TextEncoder().encode('QUIT\r\n'))
 * await done
 */
export function serve(connection: Connection, options: ServeOptions): Promise<void> {
  return new Server(connection, options).serve()
}

function tooLong(): MailError<SmtpErrorCode> {
  return new MailError('SMTP_TIMEOUT', 'Cannot go on: the session has lasted too long')
}

interface OpenTransaction {
  readonly reversePath: ReversePath
  readonly parameters: MailParameters
  readonly forwardPaths: ForwardPath[]
  readonly recipientParameters: RcptParameters[]
}

class Server {
  readonly #peer: ServerPeer
  readonly #connection: Connection
  readonly #options: ServeOptions
  readonly #session: ServerSession
  readonly #bounds: Bounds
  readonly #channel: ServerChannel
  readonly #decisions: ServerDecisions
  readonly #record: Recorder | undefined
  #transaction: OpenTransaction | undefined
  #quit = false
  #ended = false
  #exchange: ServerExchange | undefined

  constructor(connection: Connection, options: ServeOptions) {
    this.#connection = connection
    this.#options = options
    this.#peer = new ServerPeer(connection)
    this.#record = guardedRecorder(() => options.recorder?.(connection.info), options.onError)
    const recording = this.#record ? { record: this.#record } : {}
    this.#session = new ServerSession({
      ...options,
      ...recording,
      secured: connection.info.tls !== undefined,
      channelBinding: this.#channelBindings.length > 0,
    })
    this.#decisions = new ServerDecisions(this.#session, options)
    this.#bounds = boundsOf(options.platform ?? defaultPlatform, options)
    this.#channel = new ServerChannel(this.#session, connection, this.#bounds, { ...options, ...recording })
  }

  async serve(): Promise<void> {
    const [options, connection, channel] = [this.#options, this.#connection, this.#channel]
    const cancel = this.#begin()
    try {
      if (options.unsafeProxyProtocol) await this.#receiveProxyHeader()
      this.#recordConnection()
      for (;;) {
        const event = channel.take()
        const step = event ? this.#handle(event) : channel.turn()
        if (step) await step
        else if (!event) break
      }
      this.#recordEnd()
      await connection.close()
    } catch (error) {
      const isGoodbye = await channel.leave(error)
      this.#recordEnd(error)
      options.onError?.(error)
      // What was said last is lost where the connection is cut off.
      if (isGoodbye) await connection.close().catch(() => undefined)
      connection.abort(error)
    } finally {
      cancel?.()
      channel.stop()
      options.closing?.removeEventListener('abort', this)
      options.onClose?.(this.#peer.known)
    }
  }

  /** Hears that the session should end in good order. */
  handleEvent(): void {
    this.#channel.shutDown()
  }

  // Gives what cancels the limit of the session's time.
  #begin(): (() => void) | undefined {
    const { closing, platform = defaultPlatform, maxSessionTime } = this.#options
    if (closing?.aborted) this.handleEvent()
    closing?.addEventListener('abort', this)
    return maxSessionTime ? platform.startTimer(maxSessionTime, () => this.#connection.abort(tooLong())) : undefined
  }

  async #receiveProxyHeader(): Promise<void> {
    const { source, rest } = await receiveProxyHeader(this.#connection, this.#bounds)
    this.#peer.onProxyHeader(source)
    this.#session.receive(rest)
  }

  // Tells the transcript how the session ended, once.
  #recordEnd(error?: unknown): void {
    if (this.#ended) return
    this.#ended = true
    const code = error === undefined ? undefined : asMailError(error).code
    const reason = code === 'SMTP_CLOSED' ? 'dropped' : this.#quit ? 'quit' : 'server-closed'
    this.#record?.({ type: 'closed', reason, ...(code !== undefined && { error: code }) })
  }

  #recordConnection(): void {
    const { info } = this.#connection
    this.#record?.(connectedEntry('server', this.#options.protocol, this.#peer.known.client ?? info.remote, info.local))
    if (info.tls) this.#record?.(tlsEntry(info.tls))
  }

  // Gives a promise only where something is awaited, as most commands are decided at once.
  #handle(event: ServerEvent): Promise<void> | void {
    switch (event.type) {
      case 'connect':
        return this.#onConnect()
      case 'hello':
        this.#peer.onHello(event.domain)
        return this.#drop()
      case 'upgrade-tls':
        return this.#raiseTls()
      case 'auth':
        return this.#startAuth(event.mechanism, event.initialResponse)
      case 'auth-response':
        return this.#stepAuth(event.data)
      case 'xclient':
        this.#peer.onXclient(event.attributes)
        return this.#onConnect()
      case 'xforward':
        return this.#peer.onXforward(event.attributes)
      case 'mail':
        return this.#onMail(event)
      case 'rcpt':
        return this.#onRecipient(event)
      case 'message-start':
        return this.#receive()
      case 'quit':
        this.#quit = true
        return this.#drop()
      case 'error':
        throw event.error
      default:
        return this.#drop()
    }
  }

  get #channelBindings(): readonly ChannelBinding[] {
    return this.#connection.info.tls?.channelBindings ?? []
  }

  #drop(): void {
    if (this.#transaction) this.#options.onReset?.(this.#peer.known)
    this.#transaction = undefined
  }

  #onConnect(): Promise<void> | void {
    const options = this.#options
    return this.#decisions.decide(options.onConnect && (() => options.onConnect?.(this.#peer.known)))
  }

  async #raiseTls(): Promise<void> {
    await this.#channel.startTls()
    this.#session.tlsEstablished({ channelBinding: this.#channelBindings.length > 0 })
    this.#peer.onTls()
    this.#record?.(tlsEntry(this.#connection.info.tls!))
    this.#drop()
  }

  async #startAuth(name: string, initialResponse: Uint8Array | undefined): Promise<void> {
    const offered = this.#options.mechanisms?.find((mechanism) => mechanism.name === name)
    const context = { channelBindings: this.#channelBindings, offered: this.#session.mechanisms }
    this.#exchange = new ServerExchange(offered?.create(context))
    await this.#stepAuth(initialResponse)
  }

  async #stepAuth(response: Uint8Array | undefined): Promise<void> {
    const step = await this.#decisions.ask(async () => this.#exchange?.next(response))
    if (!step || 'code' in step) this.#session.reply(step ?? standardReply('authFailed'))
    else if (step.type === 'challenge') this.#session.challenge(step.data)
    else if (step.type === 'failure') this.#session.reply(standardReply('authFailed'))
    else {
      this.#peer.onAuthenticated(step.identity)
      this.#session.accept()
    }
  }

  #onMail({ reversePath, parameters }: Extract<ServerEvent, { type: 'mail' }>): Promise<void> | void {
    const options = this.#options
    const ask = (): Decision | Promise<Decision> => options.onMail?.(reversePath, parameters, this.#peer.known)
    return this.#decisions.decide(options.onMail && ask, () => {
      this.#transaction = { reversePath, parameters, forwardPaths: [], recipientParameters: [] }
    })
  }

  #onRecipient({ forwardPath, parameters }: Extract<ServerEvent, { type: 'rcpt' }>): Promise<void> | void {
    const options = this.#options
    const ask = (): Decision | Promise<Decision> => options.onRecipient?.(forwardPath, parameters, this.#peer.known)
    return this.#decisions.decide(options.onRecipient && ask, () => {
      this.#transaction?.forwardPaths.push(forwardPath)
      this.#transaction?.recipientParameters.push(parameters)
    })
  }

  async #receive(): Promise<void> {
    const transaction = this.#transaction!
    this.#transaction = undefined
    this.#channel.startMessage()
    const body = new IncomingBody(() => this.#channel.next())
    const decision = await this.#takeMessage(transaction, body)
    if (!body.ended) await body.drain().catch(() => undefined)
    if (body.error && !body.refused) throw body.error
    if (!body.error) this.#decisions.answerMessage(decision, transaction.forwardPaths.length)
  }

  async #takeMessage(transaction: OpenTransaction, body: IncomingBody): Promise<MessageDecision> {
    try {
      const decided = await this.#options.onMessage({
        peer: this.#peer.known,
        reversePath: transaction.reversePath,
        parameters: transaction.parameters,
        forwardPaths: transaction.forwardPaths,
        recipientParameters: transaction.recipientParameters,
        perRecipient: this.#session.perRecipient,
        content: body,
      })
      if (!body.ended) await body.drain()
      return decided
    } catch (error) {
      // What the handler was told it need not tell back.
      if (error === body.error) return undefined
      return this.#decisions.failed(error)
    }
  }
}
