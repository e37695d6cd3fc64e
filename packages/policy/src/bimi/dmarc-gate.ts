/**
 * Whether a message is authentic enough for an indicator: "Authentication Requirements" of BIMI draft 14, and what has
 * passed for authentic since under DKIM's `l=` (RFC 6376 section 8.2).
 */

import type { BimiSignature } from './selector.ts'

/** As much of a DMARC record as counts; what `parseDmarc` of `@posthorn/dmarc` gives will do. */
export interface BimiDmarcRecord {
  /** The policy, `p=`. */
  readonly p?: string
  /** The policy of subdomains, `sp=`; absent where it is `p`. */
  readonly sp?: string
  /** Whether the domain only tests, `t=`. */
  readonly t?: string
  /** Tags without meaning in RFC 9989, among them `pct`. */
  readonly others?: readonly { readonly name: string; readonly value: string }[]
}

/** As much of a DMARC verdict as counts; what `evaluateDmarc` of `@posthorn/dmarc` gives will do. */
export interface BimiDmarcVerdict {
  /** The result: `pass`, or another. */
  readonly result: string
  /** The author domain; absent when there is not exactly one. */
  readonly authorDomain?: string
  /** Its organizational domain; absent where nobody looked. */
  readonly organizationalDomain?: string
  /** The policy that applies. */
  readonly policy?: {
    /** What is asked for after `t=` has been looked at. */
    readonly applied: string
    /** The domain whose record it is. */
    readonly domain: string
  }
  /** The record that it comes from. */
  readonly record?: BimiDmarcRecord
  /** What SPF adds. */
  readonly spf?: { readonly result: string }
  /** What DKIM adds, and for which domain. */
  readonly dkim?: { readonly result: string; readonly domain?: string }
}

/** What a verdict does not tell. */
export interface BimiPolicyOptions {
  /** The organizational domain; default that of the verdict. */
  readonly organizationalDomain?: string
  /** The record of the organizational domain, where the verdict's is that of the author domain. */
  readonly organizationalRecord?: BimiDmarcRecord
  /** How many mailboxes the From field names, of one domain as they may be; default 1. With several, none is shown. */
  readonly mailboxes?: number
  /** What DKIM said of the signatures; without it nobody looks whether they leave out a part of the body. */
  readonly signatures?: readonly BimiSignature[]
  /** Whether the message counts as authentic though DMARC did not pass, as by a trusted ARC chain; default `false`. */
  readonly trusted?: boolean
}

/** Why no indicator may be shown; docs/bimi.md has a table. */
export type BimiRefusalCode =
  | 'author-several'
  | 'author-unknown'
  | 'dmarc-not-passed'
  | 'no-organizational-record'
  | 'no-record'
  | 'organizational-domain-unknown'
  | 'partial-percentage'
  | 'policy-none'
  | 'subdomain-policy-none'
  | 'testing'
  | 'unsigned-body'

/** One reason. */
export interface BimiRefusal {
  /** What it is. */
  readonly code: BimiRefusalCode
  /** Whose record it concerns; absent where it is the message. */
  readonly domain?: string
}

/** The message may have an indicator. */
export interface BimiAllowed {
  /** It may. */
  readonly allowed: true
  /** The author domain. */
  readonly domain: string
  /** Its organizational domain. */
  readonly organizationalDomain: string
}

/** The message must not have an indicator. */
export interface BimiRefused {
  /** It must not. */
  readonly allowed: false
  /** Why; every reason, not only the first. */
  readonly reasons: readonly BimiRefusal[]
}

/**
 * Decides whether a message may have an indicator at all: DMARC passed, and both its author domain and the
 * organizational domain ask for quarantine or reject, of all mail, of subdomains too, and not as a test.
 *
 * @param verdict What DMARC said.
 * @param options What more is known.
 * @returns That it may, or every reason why not.
 * @see {@link https://datatracker.ietf.org/doc/html/draft-brand-indicators-for-message-identification-14 | Draft 14, "Authentication Requirements"}
 * @example
 * const policy = { applied: 'reject', domain: 'example.com' }
 * const verdict = { result: 'pass', authorDomain: 'example.com', organizationalDomain: 'example.com', policy }
 * checkBimiPolicy({ ...verdict, record: { p: 'reject' }, spf: { result: 'pass' } }).allowed // true
 * checkBimiPolicy({ ...verdict, record: { p: 'reject', sp: 'none' }, spf: { result: 'pass' } }) // { allowed: false, reasons: [{ code: 'subdomain-policy-none', domain: 'example.com' }] }
 */
export function checkBimiPolicy(verdict: BimiDmarcVerdict, options: BimiPolicyOptions = {}): BimiAllowed | BimiRefused {
  const domain = verdict.authorDomain
  const organizationalDomain = options.organizationalDomain ?? verdict.organizationalDomain
  const reasons = [...messageReasons(verdict, options), ...recordReasons(verdict, options, organizationalDomain)]
  if (domain === undefined || organizationalDomain === undefined || reasons.length > 0) {
    return { allowed: false, reasons }
  }
  return { allowed: true, domain, organizationalDomain }
}

function* messageReasons(verdict: BimiDmarcVerdict, options: BimiPolicyOptions): Generator<BimiRefusal, void> {
  if (verdict.authorDomain === undefined) yield { code: 'author-unknown' }
  else if ((options.mailboxes ?? 1) > 1) yield { code: 'author-several' }
  if (options.trusted === true) return
  if (verdict.result !== 'pass') yield { code: 'dmarc-not-passed' }
  else if (verdict.spf?.result !== 'pass' && !isBodySigned(verdict, options)) yield { code: 'unsigned-body' }
}

// HAZARD: what l= leaves out anyone may have written; the message that passed is then not the one that is shown.
function isBodySigned({ dkim }: BimiDmarcVerdict, { signatures }: BimiPolicyOptions): boolean {
  if (dkim?.result !== 'pass' || signatures === undefined) return dkim?.result === 'pass'
  const passed = signatures.filter(({ result, signature }) => {
    const isAligned = dkim.domain === undefined || signature?.domain.toLowerCase() === dkim.domain.toLowerCase()
    return result === 'pass' && isAligned
  })
  return passed.some(({ unsignedOctets = 0 }) => unsignedOctets === 0)
}

function* recordReasons(
  verdict: BimiDmarcVerdict,
  { organizationalRecord }: BimiPolicyOptions,
  organizationalDomain: string | undefined,
): Generator<BimiRefusal, void> {
  const { policy, record } = verdict
  if (organizationalDomain === undefined) yield { code: 'organizational-domain-unknown' }
  if (!policy || !record) return yield { code: 'no-record' }
  yield* weaknesses(record, policy.domain)
  if (policy.applied === 'none' && !isWeak(record)) yield { code: 'policy-none', domain: policy.domain }
  if (organizationalDomain === undefined || organizationalDomain === policy.domain) return
  if (organizationalRecord) yield* weaknesses(organizationalRecord, organizationalDomain)
  else yield { code: 'no-organizational-record', domain: organizationalDomain }
}

function isWeak({ p, sp, t }: BimiDmarcRecord): boolean {
  return !isEnforced(p) || (sp !== undefined && !isEnforced(sp)) || t === 'y'
}

function* weaknesses(record: BimiDmarcRecord, domain: string): Generator<BimiRefusal, void> {
  const { p, sp, t, others = [] } = record
  if (!isEnforced(p)) yield { code: 'policy-none', domain }
  if (sp !== undefined && !isEnforced(sp)) yield { code: 'subdomain-policy-none', domain }
  if (t === 'y') yield { code: 'testing', domain }
  const percentage = others.find(({ name }) => name.toLowerCase() === 'pct')?.value
  if (p === 'quarantine' && percentage !== undefined && !/^0*100$/.test(percentage)) {
    yield { code: 'partial-percentage', domain }
  }
}

function isEnforced(policy: string | undefined): boolean {
  return policy === 'quarantine' || policy === 'reject'
}
