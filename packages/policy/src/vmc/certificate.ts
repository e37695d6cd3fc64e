/**
 * What a mark certificate says: the profile of draft-fetch-validation-vmc-wchuang-11 on X.509 (RFC 5280). The structures
 * are read by `@peculiar/asn1-x509`; the names of attributes and marks are those of the Mark Certificate Requirements.
 */

import { AsnConvert } from '@peculiar/asn1-schema'
import {
  BasicConstraints,
  Certificate,
  CertificatePolicies,
  CRLDistributionPoints,
  ExtendedKeyUsage,
  KeyUsage,
  KeyUsageFlags,
  SubjectAlternativeName,
} from '@peculiar/asn1-x509'
import { encodeHex, plainBytes } from '@posthorn/core'
import { publicKeyOf } from '../certificate.ts'
import { fault } from '../error.ts'
import { MARK_DRAFT } from './draft.ts'
import { type MarkLogotype, readLogotype } from './logotype.ts'
import { countScts } from './sct.ts'

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
  /** The indicator in it; absent where there is none. */
  readonly logotype?: MarkLogotype
}

/** @internal */
export interface ReadCertificate extends MarkCertificate {
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
  readonly isAuthority: boolean
  readonly pathLength: number | undefined
  readonly mayIssue: boolean
  /** A critical extension that is not understood, or one that limits names. */
  readonly unsupported: string | undefined
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
const BASIC_CONSTRAINTS = '2.5.29.19'
const KEY_USAGE = '2.5.29.15'
const KEY_PURPOSES = '2.5.29.37'
const ALTERNATIVE_NAME = '2.5.29.17'
const POLICIES = '2.5.29.32'
const REVOCATION_LISTS = '2.5.29.31'
const NAME_CONSTRAINTS = '2.5.29.30'
const LOGOTYPE = '1.3.6.1.5.5.7.1.12'
const TIMESTAMPS = '1.3.6.1.4.1.11129.2.4.2'
const UNDERSTOOD = new Set([BASIC_CONSTRAINTS, KEY_USAGE, KEY_PURPOSES, ALTERNATIVE_NAME, POLICIES, LOGOTYPE])

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
  const { revocationLists, timestamps, markType, kind, logotype } = certificate
  const names = { subject, issuer, serialNumber, notBefore, notAfter, dnsNames, policies, revocationLists }
  return {
    ...names,
    timestamps,
    kind,
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
    return { der: bytes, publicKey, ...fieldsOf(AsnConvert.parse(bytes, Certificate)) }
  } catch (cause) {
    // The library throws errors of several classes for what it cannot read.
    throw fault('POLICY_BAD_RECORD', `read certificate: ${cause instanceof Error ? cause.message : 'no X.509'}`, SPEC)
  }
}

type Fields = Omit<ReadCertificate, 'der' | 'publicKey'>

function fieldsOf({ tbsCertificate: tbs, tbsCertificateRaw, signatureAlgorithm, signatureValue }: Certificate): Fields {
  const { algorithm } = signatureAlgorithm
  // RFC 5280 section 4.1.1.2: both MUST be the same.
  if (!tbsCertificateRaw || tbs.signature.algorithm !== algorithm) throw new Error('two algorithms')
  const key = tbs.subjectPublicKeyInfo.algorithm
  const subject = attributesOf(tbs.subject)
  const marks = subject.filter(({ type }) => type === MARK_TYPE)
  const markType = marks.length === 1 ? marks[0]?.value : undefined
  return {
    subject,
    issuer: attributesOf(tbs.issuer),
    serialNumber: encodeHex(new Uint8Array(tbs.serialNumber)),
    notBefore: tbs.validity.notBefore.getTime().getTime(),
    notAfter: tbs.validity.notAfter.getTime().getTime(),
    ...extensionsOf(tbs),
    ...(markType !== undefined && { markType }),
    kind: KINDS.get(markType ?? '') ?? 'unknown',
    signed: new Uint8Array(tbsCertificateRaw),
    signature: new Uint8Array(signatureValue),
    signatureAlgorithm: algorithm,
    keyAlgorithm: key.algorithm,
    keyParameters: key.parameters ? new Uint8Array(key.parameters) : undefined,
    subjectName: nameOf(tbs.subject),
    issuerName: nameOf(tbs.issuer),
  }
}

type Tbs = Certificate['tbsCertificate']

function attributesOf(name: Tbs['subject']): readonly CertificateAttribute[] {
  return [...name].flatMap((part) => [...part].map(({ type, value }) => ({ type, value: value.toString() })))
}

function nameOf(name: Tbs['subject']): string {
  return encodeHex(new Uint8Array(AsnConvert.serialize(name)))
}

type Extended = Pick<
  ReadCertificate,
  'dnsNames' | 'isAuthority' | 'mayIssue' | 'pathLength' | 'policies' | 'revocationLists' | 'timestamps' | 'unsupported'
> & { readonly keyPurposes?: readonly string[]; readonly logotype?: MarkLogotype }

function extensionsOf({ extensions = [] }: Tbs): Extended {
  const values = new Map<string, Uint8Array>()
  for (const { extnID, extnValue } of [...extensions]) {
    // RFC 5280 section 4.2: a certificate MUST NOT include more than one of a kind.
    if (values.has(extnID)) throw new Error('an extension comes twice')
    values.set(extnID, new Uint8Array(extnValue.buffer))
  }
  const read = <T>(type: string, target: new () => T): T | undefined => {
    const value = values.get(type)
    return value && AsnConvert.parse(value, target)
  }
  const basic = read(BASIC_CONSTRAINTS, BasicConstraints)
  const usage = read(KEY_USAGE, KeyUsage)
  const purposes = read(KEY_PURPOSES, ExtendedKeyUsage)
  const logotype = values.get(LOGOTYPE)
  return {
    dnsNames: [...(read(ALTERNATIVE_NAME, SubjectAlternativeName) ?? [])].flatMap(({ dNSName }) => {
      return dNSName === undefined ? [] : [dNSName.toLowerCase()]
    }),
    isAuthority: basic?.cA === true,
    mayIssue: usage === undefined || (usage.toNumber() & KeyUsageFlags.keyCertSign) !== 0,
    pathLength: basic?.pathLenConstraint,
    ...(purposes && { keyPurposes: [...purposes] }),
    policies: [...(read(POLICIES, CertificatePolicies) ?? [])].map(({ policyIdentifier }) => policyIdentifier),
    revocationLists: listsOf(read(REVOCATION_LISTS, CRLDistributionPoints)),
    timestamps: countScts(values.get(TIMESTAMPS)),
    ...(logotype && { logotype: readLogotype(logotype) }),
    unsupported: [...extensions].find(({ extnID, critical }) => {
      return extnID === NAME_CONSTRAINTS || (critical && !UNDERSTOOD.has(extnID))
    })?.extnID,
  }
}

function listsOf(points: CRLDistributionPoints | undefined): readonly string[] {
  return [...(points ?? [])].flatMap(({ distributionPoint }) => {
    return (distributionPoint?.fullName ?? []).flatMap(({ uniformResourceIdentifier: uri }) => uri ?? [])
  })
}
