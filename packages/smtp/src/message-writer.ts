/**
 * The message of one transaction on its way out: by DATA with its dots (RFC 5321 section 4.5.2), or by BDAT in chunks
 * (RFC 3030 section 2).
 */

import { LineEndNormalizer } from '@posthorn/command'
import { concatBytes, MailError } from '@posthorn/core'
import { replyClass } from '@posthorn/reply'
import type { Channel } from './channel.ts'
import type { SmtpErrorCode } from './error.ts'
import type { ReplyEvent } from './event.ts'
import type { OpenableMessage } from './message-source.ts'
import type { Framing } from './transmission.ts'

/** How far a message has come. */
export interface Progress {
  /** The octets of the message that were given to the connection. */
  readonly octets: number
  /** The octets of the whole message, where they are known. */
  readonly total?: number
}

const CRLF = Uint8Array.of(13, 10)

// Output is collected up to this size, so that a small message is one write.
const WRITE_SIZE = 65_536

// HAZARD: the replies to many chunks would fill the buffers of both ends if none were read.
const MAX_UNANSWERED = 8

/**
 * Writes one message.
 *
 * @internal
 */
export class MessageWriter {
  readonly framing: Framing
  readonly #message: OpenableMessage
  readonly #onProgress: ((progress: Progress) => void) | undefined
  #octets = 0
  #ended = false
  #unanswered = 0
  #refusal: ReplyEvent | undefined

  constructor(message: OpenableMessage, framing: Framing, onProgress?: (progress: Progress) => void) {
    this.framing = framing
    this.#message = message
    this.#onProgress = onProgress
  }

  /** Whether the end of the message has been given out, so that the server may have taken it. */
  get ended(): boolean {
    return this.#ended
  }

  /** Queues a message that is in memory and small as one chunk; false when it is not. */
  writeWhole(channel: Channel): boolean {
    const octets = this.#small
    if (!octets) return false
    const ends = this.#message.traits.binary ? undefined : new LineEndNormalizer()
    channel.chunk(ends ? concatBytes([ends.push(octets), ...ending(ends)]) : octets, true)
    this.#finish(channel, octets.length)
    return true
  }

  /** Writes the message in chunks; gives the event that refused one of them. */
  async writeChunks(channel: Channel): Promise<ReplyEvent | undefined> {
    if (this.writeWhole(channel)) return undefined
    const ends = this.#message.traits.binary ? undefined : new LineEndNormalizer()
    let parts: Uint8Array[] = []
    let waiting = 0
    for await (const piece of this.#pulled(channel)) {
      parts.push((ends ? ends.push(piece) : piece).slice())
      waiting += parts.at(-1)!.length
      this.#octets += piece.length
      if (waiting < WRITE_SIZE) continue
      await this.#answered(channel, MAX_UNANSWERED)
      if (this.#refusal) break
      channel.chunk(concatBytes(parts), false)
      this.#unanswered++
      ;[parts, waiting] = [[], 0]
      await this.#write(channel)
      this.#tell()
    }
    if (!this.#refusal) await this.#answered(channel, Number.POSITIVE_INFINITY)
    if (this.#refusal) return this.#refusal
    channel.chunk(concatBytes(ends ? [...parts, ...ending(ends)] : parts), true)
    this.#finish(channel, this.#octets)
    return undefined
  }

  /** Writes the message of DATA up to its lone dot; the last of it waits for the next flush. Gives an early refusal. */
  async writeBody(channel: Channel): Promise<ReplyEvent | undefined> {
    const { session } = channel
    const octets = this.#small
    if (octets) {
      session.sendBody(octets, { adopt: true })
      session.endBody()
      this.#finish(channel, octets.length)
      return undefined
    }
    // What is in memory stays as it is until it is sent.
    const adopt = this.#message.octets !== undefined
    let unwritten = 0
    for await (const piece of this.#pulled(channel)) {
      session.sendBody(piece, { adopt })
      this.#octets += piece.length
      unwritten += piece.length
      if (unwritten < WRITE_SIZE) continue
      await this.#write(channel)
      unwritten = 0
      this.#tell()
    }
    if (this.#refusal) return this.#refusal
    session.endBody()
    this.#finish(channel, this.#octets)
    return undefined
  }

  // The whole of a message that is small and in memory, which takes no waiting.
  get #small(): Uint8Array | undefined {
    const { octets } = this.#message
    return octets && octets.length <= WRITE_SIZE ? octets : undefined
  }

  // The pieces of the source, until the server refuses the message.
  async *#pulled(channel: Channel): AsyncGenerator<Uint8Array> {
    const source = this.#message.open()[Symbol.asyncIterator]()
    let ended = false
    try {
      while (!this.#refusal) {
        const step = await this.#hearing(
          channel,
          channel.bounded(() => pull(source)),
        )
        ended = step?.done === true
        if (!step || step.done) return
        yield step.value
      }
    } finally {
      // A source that hangs must not hold up the rest.
      if (!ended) source.return?.().catch(() => undefined)
    }
  }

  // Waits until few enough chunks are unanswered.
  async #answered(channel: Channel, most: number): Promise<void> {
    while (!this.#refusal && (!channel.session.mayPipeline || this.#unanswered >= most)) {
      this.#hear(await channel.event())
    }
  }

  async #write(channel: Channel): Promise<void> {
    const written = channel.flush()
    await this.#hearing(channel, written)
    // The rest of a refused chunk is still read; a refused message of DATA has no end.
    if (this.#refusal && channel.session.state !== 'closed') await written
  }

  // Waits, and hears what the server says meanwhile; gives nothing when that ends the message.
  async #hearing<T>(channel: Channel, operation: Promise<T>): Promise<T | undefined> {
    while (!this.#refusal) {
      const heard = await channel.listenDuring(operation)
      if ('value' in heard) return heard.value
      this.#hear(heard.event)
    }
    return undefined
  }

  #hear(event: ReplyEvent): void {
    this.#unanswered--
    if (event.type !== 'reply' || replyClass(event.reply) !== 2) this.#refusal = event
  }

  #finish(channel: Channel, octets: number): void {
    this.#octets = octets
    this.#ended = true
    channel.record({ type: 'message', octets, framing: this.framing })
    this.#tell()
  }

  #tell(): void {
    const { size } = this.#message.traits
    this.#onProgress?.({ octets: this.#octets, ...(size !== undefined && { total: size }) })
  }
}

// What makes the last line whole.
function ending(ends: LineEndNormalizer): Uint8Array[] {
  const held = ends.end()
  return ends.lineOpen ? [held, CRLF] : [held]
}

// HAZARD: a source that fails must break the connection; an end would deliver half a message.
async function pull(source: AsyncIterator<Uint8Array>): Promise<IteratorResult<Uint8Array>> {
  try {
    return await source.next()
  } catch (cause) {
    throw new MailError<SmtpErrorCode>('SMTP_SOURCE_FAILED', 'Cannot send message: its source failed', { cause })
  }
}
