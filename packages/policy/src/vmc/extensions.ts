/** The extensions of a certificate that count for marks: RFC 5280 section 4.2, RFC 6962 section 3.3, RFC 9399 section 3. */

import { encodeHex } from '@posthorn/core'
import { type Asn1Value, expectTag, identifierOf, readAsn1, TAG, textOf } from './asn1.ts'
import { type MarkLogotype, readLogotype } from './logotype.ts'
import { countScts } from './sct.ts'

/** @internal */
export interface CertificateExtensions {
  readonly dnsNames: readonly string[]
  readonly keyPurposes?: readonly string[]
  readonly policies: readonly string[]
  readonly revocationLists: readonly string[]
  readonly timestamps: number
  readonly pilot: boolean
  readonly logotype?: MarkLogotype
  /** Whether there is an indicator in it, though not one that can be read. */
  readonly hasBadLogotype: boolean
  readonly isAuthority: boolean
  readonly pathLength: number | undefined
  readonly mayIssue: boolean
  /** A critical extension that is not understood, or one that limits names. */
  readonly unsupported: string | undefined
}

const BASIC_CONSTRAINTS = '2.5.29.19'
const KEY_USAGE = '2.5.29.15'
const KEY_PURPOSES = '2.5.29.37'
const ALTERNATIVE_NAME = '2.5.29.17'
const POLICIES = '2.5.29.32'
const REVOCATION_LISTS = '2.5.29.31'
const NAME_CONSTRAINTS = '2.5.29.30'
const PILOT = '1.3.6.1.4.1.53087.4.1'
const LOGOTYPE = '1.3.6.1.5.5.7.1.12'
const TIMESTAMPS = '1.3.6.1.4.1.11129.2.4.2'
const CONTEXT_0 = 160
const DNS_NAME = 130
const URI = 134
// The sixth bit of the first octet.
const KEY_CERT_SIGN = 4
const UNDERSTOOD = new Set([BASIC_CONSTRAINTS, KEY_USAGE, KEY_PURPOSES, ALTERNATIVE_NAME, POLICIES, LOGOTYPE])
const READ = new Set([...UNDERSTOOD, REVOCATION_LISTS, TIMESTAMPS])

/**
 * Reads what the extensions say.
 *
 * @internal
 * @throws {Error} For what is none, and for one that comes twice.
 */
export function extensionsOf(list: readonly Asn1Value[]): CertificateExtensions {
  const extensions = readExtensions(list)
  const valuesOf = (type: string): readonly Asn1Value[] => {
    const value = extensions.get(type)?.value
    return value ? expectTag(value, TAG.sequence).values : []
  }
  const basic = valuesOf(BASIC_CONSTRAINTS)
  const usage = extensions.get(KEY_USAGE)?.value
  const extension = extensions.get(LOGOTYPE)?.value
  const logotype = extension && readLogotype(extension)
  return {
    dnsNames: valuesOf(ALTERNATIVE_NAME)
      .filter(({ tag }) => tag === DNS_NAME)
      .map((name) => textOf(name).toLowerCase()),
    isAuthority: basic[0]?.tag === TAG.boolean && basic[0].content[0] !== 0,
    mayIssue: !usage || ((expectTag(usage, TAG.bitString).content[1] ?? 0) & KEY_CERT_SIGN) !== 0,
    pathLength: basic[1] && Number.parseInt(encodeHex(expectTag(basic[1], TAG.integer).content), 16),
    ...(extensions.has(KEY_PURPOSES) && { keyPurposes: valuesOf(KEY_PURPOSES).map(identifierOf) }),
    policies: valuesOf(POLICIES).map(({ values }) => identifierOf(values[0])),
    revocationLists: valuesOf(REVOCATION_LISTS).flatMap(listsOf),
    pilot: extensions.has(PILOT),
    timestamps: countScts(extensions.get(TIMESTAMPS)?.value),
    ...(logotype && { logotype }),
    hasBadLogotype: extension !== undefined && !logotype,
    unsupported: [...extensions].find(([type, { isCritical }]) => {
      return type === NAME_CONSTRAINTS || (isCritical && type !== PILOT && !UNDERSTOOD.has(type))
    })?.[0],
  }
}

interface Extension {
  readonly isCritical: boolean
  /** What is inside; absent for what is not understood, which may be no ASN.1. */
  readonly value: Asn1Value | undefined
}

// Extension = SEQUENCE { extnID, critical BOOLEAN DEFAULT FALSE, extnValue OCTET STRING }
function readExtensions(list: readonly Asn1Value[]): ReadonlyMap<string, Extension> {
  const extensions = new Map<string, Extension>()
  for (const { values } of list) {
    const type = identifierOf(values[0])
    // RFC 5280 section 4.2: a certificate MUST NOT include more than one of a kind.
    if (extensions.has(type)) throw new Error('an extension comes twice')
    const { content } = expectTag(values.at(-1), TAG.octetString)
    const isCritical = values.length === 3 && expectTag(values[1], TAG.boolean).content[0] !== 0
    extensions.set(type, { isCritical, value: READ.has(type) ? readAsn1(content) : undefined })
  }
  return extensions
}

// DistributionPoint = SEQUENCE { [0] DistributionPointName { [0] fullName SEQUENCE OF GeneralName } }
function listsOf({ values }: Asn1Value): readonly string[] {
  const point = values.find(({ tag }) => tag === CONTEXT_0)?.values.find(({ tag }) => tag === CONTEXT_0)
  return (point?.values ?? []).filter(({ tag }) => tag === URI).map(textOf)
}
