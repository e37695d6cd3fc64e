/** The key that backend and bridge share: HMAC (RFC 2104) with SHA-256, on WebCrypto. */

import { bridgeFault } from './bridge-error.ts'

/** A key to mint and to read tickets with: a `CryptoKey` of WebCrypto, for HMAC with SHA-256. */
export interface TicketKey {
  /** `secret`. */
  readonly type: string
  /** Whether WebCrypto gives the key out again. */
  readonly extractable: boolean
  /** What it is for. */
  readonly algorithm: { readonly name: string }
  /** What it may do: `sign` to mint, `verify` to read. */
  readonly usages: readonly string[]
}

/**
 * The algorithm, as WebCrypto names it.
 *
 * @internal
 */
export const TICKET_ALGORITHM = { name: 'HMAC', hash: 'SHA-256' } as const

const MIN_OCTETS = 32

/**
 * Imports the key of tickets.
 *
 * @param secret At least 32 random octets, the same at the backend and at the bridge; or a `CryptoKey` that is made for
 * HMAC with SHA-256, which is given back.
 * @returns The key; nobody can read the octets from it.
 * @throws {MailError} `BRIDGE_BAD_OPTION` for a secret that is too short, or a key for something else.
 * @see {@link https://www.rfc-editor.org/rfc/rfc2104#section-3 | RFC 2104 section 3}
 * @example
 * const key = await importTicketKey(crypto.getRandomValues(new Uint8Array(32)))
 * key.usages // ['sign', 'verify']
 * await importTicketKey(new Uint8Array(16)) // throws BRIDGE_BAD_OPTION
 */
export async function importTicketKey(secret: Uint8Array | TicketKey): Promise<TicketKey> {
  if (!(secret instanceof Uint8Array)) return checkKey(secret)
  if (secret.length < MIN_OCTETS) throw badKey(`it has ${secret.length} octets, and needs ${MIN_OCTETS}`)
  return crypto.subtle.importKey('raw', secret, TICKET_ALGORITHM, false, ['sign', 'verify'])
}

function checkKey(key: TicketKey): TicketKey {
  const { name, hash, length } = key.algorithm as {
    readonly name: string
    readonly hash?: { readonly name: string }
    readonly length?: number
  }
  if (name !== 'HMAC' || hash?.name !== 'SHA-256') throw badKey('it is not for HMAC with SHA-256')
  if (length === undefined || length < MIN_OCTETS * 8) throw badKey(`it has fewer than ${MIN_OCTETS} octets`)
  return key
}

function badKey(why: string): Error {
  return bridgeFault('BRIDGE_BAD_OPTION', `the key of tickets is not good: ${why}`)
}
