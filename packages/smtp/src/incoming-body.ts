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
  refused = false
  failure: MailError | undefined

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
    const error = event && 'error' in event ? event.error : unexpectedEnd()
    if (!this.refused) this.failure = error
    throw error
  }

  async #event(): Promise<ServerEvent | undefined> {
    try {
      return await this.#next()
    } catch (error) {
      this.#ended = true
      this.failure = asMailError(error)
      throw error
    }
  }
}

function unexpectedEnd(): MailError<SmtpErrorCode> {
  return new MailError('SMTP_CLOSED', 'Cannot take message: the connection ended before it did')
}
