/**
 * What to do about the policy of a domain before mail goes there: RFC 8461 section 3.3, 5.1 and 10.2.
 * Out of scope: asking, fetching, keeping and the clock, which are the caller's.
 */

import type { RecordSelection } from './select-record.ts'
import type { StsPolicy } from './sts-policy.ts'
import type { StsRecord } from './sts-record.ts'
import type { FailedStsFetch, StsFetchResult } from './sts-response.ts'

/** A policy that was fetched, as the caller keeps it for its domain. */
export interface StsCacheEntry {
  /** The id of the record that it was fetched for. */
  readonly id: string
  /** The policy. */
  readonly policy: StsPolicy
  /** When it was fetched, in milliseconds since 1970. */
  readonly fetchedAt: number
}

/** A fetch that failed, as the caller keeps it for its domain. */
export interface StsFailure {
  /** The id of the record that it was for. */
  readonly id: string
  /** When it failed, in milliseconds since 1970. */
  readonly at: number
}

/** What the decision rests on besides cache and record. */
export interface StsStepOptions {
  /** The time, in milliseconds since 1970. */
  readonly now: number
  /** The last fetch that failed, if the last one did. */
  readonly failure?: StsFailure | undefined
  /** For how long a failed fetch holds back others for the same id, in milliseconds; default and least 300,000. */
  readonly holdBack?: number
  /** At what age a policy is fetched anew although nothing changed, in milliseconds; default 86,400,000, a day. */
  readonly refreshAfter?: number
}

/** The policy in the cache applies. */
export interface UseStsStep {
  /** Apply it. */
  readonly type: 'use'
  /** The entry. */
  readonly entry: StsCacheEntry
  /** `current`: the record has its id; `no-record` and `record-unknown`: it holds all the same; `held-back`: its
   * successor could not be fetched a short while ago. */
  readonly reason: 'current' | 'held-back' | 'no-record' | 'record-unknown'
  /** Whether to fetch it anew meanwhile, so that nobody can keep it from ever being refreshed. */
  readonly refresh: boolean
}

/** A policy is to be fetched, then {@link settleStsFetch} called. */
export interface FetchStsStep {
  /** Fetch it. */
  readonly type: 'fetch'
  /** The id of the record that it is fetched for. */
  readonly id: string
  /** `new`: nothing is in the cache; `expired`: nothing that still holds; `id-changed`. */
  readonly reason: 'expired' | 'id-changed' | 'new'
  /** What applies when the fetch fails. */
  readonly fallback?: StsCacheEntry
}

/** No policy applies. */
export interface NoStsStep {
  /** None applies. */
  readonly type: 'none'
  /** As in {@link UseStsStep}. */
  readonly reason: 'held-back' | 'no-record' | 'record-unknown'
  /** Whether the cache has an entry that has expired and can be removed. */
  readonly forget: boolean
}

/** What to do next. */
export type StsStep = FetchStsStep | NoStsStep | UseStsStep

const HOLD_BACK = 300_000
const REFRESH_AFTER = 86_400_000

/**
 * Decides what to do about the policy of a domain. An entry whose policy has mode `none` is used like any other: it says
 * for its `maxAge` that nothing is asked.
 *
 * @param entry What the cache holds for the domain.
 * @param record What `selectStsRecord` gives.
 * @param options What else counts.
 * @returns Use, fetch or none.
 * @see {@link https://www.rfc-editor.org/rfc/rfc8461#section-5.1 | RFC 8461 section 5.1}
 * @example
 * const policy = { mode: 'enforce', mx: ['mx.example.com'], maxAge: 3600, extensions: [] } as const
 * const entry = { id: '1', policy, fetchedAt: 0 }
 * const record = { status: 'found', record: { id: '2', extensions: [] } } as const
 * nextStsStep(undefined, record, { now: 0 }) // { type: 'fetch', id: '2', reason: 'new' }
 * nextStsStep(entry, record, { now: 60_000 }) // { type: 'fetch', id: '2', reason: 'id-changed', fallback: entry }
 * nextStsStep(entry, { status: 'none', reason: 'absent' }, { now: 60_000 }).type // 'use'
 * nextStsStep(entry, { status: 'none', reason: 'absent' }, { now: 3_600_001 }).type // 'none'
 */
export function nextStsStep(
  entry: StsCacheEntry | undefined,
  record: RecordSelection<StsRecord>,
  options: StsStepOptions,
): StsStep {
  const live = entry && holds(entry, options.now) ? entry : undefined
  if (record.status !== 'found') {
    // RFC 8461 section 3.3 and 5.1: without a record that counts, a policy that still holds MUST be applied.
    return settle(live, entry, record.status === 'failed' ? 'record-unknown' : 'no-record')
  }
  const { id } = record.record
  const heldBack = isHeldBack(id, options)
  if (live?.id === id) {
    const old = options.now - live.fetchedAt >= (options.refreshAfter ?? REFRESH_AFTER)
    return { type: 'use', entry: live, reason: 'current', refresh: old && !heldBack }
  }
  if (heldBack) return settle(live, entry, 'held-back')
  if (live) return { type: 'fetch', id, reason: 'id-changed', fallback: live }
  return { type: 'fetch', id, reason: entry ? 'expired' : 'new' }
}

/** What became of a fetch, and what the caller keeps. */
export interface StsOutcome {
  /** What the cache holds from now on; nothing: nothing that holds. */
  readonly entry?: StsCacheEntry
  /** What is kept beside it, for {@link nextStsStep}; nothing: the fetch went well. */
  readonly failure?: StsFailure
  /** Why no policy came, for the report to the domain. */
  readonly failed?: FailedStsFetch
  /** Whether an administrator should hear of it: a policy that is in use could not be refreshed. */
  readonly alert: boolean
}

/**
 * Settles what a fetch brought. A new policy takes the place of the old; where none came, the old one stays in use for
 * as long as it holds, and without one the domain counts as having none.
 *
 * @param step The step that asked for the fetch: `fetch`, or `use` with `refresh`.
 * @param result What `checkStsResponse` gives, or the caller's own word on a connection that failed.
 * @param options The time when it came, in milliseconds since 1970.
 * @returns What to keep and apply.
 * @see {@link https://www.rfc-editor.org/rfc/rfc8461#section-3.3 | RFC 8461 section 3.3}
 * @example
 * const step = { type: 'fetch', id: '2', reason: 'new' } as const
 * const failed = { status: 'failed', reason: 'unreachable', resultType: 'sts-policy-fetch-error' } as const
 * const { entry, failure } = settleStsFetch(step, failed, { now: 5 })
 * entry // undefined
 * failure // { id: '2', at: 5 }
 */
export function settleStsFetch(
  step: FetchStsStep | UseStsStep,
  result: StsFetchResult,
  options: Pick<StsStepOptions, 'now'>,
): StsOutcome {
  const { now } = options
  const old = step.type === 'use' ? step.entry : step.fallback
  const id = step.type === 'use' ? step.entry.id : step.id
  if (result.status === 'fetched') return { entry: { id, policy: result.policy, fetchedAt: now }, alert: false }
  const live = old && holds(old, now) ? old : undefined
  const failure = { id, at: now }
  // RFC 8461 section 3.3: alert when a refresh fails, unless the policy in the cache has mode none.
  const alert = old !== undefined && old.policy.mode !== 'none'
  return { ...(live && { entry: live }), failure, failed: result, alert }
}

function settle(
  live: StsCacheEntry | undefined,
  entry: StsCacheEntry | undefined,
  reason: NoStsStep['reason'],
): StsStep {
  if (live) return { type: 'use', entry: live, reason, refresh: false }
  return { type: 'none', reason, forget: entry !== undefined }
}

// HAZARD: an entry from the future, as after a clock was set back, would hold for longer than its max_age.
function holds({ fetchedAt, policy }: StsCacheEntry, now: number): boolean {
  return now >= fetchedAt && now - fetchedAt <= policy.maxAge * 1000
}

function isHeldBack(id: string, { now, failure, holdBack = HOLD_BACK }: StsStepOptions): boolean {
  if (failure?.id !== id) return false
  return now >= failure.at && now - failure.at < Math.max(holdBack, HOLD_BACK)
}
