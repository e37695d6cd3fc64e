/**
 * SCRAM without channel binding, RFC 5802 with the hash of RFC 7677: what client and server share.
 * The messages are in `scram-client.ts` and `scram-server.ts`.
 */

import { decodeBase64, encodeUtf8, MailError } from '@posthorn/core'
import type { SaslErrorCode } from './error.ts'
import { prepareOpaqueString } from './prepare.ts'

/**
 * The name of the one SCRAM mechanism here.
 *
 * @internal
 */
export const SCRAM_NAME = 'SCRAM-SHA-256'

/**
 * The fewest iterations that RFC 7677 section 4 allows.
 *
 * @internal
 */
export const MIN_ITERATIONS = 4096

const HASH = 'SHA-256'
const HASH_BITS = 256
const MIN_SALT_OCTETS = 16

/** What a server stores instead of a password. */
export interface ScramCredentials {
  /** The salt of this user. */
  readonly salt: Uint8Array
  /** How often the hash was iterated; at least 4,096. */
  readonly iterations: number
  /** `H(ClientKey)`, RFC 5802 section 3. */
  readonly storedKey: Uint8Array
  /** `ServerKey`, RFC 5802 section 3. */
  readonly serverKey: Uint8Array
}

/** @internal */
export async function hmac(key: Uint8Array, data: Uint8Array): Promise<Uint8Array> {
  const algorithm = { name: 'HMAC', hash: HASH }
  const imported = await crypto.subtle.importKey('raw', key, algorithm, false, ['sign'])
  return new Uint8Array(await crypto.subtle.sign('HMAC', imported, data))
}

/** @internal */
export async function hash(data: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest(HASH, data))
}

/** @internal */
export function xor(a: Uint8Array, b: Uint8Array): Uint8Array {
  return a.map((octet, index) => octet ^ b[index]!)
}

// SaltedPassword := Hi(Normalize(password), salt, i)
/** @internal */
export async function saltPassword(password: string, salt: Uint8Array, iterations: number): Promise<Uint8Array> {
  const key = await crypto.subtle.importKey('raw', prepareOpaqueString(password), 'PBKDF2', false, ['deriveBits'])
  const algorithm = { name: 'PBKDF2', hash: HASH, salt, iterations }
  return new Uint8Array(await crypto.subtle.deriveBits(algorithm, key, HASH_BITS))
}

/** @internal */
export async function deriveKeys(salted: Uint8Array): Promise<{ clientKey: Uint8Array; serverKey: Uint8Array }> {
  const [clientKey, serverKey] = await Promise.all([
    hmac(salted, encodeUtf8('Client Key')),
    hmac(salted, encodeUtf8('Server Key')),
  ])
  return { clientKey, serverKey }
}

/**
 * Derives what a server stores for a user of SCRAM-SHA-256.
 *
 * @param password The password; it cannot be had back from the result.
 * @param options The salt, at least 16 random octets, and the number of iterations, at least 4,096.
 * @returns What to store.
 * @throws {MailError} `SASL_BAD_CREDENTIALS` when the password is empty or has a control character,
 * `SASL_WEAK_PARAMETERS` for a shorter salt or fewer iterations.
 * @see {@link https://www.rfc-editor.org/rfc/rfc5802#section-3 | RFC 5802 section 3}
 * @example
 * const stored = await deriveScramCredentials('pencil', { salt: new Uint8Array(16), iterations: 4096 })
 * stored.storedKey.length // 32
 */
export async function deriveScramCredentials(
  password: string,
  options: { readonly salt: Uint8Array; readonly iterations: number },
): Promise<ScramCredentials> {
  const { salt, iterations } = options
  if (salt.length < MIN_SALT_OCTETS || !(iterations >= MIN_ITERATIONS)) {
    throw new MailError<SaslErrorCode>(
      'SASL_WEAK_PARAMETERS',
      `Cannot derive credentials: they need ${MIN_SALT_OCTETS} octets of salt and ${MIN_ITERATIONS} iterations`,
      { spec: 'rfc7677#section-4' },
    )
  }
  const { clientKey, serverKey } = await deriveKeys(await saltPassword(password, salt, iterations))
  return { salt, iterations, storedKey: await hash(clientKey), serverKey }
}

/**
 * Decodes a Base64 value of a SCRAM message.
 *
 * @internal
 * @returns The octets, or `undefined` when it is not Base64.
 */
export function decodeValue(text: string): Uint8Array | undefined {
  try {
    return decodeBase64(text)
  } catch {
    return undefined
  }
}
