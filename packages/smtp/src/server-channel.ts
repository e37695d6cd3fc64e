/**
 * A server's end of a connection: what its session says is written, and what is read brings its events, each under the
 * deadline of RFC 5321 section 4.5.3.2. A message has a lowest rate beside it.
 */

import { MailError } from '@posthorn/core'
import { encodeReply } from '@posthorn/reply'
import type { Connection } from './connection.ts'
import { type Deadline, deadlineFor } from './deadline.ts'
import { asMailError, type Bounds, bounded, Wait } from './driver.ts'
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
  #isReading = false

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

  /** Gives the next event; `undefined` at the end. One that is there already comes without a promise. */
  next(): ServerEvent | Promise<ServerEvent | undefined> {
    return this.#session.nextEvent() ?? this.#converse()
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
    if (this.#isReading && this.#session.state === 'closed') this.#wait.giveUp()
  }

  // Writes what is ready, then reads until the session has an event. One deadline holds until the session has answered
  // something, so that a command that drips in does not hold the session for ever.
  async #converse(): Promise<ServerEvent | undefined> {
    const [session, connection, wait] = [this.#session, this.#connection, this.#wait]
    let output = session.takeOutput()
    let isBody = this.#begin()
    try {
      for (;;) {
        // While it is written the session may begin to end.
        for (; output.length > 0; output = session.takeOutput()) await wait.race(() => connection.write(output))
        if (!session.deadline) return undefined
        const start = isBody ? this.#bounds.platform.now() : 0
        this.#isReading = true
        const bytes = await wait.race(() => connection.read())
        this.#isReading = false
        if (bytes) session.receive(bytes, ADOPTED)
        else session.end()
        if (isBody) this.#note(bytes?.length ?? 0, start)
        const event = session.nextEvent()
        if (event) return event
        output = session.takeOutput()
        if (output.length > 0) isBody = this.#begin()
      }
    } catch (error) {
      if (this.#isReading && isTimeout(error)) await this.#sayGoodbye().catch(() => undefined)
      throw asMailError(error)
    } finally {
      wait.begin(undefined)
    }
  }

  // Begins the deadline of what is awaited now; true when it is a part of a message, which may take as long as its octets at
  // the lowest rate, and once the time that a pause may last.
  #begin(): boolean {
    const deadline = this.#session.deadline ?? deadlineFor('body')
    const isBody = deadline.awaiting === 'body'
    if (!isBody) this.#wait.begin(deadline)
    else {
      const left = deadline.milliseconds + (this.#octets * 1000) / this.#minByteRate - this.#waited
      this.#wait.begin({ ...deadline, milliseconds: Math.max(0, Math.min(deadline.milliseconds, left)) })
    }
    return isBody
  }

  #note(octets: number, start: number): void {
    this.#octets += octets
    this.#waited += this.#bounds.platform.now() - start
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

function isTimeout(error: unknown): boolean {
  return error instanceof MailError && error.code === 'SMTP_TIMEOUT'
}
