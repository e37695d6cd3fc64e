/** SHA-256 where the runtime has none in steps: WebCrypto for what is short, an implementation in JavaScript for the rest. */

import { concatBytes } from '@posthorn/core'
import type { Hasher } from './hasher.ts'

// Up to so much is kept, and hashed at once by WebCrypto, which is native.
const MAX_KEPT = 1_048_576

/** @internal */
export class ShortHasher implements Hasher {
  #kept: Uint8Array[] = []
  #length = 0
  #long: Hasher | undefined
  #loading: Promise<void> | undefined

  get ready(): Promise<void> | undefined {
    return this.#long ? undefined : this.#loading
  }

  update(bytes: Uint8Array): void {
    if (this.#long) {
      this.#long.update(bytes)
      return
    }
    this.#kept.push(bytes.slice())
    this.#length += bytes.length
    if (this.#length > MAX_KEPT) this.#loading ??= this.#load()
  }

  // Few bodies are so long, so it is loaded when there is one.
  async #load(): Promise<void> {
    const { sha256: portable } = await import('@noble/hashes/sha2.js')
    this.#long = portable.create()
    for (const one of this.#kept) this.#long.update(one)
    this.#kept = []
  }

  async digest(): Promise<Uint8Array> {
    await this.#loading
    if (this.#long) return this.#long.digest()
    return new Uint8Array(await crypto.subtle.digest('SHA-256', concatBytes(this.#kept)))
  }
}
