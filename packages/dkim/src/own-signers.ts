/** Ed25519 keys in the form of the runtime's own, which signs at once, beside that of WebCrypto. RFC 8463 section 3. */

import { type OwnSigner, ownSigner } from './platform.ts'

const signers = /* @__PURE__ */ new WeakMap<object, OwnSigner>()

/**
 * Keeps the other form of a key for as long as the key itself is kept.
 *
 * @internal
 * @param pkcs8 The key, as WebCrypto took it.
 */
export function keepOwnSigner(key: object, pkcs8: Uint8Array): void {
  try {
    const signer = ownSigner(pkcs8)
    if (signer) signers.set(key, signer)
  } catch {
    // What a runtime has of its own need not be whole.
  }
}

/**
 * Signs at once.
 *
 * @internal
 * @returns `undefined` where only WebCrypto can.
 */
export function signAtOnce(key: object, data: Uint8Array): Uint8Array | undefined {
  try {
    return signers.get(key)?.(data)
  } catch {
    return undefined
  }
}
