/**
 * As much of a certificate as DANE matches: the whole, and its SubjectPublicKeyInfo (RFC 5280 section 4.1), cut out of
 * the DER (ITU-T X.690 section 10). Out of scope: names, dates, extensions and signatures.
 */

import { type DerElement, readDer } from '@posthorn/core'
import { fault } from './error.ts'

const INTEGER = 2
const BIT_STRING = 3
const SEQUENCE = 48
const VERSION = 160
// No certificate comes near it.
const MAX_OCTETS = 1_048_576

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
  const [outer, ...more] = elementsOf(certificate)
  if (outer?.tag !== SEQUENCE || more.length > 0) throw bad()
  // Certificate = SEQUENCE { tbsCertificate, signatureAlgorithm, signatureValue }
  const [tbs, ...signed] = elementsOf(outer.content)
  if (tbs?.tag !== SEQUENCE || tagsOf(signed) !== `${SEQUENCE},${BIT_STRING}`) throw bad()
  return publicKeyIn(elementsOf(tbs.content))
}

const SPEC = 'rfc5280#section-4.1'

// TBSCertificate = SEQUENCE { [0] version, serial, signature, issuer, validity, subject, subjectPublicKeyInfo, more }
function publicKeyIn(fields: readonly DerElement[]): Uint8Array {
  const [serial, ...rest] = fields[0]?.tag === VERSION ? fields.slice(1) : fields
  const sequences = rest.slice(0, 5)
  const key = sequences[4]
  if (serial?.tag !== INTEGER || !key || sequences.some(({ tag }) => tag !== SEQUENCE)) throw bad()
  // SubjectPublicKeyInfo = SEQUENCE { AlgorithmIdentifier, BIT STRING }
  if (tagsOf(elementsOf(key.content)) !== `${SEQUENCE},${BIT_STRING}`) throw bad()
  return key.whole
}

function tagsOf(elements: readonly DerElement[]): string {
  return elements.map(({ tag }) => tag).join()
}

function elementsOf(bytes: Uint8Array): DerElement[] {
  const elements = readDer(bytes)
  if (!elements) throw bad()
  return elements
}

function bad(): Error {
  return fault('POLICY_BAD_RECORD', 'read certificate: it is no X.509 in DER', SPEC)
}
