/**
 * What a server shows in a handshake: its certificates as it sent them, what they say, and what they prove. RFC 5280 section
 * 6.1 as far as a chain without name constraints and policies goes; RFC 9525 for names.
 * Out of scope: revocation; roots of the system, which are Node's.
 */

import { X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { isDomain } from '@posthorn/core'
import type { PeerCertificate, PresentedCertificates } from '@posthorn/smtp'
import { isAuthority, isForServers } from './certificate-extension.ts'

// A chain that is longer is cut: OpenSSL takes a list of 100 KB.
const MAX_CERTIFICATES = 16

/**
 * Gives the certificates of the other end, in the order in which it sent them.
 *
 * @internal
 * @param socket A connection whose handshake is done; asked once, as Node takes away what it gives.
 */
export function certificatesOf(socket: TLSSocket): X509Certificate[] {
  // QUIRK: Deno 2 knows the issuers of the older form alone. It adds the root that it trusts, as Bun 1.4 does.
  return 'deno' in process.versions ? olderChain(socket) : chainFrom(socket.getPeerX509Certificate())
}

function chainFrom(first: X509Certificate | undefined): X509Certificate[] {
  const chain: X509Certificate[] = []
  for (let one = first; one && chain.length < MAX_CERTIFICATES; one = one.issuerCertificate) chain.push(one)
  return chain
}

function olderChain(socket: TLSSocket): X509Certificate[] {
  const chain: X509Certificate[] = []
  const seen = new Set<unknown>()
  let one = socket.getPeerCertificate(true)
  // What is its own issuer points at itself.
  while (one?.raw && !seen.has(one) && chain.length < MAX_CERTIFICATES) {
    seen.add(one)
    chain.push(new X509Certificate(one.raw))
    one = one.issuerCertificate
  }
  return chain
}

/**
 * Tells what a certificate says.
 *
 * @internal
 */
export function describeCertificate(certificate: X509Certificate): PeerCertificate {
  const { subjectAltName = '', issuer, validTo, fingerprint256 } = certificate
  return {
    // A name that has a comma comes in quotes, and is no host name.
    names: [...subjectAltName.matchAll(/(?:^|, )DNS:([^",]+)(?=,|$)/g)].map(([, name]) => name!),
    issuer: issuer.replaceAll('\n', ', '),
    notAfter: new Date(validTo).toISOString(),
    sha256: fingerprint256.replaceAll(':', '').toLowerCase(),
  }
}

/** What the carrier found of a chain, and the time at which it counts. */
interface Findings {
  /** The code of what Node found wrong with the chain, names left aside. */
  readonly chainError?: string | undefined
  /** The time, in milliseconds. */
  readonly now: number
}

/**
 * Shows certificates to whoever decides on them.
 *
 * @internal
 * @param chain The certificates, that of the server first.
 * @param findings What is known of them.
 */
export function present(chain: readonly X509Certificate[], { chainError, now }: Findings): PresentedCertificates {
  let reached: ReadonlyMap<number, number> | undefined
  return {
    chain: chain.map(({ raw }) => new Uint8Array(raw)),
    ...(chainError !== undefined && { untrusted: chainError === 'CERT_HAS_EXPIRED' ? 'expired' : 'not-trusted' }),
    proves: (name) => chain[0] !== undefined && provesName(chain[0], name),
    leadsTo(index) {
      reached ??= reachedFrom(chain, now)
      return reached.has(index)
    },
  }
}

function provesName(certificate: X509Certificate, name: string): boolean {
  const bare = name.endsWith('.') ? name.slice(0, -1) : name
  if (isIP(bare) !== 0) return certificate.checkIP(bare) !== undefined
  // HAZARD: OpenSSL takes a name that begins with a dot for all names below it.
  if (!isDomain(bare, { underscore: true })) return false
  // RFC 9525 section 6.3: a wildcard is a whole label; section 2: the common name counts for nothing.
  return certificate.checkHost(bare, { subject: 'never', partialWildcards: false }) !== undefined
}

// Certificates may come in any order, and some may be of no use (RFC 8446 section 4.4.2).
function reachedFrom(chain: readonly X509Certificate[], now: number): ReadonlyMap<number, number> {
  const reached = new Map<number, number>()
  const [leaf] = chain
  if (!leaf || !isForServers(leaf) || !isInTime(leaf, now)) return reached
  reached.set(0, 0)
  // What is added to a map while it is walked is walked too, the nearest first.
  for (const [at, distance] of reached) {
    chain.forEach((issuer, index) => {
      if (reached.has(index) || !isInTime(issuer, now) || !isAuthority(issuer, distance)) return
      if (hasIssued(issuer, chain[at]!)) reached.set(index, distance + 1)
    })
  }
  return reached
}

function hasIssued(issuer: X509Certificate, subject: X509Certificate): boolean {
  return subject.checkIssued(issuer) && subject.verify(issuer.publicKey)
}

function isInTime({ validFrom, validTo }: X509Certificate, now: number): boolean {
  return Date.parse(validFrom) <= now && now <= Date.parse(validTo)
}
