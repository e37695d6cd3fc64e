/** The key of a signature: found in the DNS, checked against what it may do, made ready. RFC 6376 section 6.1.2. */

import { decodeBase64, encodeBase64Url } from '@posthorn/core'
import type { Answer, Resolver } from '@posthorn/dns'
import { MIN_RSA_BITS } from './algorithm.ts'
import { readRsaPublicKey } from './der.ts'
import type { DkimKeyCache } from './key-cache.ts'
import { type DkimRecord, parseDkimRecord } from './key-record.ts'
import { PublicKey } from './public-key.ts'
import type { DkimSignature } from './signature.ts'
import { isIdentityOf } from './signer-name.ts'
import { attempt, Refusal } from './verdict.ts'

/** @internal */
export interface KeyLimits {
  /** The fewest bits of an RSA key; default 1,024. */
  readonly minRsaBits?: number
  /** The most bits of an RSA key; default 8,192. */
  readonly maxRsaBits?: number
  readonly keyCache?: DkimKeyCache
}

/** @internal */
export type KeyQuery = (name: string) => Promise<Answer<'TXT'>>

/**
 * Asks for keys, once for each name, as signatures of one message often share a key.
 *
 * @internal
 */
export function keyQueries(options: { readonly resolver: Resolver; readonly signal?: AbortSignal }): KeyQuery {
  const asked = new Map<string, Promise<Answer<'TXT'>>>()
  return (name) => {
    const answer = asked.get(name) ?? options.resolver.resolve(name, 'TXT', options)
    asked.set(name, answer)
    return answer
  }
}

/**
 * Finds the key record in what the DNS says.
 *
 * @internal
 */
export function findRecord(answer: Answer<'TXT'>): DkimRecord {
  if (answer.status !== 'found') {
    const absent = answer.status.startsWith('n')
    throw new Refusal(absent ? 'permerror' : 'temperror', `key-${answer.status}`)
  }
  // RFC 6376 section 3.6.2.2: one record is to be there; others, as of a wildcard, may be no key records.
  const [record, ...more] = answer.records.flatMap((text) =>
    attempt(
      () => parseDkimRecord(text),
      () => [],
    ),
  )
  if (!record || more.length > 0) throw new Refusal('permerror', record ? 'key-ambiguous' : 'key-malformed')
  return record
}

/**
 * Refuses to verify a signature with a key that is not for it.
 *
 * @internal
 */
export function checkRecord(
  record: DkimRecord,
  { algorithm, identity, domain }: Pick<DkimSignature, 'algorithm' | 'identity' | 'domain'>,
): void {
  const { publicKey, keyType, hashes, services, flags } = record
  if (publicKey === '') throw new Refusal('permerror', 'key-revoked')
  const [type, hash] = algorithm.split('-')
  if (keyType !== type || !allows(hashes, hash!)) throw new Refusal('permerror', 'key-mismatch')
  if (!allows(services, 'email')) throw new Refusal('permerror', 'key-not-for-mail')
  if (flags.includes('s') && !isIdentityOf(identity, domain, true)) {
    throw new Refusal('permerror', 'key-not-for-identity')
  }
}

function allows(list: readonly string[], member: string): boolean {
  return list.length === 0 || list.includes('*') || list.includes(member)
}

/**
 * Reads the public key of a record.
 *
 * @internal
 */
export function readKey({ keyType, publicKey }: DkimRecord, limits: KeyLimits): PublicKey {
  const { keyCache, minRsaBits = MIN_RSA_BITS, maxRsaBits = 8192 } = limits
  const read = (): PublicKey => {
    const bytes = decodeBase64(publicKey)
    return attempt(() => (keyType === 'rsa' ? readRsa(bytes) : readEd25519(bytes)), malformed)
  }
  const key = keyCache?.keyOf(`${keyType} ${publicKey}`, read) ?? read()
  if (keyType === 'rsa' && key.bits < minRsaBits) throw new Refusal('policy', 'key-too-short')
  if (keyType === 'rsa' && key.bits > maxRsaBits) throw new Refusal('policy', 'key-too-long')
  return key
}

function readRsa(der: Uint8Array): PublicKey {
  const { n, e } = readRsaPublicKey(der)
  const bits = n.length * 8 - Math.clz32(n[0]!) + 24
  // HAZARD: with the exponent 1 any text is its own signature, and a very long one costs much time.
  if (e.length > 8 || e.at(-1)! % 2 !== 1 || e.join() === '1') malformed()
  const jwk = { kty: 'RSA', n: encodeBase64Url(n), e: encodeBase64Url(e) }
  return new PublicKey({ algorithm: 'rsa-sha256', jwk, bits, signatureLength: n.length })
}

// HAZARD: with a point of low order as the key, a signature that nobody made verifies in some runtimes. Its "y", the
// sign aside, is 0, 1, p-1, p or p+1, which differ in the first octet only, or one of two more, known by their first.
const LOW_ORDER = /^(?:\d+(?:,0){31}|\d+(?:,255){30},127|38,232,149,143,.*,5|199,23,106,112,.*,122)$/

function readEd25519(bytes: Uint8Array): PublicKey {
  const unsigned = bytes.map((octet, index) => (index === 31 ? octet & 127 : octet))
  if (bytes.length !== 32 || LOW_ORDER.test(unsigned.join())) malformed()
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: encodeBase64Url(bytes) }
  return new PublicKey({ algorithm: 'ed25519-sha256', jwk, bits: 256, signatureLength: 64 })
}

function malformed(): never {
  throw new Refusal('permerror', 'key-malformed')
}
