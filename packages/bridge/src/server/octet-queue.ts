/** Octets that wait to be written, held in few pieces however small they came. */

// What is smaller is copied into a block, so that frames of one octet take no more memory than others.
const SMALL = 4096
const BLOCK = 16_384

/**
 * A queue of octets.
 *
 * @internal
 */
export class OctetQueue {
  readonly #chunks: Uint8Array[] = []
  // The last chunk, when it is a block with room: the block, and how much of it is taken.
  #block: Uint8Array | undefined
  #taken = 0

  get isEmpty(): boolean {
    return this.#chunks.length === 0
  }

  push(bytes: Uint8Array): void {
    if (bytes.length >= SMALL) {
      this.#block = undefined
      this.#chunks.push(bytes)
    } else this.#append(bytes)
  }

  /** Takes the first piece. */
  shift(): Uint8Array | undefined {
    const chunk = this.#chunks.shift()
    if (this.isEmpty) this.#block = undefined
    return chunk
  }

  #append(bytes: Uint8Array): void {
    if (!this.#block && this.isEmpty) {
      // The usual case: one frame at a time.
      this.#chunks.push(bytes)
      return
    }
    if (!this.#block || this.#taken + bytes.length > BLOCK) {
      this.#block = new Uint8Array(BLOCK)
      this.#taken = 0
      this.#chunks.push(this.#block)
    }
    this.#block.set(bytes, this.#taken)
    this.#taken += bytes.length
    this.#chunks[this.#chunks.length - 1] = this.#block.subarray(0, this.#taken)
  }
}
