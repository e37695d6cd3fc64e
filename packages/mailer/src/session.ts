/** One session of the pool, from the connection to QUIT. */

import type { Connection, Platform, SmtpClient } from '@posthorn/smtp'
import { fault } from './error.ts'

// A message waits meanwhile, and another session serves it as well.
const PROBE_TIMEOUT = 10_000

/** A session that is ready to send. */
export interface OpenedSession {
  readonly client: SmtpClient
  readonly connection: Connection
}

/** What a session of the pool is told of time. */
interface SessionLimits {
  readonly platform: Platform
  readonly maxMessages: number
  readonly probeAfter: number
  readonly laced: boolean
}

/**
 * One session of the pool.
 *
 * @internal
 */
export class PooledSession {
  readonly id: number
  readonly client: SmtpClient
  readonly #connection: Connection
  readonly #limits: SessionLimits
  #messages = 0
  #idleSince: number

  constructor(id: number, { client, connection }: OpenedSession, limits: SessionLimits) {
    this.id = id
    this.client = client
    this.#connection = connection
    this.#limits = limits
    this.#idleSince = limits.platform.now()
  }

  get messages(): number {
    return this.#messages
  }

  /** Since when nothing was sent over it. */
  get idleSince(): number {
    return this.#idleSince
  }

  /** Whether it has had all the messages that it may have. */
  get isWorn(): boolean {
    return this.#messages >= this.#limits.maxMessages
  }

  /** Whether messages are laced into each other where the server offers PIPELINING. */
  get isLaced(): boolean {
    return this.#limits.laced && this.client.capabilities.pipelining
  }

  /** A message is given to it. */
  count(): void {
    this.#messages++
  }

  /** It waits for the next message; calls back when the server leaves meanwhile. */
  rest(onEnd: () => void): void {
    this.#idleSince = this.#limits.platform.now()
    this.client.watch(onEnd)
  }

  /** Whether it has been idle for so long that the server is asked before it is used. */
  get needsProbe(): boolean {
    return this.client.usable && this.#limits.platform.now() - this.#idleSince >= this.#limits.probeAfter
  }

  /** Asks the server; `client.usable` tells what came of it. */
  async probe(): Promise<void> {
    const late = fault('MAILER_CONNECT_FAILED', 'use session: the server does not answer')
    const cancel = this.#limits.platform.startTimer(PROBE_TIMEOUT, () => this.abort(late))
    await this.client.noop().catch(() => undefined)
    cancel()
  }

  /** Ends it at once. */
  abort(reason: unknown): void {
    this.#connection.abort(reason)
  }
}
