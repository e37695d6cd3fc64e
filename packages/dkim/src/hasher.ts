/** SHA-256 in steps, so that a body need not be in memory: FIPS 180-4. Which implementation there is, `platform.ts` finds out. */

import { concatBytes } from '@posthorn/core'
import { sha256 } from './algorithm.ts'
import { nativeHasher, portableHasher } from './platform.ts'

/** A hash that is fed in steps. */
export interface Hasher {
  /** Takes some octets, which may change once it has returned. */
  update(bytes: Uint8Array): void
  /** Ends the input, and gives the 32 octets. */
  digest(): Uint8Array | Promise<Uint8Array>
}

/** Begins a SHA-256. */
export type CreateHasher = () => Hasher

// Up to so much is kept and hashed at once, by WebCrypto.
const MAX_KEPT = 1_048_576

/**
 * Begins a SHA-256 with what the runtime has: its own in steps where there is one, else WebCrypto for what is short, and an
 * implementation in JavaScript for the rest.
 *
 * @internal
 */
export function createSha256(): Hasher {
  return nativeHasher() ?? new ShortHasher()
}

class ShortHasher implements Hasher {
  #kept: Uint8Array[] = []
  #length = 0
  #long: Hasher | undefined

  update(bytes: Uint8Array): void {
    this.#length += bytes.length
    if (this.#long) return this.#long.update(bytes)
    if (this.#length <= MAX_KEPT) {
      this.#kept.push(bytes.slice())
      return
    }
    this.#long = portableHasher()
    for (const one of this.#kept) this.#long.update(one)
    this.#kept = []
    this.#long.update(bytes)
  }

  digest(): Uint8Array | Promise<Uint8Array> {
    return this.#long ? this.#long.digest() : sha256(concatBytes(this.#kept))
  }
}
