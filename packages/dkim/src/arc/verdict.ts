/** What validation says of a chain: RFC 8617 section 4.4 and 5.2. */

import type { DkimReason } from '../verdict.ts'
import type { ArcMessageSignature } from './message-signature.ts'
import type { ArcAuthenticationResults } from './results.ts'
import type { ArcSeal, ChainStatus } from './seal.ts'

/** Which field of a set: the seal, the signature of the message, or the results. */
export type ArcFieldKind = 'seal' | 'signature' | 'results'

/** Why a chain failed: what its sets are, or what is said of one signature as by DKIM. */
export type ArcReason =
  | Exclude<DkimReason, 'bad-identity' | 'from-not-signed' | 'key-not-for-identity' | 'too-many-signatures'>
  | 'bad-chain-status'
  | 'bad-instance'
  | 'bad-results'
  | 'chain-failed'
  | 'duplicate-field'
  | 'forbidden-field'
  | 'forbidden-tag'
  | 'missing-field'
  | 'too-many-keys'
  | 'too-many-sets'

/** One set of a chain, as it says of itself. */
export interface ArcSet {
  /** Its number, from 1. */
  readonly instance: number
  /** Who sealed, and what that one found of the chain before. */
  readonly seal: ArcSeal
  /** What was signed of the message. */
  readonly signature: ArcMessageSignature
  /** What had been found of the message, as text. */
  readonly results: ArcAuthenticationResults
}

/** The verdict on a chain. */
export interface ArcVerdict {
  /** `none`: there is no chain; `pass`: it is whole; `fail`: it is to be taken as none. */
  readonly result: ChainStatus
  /**
   * Why it failed; absent otherwise. `key-servfail` and `key-timeout` are failures of the moment, which RFC 8617 section 5.2.1
   * has be failures for good as soon as they are sealed.
   */
  readonly reason?: ArcReason
  /** In which set that is, where it can be told. */
  readonly instance?: number
  /** In which field of it. */
  readonly field?: ArcFieldKind
  /** The sets that are whole, from the first. Of a chain that failed nothing of it may be believed. */
  readonly sets: readonly ArcSet[]
  /** From which set on the message was not changed, 0 when never since the first: RFC 8617 section 5.2. Absent unless it passed. */
  readonly oldestPass?: number
  /** How many octets of the body the last set leaves out by `l=`, which anyone may have written; absent unless it passed. */
  readonly unsignedOctets?: number
  /** The number of the set to be added; absent when none may be: after one that says `cv=fail`, or 50. */
  readonly nextInstance?: number
}
