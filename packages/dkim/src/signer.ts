/** Who computes a signature: WebCrypto with a key, or a service that keeps the key for itself. RFC 8301, RFC 8463. */

import { encodeBase64 } from '@posthorn/core'
import { CRYPTO_ALGORITHMS, type DkimAlgorithm, MIN_RSA_BITS, sha256, signingInput } from './algorithm.ts'
import { fault } from './error.ts'
import type { DkimKey } from './key.ts'
import { signAtOnce } from './own-signers.ts'

/** What is to be signed. */
export interface DkimSigningInput {
  /** The canonical header. RSASSA-PKCS1-v1_5 with SHA-256 signs this. */
  readonly data: Uint8Array
  /** Its SHA-256. Ed25519 signs this as its message (RFC 8463 section 3); a service that takes digests signs it for RSA. */
  readonly digest: Uint8Array
}

/** Signs with a key that is elsewhere: in a service, a hardware module, another process. */
export interface DkimSigner {
  /** With which algorithm. */
  readonly algorithm: DkimAlgorithm
  /**
   * Gives the octets of the signature.
   *
   * @throws Anything; `signDkim` then rejects with it.
   */
  readonly sign: (input: DkimSigningInput) => Promise<Uint8Array>
}

const ED25519_OCTETS = 64

/**
 * Gives the algorithm of a key, and checks that it may be used.
 *
 * @internal
 * @throws {MailError} `DKIM_BAD_KEY`, `DKIM_WEAK_KEY`.
 */
export function algorithmOf(key: DkimKey | DkimSigner, algorithm: DkimAlgorithm | undefined): DkimAlgorithm {
  if (isSigner(key)) {
    if (key.algorithm in CRYPTO_ALGORITHMS && key.algorithm === (algorithm ?? key.algorithm)) return key.algorithm
    throw fault('DKIM_BAD_KEY', 'sign with a signer for another algorithm', '3.3')
  }
  const { name, hash, modulusLength = MIN_RSA_BITS } = key.algorithm as KeyAlgorithm
  const own = name === CRYPTO_ALGORITHMS['ed25519-sha256'].name ? 'ed25519-sha256' : 'rsa-sha256'
  const expected = CRYPTO_ALGORITHMS[own]
  if (key.type !== 'private' || name !== expected.name || hash?.name !== expected.hash || own !== (algorithm ?? own)) {
    throw fault('DKIM_BAD_KEY', 'sign with a key that is not private, or for another algorithm', '3.3')
  }
  // RFC 8301 section 3.2: no verifier may accept a shorter key.
  if (modulusLength < MIN_RSA_BITS) throw fault('DKIM_WEAK_KEY', `sign with a key of ${modulusLength} bits`, '3.3.3')
  return own
}

interface KeyAlgorithm {
  readonly name: string
  readonly hash?: { readonly name: string }
  readonly modulusLength?: number
}

function isSigner(key: DkimKey | DkimSigner): key is DkimSigner {
  return typeof key.algorithm === 'string'
}

/**
 * Signs a canonical header.
 *
 * @internal
 * @returns The signature in Base64.
 * @throws {MailError} `DKIM_UNSUPPORTED_ALGORITHM` where the runtime cannot; `DKIM_BAD_KEY` for a signer that gives what is no
 * signature of its algorithm.
 */
export async function computeValue(
  key: DkimKey | DkimSigner,
  algorithm: DkimAlgorithm,
  data: Uint8Array,
): Promise<string> {
  if (isSigner(key)) return encodeBase64(checkLength(algorithm, await key.sign({ data, digest: await sha256(data) })))
  const input = await signingInput(algorithm, data)
  const own = signAtOnce(key, input)
  if (own) return encodeBase64(own)
  try {
    return encodeBase64(new Uint8Array(await crypto.subtle.sign(CRYPTO_ALGORITHMS[algorithm], key, input)))
  } catch {
    throw fault('DKIM_UNSUPPORTED_ALGORITHM', `sign with ${algorithm} in this runtime`, '3.3')
  }
}

// RFC 8301 section 3.2: an RSA signature is as long as its modulus.
function checkLength(algorithm: DkimAlgorithm, value: Uint8Array): Uint8Array {
  const { length } = value
  if (algorithm === 'ed25519-sha256' ? length === ED25519_OCTETS : length * 8 >= MIN_RSA_BITS) return value
  throw fault('DKIM_BAD_KEY', `take ${length} octets as a signature by ${algorithm}`, '3.3')
}
