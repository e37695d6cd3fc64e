/** What evaluation says of a message: RFC 9989 section 5.3, in the results of RFC 8601 section 2.7. */

import type { DmarcPolicySource } from './discovery.ts'
import type { DmarcQuery } from './lookup.ts'
import type { DmarcPolicy, ParsedDmarc } from './record.ts'

/**
 * The result.
 *
 * - `pass`: a domain that is authenticated belongs with the author domain.
 * - `fail`: none does, and the author domain has a policy.
 * - `none`: the author domain has no policy.
 * - `temperror`: nobody can say now; later it may be known.
 * - `permerror`: not evaluated: there is not one author domain, or its policy cannot be read.
 */
export type DmarcResult = 'pass' | 'fail' | 'none' | 'temperror' | 'permerror'

/** What authenticates a domain. */
export type DmarcMechanism = 'spf' | 'dkim'

/** A step on the way to the result; the README has a table. */
export type DmarcReasonCode =
  | 'aligned'
  | 'author-malformed'
  | 'author-missing'
  | 'author-several'
  | 'helo-not-counted'
  | 'identifier-malformed'
  | 'no-record'
  | 'not-aligned'
  | 'not-authenticated'
  | 'policy-temperror'
  | 'policy-unusable'
  | 'walk-limit'
  | 'walk-temperror'

/** A step on the way to the result. */
export interface DmarcReason {
  /** What was found. */
  readonly code: DmarcReasonCode
  /** Of which mechanism; absent for what concerns the author domain. */
  readonly mechanism?: DmarcMechanism
  /** Of which domain, as it was given; absent where there is none. */
  readonly domain?: string
}

/** The policy that applies. */
export interface DmarcVerdictPolicy {
  /** What the record asks for. */
  readonly published: DmarcPolicy
  /** What is left of it while the domain tests: one level less. It is asked for messages that fail, and no others. */
  readonly applied: DmarcPolicy
  /** The domain whose record it is. */
  readonly domain: string
  /** How that domain is related to the author domain. */
  readonly source: DmarcPolicySource
  /** The tag that it comes from. */
  readonly tag: 'p' | 'sp' | 'np'
}

/** What one mechanism adds. */
export interface DmarcAlignmentResult {
  /** `pass` with an authenticated domain that is aligned; `temperror` when there might be one; else `fail`. */
  readonly result: 'pass' | 'fail' | 'temperror'
  /** The domain that is aligned; absent unless it passed. */
  readonly domain?: string
}

/** The verdict on one message. */
export interface DmarcVerdict {
  /** The result. */
  readonly result: DmarcResult
  /** The author domain, in lower case; absent when there is not exactly one. */
  readonly authorDomain?: string
  /** The policy that applies; absent when there is none, or the DNS did not say which of the record's applies. */
  readonly policy?: DmarcVerdictPolicy
  /** The property `policy.dmarc` of an Authentication-Results field: the policy applied; absent with the policy. */
  readonly policyDmarc?: DmarcPolicy
  /** The organizational domain of the author domain; absent when the result did not depend on it. */
  readonly organizationalDomain?: string
  /** How organizational domains are found: by the tree walk, or by what the caller gave. */
  readonly discovery: 'treewalk' | 'injected'
  /** Whether the record says that the domain tests (`t=y`). */
  readonly testing: boolean
  /** What SPF adds; absent when there is no policy to align for. */
  readonly spf?: DmarcAlignmentResult
  /** What DKIM adds; absent when there is no policy to align for. */
  readonly dkim?: DmarcAlignmentResult
  /** The record, with where reports go; absent when there is none. */
  readonly record?: ParsedDmarc
  /** The steps to the result, in order. */
  readonly reasons: readonly DmarcReason[]
  /** What the DNS was asked, in order; no name twice for the same. */
  readonly queries: readonly DmarcQuery[]
}
