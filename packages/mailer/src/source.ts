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

function isStreamed(source: MessageSource): source is StreamedMessage {
  return typeof source === 'object' && 'content' in source
}
