/** A public key as signatures are verified with: by what the runtime has of its own, else by WebCrypto. RFC 6376 section 3.3. */

import { CRYPTO_ALGORITHMS, type DkimAlgorithm } from './algorithm.ts'
import { type OwnVerifier, ownVerifier } from './platform.ts'

/** @internal */
export interface PublicKeyData {
  readonly algorithm: DkimAlgorithm
  /** The form that every runtime takes alike. */
  readonly jwk: JsonWebKey
  /** Its length in bits. */
  readonly bits: number
  /** How many octets a signature has. */
  readonly signatureLength: number
}

/** @internal */
export class PublicKey {
  readonly bits: number
  readonly signatureLength: number
  readonly #algorithm: DkimAlgorithm
  readonly #jwk: JsonWebKey
  #own: OwnVerifier | undefined
  #imported: Promise<CryptoKey> | undefined

  constructor({ algorithm, jwk, bits, signatureLength }: PublicKeyData) {
    this.bits = bits
    this.signatureLength = signatureLength
    this.#algorithm = algorithm
    this.#jwk = jwk
  }

  /**
   * Tells whether a signature is that of the data by this key.
   *
   * @throws Whatever WebCrypto throws: the runtime cannot do this.
   */
  async verify(signature: Uint8Array, data: Uint8Array): Promise<boolean> {
    const algorithm = CRYPTO_ALGORITHMS[this.#algorithm]
    if (!this.#imported) {
      try {
        this.#own ??= ownVerifier(this.#jwk, algorithm.hash ? 'sha256' : undefined)
        if (this.#own) return this.#own(signature, data)
      } catch {
        // What a runtime has of its own need not be whole.
      }
    }
    return crypto.subtle.verify(algorithm, await this.#load(), signature, data)
  }

  // What a runtime could not load it may load when it is asked again.
  #load(): Promise<CryptoKey> {
    const algorithm = CRYPTO_ALGORITHMS[this.#algorithm]
    this.#imported ??= crypto.subtle.importKey('jwk', this.#jwk, algorithm, false, ['verify']).catch((error) => {
      this.#imported = undefined
      throw error
    })
    return this.#imported
  }
}
