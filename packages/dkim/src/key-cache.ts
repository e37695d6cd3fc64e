/** Public keys that are ready for use, kept from one message to the next. */

import type { PublicKey } from './public-key.ts'

// Some hundreds of octets each.
const MAX_KEYS = 1000

/**
 * Keeps public keys ready for use. A key is found by its record, which is asked for each time: one that was revoked is not
 * used again.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6376#section-6.1.2 | RFC 6376 section 6.1.2}
 * @example
 * new DkimKeyCache({ maxKeys: 100 }).size // 0
 */
export class DkimKeyCache {
  readonly #keys = new Map<string, PublicKey>()
  readonly #maxKeys: number

  /** @param options How many keys are kept: `maxKeys`, default 1,000. The one not used for longest gives way. */
  constructor(options: { readonly maxKeys?: number } = {}) {
    this.#maxKeys = options.maxKeys ?? MAX_KEYS
  }

  /** How many keys it has. */
  get size(): number {
    return this.#keys.size
  }

  /**
   * Gives the key of a record.
   *
   * @internal
   */
  keyOf(publicKey: string, read: () => PublicKey): PublicKey {
    const key = this.#keys.get(publicKey) ?? read()
    this.#keys.delete(publicKey)
    this.#keys.set(publicKey, key)
    if (this.#keys.size > this.#maxKeys) this.#keys.delete(this.#keys.keys().next().value!)
    return key
  }
}
