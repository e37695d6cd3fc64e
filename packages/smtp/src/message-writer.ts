/**
 * The message of one transaction on its way out: by DATA with its dots (RFC 5321 section 4.5.2), or by BDAT in chunks
 * (RFC 3030 section 2).
 */

import { LineEndNormalizer } from '@posthorn/command'
import { concatBytes, MailError } from '@posthorn/core'
import { type Reply, replyClass } from '@posthorn/reply'
import type { Channel } from './channel.ts'
import type { SmtpErrorCode } from './error.ts'
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
    const { octets } = this.#message
    if (!octets || octets.length > WRITE_SIZE) return false
    const ends = this.#message.traits.binary ? undefined : new LineEndNormalizer()
    channel.chunk(ends ? concatBytes([ends.push(octets), ...ending(ends)]) : octets, true)
    this.#finish(channel, octets.length)
    return true
  }

  /** Writes the message in chunks; gives the reply that refused one of them. */
  async writeChunks(channel: Channel): Promise<Reply | undefined> {
    const ends = this.#message.traits.binary ? undefined : new LineEndNormalizer()
    let parts: Uint8Array[] = []
    let waiting = 0
    let unanswered = 0
    for await (const piece of this.#pieces(channel)) {
      parts.push((ends ? ends.push(piece) : piece).slice())
      waiting += parts.at(-1)!.length
      this.#octets += piece.length
      if (waiting < WRITE_SIZE) continue
      while (!channel.session.mayPipeline || unanswered >= MAX_UNANSWERED) {
        const refusal = refusalIn((await channel.event()).reply)
        unanswered--
        if (refusal) return refusal
      }
      channel.chunk(concatBytes(parts), false)
      unanswered++
      ;[parts, waiting] = [[], 0]
      await channel.flush()
      this.#tell()
    }
    while (!channel.session.mayPipeline) {
      const refusal = refusalIn((await channel.event()).reply)
      if (refusal) return refusal
    }
    channel.chunk(concatBytes(ends ? [...parts, ...ending(ends)] : parts), true)
    this.#finish(channel, this.#octets)
    return undefined
  }

  /** Writes the message of DATA up to its lone dot; the last of it waits for the next flush. */
  async writeBody(channel: Channel): Promise<void> {
    const { session } = channel
    let unwritten = 0
    for await (const piece of this.#pieces(channel)) {
      session.sendBody(piece)
      this.#octets += piece.length
      unwritten += piece.length
      if (unwritten < WRITE_SIZE) continue
      await channel.flush()
      unwritten = 0
      this.#tell()
    }
    session.endBody()
    this.#finish(channel, this.#octets)
  }

  // HAZARD: a source that fails must break the connection; an end would deliver half a message.
  async *#pieces(channel: Channel): AsyncGenerator<Uint8Array> {
    try {
      yield* this.#message.open()
    } catch (cause) {
      throw channel.fail(
        new MailError<SmtpErrorCode>('SMTP_SOURCE_FAILED', 'Cannot send message: its source failed', { cause }),
      )
    }
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

function refusalIn(reply: Reply): Reply | undefined {
  return replyClass(reply) === 2 ? undefined : reply
}
