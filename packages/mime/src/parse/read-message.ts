/** Reads a message from a stream, part by part, as they are asked for. */

import { type ChunkSource, chunksOf } from '@posthorn/core'
import type { ParseLimits } from './limits.ts'
import { type MessageEvent, MessageParser } from './message-parser.ts'
import type { PartDefect } from './outline.ts'
import type { MimePart } from './part.ts'

/** Where the octets of a message come from. */
export type MessageSource = ChunkSource

/** A part that comes out of a stream. */
export interface StreamedPart {
  /** What it is; where its body ends is known once the next one has come. */
  readonly part: MimePart
  /** Its content, its transfer encoding undone; what is not read before the next part is asked for is dropped. */
  readonly content: AsyncIterable<Uint8Array>
}

/** A message that is being read. */
export interface MessageReading extends AsyncIterable<StreamedPart> {
  /** The message, once its header has come. */
  readonly root: MimePart | undefined
  /** What is doubtful so far. */
  readonly defects: readonly PartDefect[]
}

/**
 * Reads a message part by part; no more of it is taken from the source than is asked for.
 *
 * @param source The octets.
 * @param limits How much is taken apart.
 * @returns Every entity in the order of its header, the message itself first.
 * @example
 * const octets = new TextEncoder().encode('Content-Transfer-Encoding: base64\r\n\r\nSGVsbG8=\r\n')
 * const decoder = new TextDecoder()
 * let text = ''
 * for await (const { content } of readMessage([octets])) {
 *   for await (const chunk of content) text += decoder.decode(chunk)
 * }
 * text // 'Hello'
 */
export function readMessage(source: MessageSource, limits: ParseLimits = {}): MessageReading {
  const parser = new MessageParser(limits)
  return {
    get root() {
      return parser.root
    },
    get defects() {
      return parser.defects
    },
    [Symbol.asyncIterator]: () => readParts(parser, chunksOf(source)[Symbol.asyncIterator]()),
  }
}

async function* readParts(parser: MessageParser, chunks: AsyncIterator<Uint8Array>): AsyncGenerator<StreamedPart> {
  let ended = false
  let pending: MessageEvent | undefined
  const take = async (): Promise<MessageEvent | undefined> => {
    for (;;) {
      const event = parser.nextEvent()
      if (event || ended) return event
      const { done, value } = await chunks.next()
      ended = done === true
      if (done) parser.end()
      else parser.push(value)
    }
  }
  async function* contentOf(): AsyncGenerator<Uint8Array> {
    for (pending ??= await take(); pending?.type === 'content'; pending = await take()) yield pending.bytes
  }
  try {
    for (pending = await take(); pending; pending ??= await take()) {
      const event: MessageEvent = pending
      pending = undefined
      if (event.type === 'part') yield { part: event.part, content: { [Symbol.asyncIterator]: contentOf } }
    }
  } finally {
    await chunks.return?.()
  }
}
