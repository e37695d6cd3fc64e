/** Signatures of certificates on WebCrypto: RSA with PKCS #1 v1.5 (RFC 4055 section 5) and ECDSA (RFC 5758 section 3.2). */

import { encodeHex } from '@posthorn/core'
import { readAsn1, TAG } from './asn1.ts'
import type { ReadCertificate } from './certificate.ts'

/** @internal */
export type SignatureResult = 'bad-signature' | 'good' | 'unsupported-algorithm' | 'weak-key'

const RSA: ReadonlyMap<string, string> = new Map([
  ['1.2.840.113549.1.1.11', 'SHA-256'],
  ['1.2.840.113549.1.1.12', 'SHA-384'],
  ['1.2.840.113549.1.1.13', 'SHA-512'],
])
const ECDSA: ReadonlyMap<string, string> = new Map([
  ['1.2.840.10045.4.3.2', 'SHA-256'],
  ['1.2.840.10045.4.3.3', 'SHA-384'],
  ['1.2.840.10045.4.3.4', 'SHA-512'],
])
const RSA_KEY = '1.2.840.113549.1.1.1'
const EC_KEY = '1.2.840.10045.2.1'
// The parameters of a key in DER: 1.2.840.10045.3.1.7 and 1.3.132.0.34.
const CURVES: ReadonlyMap<string, { readonly name: string; readonly octets: number }> = new Map([
  ['06082a8648ce3d030107', { name: 'P-256', octets: 32 }],
  ['06052b81040022', { name: 'P-384', octets: 48 }],
])
// A SubjectPublicKeyInfo of 2,048 bits has 294 octets, one of 8,192 bits 1,062.
const MIN_RSA_OCTETS = 290
const MAX_RSA_OCTETS = 1_070

/**
 * Verifies the signature of a certificate by the key of its issuer.
 *
 * @internal
 */
export async function verifySignature(
  { signed, signature, signatureAlgorithm }: ReadCertificate,
  issuer: ReadCertificate,
): Promise<SignatureResult> {
  const rsa = RSA.get(signatureAlgorithm)
  if (rsa !== undefined && issuer.keyAlgorithm === RSA_KEY) {
    const { length } = issuer.publicKey
    if (length < MIN_RSA_OCTETS || length > MAX_RSA_OCTETS) return 'weak-key'
    return verify({ name: 'RSASSA-PKCS1-v1_5', hash: rsa }, { key: issuer.publicKey, signature, signed })
  }
  const hash = ECDSA.get(signatureAlgorithm)
  const curve = CURVES.get(encodeHex(issuer.keyParameters ?? []))
  if (hash === undefined || issuer.keyAlgorithm !== EC_KEY || !curve) return 'unsupported-algorithm'
  const plain = plainSignature(signature, curve.octets)
  if (!plain) return 'bad-signature'
  const algorithm = { name: 'ECDSA', namedCurve: curve.name, hash }
  return verify(algorithm, { key: issuer.publicKey, signature: plain, signed })
}

interface Material {
  readonly key: Uint8Array
  readonly signature: Uint8Array
  readonly signed: Uint8Array
}

async function verify(
  algorithm: { readonly name: string; readonly [parameter: string]: unknown },
  { key, signature, signed }: Material,
): Promise<SignatureResult> {
  try {
    const imported = await crypto.subtle.importKey('spki', key, algorithm, false, ['verify'])
    return (await crypto.subtle.verify(algorithm, imported, signature, signed)) ? 'good' : 'bad-signature'
  } catch {
    // What WebCrypto does not take for a key.
    return 'bad-signature'
  }
}

// Ecdsa-Sig-Value = SEQUENCE { r INTEGER, s INTEGER }; WebCrypto wants both side by side.
function plainSignature(der: Uint8Array, octets: number): Uint8Array | undefined {
  const numbers = integersOf(der)
  if (numbers?.length !== 2) return undefined
  const out = new Uint8Array(2 * octets)
  for (const [index, number] of numbers.entries()) {
    const digits = number[0] === 0 ? number.subarray(1) : number
    if (digits.length > octets) return undefined
    out.set(digits, (index + 1) * octets - digits.length)
  }
  return out
}

function integersOf(der: Uint8Array): readonly Uint8Array[] | undefined {
  try {
    return readAsn1(der)
      .values.filter(({ tag }) => tag === TAG.integer)
      .map(({ content }) => content)
  } catch {
    return undefined
  }
}
