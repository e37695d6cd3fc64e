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
  // The wait for what the client says.
  #reading: Wait | undefined

  constructor(
    session: ServerSession,
    connection: Connection,
    bounds: Bounds,
    { minByteRate = DEFAULT_BYTE_RATE, record }: ServerChannelOptions,
  ) {
    this.#session = session
    this.#connection = connection
    this.#bounds = bounds
    this.#minByteRate = minByteRate
    this.#record = record
  }

  /** Notes that a message begins. */
  startMessage(): void {
    this.#octets = 0
    this.#waited = 0
  }

  /**
   * Writes what is ready, then reads until the session has an event; `undefined` at the end. One deadline holds until the
   * session has answered something, so that a command that drips in does not hold the session for ever.
   */
  async next(): Promise<ServerEvent | undefined> {
    const ready = this.#session.nextEvent()
    if (ready) return ready
    let wait: Wait | undefined
    try {
      for (;;) {
        const output = this.#session.takeOutput()
        const { deadline } = this.#session
        // Whatever was answered begins a new wait.
        if (output.length > 0) wait?.stop()
        if (output.length > 0 || !wait) wait = new Wait(this.#inForce(deadline ?? deadlineFor('body')), this.#bounds)
        if (output.length > 0) await wait.race(() => this.#connection.write(output))
        // While it was written the session may have begun to end.
        if (output.length > 0) continue
        if (!deadline) return undefined
        await this.#read(wait, deadline.awaiting === 'body')
        const event = this.#session.nextEvent()
        if (event) return event
      }
    } finally {
      wait?.stop()
    }
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
    if (this.#session.state === 'closed') this.#reading?.giveUp()
  }

  // A message may take as long as its octets at the lowest rate, and once the time that a pause may last.
  #inForce(deadline: Deadline): Deadline {
    if (deadline.awaiting !== 'body') return deadline
    const left = deadline.milliseconds + (this.#octets * 1000) / this.#minByteRate - this.#waited
    return { ...deadline, milliseconds: Math.max(0, Math.min(deadline.milliseconds, left)) }
  }

  async #read(wait: Wait, body: boolean): Promise<void> {
    const { now } = this.#bounds.platform
    const start = body ? now() : 0
    try {
      this.#reading = wait
      const bytes = await wait.race(() => this.#connection.read())
      this.#reading = undefined
      if (bytes) this.#session.receive(bytes)
      else this.#session.end()
      if (!body) return
      this.#octets += bytes?.length ?? 0
      this.#waited += now() - start
    } catch (error) {
      if (error instanceof MailError && error.code === 'SMTP_TIMEOUT') {
        await this.#sayGoodbye().catch(() => undefined)
      }
      throw asMailError(error)
    }
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
