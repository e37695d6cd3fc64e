/** The octets of one message, pulled from a server's session by whoever reads them, so that nothing piles up. */

import { MailError } from '@posthorn/core'
import { asMailError } from './driver.ts'
import type { SmtpErrorCode } from './error.ts'
import type { ServerEvent } from './event.ts'

/**
 * The octets of one message.
 *
 * @internal
 */
export class IncomingBody implements AsyncIterable<Uint8Array> {
  readonly #next: () => Promise<ServerEvent | undefined>
  #ended = false
  /** Why the message could not be read to its end. */
  error: MailError | undefined
  /** Whether the session has refused the message, and goes on; else it is over. */
  refused = false

  constructor(next: () => Promise<ServerEvent | undefined>) {
    this.#next = next
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    for (let chunk = await this.#pull(); chunk; chunk = await this.#pull()) yield chunk
  }

  async drain(): Promise<void> {
    while (await this.#pull());
  }

  async #pull(): Promise<Uint8Array | undefined> {
    if (this.#ended) return undefined
    const event = await this.#event()
    if (event?.type === 'body') return event.bytes
    this.#ended = true
    if (event?.type === 'message-end') return undefined
    this.refused = event?.type === 'message-refused'
    this.error = event && 'error' in event ? event.error : unexpectedEnd()
    throw this.error
  }

  async #event(): Promise<ServerEvent | undefined> {
    try {
      return await this.#next()
    } catch (error) {
      this.#ended = true
      this.error = asMailError(error)
      throw this.error
    }
  }
}

function unexpectedEnd(): MailError<SmtpErrorCode> {
  return new MailError('SMTP_CLOSED', 'Cannot take message: the connection ended before it did')
}
