/**
 * A bounded buffer of lines: octets in, lines out. RFC 5321 section 2.3.8 ends a line with CRLF only;
 * a line that ends with a bare LF is given out too, marked, so that the caller's policy decides.
 */

/** One line. */
export interface Line {
  /** The octets without the line ending; a view that is good until more is added. */
  readonly bytes: Uint8Array
  /** How it ended; `none` when it was cut because it was too long. */
  readonly ending: 'crlf' | 'lf' | 'none'
}

const LF = 10
const CR = 13
const FIRST_CAPACITY = 512
const EMPTY = /* @__PURE__ */ new Uint8Array(0)

/**
 * Collects octets and gives out lines, in linear time and bounded memory however the input is split.
 *
 * A line of more than `maxLength` octets, its ending counted, is given out once with the ending `none` and as many of
 * its octets; the rest of it, to the next LF, is dropped.
 *
 * @example
 * const lines = new LineBuffer({ maxLength: 512 })
 * lines.push(encodeUtf8('EHLO a\r\nQU'))
 * decodeUtf8(lines.next()!.bytes) // 'EHLO a'
 * lines.next() // undefined
 */
export class LineBuffer {
  readonly #maxLength: number
  #buffer: Uint8Array = EMPTY
  // Whether the buffer was made here, so that it may be written to.
  #isOwn = false
  #start = 0
  #end = 0
  #searched = 0
  #dropping = false

  /** @param options The most octets of a line, its ending counted. */
  constructor(options: { readonly maxLength: number }) {
    this.#maxLength = options.maxLength
  }

  /** How many octets wait. */
  get length(): number {
    return this.#end - this.#start
  }

  /**
   * Adds octets, which are copied.
   *
   * @param bytes Any number of them.
   */
  push(bytes: Uint8Array): void {
    if (!this.#isOwn || this.#end + bytes.length > this.#buffer.length) this.#makeRoom(this.length + bytes.length)
    this.#buffer.set(bytes, this.#end)
    this.#end += bytes.length
  }

  /**
   * Adds octets that nobody changes until `next` has given `undefined`; they are copied only where a line is not whole, and
   * nothing is held beyond that.
   *
   * @param bytes Any number of them.
   */
  adopt(bytes: Uint8Array): void {
    if (this.length > 0) this.push(bytes)
    else {
      this.#buffer = bytes
      this.#isOwn = false
      this.#start = this.#searched = 0
      this.#end = bytes.length
    }
  }

  /** Gives out the next line, or `undefined` until there is more input. */
  next(): Line | undefined {
    for (;;) {
      const found = this.#find()
      this.#searched = found < 0 ? this.#end : found + 1
      if (!this.#dropping) return this.#take(found) ?? this.#pause()
      this.#start = this.#searched
      if (found < 0) return this.#pause()
      this.#dropping = false
    }
  }

  /** Gives out all that waits, as a copy, and forgets it; what comes next begins a line. */
  drain(): Uint8Array<ArrayBuffer> {
    return this.drainView().slice()
  }

  /** As `drain`, as a view that is good until more is added. */
  drainView(): Uint8Array {
    const rest = this.#buffer.subarray(this.#start, this.#end)
    this.#forget()
    this.#dropping = false
    return rest
  }

  #forget(): void {
    if (!this.#isOwn) this.#buffer = EMPTY
    this.#start = this.#end = this.#searched = 0
  }

  // Until there is more input nothing is kept that is not a part of a line, or belongs to somebody else.
  #pause(): undefined {
    if (this.length === 0) this.#forget()
    else if (!this.#isOwn) this.#makeRoom(this.length)
  }

  // Lines are short, so that a loop finds their ends sooner than a search that is called for each.
  #find(): number {
    const [buffer, end] = [this.#buffer, this.#end]
    for (let at = this.#searched; at < end; at++) if (buffer[at] === LF) return at
    return -1
  }

  #take(found: number): Line | undefined {
    const start = this.#start
    const length = (found < 0 ? this.#end : found + 1) - start
    if (length > this.#maxLength || (found < 0 && length === this.#maxLength)) {
      this.#dropping = found < 0
      this.#start = this.#searched
      return { bytes: this.#buffer.subarray(start, start + this.#maxLength), ending: 'none' }
    }
    if (found < 0) return undefined
    this.#start = found + 1
    const crlf = found > start && this.#buffer[found - 1] === CR
    return { bytes: this.#buffer.subarray(start, crlf ? found - 1 : found), ending: crlf ? 'crlf' : 'lf' }
  }

  #makeRoom(needed: number): void {
    const waiting = this.#buffer.subarray(this.#start, this.#end)
    if (this.#isOwn && needed * 2 <= this.#buffer.length) this.#buffer.copyWithin(0, this.#start, this.#end)
    else {
      this.#buffer = new Uint8Array(Math.max(needed * 2, FIRST_CAPACITY))
      this.#buffer.set(waiting)
      this.#isOwn = true
    }
    this.#searched -= this.#start
    this.#end -= this.#start
    this.#start = 0
  }
}
