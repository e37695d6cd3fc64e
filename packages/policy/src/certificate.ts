/**
 * As much of a certificate as DANE matches: the whole, and its SubjectPublicKeyInfo (RFC 5280 section 4.1), cut out of
 * the DER (ITU-T X.690 section 10). Out of scope: names, dates, extensions and signatures.
 */

import { fault } from './error.ts'

interface Element {
  readonly tag: number
  readonly start: number
  readonly content: number
  readonly end: number
}

const INTEGER = 2
const BIT_STRING = 3
const SEQUENCE = 48
const VERSION = 160
// No certificate comes near it.
const MAX_OCTETS = 1_048_576
const MAX_LENGTH_OCTETS = 3

/**
 * Gives the SubjectPublicKeyInfo of a certificate, as it stands in it.
 *
 * @param certificate The certificate, in DER.
 * @returns A view of the octets of the whole element, which `openssl pkey -pubin -inform DER` reads.
 * @throws {MailError} `POLICY_BAD_RECORD` for what is no certificate in DER; `POLICY_TOO_LARGE` over 1,048,576 octets.
 * @see {@link https://www.rfc-editor.org/rfc/rfc5280#section-4.1 | RFC 5280 section 4.1}
 * @example
 * publicKeyOf(new Uint8Array([48, 0])) // throws POLICY_BAD_RECORD
 */
export function publicKeyOf(certificate: Uint8Array): Uint8Array {
  if (certificate.length > MAX_OCTETS) throw fault('POLICY_TOO_LARGE', 'read certificate: it is too long', SPEC)
  // Certificate = SEQUENCE { tbsCertificate, signatureAlgorithm, signatureValue }
  const outer = elementAt(certificate, 0, certificate.length)
  if (outer.tag !== SEQUENCE || outer.end !== certificate.length) throw bad()
  const tbs = elementAt(certificate, outer.content, outer.end)
  const algorithm = elementAt(certificate, tbs.end, outer.end)
  const signature = elementAt(certificate, algorithm.end, outer.end)
  if (tbs.tag !== SEQUENCE || algorithm.tag !== SEQUENCE || signature.tag !== BIT_STRING) throw bad()
  if (signature.end !== outer.end) throw bad()
  return publicKeyIn(certificate, tbs)
}

const SPEC = 'rfc5280#section-4.1'

// TBSCertificate = SEQUENCE { [0] version, serial, signature, issuer, validity, subject, subjectPublicKeyInfo, more }
function publicKeyIn(bytes: Uint8Array, tbs: Element): Uint8Array {
  let element = elementAt(bytes, tbs.content, tbs.end)
  if (element.tag === VERSION) element = elementAt(bytes, element.end, tbs.end)
  if (element.tag !== INTEGER) throw bad()
  for (let index = 0; index < 5; index++) {
    element = elementAt(bytes, element.end, tbs.end)
    if (element.tag !== SEQUENCE) throw bad()
  }
  // SubjectPublicKeyInfo = SEQUENCE { AlgorithmIdentifier, BIT STRING }
  const algorithm = elementAt(bytes, element.content, element.end)
  const key = elementAt(bytes, algorithm.end, element.end)
  if (algorithm.tag !== SEQUENCE || key.tag !== BIT_STRING || key.end !== element.end) throw bad()
  return bytes.subarray(element.start, element.end)
}

// Tags are of one octet; lengths definite, in their shortest form, of three octets at most.
function elementAt(bytes: Uint8Array, start: number, limit: number): Element {
  const tag = bytes[start] ?? 0
  const first = bytes[start + 1] ?? 128
  const count = first < 128 ? 0 : first - 128
  const content = start + 2 + count
  if (content > limit || first === 128 || count > MAX_LENGTH_OCTETS || (tag & 31) === 31) throw bad()
  let length = first < 128 ? first : 0
  for (let at = start + 2; at < content; at++) length = length * 256 + bytes[at]!
  const least = count === 0 ? 0 : count === 1 ? 128 : 256 ** (count - 1)
  if (length < least || content + length > limit) throw bad()
  return { tag, start, content, end: content + length }
}

function bad(): Error {
  return fault('POLICY_BAD_RECORD', 'read certificate: it is no X.509 in DER', SPEC)
}
