/** A message that goes to several hosts, or to one after another: what can be read once goes to none after it was begun. */

import { chunksOf, isBlob } from '@posthorn/core'
import type { MessageContent, MessageSource, StreamedMessage } from '@posthorn/smtp'

/** A message as a delivery sends it. */
export interface DeliverableMessage {
  /** What is sent. */
  readonly message: MessageSource
  /** Whether it can be read more than once. */
  readonly isRepeatable: boolean
  /** Whether it was read and cannot be again. */
  readonly isSpent: boolean
}

/**
 * Gives a message as it can be delivered.
 *
 * @internal
 */
export function deliverable(source: MessageSource): DeliverableMessage {
  const streamed = isStreamed(source) ? source : undefined
  const content = streamed ? streamed.content : (source as MessageContent)
  if (typeof content === 'function' || isBlob(content) || content instanceof Uint8Array) {
    return { message: source, isRepeatable: true, isSpent: false }
  }
  let isSpent = false
  const once: AsyncIterable<Uint8Array> = {
    [Symbol.asyncIterator]() {
      isSpent = true
      return chunksOf(content)[Symbol.asyncIterator]()
    },
  }
  return {
    message: streamed ? { ...streamed, content: once } : once,
    isRepeatable: false,
    get isSpent() {
      return isSpent
    },
  }
}

function isStreamed(source: MessageSource): source is StreamedMessage {
  return typeof source === 'object' && 'content' in source
}
