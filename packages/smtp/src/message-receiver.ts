/** The receipt of one message by DATA: dots taken away, size and line endings checked. RFC 5321 section 4.1.1.4. */

import { DotUnstuffer } from '@posthorn/command'
import { MailError } from '@posthorn/core'
import type { SmtpErrorCode } from './error.ts'

const EMPTY = new Uint8Array(0)

// A message that is a little over a small limit is still read to its end, and refused in good order.
const SLACK = 65_536

/**
 * Takes the octets of one message.
 *
 * @internal
 */
export class MessageReceiver {
  readonly #unstuffer = new DotUnstuffer()
  readonly #maxSize: number
  #size = 0
  #rest: Uint8Array = EMPTY
  #ended = false
  #problem: MailError<SmtpErrorCode> | undefined

  constructor(maxSize: number) {
    this.#maxSize = maxSize
  }

  /** Whether the lone dot has come. */
  get ended(): boolean {
    return this.#ended
  }

  /** What followed the lone dot. */
  get rest(): Uint8Array {
    return this.#rest
  }

  /** Why the message must be refused; the rest of it is still read, up to the lone dot. */
  get problem(): MailError<SmtpErrorCode> | undefined {
    return this.#problem
  }

  /** Whether so much more than the limit has come that the rest is not worth reading. */
  get endless(): boolean {
    return this.#size > 2 * this.#maxSize + SLACK
  }

  /** Takes the next octets and gives those of the message. */
  push(bytes: Uint8Array): Uint8Array {
    const chunk = this.#unstuffer.push(bytes)
    this.#size += chunk.bytes.length
    this.#rest = chunk.rest
    this.#ended = chunk.ended
    if (this.#size > this.#maxSize) {
      this.#problem ??= new MailError(
        'SMTP_MESSAGE_TOO_LARGE',
        `Cannot take message: it is over ${this.#maxSize} octets`,
        {
          spec: 'rfc1870#section-6.3',
        },
      )
    }
    // RFC 5321 section 2.3.8: a CR or LF alone is never a line ending, and taking it as one smuggles messages.
    if (this.#unstuffer.bareNewline) {
      this.#problem ??= new MailError('SMTP_BARE_NEWLINE', 'Cannot take message: it has a bare CR or LF', {
        spec: 'rfc5321#section-2.3.8',
      })
    }
    return chunk.bytes
  }
}
