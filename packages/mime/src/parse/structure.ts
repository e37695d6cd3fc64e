/**
 * The outline of a message: where each header, body and part begins and ends, found in one pass over octets that come in any
 * chunks. RFC 2046 section 5.1, RFC 5322 section 2.1. What headers say is read elsewhere, and comes in as a plan.
 */

import { decodeLatin1 } from '@posthorn/core'
import { Window } from './window.ts'

/** How the body that follows a header is to be read. */
export type BodyPlan =
  | { readonly type: 'leaf' }
  | { readonly type: 'multipart'; readonly boundary: string }
  | { readonly type: 'message' }

/** How an entity or a header ended. */
export type StructureEnd = 'blank' | 'delimiter' | 'close' | 'outer' | 'limit' | 'stream'

/** What may be found wrong with the outline. */
export type StructureDefect = 'header-too-long' | 'long-delimiter' | 'too-deep' | 'too-many-parts' | 'boundary-reused'

/** Takes the outline as it is found; offsets count octets of the stream. */
export interface StructureSink {
  /** A header has ended; what is given lasts only for this call. */
  header(bytes: Uint8Array, offset: number, end: StructureEnd): BodyPlan
  /** The body of the header before begins. */
  begin(offset: number): void
  /** Octets of the innermost entity: of a leaf, or before and behind the parts of a multipart. */
  body(bytes: Uint8Array, offset: number): void
  /** The next part of the innermost multipart begins, or all its parts have ended. */
  delimiter(start: number, end: number, isClose: boolean): void
  /** The innermost entity has ended. */
  end(offset: number, how: StructureEnd): void
  defect(code: StructureDefect, offset: number): void
}

/** Limits of an outline; what goes beyond them is content of the entity that it stands in. */
export interface StructureLimits {
  readonly maxDepth: number
  readonly maxParts: number
  readonly maxHeaderLength: number
}

interface Entity {
  readonly plan: BodyPlan
  isClosed: boolean
}

interface Delimiter {
  readonly depth: number
  readonly isClose: boolean
}

const [TAB, LF, CR, SPACE, DASH] = [9, 10, 13, 32, 45]
// A delimiter and the blanks behind it, of which a line of RFC 5322 section 2.1.1 can hold 998 octets. What is longer is no
// delimiter in whichever chunks it comes.
const MAX_DELIMITER_LINE = 1024

/**
 * Reads the outline of one message.
 *
 * @internal
 */
export class StructureReader {
  readonly #sink: StructureSink
  readonly #limits: StructureLimits
  readonly #window = new Window()
  readonly #stack: Entity[] = []
  // The depths of open multiparts by their boundaries; the innermost last.
  readonly #boundaries = new Map<string, number[]>()
  #mode: 'header' | 'body' = 'header'
  #parts = 0
  // What was looked at, from the beginning of the window; whether a line begins there; and where no LF stands before.
  #at = 0
  #isLineStart = true
  #seek = 0

  constructor(sink: StructureSink, limits: StructureLimits) {
    this.#sink = sink
    this.#limits = limits
  }

  push(chunk: Uint8Array): void {
    this.#window.push(chunk)
    this.#read(false)
    this.#window.settle()
  }

  end(): void {
    this.#read(true)
    while (this.#stack.length > 0) this.#pop(this.#window.offset, 'stream')
  }

  #read(isFinal: boolean): void {
    while (this.#mode === 'header' ? this.#readHeader(isFinal) : this.#readBody(isFinal));
  }

  // Line by line, to an empty one. Gives whether there is more to do.
  #readHeader(isFinal: boolean): boolean {
    const bytes = this.#window.bytes
    const { maxHeaderLength } = this.#limits
    for (let at = this.#at; ; ) {
      const lf = bytes.indexOf(LF, Math.max(at, this.#seek))
      if ((lf < 0 ? bytes.length : lf) > maxHeaderLength) return this.#endHeader(Math.max(at, 1), 0, 'limit')
      if (lf < 0) {
        this.#at = at
        this.#seek = bytes.length
        // A delimiter with nothing behind it was to be the last one.
        if (!isFinal || (bytes.length === 0 && this.#stack.length > 0)) return false
        const isCut = this.#findDelimiter(bytes, at, bytes.length) !== undefined
        return isCut ? this.#endHeader(at, 0, 'delimiter') : this.#endHeader(bytes.length, 0, 'stream')
      }
      let end = lf
      // CR CR LF is what is left of CRLF that was taken for LF, and written as CRLF.
      while (end > at && bytes[end - 1] === CR) end--
      if (end === at) return this.#endHeader(at, lf + 1 - at, 'blank')
      if (this.#findDelimiter(bytes, at, lf)) return this.#endHeader(at, 0, 'delimiter')
      at = lf + 1
    }
  }

  #endHeader(length: number, separator: number, how: StructureEnd): true {
    const { offset } = this.#window
    if (how === 'limit') this.#sink.defect('header-too-long', offset + length)
    const plan = this.#planFor(this.#sink.header(this.#window.bytes.subarray(0, length), offset, how))
    this.#go(length + separator)
    this.#sink.begin(this.#window.offset)
    this.#stack.push({ plan, isClosed: false })
    if (plan.type === 'multipart') this.#open(plan.boundary)
    // The header of a message within begins at once, unless nothing can follow.
    this.#mode = plan.type === 'message' && how === 'blank' ? 'header' : 'body'
    return true
  }

  #planFor(plan: BodyPlan): BodyPlan {
    if (plan.type === 'leaf' || this.#stack.length < this.#limits.maxDepth) return plan
    this.#sink.defect('too-deep', this.#window.offset)
    return { type: 'leaf' }
  }

  // Gives out what is surely content, up to the next delimiter. Gives whether there is more to do.
  #readBody(isFinal: boolean): boolean {
    const bytes = this.#window.bytes
    if (this.#boundaries.size === 0) return this.#giveAll(bytes)
    for (let at = this.#nextDash(bytes, this.#at, this.#isLineStart); at >= 0; ) {
      const lf = bytes.indexOf(LF, Math.max(at, this.#seek))
      const isOpen = lf < 0 && !isFinal && bytes.length - at <= MAX_DELIMITER_LINE
      if (isOpen) return this.#hold(bytes, at)
      const end = lf < 0 ? bytes.length : lf
      const found = this.#findDelimiter(bytes, at, end)
      if (found) return this.#onDelimiter(found, at, lf < 0 ? end : lf + 1)
      at = lf < 0 ? -1 : this.#nextDash(bytes, lf + 1, true)
    }
    return isFinal ? this.#giveAll(bytes) : this.#holdLineEnd(bytes)
  }

  // Where the next line begins that begins with a dash; -1: in none. Most content has few dashes, so they are looked for.
  #nextDash(bytes: Uint8Array, from: number, isLineStart: boolean): number {
    if (isLineStart && bytes[from] === DASH) return from
    for (let dash = bytes.indexOf(DASH, from); dash >= 0; ) {
      if (dash > from && bytes[dash - 1] === LF) return dash
      // A rule is passed over at once.
      const lf = bytes[dash + 1] === DASH ? bytes.indexOf(LF, dash) : dash
      if (lf < 0) return -1
      if (lf > dash && bytes[lf + 1] === DASH) return lf + 1
      dash = bytes.indexOf(DASH, lf + 1)
    }
    return -1
  }

  // delimiter := "--" boundary ; close-delimiter := delimiter "--"         ; with blanks behind it
  #findDelimiter(bytes: Uint8Array, start: number, lineEnd: number): Delimiter | undefined {
    if (this.#boundaries.size === 0 || bytes[start] !== DASH || bytes[start + 1] !== DASH) return undefined
    const isLong = lineEnd - start > MAX_DELIMITER_LINE
    let end = isLong ? start + MAX_DELIMITER_LINE : lineEnd
    while (end > start + 2 && isBlank(bytes[end - 1]!)) end--
    const text = decodeLatin1(bytes.subarray(start + 2, end))
    const opening = this.#boundaries.get(text)
    const closing = opening ?? (text.endsWith('--') ? this.#boundaries.get(text.slice(0, -2)) : undefined)
    if (!closing) return undefined
    if (!isLong) return { depth: closing.at(-1)!, isClose: opening === undefined }
    this.#sink.defect('long-delimiter', this.#window.offset + start)
    return undefined
  }

  #onDelimiter({ depth, isClose }: Delimiter, start: number, end: number): true {
    const bytes = this.#window.bytes
    const contentEnd = beforeLineEnd(bytes, start)
    this.#give(bytes, contentEnd)
    const { offset } = this.#window
    while (this.#stack.length - 1 > depth) {
      this.#pop(offset, this.#stack.length - 2 === depth ? 'delimiter' : 'outer')
    }
    this.#sink.delimiter(offset + start - contentEnd, offset + end - contentEnd, isClose)
    this.#go(end - contentEnd)
    const isTooMany = !isClose && ++this.#parts > this.#limits.maxParts
    if (isTooMany) this.#sink.defect('too-many-parts', this.#window.offset)
    if (isClose || isTooMany) this.#close(this.#stack[depth]!)
    this.#mode = isClose || isTooMany ? 'body' : 'header'
    return true
  }

  #open(boundary: string): void {
    const depths = this.#boundaries.get(boundary)
    if (depths) this.#sink.defect('boundary-reused', this.#window.offset)
    if (depths) depths.push(this.#stack.length - 1)
    else this.#boundaries.set(boundary, [this.#stack.length - 1])
  }

  #close(entity: Entity): void {
    if (entity.plan.type !== 'multipart' || entity.isClosed) return
    entity.isClosed = true
    const depths = this.#boundaries.get(entity.plan.boundary)!
    depths.pop()
    if (depths.length === 0) this.#boundaries.delete(entity.plan.boundary)
  }

  #pop(offset: number, how: StructureEnd): void {
    const entity = this.#stack.pop()!
    const ended = entity.isClosed ? 'close' : how
    this.#close(entity)
    this.#sink.end(offset, ended)
  }

  // Keeps the line that may be a delimiter, with the line end before it, which would belong to it.
  #hold(bytes: Uint8Array, at: number): false {
    const kept = beforeLineEnd(bytes, at)
    this.#give(bytes, kept)
    this.#at = at - kept
    this.#isLineStart = true
    this.#seek = bytes.length - kept
    return false
  }

  #holdLineEnd(bytes: Uint8Array): false {
    const isLineStart = bytes[bytes.length - 1] === LF
    const end = isLineStart ? beforeLineEnd(bytes, bytes.length) : bytes.length
    const kept = bytes[end - 1] === CR && !isLineStart ? end - 1 : end
    this.#give(bytes, kept)
    this.#at = bytes.length - kept
    this.#isLineStart = isLineStart || (bytes.length === 0 && this.#isLineStart)
    this.#seek = 0
    return false
  }

  #giveAll(bytes: Uint8Array): false {
    this.#give(bytes, bytes.length)
    return false
  }

  #give(bytes: Uint8Array, length: number): void {
    if (length > 0) this.#sink.body(bytes.subarray(0, length), this.#window.offset)
    this.#go(length)
  }

  #go(count: number): void {
    this.#window.drop(count)
    this.#at = 0
    this.#isLineStart = true
    this.#seek = 0
  }
}

// Where the content before a line ends: the line end belongs to the delimiter (RFC 2046 section 5.1.1).
function beforeLineEnd(bytes: Uint8Array, start: number): number {
  if (start === 0) return 0
  return start > 1 && bytes[start - 2] === CR ? start - 2 : start - 1
}

function isBlank(octet: number): boolean {
  return octet === SPACE || octet === TAB || octet === CR
}
