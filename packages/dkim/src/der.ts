/**
 * As much DER (ITU-T X.690 section 10) as keys need: RSAPublicKey and RSAPrivateKey of RFC 8017 appendix A.1, the
 * SubjectPublicKeyInfo of RFC 5280 section 4.1.2.7, PrivateKeyInfo of RFC 5208 and 5958, Ed25519 by RFC 8410.
 *
 * Runtimes disagree on which encodings they take, so keys go to WebCrypto as JWK, or re-encoded.
 */

import { concatBytes, encodeBase64Url } from '@posthorn/core'
import { fault } from './error.ts'

/** @internal */
export interface RsaPublicKey {
  /** The modulus, without leading zeros. */
  readonly n: Uint8Array
  /** The public exponent, without leading zeros. */
  readonly e: Uint8Array
}

interface Element {
  readonly tag: number
  readonly content: Uint8Array
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
  return { type: 'ed25519', pkcs8: concatBytes([Uint8Array.from(ED25519_PREFIX), seed]) }
}

// RSAPrivateKey = SEQUENCE { version, n, e, d, p, q, dP, dQ, qInv }
function rsaPrivateKeyOf(der: Uint8Array): JsonWebKey {
  const [, ...numbers] = membersOf(der)
  const [n, e, d, p, q, dp, dq, qi] = numbers.map((one) => encodeBase64Url(integerOf(one)))
  if (!qi || numbers.length > 8) throw badKey()
  return { kty: 'RSA', n: n!, e: e!, d: d!, p: p!, q: q!, dp: dp!, dq: dq!, qi }
}

function isFor(element: Element | undefined, algorithm: RegExp): boolean {
  return algorithm.test(elementOf(element, SEQUENCE).content.join())
}

function membersOf(der: Uint8Array): Element[] {
  const [outer, ...more] = elementsOf(der)
  if (more.length > 0) throw badKey()
  return elementsOf(elementOf(outer, SEQUENCE).content)
}

// Lengths are definite, in their shortest form, and of two octets at most: no key is longer.
function elementsOf(bytes: Uint8Array): Element[] {
  const elements: Element[] = []
  for (let at = 0; at < bytes.length; ) {
    const [tag = 0, first = 0, high = 0, low = 0] = bytes.subarray(at, at + 4)
    const start = at + 2 + Math.max(0, first - 128)
    const length = first < 128 ? first : first === 129 ? high : high * 256 + low
    const least = first < 128 ? 0 : first === 129 ? 128 : 256
    at = start + length
    if (first === 128 || first > 130 || length < least || at > bytes.length) throw badKey()
    elements.push({ tag, content: bytes.subarray(start, at) })
  }
  return elements
}

function elementOf(element: Element | undefined, tag: number): Element {
  if (element?.tag === tag) return element
  throw badKey()
}

// A positive number, given without the zero that only keeps it positive.
function integerOf(element: Element | undefined): Uint8Array {
  const { content } = elementOf(element, INTEGER)
  const [first = 128, second = 128] = content
  if (first > 127 || (first === 0 && second < 128)) throw badKey()
  return first === 0 ? content.subarray(1) : content
}

function badKey(): Error {
  return fault('DKIM_BAD_KEY', 'read key: it is no RSA or Ed25519 key in DER', '3.3')
}
