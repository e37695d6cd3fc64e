/** The two signing algorithms: RFC 6376 section 3.3 as RFC 8301 left it, and RFC 8463. */

import { createSha256 } from './platform.ts'

/** A signing algorithm: RSA with PKCS #1 v1.5, or Ed25519, both over SHA-256. */
export type DkimAlgorithm = 'rsa-sha256' | 'ed25519-sha256'

/**
 * What WebCrypto calls the algorithms.
 *
 * @internal
 */
export const CRYPTO_ALGORITHMS: Record<DkimAlgorithm, { readonly name: string; readonly hash?: 'SHA-256' }> = {
  'rsa-sha256': { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
  'ed25519-sha256': { name: 'Ed25519' },
}

/**
 * Fewest bits of an RSA key: RFC 8301 section 3.2 forbids to sign or to accept with less.
 *
 * @internal
 */
export const MIN_RSA_BITS = 1024

/** @internal */
export async function sha256(data: Uint8Array): Promise<Uint8Array> {
  const hasher = createSha256()
  hasher.update(data)
  return new Uint8Array(await hasher.digest())
}

/**
 * Gives what WebCrypto is to sign or verify: RSA hashes by itself, while Ed25519 signs the hash as its message.
 *
 * @internal
 * @see {@link https://www.rfc-editor.org/rfc/rfc8463#section-3 | RFC 8463 section 3}
 */
export async function signingInput(algorithm: DkimAlgorithm, data: Uint8Array): Promise<Uint8Array> {
  return algorithm === 'ed25519-sha256' ? sha256(data) : data
}
