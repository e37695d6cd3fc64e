/**
 * A server's end of a connection: what its session says is written, and what is read brings its events, each under the
 * deadline of RFC 5321 section 4.5.3.2. A message has a lowest rate beside it.
 */

import { MailError } from '@posthorn/core'
import { encodeReply } from '@posthorn/reply'
import type { Connection } from './connection.ts'
import { type Deadline, deadlineFor } from './deadline.ts'
import { type Bounds, bounded, Wait } from './driver.ts'
import type { ServerEvent } from './event.ts'
import type { ServerSession } from './server-session.ts'
import { standardReply } from './standard-reply.ts'
import type { Recorder } from './transcript.ts'

const DEFAULT_BYTE_RATE = 100

// Before more is read all is used.
const ADOPTED = { adopt: true } as const

/** How a server's end behaves. */
interface ServerChannelOptions {
  readonly minByteRate?: number
  readonly record?: Recorder
}

/**
 * A server's end of a connection.
 *
 * @internal
 */
export class ServerChannel {
  readonly #session: ServerSession
  readonly #connection: Connection
  readonly #bounds: Bounds
  readonly #minByteRate: number
  readonly #record: Recorder | undefined
  // How many octets of the message have come, and how many milliseconds were spent waiting for them.
  #octets = 0
  #waited = 0
  // The wait for the client; each answer begins another deadline.
  readonly #wait: Wait
  // Whether what is awaited is a part of a message.
  #isBody = false
  // When the read that is outstanding began.
  #readSince: number | undefined
  #saidGoodbye = false

  constructor(
    session: ServerSession,
    connection: Connection,
    bounds: Bounds,
    { minByteRate = DEFAULT_BYTE_RATE, record }: ServerChannelOptions,
  ) {
    this.#session = session
    this.#connection = connection
    this.#bounds = bounds
    this.#wait = new Wait(undefined, bounds)
    this.#minByteRate = minByteRate
    this.#record = record
  }

  /** Notes that a message begins. */
  startMessage(): void {
    this.#octets = 0
    this.#waited = 0
  }

  /** Gives the next event, whose handling no deadline bounds; `undefined` where a turn must come first. */
  take(): ServerEvent | undefined {
    const event = this.#session.nextEvent()
    if (event) this.#wait.begin(undefined)
    return event
  }

  /**
   * Takes one turn of the conversation: writes what is ready, or reads; `undefined` at the end. One deadline holds until the
   * session has answered something, so that a command that drips in does not hold the session for ever.
   */
  turn(): Promise<void> | undefined {
    const output = this.#session.takeOutput()
    if (output.length > 0 || !this.#wait.hasDeadline) this.#begin()
    // While it is written the session may begin to end.
    if (output.length > 0) return this.#wait.race(() => this.#connection.write(output))
    if (!this.#session.deadline) return undefined
    this.#readSince = this.#bounds.platform.now()
    return this.#wait.race(() => this.#connection.read(), this.#onRead)
  }

  /** Gives the next event, after as many turns as it takes; `undefined` at the end. */
  async next(): Promise<ServerEvent | undefined> {
    try {
      for (;;) {
        const event = this.take()
        if (event) return event
        const turn = this.turn()
        if (!turn) return undefined
        await turn
      }
    } catch (error) {
      await this.leave(error)
      throw error
    }
  }

  /** Says goodbye, once, to a client that was waited for in vain; true when it may have heard that. */
  async leave(error: unknown): Promise<boolean> {
    const isLate = error instanceof MailError && error.code === 'SMTP_TIMEOUT'
    if (isLate && this.#readSince !== undefined) {
      this.#readSince = undefined
      this.#saidGoodbye = await this.#sayGoodbye().then(
        () => true,
        () => false,
      )
    }
    return this.#saidGoodbye
  }

  /** Lets go of what the connection holds no longer; nothing may come after it. */
  stop(): void {
    this.#wait.stop()
  }

  /** Writes what is ready. */
  async flush(): Promise<void> {
    const output = this.#session.takeOutput()
    if (output.length > 0) await this.#write(output, deadlineFor('body'))
  }

  /** Raises TLS. */
  async startTls(): Promise<void> {
    await this.flush()
    await bounded(() => this.#connection.startTls({}), deadlineFor('handshake'), this.#bounds)
  }

  /** Begins to end the session in good order. */
  shutDown(): void {
    this.#session.shutDown()
    // What the read that is outstanding brings is nobody's, and there is none after it.
    if (this.#readSince !== undefined && this.#session.state === 'closed') this.#wait.giveUp()
  }

  // Begins the deadline of what is awaited now.
  #begin(): void {
    const deadline = this.#session.deadline ?? deadlineFor('body')
    this.#isBody = deadline.awaiting === 'body'
    this.#wait.begin(this.#isBody ? this.#shortened(deadline) : deadline)
  }

  // A message may take as long as its octets at the lowest rate, and once the time that a pause may last.
  #shortened({ awaiting, milliseconds }: Deadline): Deadline {
    const left = milliseconds + (this.#octets * 1000) / this.#minByteRate - this.#waited
    return { awaiting, milliseconds: Math.max(0, Math.min(milliseconds, left)) }
  }

  readonly #onRead = (bytes: Uint8Array | undefined): void => {
    const since = this.#readSince ?? 0
    this.#readSince = undefined
    if (bytes) this.#session.receive(bytes, ADOPTED)
    else this.#session.end()
    if (!this.#isBody) return
    this.#octets += bytes?.length ?? 0
    this.#waited += this.#bounds.platform.now() - since
  }

  async #sayGoodbye(): Promise<void> {
    const reply = standardReply('goingAway')
    await this.#write(encodeReply(reply), deadlineFor('QUIT'))
    this.#record?.({ type: 'reply', reply })
  }

  #write(octets: Uint8Array, deadline: Deadline): Promise<void> {
    return bounded(() => this.#connection.write(octets), deadline, this.#bounds)
  }
}
