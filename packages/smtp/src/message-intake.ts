/**
 * The octets that are not commands: those of a message, by DATA or by BDAT, and those of a refused chunk, which must be
 * read all the same (RFC 3030 section 2).
 */

import { ChunkReader, type Command } from '@posthorn/command'
import { type LineBuffer, MailError } from '@posthorn/core'
import type { Reply } from '@posthorn/reply'
import type { SmtpErrorCode } from './error.ts'
import type { IncomingTransaction } from './incoming-transaction.ts'
import { MessageReceiver } from './message-receiver.ts'
import { DEFAULT_MAX_SIZE, type ServerSessionOptions } from './server-session-options.ts'
import type { Framing } from './transmission.ts'

/** What the octets that came have led to. */
export type IntakeStep =
  | { readonly type: 'body'; readonly bytes: Uint8Array }
  | { readonly type: 'chunk-end'; readonly octets: number; readonly problem: MailError<SmtpErrorCode> | undefined }
  | {
      readonly type: 'message-end'
      readonly problem: MailError<SmtpErrorCode> | undefined
      readonly octets: number
      readonly framing: Framing
    }
  | { readonly type: 'discarded'; readonly reply: Reply }
  | { readonly type: 'endless' }

/**
 * Takes the octets of messages off what comes in.
 *
 * @internal
 */
export class MessageIntake {
  readonly #options: ServerSessionOptions
  #receiver: MessageReceiver | undefined
  #chunkSize = 0
  #discard: { readonly reader: ChunkReader; readonly reply: Reply } | undefined
  // Whether what is read has ended, and its end is still to be told.
  #ending = false

  constructor(options: ServerSessionOptions) {
    this.#options = options
  }

  /** Whether what comes next is no command. */
  get reading(): boolean {
    return this.#ending || this.#discard !== undefined || this.#receiver?.reading === true
  }

  /** Whether a part of the message has come by BDAT. */
  get chunked(): boolean {
    return this.#receiver?.framing === 'BDAT'
  }

  /** Begins a message by DATA. */
  startData(transaction: IncomingTransaction): void {
    this.#receiver = this.#receive('DATA', transaction)
  }

  /** Begins a chunk; true when it is the first of its message. */
  startChunk({ size, last }: Extract<Command, { verb: 'BDAT' }>, transaction: IncomingTransaction): boolean {
    const first = !this.#receiver
    this.#receiver ??= this.#receive('BDAT', transaction)
    this.#chunkSize = size
    this.#receiver.startChunk(size, last)
    if (size === 0) this.#push(this.#receiver, new Uint8Array(0))
    return first
  }

  /** Begins to throw away the octets of a chunk that is refused; false when they are too many to be read. */
  startDiscard(size: number, reply: Reply): boolean {
    const { maxSize = DEFAULT_MAX_SIZE } = this.#options
    this.#discard = { reader: new ChunkReader(size), reply }
    this.#ending = size === 0
    return size <= 2 * maxSize
  }

  /** Takes what has come. */
  read(lines: LineBuffer): IntakeStep | undefined {
    if (this.#ending) return this.#end(lines)
    if (lines.length === 0) return undefined
    // What comes by DATA is copied when its dots are taken away; of a chunk views are given out.
    const waiting = this.#receiver?.framing === 'DATA' ? lines.drainView() : lines.drain()
    if (this.#discard) return this.#readDiscarded(this.#discard.reader, waiting, lines)
    const receiver = this.#receiver!
    const bytes = this.#push(receiver, waiting)
    if (receiver.endless) return { type: 'endless' }
    if (!receiver.problem && bytes.length > 0) return { type: 'body', bytes }
    return this.#ending ? this.#end(lines) : undefined
  }

  /** Drops a message of which a part has come; gives the error for whoever takes it. */
  abandon(): MailError<SmtpErrorCode> | undefined {
    const receiver = this.#receiver
    this.#receiver = undefined
    if (!receiver) return undefined
    const spec = 'rfc3030#section-2'
    return (
      receiver.problem ??
      new MailError('SMTP_MESSAGE_ABANDONED', 'Cannot take message: the client gave it up', { spec })
    )
  }

  #receive(framing: Framing, { binary }: IncomingTransaction): MessageReceiver {
    const { maxSize = DEFAULT_MAX_SIZE, bareNewline = 'refuse' } = this.#options
    return new MessageReceiver({ framing, maxSize, binary, bareNewline })
  }

  #push(receiver: MessageReceiver, octets: Uint8Array): Uint8Array {
    const bytes = receiver.push(octets)
    this.#ending = !receiver.reading
    return bytes
  }

  #readDiscarded(reader: ChunkReader, waiting: Uint8Array, lines: LineBuffer): IntakeStep | undefined {
    const part = reader.push(waiting)
    if (!part.ended) return undefined
    lines.adopt(part.rest)
    return this.#end(lines)
  }

  #end(lines: LineBuffer): IntakeStep {
    this.#ending = false
    const discarded = this.#discard
    if (discarded) {
      this.#discard = undefined
      return { type: 'discarded', reply: discarded.reply }
    }
    const { rest, last, problem, size, framing } = this.#receiver!
    lines.adopt(rest)
    if (!last) return { type: 'chunk-end', octets: this.#chunkSize, problem }
    this.#receiver = undefined
    return { type: 'message-end', problem, octets: size, framing }
  }
}
