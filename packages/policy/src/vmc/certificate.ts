/**
 * What a mark certificate says: the profile of draft-fetch-validation-vmc-wchuang-11 on X.509 (RFC 5280 section 4). The
 * names of attributes and marks are those of the Mark Certificate Requirements.
 */

import { encodeHex, plainBytes } from '@posthorn/core'
import { publicKeyOf } from '../certificate.ts'
import { fault } from '../error.ts'
import { type Asn1Value, expectTag, identifierOf, readAsn1, TAG, textOf, timeOf } from './asn1.ts'
import { MARK_DRAFT } from './draft.ts'
import { type CertificateExtensions, extensionsOf } from './extensions.ts'
import type { MarkLogotype } from './logotype.ts'

/** What kind of mark a certificate vouches for. */
export type MarkKind = 'common' | 'unknown' | 'verified'

/** An attribute of a name. */
export interface CertificateAttribute {
  /** Its object identifier, as `2.5.4.3` for the common name. */
  readonly type: string
  /** Its value. */
  readonly value: string
}

/** What a mark certificate says. */
export interface MarkCertificate {
  /** Its subject, in order. */
  readonly subject: readonly CertificateAttribute[]
  /** Its issuer, in order. */
  readonly issuer: readonly CertificateAttribute[]
  /** Its serial number in base 16, as lists of revoked certificates have it. */
  readonly serialNumber: string
  /** From when it is valid, in milliseconds since 1970. */
  readonly notBefore: number
  /** Until when it is valid, in milliseconds since 1970. */
  readonly notAfter: number
  /** The domains that it is for: a domain, or `selector._bimi.domain`; in lower case. */
  readonly dnsNames: readonly string[]
  /** What its key may be used for, as object identifiers; absent where it does not say. */
  readonly keyPurposes?: readonly string[]
  /** The policies that it was issued under, as object identifiers. */
  readonly policies: readonly string[]
  /** Where lists of revoked certificates are. */
  readonly revocationLists: readonly string[]
  /** How many logs of certificates promised to have it: their signatures are not verified. */
  readonly timestamps: number
  /** The type of its mark, as `Registered Mark`; absent where it does not say. */
  readonly markType?: string
  /** `verified` for a registered or government mark, `common` for prior use and what was modified, else `unknown`. */
  readonly kind: MarkKind
  /** Whether it belongs to a trial, in which what it vouches for was not proven by the usual rules. */
  readonly pilot: boolean
  /** The indicator in it; absent where there is none. */
  readonly logotype?: MarkLogotype
}

/** @internal */
export interface ReadCertificate extends MarkCertificate, CertificateExtensions {
  readonly der: Uint8Array
  /** What was signed. */
  readonly signed: Uint8Array
  readonly signature: Uint8Array
  readonly signatureAlgorithm: string
  readonly publicKey: Uint8Array
  readonly keyAlgorithm: string
  readonly keyParameters: Uint8Array | undefined
  /** The names in DER, in base 16. */
  readonly subjectName: string
  readonly issuerName: string
}

const SPEC = `${MARK_DRAFT}#verified-mark-certificate-profile`
const MAX_OCTETS = 131_072
const MARK_TYPE = '1.3.6.1.4.1.53087.1.13'
const KINDS: ReadonlyMap<string, MarkKind> = new Map([
  ['Registered Mark', 'verified'],
  ['Government Mark', 'verified'],
  ['Prior Use Mark', 'common'],
  ['Modified Registered Mark', 'common'],
  ['Provisional Mark', 'common'],
])
const VERSION = 160
const EXTENSIONS = 163

/**
 * Reads a mark certificate, and verifies nothing of it: `verifyMark` does.
 *
 * @param certificate The certificate, in DER.
 * @returns What it says.
 * @throws {MailError} `POLICY_BAD_RECORD` for what is no certificate; `POLICY_TOO_LARGE` over 131,072 octets.
 * @see {@link https://datatracker.ietf.org/doc/html/draft-fetch-validation-vmc-wchuang-11 | Draft 11, "Verified Mark Certificate Profile"}
 * @example
 * readMarkCertificate(new Uint8Array([48, 0])) // throws POLICY_BAD_RECORD
 */
export function readMarkCertificate(certificate: Uint8Array): MarkCertificate {
  return factsOf(readCertificate(certificate))
}

/** @internal */
export function factsOf(certificate: ReadCertificate): MarkCertificate {
  const { subject, issuer, serialNumber, notBefore, notAfter, dnsNames, keyPurposes, policies } = certificate
  const { revocationLists, timestamps, markType, kind, pilot, logotype } = certificate
  const names = { subject, issuer, serialNumber, notBefore, notAfter, dnsNames, policies, revocationLists }
  return {
    ...names,
    timestamps,
    kind,
    pilot,
    ...(keyPurposes && { keyPurposes }),
    ...(markType !== undefined && { markType }),
    ...(logotype && { logotype }),
  }
}

/**
 * Reads a certificate with what its verification needs.
 *
 * @internal
 * @throws {MailError} As {@link readMarkCertificate}.
 */
export function readCertificate(der: Uint8Array): ReadCertificate {
  if (der.length > MAX_OCTETS) throw fault('POLICY_TOO_LARGE', 'read certificate: it is too long', SPEC)
  const bytes = plainBytes(der)
  const publicKey = publicKeyOf(bytes)
  try {
    return { der: bytes, publicKey, ...fieldsOf(readAsn1(bytes)) }
  } catch (cause) {
    throw fault('POLICY_BAD_RECORD', `read certificate: ${cause instanceof Error ? cause.message : 'no X.509'}`, SPEC)
  }
}

type Fields = Omit<ReadCertificate, 'der' | 'publicKey'>

// Certificate = SEQUENCE { TBSCertificate, AlgorithmIdentifier, BIT STRING }
function fieldsOf({ values: [signed, algorithm, signature] }: Asn1Value): Fields {
  const signatureAlgorithm = identifierOf(expectTag(algorithm, TAG.sequence).values[0])
  const tbs = tbsOf(expectTag(signed, TAG.sequence))
  // RFC 5280 section 4.1.1.2: both MUST be the same.
  if (tbs.algorithm !== signatureAlgorithm) throw new Error('it has two algorithms')
  const subject = attributesOf(tbs.subject)
  const marks = subject.filter(({ type }) => type === MARK_TYPE)
  const markType = marks.length === 1 ? marks[0]?.value : undefined
  return {
    subject,
    issuer: attributesOf(tbs.issuer),
    serialNumber: encodeHex(tbs.serialNumber.content),
    notBefore: timeOf(tbs.validity.values[0]),
    notAfter: timeOf(tbs.validity.values[1]),
    ...extensionsOf(tbs.extensions),
    ...(markType !== undefined && { markType }),
    kind: KINDS.get(markType ?? '') ?? 'unknown',
    signed: signed!.octets,
    signature: expectTag(signature, TAG.bitString).content.subarray(1),
    signatureAlgorithm,
    keyAlgorithm: identifierOf(tbs.key.values[0]),
    keyParameters: tbs.key.values[1]?.octets,
    subjectName: encodeHex(tbs.subject.octets),
    issuerName: encodeHex(tbs.issuer.octets),
  }
}

interface Tbs {
  readonly serialNumber: Asn1Value
  readonly algorithm: string
  readonly issuer: Asn1Value
  readonly validity: Asn1Value
  readonly subject: Asn1Value
  /** The algorithm of the key, and its parameters. */
  readonly key: Asn1Value
  readonly extensions: readonly Asn1Value[]
}

// TBSCertificate = SEQUENCE { [0] version, serial, signature, issuer, validity, subject, subjectPublicKeyInfo, more }
function tbsOf({ values }: Asn1Value): Tbs {
  const [serialNumber, algorithm, issuer, validity, subject, key, ...more] =
    values[0]?.tag === VERSION ? values.slice(1) : values
  const extensions = more.find(({ tag }) => tag === EXTENSIONS)?.values[0]
  return {
    serialNumber: expectTag(serialNumber, TAG.integer),
    algorithm: identifierOf(expectTag(algorithm, TAG.sequence).values[0]),
    issuer: expectTag(issuer, TAG.sequence),
    validity: expectTag(validity, TAG.sequence),
    subject: expectTag(subject, TAG.sequence),
    key: expectTag(expectTag(key, TAG.sequence).values[0], TAG.sequence),
    extensions: extensions ? expectTag(extensions, TAG.sequence).values : [],
  }
}

// Name = SEQUENCE OF SET OF SEQUENCE { type, value }
function attributesOf(name: Asn1Value): readonly CertificateAttribute[] {
  return name.values.flatMap((part) => {
    return expectTag(part, TAG.set).values.map(({ values: [type, value] }) => {
      if (!value) throw new Error('an attribute has no value')
      return { type: identifierOf(type), value: textOf(value) }
    })
  })
}
