/**
 * Verification of mark certificates: "Validation of Verified Mark Certificate" of draft-fetch-validation-vmc-wchuang-11.
 * Out of scope: whether a certificate was revoked, the signatures of its timestamps, and which roots to trust.
 */

import { decodeUtf8, isUtf8, MailError } from '@posthorn/core'
import { normalizeDnsName } from '@posthorn/dns'
import { fault, type PolicyErrorCode } from '../error.ts'
import { factsOf, type MarkCertificate, type ReadCertificate, readCertificate } from './certificate.ts'
import { type ChainProblem, MARK_PURPOSE, verifyChain } from './chain.ts'
import { MARK_DRAFT } from './draft.ts'
import { isSameIndicator, type LogotypeProblem, openLogotype } from './logotype.ts'
import { parseCertificateChain } from './pem.ts'

/** What a certificate is verified against. */
export interface VerifyMarkOptions {
  /** The domain whose record named the certificate. */
  readonly domain: string
  /** The selector of that record. */
  readonly selector: string
  /** The time, in milliseconds since 1970. */
  readonly now: number
  /** The roots that are trusted for marks, in DER: for nothing else, and not those of the web. */
  readonly roots: readonly Uint8Array[]
  /** The indicator that the record names, as it was fetched, decompressed; absent where it was not. */
  readonly indicator?: Uint8Array
  /** Whether one without timestamps of a log is refused; default `true`, as the draft has it. */
  readonly requireTimestamps?: boolean
  /** Whether one of a trial is taken; default `false`, as its mark keeps out who does not know of the trial. */
  readonly allowPilot?: boolean
}

/** Why a certificate does not vouch for an indicator; docs/bimi.md has a table. */
export type MarkProblem =
  | ChainProblem
  | LogotypeProblem
  | 'domain-mismatch'
  | 'indicator-mismatch'
  | 'malformed'
  | 'no-logotype'
  | 'no-timestamps'
  | 'pilot'
  | 'purpose'

/** It vouches for the indicator. */
export interface VerifiedMark {
  /** It does. */
  readonly status: 'pass'
  /** What it says. */
  readonly certificate: MarkCertificate
  /** The indicator in it: an SVG, decompressed. What it may contain, `lintSvg` tells. */
  readonly indicator: Uint8Array
}

/** It does not vouch for the indicator. */
export interface RefusedMark {
  /** It does not. */
  readonly status: 'fail'
  /** Why; every problem that was found, none twice. */
  readonly problems: readonly MarkProblem[]
  /** What it says; absent when it could not be read. */
  readonly certificate?: MarkCertificate
  /** What could not be read. */
  readonly error?: MailError<PolicyErrorCode>
}

/**
 * Verifies evidence: the chain up to a trusted root, its dates, its purpose, the domain, and that the indicator in it is
 * the one that was fetched.
 *
 * @param evidence What was fetched: certificates in PEM, the mark certificate first, then the issuer of each.
 * @param options What to verify against.
 * @returns The indicator, or every problem; hostile evidence never rejects.
 * @throws {MailError} `POLICY_BAD_RECORD` for a root that is no certificate; `DNS_BAD_NAME` for a domain that is no name.
 * @see {@link https://datatracker.ietf.org/doc/html/draft-fetch-validation-vmc-wchuang-11 | Draft 11, "Validation of Verified Mark Certificate"}
 * @example
 * const options = { domain: 'example.com', selector: 'default', now: 0, roots: [] }
 * const result = await verifyMark(new Uint8Array(), options)
 * result.status === 'fail' && result.problems // ['malformed']
 */
export async function verifyMark(
  evidence: Uint8Array,
  options: VerifyMarkOptions,
): Promise<VerifiedMark | RefusedMark> {
  const roots = options.roots.map(readCertificate)
  const names = namesOf(options)
  let chain: readonly ReadCertificate[]
  try {
    if (!isUtf8(evidence))
      throw fault('POLICY_BAD_RECORD', 'read certificates: it is no text', `${MARK_DRAFT}#fetch-format`)
    chain = parseCertificateChain(decodeUtf8(evidence)).map(readCertificate)
  } catch (error) {
    if (!(error instanceof MailError)) throw error
    return { status: 'fail', problems: ['malformed'], error }
  }
  const mark = chain[0]!
  const certificate = factsOf(mark)
  const problems = new Set<MarkProblem>(await verifyChain(chain, { roots, now: options.now }))
  for (const problem of profileProblems(mark, names, options)) problems.add(problem)
  const opened = mark.logotype && (await openLogotype(mark.logotype))
  if (typeof opened === 'string') problems.add(opened)
  else if (opened && options.indicator && !isSameIndicator(opened, options.indicator))
    problems.add('indicator-mismatch')
  if (problems.size > 0 || typeof opened !== 'object') return { status: 'fail', problems: [...problems], certificate }
  return { status: 'pass', certificate, indicator: opened }
}

function* profileProblems(
  mark: ReadCertificate,
  names: readonly string[],
  { requireTimestamps = true, allowPilot = false }: VerifyMarkOptions,
): Generator<MarkProblem, void> {
  if (mark.isAuthority) yield 'out-of-order'
  if (!mark.keyPurposes?.includes(MARK_PURPOSE)) yield 'purpose'
  if (!mark.dnsNames.some((name) => names.includes(name))) yield 'domain-mismatch'
  if (requireTimestamps && mark.timestamps === 0) yield 'no-timestamps'
  if (mark.pilot && !allowPilot) yield 'pilot'
  if (!mark.logotype) yield mark.hasBadLogotype ? 'logotype-malformed' : 'no-logotype'
}

// "VMC Domain Verification": the domain is good for every selector, or it stands there with one.
function namesOf({ domain, selector }: VerifyMarkOptions): readonly string[] {
  const name = normalizeDnsName(domain)
  return [name, `${selector.toLowerCase()}._bimi.${name}`]
}
