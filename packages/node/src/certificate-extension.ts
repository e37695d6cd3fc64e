/**
 * What the extensions of a certificate allow it to be used for: RFC 5280 section 4.2.1, of which Node tells too little.
 * Out of scope: name constraints and policy constraints; a certificate that has them as critical is used for nothing.
 */

import type { X509Certificate } from 'node:crypto'
import { encodeHex, readDer } from '@posthorn/core'

interface Extension {
  readonly critical: boolean
  readonly value: Uint8Array
}

// Object identifiers, in hexadecimal.
const SUBJECT_ALT_NAME = '551d11'
const KEY_USAGE = '551d0f'
const BASIC_CONSTRAINTS = '551d13'
const CERTIFICATE_POLICIES = '551d20'
const EXTENDED_KEY_USAGE = '551d25'
const KNOWN: ReadonlySet<string> = new Set([
  SUBJECT_ALT_NAME,
  KEY_USAGE,
  BASIC_CONSTRAINTS,
  CERTIFICATE_POLICIES,
  EXTENDED_KEY_USAGE,
])
const ANY_USAGE = '551d2500'
const SERVER_AUTHENTICATION = '2b06010505070301'

const BOOLEAN = 1
const INTEGER = 2
const EXTENSIONS = 163

/**
 * Tells whether a certificate may stand for a server: what it is for, if it says so, includes that.
 *
 * @internal
 */
export function isForServers(certificate: X509Certificate): boolean {
  const extensions = extensionsOf(certificate)
  return extensions !== undefined && servesServers(extensions)
}

/**
 * Tells whether a certificate may issue those of servers.
 *
 * @internal
 * @param certificate The certificate of an authority.
 * @param below How many other authorities stand between it and the server.
 */
export function isAuthority(certificate: X509Certificate, below: number): boolean {
  const extensions = extensionsOf(certificate)
  const constraints = extensions?.get(BASIC_CONSTRAINTS)
  if (!extensions || !constraints || !servesServers(extensions)) return false
  // BasicConstraints = SEQUENCE { cA BOOLEAN DEFAULT FALSE, pathLenConstraint INTEGER OPTIONAL }
  const [authority, length] = childrenOf(constraints.value) ?? []
  if (authority?.tag !== BOOLEAN || authority.content[0] !== 255 || !signsCertificates(extensions)) return false
  return length === undefined || (length.tag === INTEGER && length.content.length === 1 && below <= length.content[0]!)
}

// KeyUsage = BIT STRING, of which keyCertSign is the sixth
function signsCertificates(extensions: ReadonlyMap<string, Extension>): boolean {
  const usage = extensions.get(KEY_USAGE)
  if (!usage) return true
  const [bits] = readDer(usage.value) ?? []
  return ((bits?.content[1] ?? 0) & 4) !== 0
}

// RFC 5280 section 4.2: a critical extension that is not known makes a certificate of no use.
function servesServers(extensions: ReadonlyMap<string, Extension>): boolean {
  if ([...extensions].some(([identifier, { critical }]) => critical && !KNOWN.has(identifier))) return false
  const usage = extensions.get(EXTENDED_KEY_USAGE)
  if (!usage) return true
  const purposes = (childrenOf(usage.value) ?? []).map(({ content }) => encodeHex(content))
  return purposes.includes(SERVER_AUTHENTICATION) || purposes.includes(ANY_USAGE)
}

// Certificate = SEQUENCE { TBSCertificate SEQUENCE { ..., [3] SEQUENCE OF Extension OPTIONAL }, ... }
function extensionsOf({ raw }: X509Certificate): Map<string, Extension> | undefined {
  const [tbs] = childrenOf(raw) ?? []
  const fields = tbs && readDer(tbs.content)
  if (!fields) return undefined
  const found = new Map<string, Extension>()
  const list = fields.find(({ tag }) => tag === EXTENSIONS)
  for (const { content } of (list && childrenOf(list.content)) ?? []) {
    // Extension = SEQUENCE { extnID, critical BOOLEAN DEFAULT FALSE, extnValue OCTET STRING }
    const parts = readDer(content) ?? []
    const [identifier, value] = [parts[0], parts.at(-1)]
    // RFC 5280 section 4.2: none may be there twice.
    if (!identifier || !value || found.has(encodeHex(identifier.content))) return undefined
    const critical = parts.length === 3 && parts[1]!.content[0] !== 0
    found.set(encodeHex(identifier.content), { critical, value: value.content })
  }
  return found
}

function childrenOf(octets: Uint8Array): ReturnType<typeof readDer> {
  const [outer] = readDer(octets) ?? []
  return outer && readDer(outer.content)
}
