/** Parses a message that comes in chunks, so that large parts are never held: RFC 5322, RFC 2046. */

import { plainBytes } from '@posthorn/core'
import { type ContentDecoder, contentDecoder } from './content.ts'
import { PARSE_LIMITS, type ParseLimits } from './limits.ts'
import { LineEnds } from './line-ends.ts'
import { Outline, type PartDefect } from './outline.ts'
import type { MimePart } from './part.ts'
import { StructureReader } from './structure.ts'

/** What has come of a message. */
export type MessageEvent =
  /** The header of an entity has ended; where its body ends is not known yet. */
  | { readonly type: 'part'; readonly part: MimePart }
  /** Octets of its content, its transfer encoding undone; of entities without parts alone. LF where CR alone ends lines. */
  | { readonly type: 'content'; readonly part: MimePart; readonly bytes: Uint8Array }
  /** An entity has ended, with all within. */
  | { readonly type: 'end'; readonly part: MimePart }

/**
 * Parses one message as its octets come. What it holds is the header that is being read, and less than a line of a body.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc2046#section-5.1 | RFC 2046 section 5.1}
 * @example
 * const parser = new MessageParser()
 * parser.push(new TextEncoder().encode('Subject: a\r\n\r\nHel'))
 * parser.push(new TextEncoder().encode('lo\r\n'))
 * parser.end()
 * const types: string[] = []
 * for (let event = parser.nextEvent(); event; event = parser.nextEvent()) types.push(event.type)
 * types // ['part', 'content', 'content', 'end']
 */
export class MessageParser {
  readonly #ends = new LineEnds()
  readonly #outline: Outline
  readonly #structure: StructureReader
  #events: MessageEvent[] = []
  #next = 0
  #decoder: ContentDecoder | undefined

  /** @param limits How much is taken apart. */
  constructor(limits: ParseLimits = {}) {
    const all = { ...PARSE_LIMITS, ...limits }
    this.#outline = new Outline(all, {
      onPart: (part) => this.#onPart(part),
      onContent: (part, bytes) => this.#onContent(part, bytes),
      onEnd: (part) => this.#onEnd(part),
    })
    this.#structure = new StructureReader(this.#outline, all)
  }

  /** The message, once its header has come. */
  get root(): MimePart | undefined {
    return this.#outline.root
  }

  /** What is doubtful so far. */
  get defects(): readonly PartDefect[] {
    return this.#outline.defects
  }

  /** Takes octets; content that is not encoded is a view of them, and nothing else is kept. */
  push(chunk: Uint8Array): void {
    for (const piece of this.#ends.push(plainBytes(chunk))) this.#structure.push(piece)
  }

  /** Notes that the message has ended. */
  end(): void {
    for (const piece of this.#ends.end()) this.#structure.push(piece)
    this.#structure.end()
    if (this.#ends.isByCr) this.#outline.doubtLineEnds()
  }

  /** Gives what has come next; `undefined`: nothing, until more octets have come. */
  nextEvent(): MessageEvent | undefined {
    const event = this.#events[this.#next]
    this.#next++
    if (event) return event
    this.#events = []
    this.#next = 0
    return undefined
  }

  #onPart(part: MimePart): void {
    this.#decoder = undefined
    this.#events.push({ type: 'part', part })
  }

  // What stands before the parts of a multipart may be all there is of it; what stands behind them is content of nobody.
  #onContent(part: MimePart, bytes: Uint8Array): void {
    if (part.parts.length > 0) return
    this.#decoder ??= contentDecoder(part.encoding)
    this.#give(part, this.#decoder.push(bytes))
  }

  #onEnd(part: MimePart): void {
    if (this.#decoder) this.#give(part, this.#decoder.finish())
    this.#decoder = undefined
    this.#events.push({ type: 'end', part })
  }

  #give(part: MimePart, bytes: Uint8Array): void {
    if (bytes.length > 0) this.#events.push({ type: 'content', part, bytes })
  }
}
