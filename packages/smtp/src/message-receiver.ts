/**
 * The receipt of one message: by DATA with its dots taken away (RFC 5321 section 4.1.1.4), or by BDAT in chunks
 * (RFC 3030 section 2); size and line endings checked.
 */

import { ChunkReader, DotUnstuffer, LineEndNormalizer } from '@posthorn/command'
import { concatBytes, MailError } from '@posthorn/core'
import type { SmtpErrorCode } from './error.ts'
import type { Framing } from './transmission.ts'

const EMPTY = new Uint8Array(0)

// A message that is a little over a small limit is still read to its end, and refused in good order.
const SLACK = 65_536

/** How a message is received. */
export interface ReceiverOptions {
  readonly framing: Framing
  /** Most octets. */
  readonly maxSize: number
  /** Whether line endings mean nothing (BINARYMIME). */
  readonly binary: boolean
  /** What becomes of a bare CR or LF: the message is refused, or it is made CRLF. */
  readonly bareNewline: 'refuse' | 'normalize'
}

/**
 * Takes the octets of one message.
 *
 * @internal
 */
export class MessageReceiver {
  readonly framing: Framing
  readonly #options: ReceiverOptions
  readonly #unstuffer = new DotUnstuffer()
  readonly #lineEnds = new LineEndNormalizer()
  #chunk: ChunkReader | undefined
  #reading: boolean
  #last: boolean
  #size = 0
  #rest: Uint8Array = EMPTY
  #problem: MailError<SmtpErrorCode> | undefined

  constructor(options: ReceiverOptions) {
    this.framing = options.framing
    this.#options = options
    this.#reading = options.framing === 'DATA'
    this.#last = options.framing === 'DATA'
  }

  /** Whether octets of the message come next; false at its end, and between chunks. */
  get reading(): boolean {
    return this.#reading
  }

  /** Whether the end of what is being read is the end of the message. */
  get last(): boolean {
    return this.#last
  }

  /** What followed the octets that ended the reading. */
  get rest(): Uint8Array {
    return this.#rest
  }

  /** How many octets of the message have come, dots of transparency not counted. */
  get size(): number {
    return this.#size
  }

  /** Why the message must be refused; the rest of it is still read. */
  get problem(): MailError<SmtpErrorCode> | undefined {
    return this.#problem
  }

  /** Whether so much more than the limit has come that the rest is not worth reading. */
  get endless(): boolean {
    return this.#size > 2 * this.#options.maxSize + SLACK
  }

  /** Begins a chunk. */
  startChunk(size: number, last: boolean): void {
    this.#chunk = new ChunkReader(size)
    this.#last = last
    this.#reading = true
    // What a client says it will send is refused before it comes, and is read all the same.
    if (this.#size + size > this.#options.maxSize) this.#tooLarge()
  }

  /** Takes the next octets and gives those of the message. */
  push(bytes: Uint8Array): Uint8Array {
    const part = this.#chunk ? this.#chunk.push(bytes) : this.#unstuffer.push(bytes)
    this.#size += part.bytes.length
    this.#rest = part.rest
    this.#reading = !part.ended
    if (this.#size > this.#options.maxSize) this.#tooLarge()
    return this.#checkLineEnds(part.bytes, part.ended && this.#last)
  }

  // RFC 5321 section 2.3.8: a CR or LF alone is never a line ending, and taking it as one smuggles messages.
  #checkLineEnds(bytes: Uint8Array, atEnd: boolean): Uint8Array {
    if (this.#options.binary) return bytes
    const mends = this.#options.bareNewline === 'normalize'
    if (!mends && this.framing === 'DATA') {
      if (this.#unstuffer.bareNewline) this.#bareNewline()
      return bytes
    }
    const pushed = this.#lineEnds.push(bytes)
    const mended = atEnd ? concatBytes([pushed, this.#lineEnds.end()]) : pushed
    if (this.#lineEnds.mended && !mends) this.#bareNewline()
    return mended
  }

  #tooLarge(): void {
    const { maxSize } = this.#options
    this.#problem ??= new MailError('SMTP_MESSAGE_TOO_LARGE', `Cannot take message: it is over ${maxSize} octets`, {
      spec: 'rfc1870#section-6.3',
    })
  }

  #bareNewline(): void {
    this.#problem ??= new MailError('SMTP_BARE_NEWLINE', 'Cannot take message: it has a bare CR or LF', {
      spec: 'rfc5321#section-2.3.8',
    })
  }
}
