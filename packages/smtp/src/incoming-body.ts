/** The octets of one message, pulled from a server's session by whoever reads them, so that nothing piles up. */

import { MailError } from '@posthorn/core'
import { asMailError } from './driver.ts'
import type { SmtpErrorCode } from './error.ts'
import type { ServerEvent } from './event.ts'

const END = { done: true, value: undefined } as const

/**
 * The octets of one message.
 *
 * @internal
 */
export class IncomingBody implements AsyncIterable<Uint8Array> {
  readonly #next: () => Promise<ServerEvent | undefined>
  /** Whether there is no more of it. */
  ended = false
  /** Why the message could not be read to its end. */
  error: MailError | undefined
  /** Whether the session has refused the message, and goes on; else it is over. */
  refused = false

  constructor(next: () => Promise<ServerEvent | undefined>) {
    this.#next = next
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array, undefined> {
    return { next: () => this.#pull() }
  }

  async drain(): Promise<void> {
    while (!this.ended) await this.#pull()
  }

  async #pull(): Promise<IteratorResult<Uint8Array, undefined>> {
    if (this.ended) return END
    try {
      const event = await this.#next()
      if (event?.type === 'body') return { done: false, value: event.bytes }
      this.ended = true
      if (event?.type === 'message-end') return END
      this.refused = event?.type === 'message-refused'
      throw event && 'error' in event ? event.error : unexpectedEnd()
    } catch (error) {
      this.ended = true
      this.error = asMailError(error)
      throw this.error
    }
  }
}

function unexpectedEnd(): MailError<SmtpErrorCode> {
  return new MailError('SMTP_CLOSED', 'Cannot take message: the connection ended before it did')
}
