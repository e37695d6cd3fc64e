/** The text of a message in a log: how much of it is shown, and where it ends. RFC 5321 section 4.1.1.4, RFC 3030. */

import { encodeUtf8 } from '@posthorn/core'
import type { Draft } from '../draft.ts'
import { joinRanges, type Line, rangeOf } from '../import/line.ts'
import { classifyPayload, isReplyLine } from '../payload/classify.ts'
import type { MessageEvent } from '../session.ts'
import type { Item } from './item.ts'
import { MessageHeader } from './message-header.ts'

// What tools write in the place of the text
const SUMMARY = /^\(writing message\)|^(\d+) octets sent$|^\d+ lines sent$|^(?:\[|<).{0,40}(?:hidden|bytes|message)/i

/** The text of a message, or a chunk of one, while it is read. */
export class MessageText {
  readonly #event: Draft<MessageEvent>
  readonly #header: MessageHeader
  // The marks that carry the text: where a client line does, a line of the tool does not
  #carrier: Item['side'] | undefined
  #left: number | undefined
  isComplete = false

  constructor(event: Draft<MessageEvent>) {
    this.#event = event
    this.#header = new MessageHeader(event)
  }

  /** Begins the octets behind BDAT. */
  static chunk(event: Draft<MessageEvent>, command: string): MessageText {
    const text = new MessageText(event)
    text.#left = Number(/\d+/.exec(command)?.[0] ?? 0)
    event.octets = text.#left
    event.complete = true
    return text
  }

  /** Takes an item that belongs to the text. */
  take(item: Item, more: boolean, serverNext: boolean): boolean {
    const { side, payload } = item
    if (this.#left !== undefined) return this.#takeChunk(item)
    if (!this.#carries(item, more)) return false
    this.#carrier ??= side
    this.#extend(payload)
    if (payload.text === '.' && (!payload.bareLf || serverNext)) {
      this.#event.complete = true
      this.isComplete = true
    } else this.#count(payload)
    return true
  }

  #count(line: Line): void {
    const summary = SUMMARY.exec(line.text)
    if (summary?.[1]) this.#event.octets = Number(summary[1])
    if (summary) return
    this.#see(line)
    this.#event.octets = (this.#event.octets ?? 0) + encodeUtf8(line.text).length + 2
  }

  #carries({ side, payload, noise, line }: Item, more: boolean): boolean {
    if (side === undefined || side === 'echo' || side === 'server') return false
    if (noise && (side === 'body' || (payload.text === line.text && !more))) return false
    if (this.#carrier === 'client' && side === 'body') return false
    if (side === 'either' && isReplyLine(payload.text)) return more
    return side !== 'body' || this.#carrier !== 'client'
  }

  #takeChunk({ side, payload, noise }: Item): boolean {
    if (noise) return false
    const isText =
      side === 'client' || side === 'body' || (side === 'either' && classifyPayload(payload.text) === undefined)
    if (!isText || (this.#left ?? 0) <= 0 || classifyPayload(payload.text) === 'command') {
      this.isComplete = true
      return false
    }
    this.#left = (this.#left ?? 0) - encodeUtf8(payload.text).length - 2
    this.#see(payload)
    this.#extend(payload)
    return true
  }

  #see({ text, bareLf }: Line): void {
    this.#event.seen = true
    if (bareLf) this.#event.bareLf = true
    if (this.#left === undefined && /^\.[^.]/.test(text)) this.#event.unstuffed = true
    this.#header.take(text)
  }

  #extend(line: Line): void {
    this.#event.source = this.#event.source ? joinRanges(this.#event.source, rangeOf(line)) : rangeOf(line)
  }

  /** Notes that a reply came: the end was sent, shown or not. */
  end(): void {
    this.#event.complete = true
  }
}
