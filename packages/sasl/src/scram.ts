/**
 * SCRAM, RFC 5802 with the hashes of RFC 7677 and draft-melnikov-scram-sha-512: what client and server share. The messages
 * are in `scram-client.ts` and `scram-server.ts`.
 */

import { decodeBase64, encodeUtf8, MailError } from '@posthorn/core'
import type { SaslErrorCode } from './error.ts'
import { prepareOpaqueString } from './prepare.ts'

/** The hash of a SCRAM mechanism, by its WebCrypto name. */
export type ScramHash = 'SHA-1' | 'SHA-256' | 'SHA-512'

const HASH_OCTETS: Readonly<Record<ScramHash, number>> = { 'SHA-1': 20, 'SHA-256': 32, 'SHA-512': 64 }

/**
 * The name of a SCRAM mechanism.
 *
 * @internal
 */
export function scramName(hash: ScramHash, plus: boolean): string {
  return `SCRAM-${hash}${plus ? '-PLUS' : ''}`
}

/**
 * Tells whether a list of mechanisms has SCRAM with `-PLUS`, with whatever hash: then its server can bind a channel.
 *
 * @internal
 */
export function bindsChannel(names: readonly string[]): boolean {
  return names.some((name) => name.startsWith('SCRAM-') && name.endsWith('-PLUS'))
}

/**
 * The fewest iterations that RFC 7677 section 4 allows.
 *
 * @internal
 */
export const MIN_ITERATIONS = 4096

const MIN_SALT_OCTETS = 16

/** What a server stores instead of a password. */
export interface ScramCredentials {
  /** The salt of this user. */
  readonly salt: Uint8Array
  /** The hash that the keys were made with; default `SHA-256`. */
  readonly hash?: ScramHash
  /** How often the hash was iterated; at least 4,096. */
  readonly iterations: number
  /** `H(ClientKey)`, RFC 5802 section 3. */
  readonly storedKey: Uint8Array
  /** `ServerKey`, RFC 5802 section 3. */
  readonly serverKey: Uint8Array
}

/** @internal */
export async function hmac(hash: ScramHash, key: Uint8Array, data: Uint8Array): Promise<Uint8Array> {
  const imported = await crypto.subtle.importKey('raw', key, { name: 'HMAC', hash }, false, ['sign'])
  return new Uint8Array(await crypto.subtle.sign('HMAC', imported, data))
}

/** @internal */
export async function digest(hash: ScramHash, data: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest(hash, data))
}

/** @internal */
export function xor(a: Uint8Array, b: Uint8Array): Uint8Array {
  return a.map((octet, index) => octet ^ b[index]!)
}

// SaltedPassword := Hi(Normalize(password), salt, i)
/** @internal */
export async function saltPassword(
  hash: ScramHash,
  password: string,
  { salt, iterations }: { readonly salt: Uint8Array; readonly iterations: number },
): Promise<Uint8Array> {
  const key = await crypto.subtle.importKey('raw', prepareOpaqueString(password), 'PBKDF2', false, ['deriveBits'])
  const algorithm = { name: 'PBKDF2', hash, salt, iterations }
  return new Uint8Array(await crypto.subtle.deriveBits(algorithm, key, HASH_OCTETS[hash] * 8))
}

/** The keys that follow from a salted password. */
interface ScramKeys {
  readonly clientKey: Uint8Array
  readonly serverKey: Uint8Array
}

/** @internal */
export async function deriveKeys(hash: ScramHash, salted: Uint8Array): Promise<ScramKeys> {
  const [clientKey, serverKey] = await Promise.all([
    hmac(hash, salted, encodeUtf8('Client Key')),
    hmac(hash, salted, encodeUtf8('Server Key')),
  ])
  return { clientKey, serverKey }
}

/** How {@link deriveScramCredentials} derives. */
export interface DeriveScramOptions {
  /** At least 16 random octets. */
  readonly salt: Uint8Array
  /** How often to iterate; at least 4,096. */
  readonly iterations: number
  /** The hash of the mechanism; default `SHA-256`. */
  readonly hash?: ScramHash
}

/**
 * Derives what a server stores for a user of SCRAM.
 *
 * @param password The password; it cannot be had back from the result.
 * @param options The salt, the number of iterations, and the hash.
 * @returns What to store; it serves the mechanism with that hash, with and without `-PLUS`.
 * @throws {MailError} `SASL_BAD_CREDENTIALS` when the password is empty or has a control character,
 * `SASL_WEAK_PARAMETERS` for a shorter salt or fewer iterations.
 * @see {@link https://www.rfc-editor.org/rfc/rfc5802#section-3 | RFC 5802 section 3}
 * @example
 * const stored = await deriveScramCredentials('pencil', { salt: new Uint8Array(16), iterations: 4096 })
 * stored.storedKey.length // 32
 */
export async function deriveScramCredentials(password: string, options: DeriveScramOptions): Promise<ScramCredentials> {
  const { salt, iterations, hash = 'SHA-256' } = options
  if (salt.length < MIN_SALT_OCTETS || !(iterations >= MIN_ITERATIONS)) {
    throw new MailError<SaslErrorCode>(
      'SASL_WEAK_PARAMETERS',
      `Cannot derive credentials: they need ${MIN_SALT_OCTETS} octets of salt and ${MIN_ITERATIONS} iterations`,
      { spec: 'rfc7677#section-4' },
    )
  }
  const { clientKey, serverKey } = await deriveKeys(hash, await saltPassword(hash, password, options))
  return { salt, iterations, hash, storedKey: await digest(hash, clientKey), serverKey }
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
