/**
 * A server over any connection: drives a {@link ServerSession} and asks its handlers what to accept.
 * RFC 5321, RFC 3207, RFC 4954. Out of scope: listening, storing, routing.
 */

import type { ForwardPath, MailParameters, RcptParameters, ReversePath } from '@posthorn/command'
import { MailError } from '@posthorn/core'
import { encodeReply, type Reply, replyClass } from '@posthorn/reply'
import type { OfferedMechanism, SaslIdentity, ServerMechanism } from '@posthorn/sasl'
import type { Connection, ConnectionInfo } from './connection.ts'
import { type Deadline, deadlineFor } from './deadline.ts'
import { asMailError, type Bounds, bounded, boundsOf } from './driver.ts'
import type { ServerEvent } from './event.ts'
import { IncomingBody } from './incoming-body.ts'
import type { ServerSessionOptions } from './offer.ts'
import { defaultPlatform, type Platform } from './platform.ts'
import { ServerSession } from './server-session.ts'
import { standardReply } from './standard-reply.ts'

/** Who is at the other end, as far as the session has learnt. */
export interface Peer {
  /** The connection's addresses and TLS. */
  readonly connection: ConnectionInfo
  /** What the client called itself in EHLO or HELO. */
  readonly domain?: string
  /** Who has authenticated. */
  readonly identity?: SaslIdentity
}

/** A message as it comes in. */
export interface IncomingMessage {
  /** Who sent it, as far as the session knows. */
  readonly peer: Peer
  /** Where reports of failure go. */
  readonly reversePath: ReversePath
  /** The parameters of MAIL. */
  readonly parameters: MailParameters
  /** The recipients that were accepted, in order. */
  readonly forwardPaths: readonly ForwardPath[]
  /**
   * The octets in wire form, read only as fast as they are taken. It rejects, and the message must be dropped, when the
   * session refuses the message (`SMTP_BARE_NEWLINE`, `SMTP_MESSAGE_TOO_LARGE`) or the connection breaks.
   */
  readonly content: AsyncIterable<Uint8Array>
}

/** What a handler says: nothing to accept, or the reply to give. */
export type Decision = Reply | undefined | void

/** How {@link serve} behaves, and whom it asks. */
export interface ServeOptions extends Omit<ServerSessionOptions, 'secured' | 'mechanisms'> {
  /** The mechanisms of AUTH, the strongest first; those that send the password itself need TLS. */
  readonly mechanisms?: readonly OfferedMechanism[]
  /** Decides whether to serve this client; default: yes. */
  readonly onConnect?: (peer: Peer) => Decision | Promise<Decision>
  /** Decides on a reverse-path; default: accepted. */
  readonly onMail?: (reversePath: ReversePath, parameters: MailParameters, peer: Peer) => Decision | Promise<Decision>
  /** Decides on a recipient; default: accepted. */
  readonly onRecipient?: (
    forwardPath: ForwardPath,
    parameters: RcptParameters,
    peer: Peer,
  ) => Decision | Promise<Decision>
  /** Takes a message; when it resolves without a reply, the server is responsible for the message. */
  readonly onMessage: (message: IncomingMessage) => Decision | Promise<Decision>
  /** Hears what went wrong: an error of a handler (answered with 451), or the one that ended the session. */
  readonly onError?: (error: unknown) => void
  /** Turns the deadline of RFC 5321 section 4.5.3.2 into the one in force, in milliseconds; default: as it is. */
  readonly deadline?: (deadline: Deadline) => number
  /** Ends the session when it fires. */
  readonly signal?: AbortSignal
  /** Timers; default: the platform's. */
  readonly platform?: Platform
}

const MAX_AUTH_STEPS = 10

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
export async function serve(connection: Connection, options: ServeOptions): Promise<void> {
  const server = new Server(connection, options)
  try {
    await server.run()
    await connection.close()
  } catch (error) {
    options.onError?.(error)
    connection.abort(error)
  }
}

interface OpenTransaction {
  readonly reversePath: ReversePath
  readonly parameters: MailParameters
  readonly forwardPaths: ForwardPath[]
}

class Server {
  readonly #connection: Connection
  readonly #options: ServeOptions
  readonly #session: ServerSession
  readonly #bounds: Bounds
  #domain: string | undefined
  #identity: SaslIdentity | undefined
  #transaction: OpenTransaction | undefined
  #exchange: { readonly mechanism: ServerMechanism; steps: number } | undefined

  constructor(connection: Connection, options: ServeOptions) {
    this.#connection = connection
    this.#options = options
    this.#session = new ServerSession({ ...options, secured: connection.info.tls !== undefined })
    this.#bounds = boundsOf(options.platform ?? defaultPlatform, options)
  }

  async run(): Promise<void> {
    for (let event = await this.#next(); event; event = await this.#next()) {
      if (event.type === 'error') throw event.error
      await this.#handle(event)
    }
  }

  async #handle(event: ServerEvent): Promise<void> {
    switch (event.type) {
      case 'connect':
        return this.#decide(() => this.#options.onConnect?.(this.#peer))
      case 'hello':
        this.#domain = event.domain
        this.#transaction = undefined
        return
      case 'upgrade-tls':
        return this.#raiseTls()
      case 'auth':
        return this.#startAuth(event.mechanism, event.initialResponse)
      case 'auth-response':
        return this.#stepAuth(event.data)
      case 'mail':
        return this.#onMail(event.reversePath, event.parameters)
      case 'rcpt':
        return this.#onRecipient(event.forwardPath, event.parameters)
      case 'message-start':
        return this.#receive()
      default:
        this.#transaction = undefined
    }
  }

  // Writes what is ready, then reads until the session has an event; undefined at the end.
  async #next(): Promise<ServerEvent | undefined> {
    for (;;) {
      const event = this.#session.nextEvent()
      if (event) return event
      await this.#flush()
      const { deadline } = this.#session
      if (!deadline) return undefined
      const bytes = await this.#read(deadline)
      if (bytes) this.#session.receive(bytes)
      else this.#session.end()
    }
  }

  async #read(deadline: Deadline): Promise<Uint8Array | undefined> {
    try {
      return await bounded(() => this.#connection.read(), deadline, this.#bounds)
    } catch (error) {
      if (error instanceof MailError && error.code === 'SMTP_TIMEOUT') {
        await this.#write(encodeReply(standardReply('goingAway')), deadlineFor('QUIT')).catch(() => undefined)
      }
      throw asMailError(error)
    }
  }

  async #flush(): Promise<void> {
    const output = this.#session.takeOutput()
    if (output.length > 0) await this.#write(output, deadlineFor('body'))
  }

  #write(octets: Uint8Array, deadline: Deadline): Promise<void> {
    return bounded(() => this.#connection.write(octets), deadline, this.#bounds)
  }

  get #peer(): Peer {
    return {
      connection: this.#connection.info,
      ...(this.#domain !== undefined && { domain: this.#domain }),
      ...(this.#identity && { identity: this.#identity }),
    }
  }

  async #decide(ask: () => Decision | Promise<Decision>): Promise<void> {
    this.#answer(await this.#ask(ask))
  }

  async #ask(ask: () => Decision | Promise<Decision>): Promise<Reply | undefined> {
    try {
      return (await ask()) ?? undefined
    } catch (error) {
      this.#options.onError?.(error)
      return standardReply('localError')
    }
  }

  #answer(reply: Reply | undefined): void {
    if (reply) this.#session.reply(reply)
    else this.#session.accept()
  }

  async #raiseTls(): Promise<void> {
    await this.#flush()
    await bounded(() => this.#connection.startTls({}), deadlineFor('handshake'), this.#bounds)
    this.#session.tlsEstablished()
    this.#domain = undefined
    this.#identity = undefined
    this.#transaction = undefined
  }

  async #startAuth(name: string, initialResponse: Uint8Array | undefined): Promise<void> {
    const offered = this.#options.mechanisms?.find((mechanism) => mechanism.name === name)
    this.#exchange = offered && { mechanism: offered.create(), steps: 0 }
    await this.#stepAuth(initialResponse)
  }

  async #stepAuth(response: Uint8Array | undefined): Promise<void> {
    const exchange = this.#exchange
    const step = await this.#ask(async () => {
      if (!exchange || exchange.steps++ >= MAX_AUTH_STEPS) return standardReply('authFailed')
      const result = await exchange.mechanism.next(response)
      if (result.type === 'challenge') {
        this.#session.challenge(result.data)
        return undefined
      }
      if (result.type === 'failure') return standardReply('authFailed')
      this.#identity = result.identity
      this.#session.accept()
      return undefined
    })
    if (step) this.#session.reply(step)
  }

  async #onMail(reversePath: ReversePath, parameters: MailParameters): Promise<void> {
    const decision = await this.#ask(() => this.#options.onMail?.(reversePath, parameters, this.#peer))
    if (!decision || replyClass(decision) === 2) this.#transaction = { reversePath, parameters, forwardPaths: [] }
    this.#answer(decision)
  }

  async #onRecipient(forwardPath: ForwardPath, parameters: RcptParameters): Promise<void> {
    const decision = await this.#ask(() => this.#options.onRecipient?.(forwardPath, parameters, this.#peer))
    if (!decision || replyClass(decision) === 2) this.#transaction?.forwardPaths.push(forwardPath)
    this.#answer(decision)
  }

  async #receive(): Promise<void> {
    const transaction = this.#transaction!
    this.#transaction = undefined
    const body = new IncomingBody(() => this.#next())
    const decision = await this.#ask(async () => {
      const decided = await this.#options.onMessage({ ...transaction, peer: this.#peer, content: body })
      await body.drain()
      return decided
    })
    await body.drain().catch(() => undefined)
    if (body.failure) throw body.failure
    if (!body.refused) this.#answer(decision)
  }
}
