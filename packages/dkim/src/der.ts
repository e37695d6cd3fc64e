/**
 * The keys that DER holds: RSAPublicKey and RSAPrivateKey of RFC 8017 appendix A.1, the
 * SubjectPublicKeyInfo of RFC 5280 section 4.1.2.7, PrivateKeyInfo of RFC 5208 and 5958, Ed25519 by RFC 8410.
 *
 * Runtimes disagree on which encodings they take, so keys go to WebCrypto as JWK, or re-encoded.
 */

import { concatBytes, type DerElement, encodeBase64Url, readDer } from '@posthorn/core'
import { fault } from './error.ts'

/** @internal */
export interface RsaPublicKey {
  /** The modulus, without leading zeros. */
  readonly n: Uint8Array
  /** The public exponent, without leading zeros. */
  readonly e: Uint8Array
}

const INTEGER = 2
const BIT_STRING = 3
const OCTET_STRING = 4
const SEQUENCE = 48
// AlgorithmIdentifier: OID 1.2.840.113549.1.1.1, with or without its NULL; OID 1.3.101.112
const RSA = /^6,9,42,134,72,134,247,13,1,1,1(?:,5,0)?$/
const ED25519 = /^6,3,43,101,112$/
// PrivateKeyInfo = SEQUENCE { INTEGER 0, SEQUENCE { OID 1.3.101.112 }, OCTET STRING { OCTET STRING (32) } }
const ED25519_PREFIX = [48, 46, 2, 1, 0, 48, 5, 6, 3, 43, 101, 112, 4, 34, 4, 32]
const ED25519_OCTETS = 32

/**
 * Reads a public RSA key, bare or in a SubjectPublicKeyInfo.
 *
 * @internal
 * @throws {MailError} `DKIM_BAD_KEY` for anything else.
 */
export function readRsaPublicKey(der: Uint8Array): RsaPublicKey {
  const [first, second, ...more] = membersOf(der)
  if (more.length > 0) throw badKey()
  if (first?.tag === INTEGER) return { n: integerOf(first), e: integerOf(second) }
  // SubjectPublicKeyInfo = SEQUENCE { AlgorithmIdentifier, BIT STRING { RSAPublicKey } } ; no unused bits
  const { content } = elementOf(second, BIT_STRING)
  if (!isFor(first, RSA) || content[0] !== 0) throw badKey()
  const [n, e] = membersOf(content.subarray(1))
  return { n: integerOf(n), e: integerOf(e) }
}

/**
 * Gives the 32 octets of an Ed25519 key in a SubjectPublicKeyInfo, as RFC 8410 section 4 has it.
 *
 * @internal
 * @returns `undefined` for anything else.
 */
export function readEd25519PublicKey(der: Uint8Array): Uint8Array | undefined {
  const [outer, ...more] = readDer(der) ?? []
  const [algorithm, key, ...rest] = (outer?.tag === SEQUENCE && readDer(outer.content)) || []
  if (more.length > 0 || rest.length > 0 || key?.tag !== BIT_STRING || key.content.length !== ED25519_OCTETS + 1)
    return undefined
  return algorithm?.tag === SEQUENCE && ED25519.test(algorithm.content.join()) ? key.content.subarray(1) : undefined
}

/** @internal */
export type PrivateKeyData =
  | { readonly type: 'rsa'; readonly jwk: JsonWebKey }
  | { readonly type: 'ed25519'; readonly pkcs8: Uint8Array }

/**
 * Reads a private key in PKCS #8 or, for RSA, in PKCS #1.
 *
 * @internal
 * @throws {MailError} `DKIM_BAD_KEY` for anything else.
 */
export function readPrivateKey(der: Uint8Array): PrivateKeyData {
  const [, algorithm, key] = membersOf(der)
  if (algorithm?.tag === INTEGER) return { type: 'rsa', jwk: rsaPrivateKeyOf(der) }
  // PrivateKeyInfo = SEQUENCE { INTEGER, AlgorithmIdentifier, OCTET STRING { the key }, more }
  const { content } = elementOf(key, OCTET_STRING)
  if (isFor(algorithm, RSA)) return { type: 'rsa', jwk: rsaPrivateKeyOf(content) }
  if (!isFor(algorithm, ED25519)) throw badKey()
  const seed = elementOf(elementsOf(content)[0], OCTET_STRING).content
  if (seed.length !== ED25519_OCTETS) throw badKey()
  return ed25519Of(seed)
}

/** @internal */
export function ed25519Of(seed: Uint8Array): PrivateKeyData {
  return { type: 'ed25519', pkcs8: concatBytes([Uint8Array.from(ED25519_PREFIX), seed]) }
}

// RSAPrivateKey = SEQUENCE { version, n, e, d, p, q, dP, dQ, qInv }
function rsaPrivateKeyOf(der: Uint8Array): JsonWebKey {
  const [, ...numbers] = membersOf(der)
  const [n, e, d, p, q, dp, dq, qi] = numbers.map((one) => encodeBase64Url(integerOf(one)))
  if (!qi || numbers.length > 8) throw badKey()
  return { kty: 'RSA', n: n!, e: e!, d: d!, p: p!, q: q!, dp: dp!, dq: dq!, qi }
}

function isFor(element: DerElement | undefined, algorithm: RegExp): boolean {
  return algorithm.test(elementOf(element, SEQUENCE).content.join())
}

function membersOf(der: Uint8Array): DerElement[] {
  const [outer, ...more] = elementsOf(der)
  if (more.length > 0) throw badKey()
  return elementsOf(elementOf(outer, SEQUENCE).content)
}

function elementsOf(bytes: Uint8Array): DerElement[] {
  const elements = readDer(bytes)
  if (!elements) throw badKey()
  return elements
}

function elementOf(element: DerElement | undefined, tag: number): DerElement {
  if (element?.tag === tag) return element
  throw badKey()
}

// A positive number, given without the zero that only keeps it positive.
function integerOf(element: DerElement | undefined): Uint8Array {
  const { content } = elementOf(element, INTEGER)
  const [first = 128, second = 128] = content
  if (first > 127 || (first === 0 && second < 128)) throw badKey()
  return first === 0 ? content.subarray(1) : content
}

function badKey(): Error {
  return fault('DKIM_BAD_KEY', 'read key: it is no RSA or Ed25519 key in DER', '3.3')
}
