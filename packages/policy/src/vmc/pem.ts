/** Chains of certificates as text: RFC 7468 sections 2 and 5. */

import { decodeBase64, MailError } from '@posthorn/core'
import { fault } from '../error.ts'

const SPEC = 'rfc7468#section-5'
const BEGIN = '-----BEGIN CERTIFICATE-----'
const END = '-----END CERTIFICATE-----'
const MAX_LENGTH = 131_072
const MAX_CERTIFICATES = 10

/**
 * Reads the certificates out of text. What stands between them is passed over, as RFC 7468 section 2 allows.
 *
 * @param text The text.
 * @returns The certificates in DER, in order; one at least.
 * @throws {MailError} `POLICY_BAD_RECORD` where there is none, or one that is cut or no Base64; `POLICY_TOO_LARGE` over
 * 131,072 characters, or 10 certificates.
 * @see {@link https://www.rfc-editor.org/rfc/rfc7468#section-5 | RFC 7468 section 5}
 * @example
 * parseCertificateChain('-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n') // [new Uint8Array([48, 0])]
 * parseCertificateChain('MAA=') // throws POLICY_BAD_RECORD
 */
export function parseCertificateChain(text: string): readonly Uint8Array[] {
  if (text.length > MAX_LENGTH) throw fault('POLICY_TOO_LARGE', 'read certificates: the text is too long', SPEC)
  const chain: Uint8Array[] = []
  for (let at = text.indexOf(BEGIN); at >= 0; at = text.indexOf(BEGIN, at)) {
    if (chain.length === MAX_CERTIFICATES) throw fault('POLICY_TOO_LARGE', 'read certificates: too many', SPEC)
    const end = text.indexOf(END, at)
    if (end < 0) throw fault('POLICY_BAD_RECORD', 'read certificates: one has no end', SPEC)
    chain.push(decode(text.slice(at + BEGIN.length, end)))
    at = end + END.length
  }
  if (chain.length > 0) return chain
  throw fault('POLICY_BAD_RECORD', 'read certificates: there is none', SPEC)
}

function decode(base64: string): Uint8Array {
  try {
    return decodeBase64(base64, { whitespace: true })
  } catch (error) {
    if (!(error instanceof MailError)) throw error
    throw fault('POLICY_BAD_RECORD', 'read certificates: one is no Base64', SPEC)
  }
}
