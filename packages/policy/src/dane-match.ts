/** Whether a certificate is one that TLSA records name: RFC 6698 section 2.1, RFC 7671 section 5, RFC 7672 section 3. */

import { equalBytes } from '@posthorn/core'
import type { TlsaData } from '@posthorn/dns'
import { publicKeyOf } from './certificate.ts'
import { usableTlsa } from './dane-decide.ts'
import { fault } from './error.ts'

/** The certificate of the server itself is named: nothing else is to be checked. */
export interface DaneEndEntityMatch {
  /** The certificate of the server itself is named. */
  readonly result: 'dane-ee'
  /** The record. */
  readonly record: TlsaData
  /** What the caller must still check: nothing. Names and dates say nothing here. */
  readonly verify: DaneVerify
}

/** Certificates that stand for the server's are named: the caller checks the rest. */
export interface DaneTrustAnchorMatch {
  /** Certificates that may have issued that of the server are named. */
  readonly result: 'dane-ta'
  /** Which of the chain, from the nearest to the server, with the record that names each. */
  readonly anchors: readonly DaneAnchor[]
  /** What the caller must still check. */
  readonly verify: DaneVerify
}

/** One certificate of the chain that a record makes a trust anchor. */
export interface DaneAnchor {
  /** Its place in the chain, never 0. */
  readonly index: number
  /** The record. */
  readonly record: TlsaData
}

/** No certificate is named: the server is not to be given the mail. */
export interface DaneMismatch {
  /** No certificate is named. */
  readonly result: 'mismatch'
  /** `no-usable-record`; `no-match`; `bad-certificate`: one of the chain that was looked at is none. */
  readonly reason: 'bad-certificate' | 'no-match' | 'no-usable-record'
}

/** What is left to check. */
export interface DaneVerify {
  /** Whether the chain from the server's certificate to an anchor, signatures, dates and all. */
  readonly chain: boolean
  /** Whether the names in the server's certificate: one must be that of the host, or the domain of the recipient. */
  readonly name: boolean
}

/** Whether a chain is named. */
export type DaneMatch = DaneEndEntityMatch | DaneMismatch | DaneTrustAnchorMatch

/** How much is matched. */
export interface DaneMatchOptions {
  /** How many certificates of the chain are looked at; default 16. */
  readonly maxCertificates?: number
  /** How many records are looked at; default 64. */
  readonly maxRecords?: number
}

const MAX_CERTIFICATES = 16
const MAX_RECORDS = 64

/**
 * Matches the certificates that a server sent against TLSA records. With DANE-EE the certificate of the server is good
 * by itself, whatever its names and dates. With DANE-TA the caller must still check the chain and the name.
 *
 * @param records The records, those included that cannot be used.
 * @param chain The certificates in DER, that of the server first, as TLS sent them.
 * @param options How much is matched.
 * @returns What is named and what is left to check.
 * @throws {MailError} `POLICY_TOO_LARGE` for more records or certificates than the limit.
 * @see {@link https://www.rfc-editor.org/rfc/rfc7672#section-3.1 | RFC 7672 section 3.1}
 * @example
 * const record = { usage: 3, selector: 0, matchingType: 0, data: new Uint8Array([48, 0]) }
 * await matchTlsa([record], [new Uint8Array([48, 0])]) // { result: 'dane-ee', record, verify: { chain: false, name: false } }
 * await matchTlsa([record], [new Uint8Array([48])]) // { result: 'mismatch', reason: 'no-match' }
 */
export async function matchTlsa(
  records: readonly TlsaData[],
  chain: readonly Uint8Array[],
  options: DaneMatchOptions = {},
): Promise<DaneMatch> {
  const { maxCertificates = MAX_CERTIFICATES, maxRecords = MAX_RECORDS } = options
  if (records.length > maxRecords || chain.length > maxCertificates) {
    throw fault(
      'POLICY_TOO_LARGE',
      'match certificates: there are too many, or too many records',
      'rfc7672#section-3.1',
    )
  }
  const usable = usableTlsa(records)
  if (usable.length === 0) return { result: 'mismatch', reason: 'no-usable-record' }
  const candidates = chain.map((certificate) => new Candidate(certificate))
  const [leaf, ...issuers] = candidates
  for (const record of usable.filter(({ usage }) => usage === 3)) {
    if (await leaf?.matches(record)) return { result: 'dane-ee', record, verify: { chain: false, name: false } }
  }
  const anchors: DaneAnchor[] = []
  for (const [at, issuer] of issuers.entries()) {
    for (const record of usable.filter(({ usage }) => usage === 2)) {
      if (!(await issuer.matches(record))) continue
      anchors.push({ index: at + 1, record })
      break
    }
  }
  if (anchors.length > 0) return { result: 'dane-ta', anchors, verify: { chain: true, name: true } }
  const isBad = candidates.some((candidate) => candidate.isBad)
  return { result: 'mismatch', reason: isBad ? 'bad-certificate' : 'no-match' }
}

// Each part of a certificate is cut out and hashed once, however many records there are.
class Candidate {
  /** Whether its key was asked for, and is not to be found. */
  isBad = false
  readonly #certificate: Uint8Array
  readonly #forms = new Map<number, Promise<Uint8Array | undefined>>()

  constructor(certificate: Uint8Array) {
    this.#certificate = certificate
  }

  async matches({ selector, matchingType, data }: TlsaData): Promise<boolean> {
    const key = selector * 3 + matchingType
    const form = this.#forms.get(key) ?? this.#form(selector, matchingType)
    this.#forms.set(key, form)
    const octets = await form
    return octets !== undefined && equalBytes(octets, data)
  }

  async #form(selector: number, matchingType: number): Promise<Uint8Array | undefined> {
    const part = selector === 0 ? this.#certificate : this.#publicKey()
    if (part === undefined || matchingType === 0) return part
    return new Uint8Array(await crypto.subtle.digest(matchingType === 1 ? 'SHA-256' : 'SHA-512', part))
  }

  #publicKey(): Uint8Array | undefined {
    try {
      return publicKeyOf(this.#certificate)
    } catch {
      this.isBad = true
      return undefined
    }
  }
}
