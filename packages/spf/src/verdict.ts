/** What a check says: the results of RFC 7208 section 2.6, with the reason, and how it came to be. */

import type { RecordType } from '@posthorn/dns'
import type { SpfMechanism } from './term.ts'

/**
 * The result of a check.
 *
 * - `none`: there is no domain, or it publishes nothing.
 * - `neutral`: the domain says nothing about the client.
 * - `pass`: the client may use the domain.
 * - `fail`: it may not.
 * - `softfail`: it probably may not.
 * - `temperror`: the DNS did not answer; later it may.
 * - `permerror`: what the domain publishes is of no use.
 */
export type SpfResult = 'none' | 'neutral' | 'pass' | 'fail' | 'softfail' | 'temperror' | 'permerror'

/** Why a check has its result; the README has a table. */
export type SpfReason =
  | 'bad-domain'
  | 'bad-record'
  | 'include-none'
  | 'matched'
  | 'multiple-records'
  | 'no-match'
  | 'no-record'
  | 'redirect-none'
  | 'servfail'
  | 'timed-out'
  | 'timeout'
  | 'too-many-mx'
  | 'too-many-octets'
  | 'too-many-queries'
  | 'too-many-terms'
  | 'too-many-voids'

/** The mechanism that decided. */
export interface SpfMatch {
  /** The domain of the record that has it: of the first one, or of one that `redirect` led to. */
  readonly domain: string
  /** The mechanism. */
  readonly term: SpfMechanism
  /** Its text, in the form of `formatSpf`. */
  readonly text: string
}

/** What a check took. */
export interface SpfCounts {
  /** Terms that cause lookups, of all records. */
  readonly terms: number
  /** Questions of these terms to which there is no record. */
  readonly voids: number
  /** Questions that were asked, all of them. */
  readonly queries: number
  /** Names of mail exchangers. */
  readonly mx: number
  /** Names of the client that were looked at. */
  readonly ptr: number
  /** Octets of the records in all answers. */
  readonly octets: number
}

/** A question and its answer; the same is not asked twice. */
export interface SpfTraceQuery {
  /** The discriminant. */
  readonly type: 'query'
  /** The name that was asked for. */
  readonly name: string
  /** Which records. */
  readonly recordType: RecordType
  /** What came of it; `bad-name` when the resolver does not take such a name. */
  readonly status: 'found' | 'nxdomain' | 'nodata' | 'servfail' | 'timeout' | 'bad-name'
  /** How many records there are. */
  readonly records: number
}

/** A record that is evaluated. */
export interface SpfTraceRecord {
  /** The discriminant. */
  readonly type: 'record'
  /** Whose it is. */
  readonly domain: string
  /** Its text. */
  readonly text: string
  /** How many includes and redirects led to it. */
  readonly depth: number
}

/** A mechanism that was tried, or a modifier that was followed. */
export interface SpfTraceTerm {
  /** The discriminant. */
  readonly type: 'term'
  /** The domain of its record. */
  readonly domain: string
  /** Its text, in the form of `formatSpf`. */
  readonly text: string
  /** The name that it asks about; absent where it asks none, or has none that can be asked for. */
  readonly target?: string
  /** Whether it matches; of a modifier, whether it led to a record. */
  readonly matched: boolean
}

/** One step of a check. */
export type SpfTraceStep = SpfTraceQuery | SpfTraceRecord | SpfTraceTerm

/** The verdict on one identity of one client. */
export interface SpfVerdict {
  /** The result. */
  readonly result: SpfResult
  /** Why. */
  readonly reason: SpfReason
  /** Why, in a sentence for people. */
  readonly detail: string
  /** Whose name was checked. */
  readonly identity: 'mailfrom' | 'helo'
  /** The sender, as macros have it: `postmaster` stands for a local-part that is absent. */
  readonly sender: string
  /** The domain that was checked, in A-labels; as it was given when it is none. */
  readonly domain: string
  /** The address of the client, an IPv4-mapped one as IPv4. */
  readonly clientAddress: string
  /** What the client said in HELO or EHLO. */
  readonly helo: string
  /** The mechanism that decided; absent when none did. */
  readonly match?: SpfMatch
  /** Why the client is refused, in the domain's own words: printable US-ASCII of anyone's making; only for `fail`. */
  readonly explanation?: string
  /** What the check took. */
  readonly counts: SpfCounts
  /** Each step, in order of its end. */
  readonly trace: readonly SpfTraceStep[]
}

/**
 * Ends a check; thrown within the package, and never out of it.
 *
 * @internal
 */
export class Stop {
  readonly result: 'temperror' | 'permerror'
  readonly reason: SpfReason
  readonly detail: string

  constructor(result: 'temperror' | 'permerror', reason: SpfReason, detail: string) {
    this.result = result
    this.reason = reason
    this.detail = detail
  }
}
