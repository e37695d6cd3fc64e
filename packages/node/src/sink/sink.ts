/** A sink at work. */

import type { SinkBehaviour } from './behaviour.ts'
import type { SinkWaitOptions } from './mailbag.ts'
import type { SinkMessage, SinkSession } from './message.ts'

/** A sink at work. */
export interface Sink {
  /** Where it is, as `smtp://127.0.0.1:2525`; `smtps` with TLS at once, `lmtp` where that is spoken. */
  readonly url: string
  /** The address. */
  readonly host: string
  /** The port. */
  readonly port: number
  /** The messages that are kept, the oldest first. */
  readonly messages: readonly SinkMessage[]
  /** The transcripts of the sessions that are kept, the oldest first, also of those that go on. */
  readonly transcripts: readonly SinkSession[]
  /**
   * Waits for the oldest message that it has not given before.
   *
   * @throws {MailError} `NODE_SINK_TIMEOUT` when none comes in time; `NODE_ABORTED`.
   */
  next(options?: SinkWaitOptions): Promise<SinkMessage>
  /**
   * Waits until so many messages are kept, and gives all that are.
   *
   * @throws {MailError} As `next`.
   */
  waitFor(count: number, options?: SinkWaitOptions): Promise<readonly SinkMessage[]>
  /** Behaves as this says from now on, and no more as before; without an argument well. */
  behave(behaviour?: SinkBehaviour): void
  /** Forgets messages and transcripts. */
  clear(): void
  /** Ends all sessions at once, and the sink. */
  close(): Promise<void>
  /** As `close`. */
  [Symbol.asyncDispose](): Promise<void>
}
