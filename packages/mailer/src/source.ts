/** What the mailer must know of a source of octets: whether it can be read again, and whether it has been read. */

import { chunksOf, isBlob } from '@posthorn/core'
import type { MessageContent, MessageSource, StreamedMessage } from '@posthorn/smtp'

/** @internal */
export function contentOf(source: MessageSource): MessageContent {
  return isStreamed(source) ? source.content : source
}

/** @internal */
export function traitsOf(source: MessageSource): Omit<StreamedMessage, 'content'> {
  if (isStreamed(source)) {
    const { content: _, ...traits } = source
    return traits
  }
  return { eightBit: true, ...(source instanceof Uint8Array && { size: source.length }) }
}

/** @internal */
export function isRepeatable(source: MessageSource): boolean {
  const content = contentOf(source)
  return content instanceof Uint8Array || isBlob(content) || typeof content === 'function'
}

/** @internal */
export function openContent(content: MessageContent): AsyncIterable<Uint8Array> {
  const opened = typeof content === 'function' ? content() : content
  return opened instanceof Uint8Array ? once(opened) : chunksOf(opened)
}

async function* once(octets: Uint8Array): AsyncGenerator<Uint8Array> {
  yield octets
}

/** A source, and whether anybody has begun to read it. */
export interface WatchedSource {
  /** What is sent in its place. */
  readonly message: MessageSource
  /** Whether it can be read more than once. */
  readonly isRepeatable: boolean
  /** Whether it was read and cannot be again. */
  readonly isSpent: boolean
}

/**
 * Watches a source: one that can be read once is as good as another until somebody has begun to read it.
 *
 * @internal
 */
export function watchSource(source: MessageSource): WatchedSource {
  if (isRepeatable(source)) return { message: source, isRepeatable: true, isSpent: false }
  let isSpent = false
  const content: AsyncIterable<Uint8Array> = {
    [Symbol.asyncIterator]() {
      isSpent = true
      return openContent(contentOf(source))[Symbol.asyncIterator]()
    },
  }
  return {
    message: { ...traitsOf(source), content },
    isRepeatable: false,
    get isSpent() {
      return isSpent
    },
  }
}

function isStreamed(source: MessageSource): source is StreamedMessage {
  return typeof source === 'object' && 'content' in source
}
