/** What an item is, by who says it and what the session awaits. */

import { classifyPayload, isReplyLine } from '../payload/classify.ts'
import type { Item } from './item.ts'

/** What an item is for the dialogue. */
export type ItemKind = 'reply' | 'command' | 'credentials' | 'other'

/** What the session awaits. */
export interface Awaited {
  /** Whether the server has asked for a SASL response: RFC 4954 section 4. */
  readonly steps: boolean
  /** Whether the last line of a reply said that there is one more. */
  readonly replyGoesOn: boolean
}

const BASE64 = /^(?:[A-Za-z0-9+/]{8,}={0,2}|[A-Za-z0-9+/]{2,}=|\*)$/

/** Says what an item is. */
export function kindOfItem({ side, payload, noise }: Item, { steps, replyGoesOn }: Awaited): ItemKind {
  const { text } = payload
  const isStep = steps && side === 'either' && BASE64.test(text.trim())
  if ((noise && !isStep) || side === undefined || side === 'echo') return 'other'
  if (side === 'server' || (side === 'body' && replyGoesOn)) return isReplyLine(text) || replyGoesOn ? 'reply' : 'other'
  const kind = classifyPayload(text)
  if (kind === 'command' || (kind === 'reply' && side === 'either')) return kind
  if (side === 'body') return 'other'
  // A client out of step sends its responses where nothing asks for them
  return steps || (side === 'client' && BASE64.test(text.trim())) ? 'credentials' : 'other'
}
