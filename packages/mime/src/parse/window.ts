/** Octets that came in chunks and are not done with: one piece that grows at its end and shrinks at its beginning. */

/**
 * A window over a stream. What fits into one chunk is never copied.
 *
 * @internal
 */
export class Window {
  #bytes: Uint8Array = new Uint8Array(0)
  // Whether the octets are ours, so that more may be written behind them.
  #isOwn = false
  #start = 0
  #end = 0
  #offset = 0
  #view: Uint8Array | undefined

  /** The octets that wait. */
  get bytes(): Uint8Array {
    this.#view ??= this.#bytes.subarray(this.#start, this.#end)
    return this.#view
  }

  /** Where the first of them stands in the stream. */
  get offset(): number {
    return this.#offset
  }

  get length(): number {
    return this.#end - this.#start
  }

  push(chunk: Uint8Array): void {
    this.#view = undefined
    if (this.#start === this.#end) {
      this.#bytes = chunk
      this.#isOwn = false
      this.#start = 0
      this.#end = chunk.length
    } else this.#append(chunk)
  }

  /** Is done with the first octets. */
  drop(count: number): void {
    this.#view = undefined
    this.#start += count
    this.#offset += count
  }

  /** Makes what is left its own, because the caller may write over his chunk. */
  settle(): void {
    if (this.#isOwn || this.#start === this.#end) return
    this.#own(Math.max(256, this.length * 2))
  }

  #append(chunk: Uint8Array): void {
    const length = this.length
    if (!this.#isOwn || this.#end + chunk.length > this.#bytes.length) this.#own((length + chunk.length) * 2)
    this.#bytes.set(chunk, this.#end)
    this.#end += chunk.length
  }

  #own(capacity: number): void {
    const own = new Uint8Array(capacity)
    const rest = this.bytes
    this.#view = undefined
    own.set(rest)
    this.#bytes = own
    this.#isOwn = true
    this.#start = 0
    this.#end = rest.length
  }
}
