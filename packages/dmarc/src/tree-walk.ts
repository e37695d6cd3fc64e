/** The DNS Tree Walk, and the organizational domain that it finds: RFC 9989 section 4.10 and 4.10.2. */

import type { RecordLookup } from './lookup.ts'
import type { ParsedDmarc } from './record.ts'

/** @internal */
export interface WalkRecord {
  readonly domain: string
  readonly record: ParsedDmarc
}

/** @internal */
export interface Walk {
  /** What was found, from the longest name to the shortest. */
  readonly records: readonly WalkRecord[]
  /** Whether the walk ended at a question that nobody could answer, so that it tells nothing of what is above. */
  readonly failed: boolean
}

// RFC 9989 section 4.10: the walk goes on with seven labels, so that it takes eight questions at most.
const WALK_LABELS = 7

/**
 * Gives the domains whose records a walk asks for, in order: at most eight.
 *
 * @internal
 */
export function walkDomains(domain: string): readonly string[] {
  const parents: string[] = []
  for (
    let dot = domain.lastIndexOf('.');
    dot >= 0 && parents.length < WALK_LABELS;
    dot = domain.lastIndexOf('.', dot - 1)
  ) {
    parents.push(domain.slice(dot + 1))
  }
  return [domain, ...parents.reverse()]
}

/**
 * Walks from a domain towards the root, until a record says where the organization ends.
 *
 * @internal
 */
export async function walkTree(lookup: RecordLookup, start: string): Promise<Walk> {
  const records: WalkRecord[] = []
  for (const domain of walkDomains(start)) {
    const { status, record } = await lookup.record(domain)
    if (status === 'servfail' || status === 'timeout') return { records, failed: true }
    if (!record) continue
    records.push({ domain, record })
    // RFC 9989 section 4.10 step 2 and 6: psd=n and psd=y both end the walk.
    if (record.psd !== 'u') break
  }
  return { records, failed: false }
}

/**
 * Selects the organizational domain from what a walk has found.
 *
 * @internal
 */
export function selectOrganizational(start: string, records: readonly WalkRecord[]): string {
  const last = records.at(-1)
  // Nothing was found: the domain stands for itself.
  if (!last) return start
  // RFC 9989 section 4.10.2: only the last record can have psd=n or psd=y, as either ends the walk.
  if (last.record.psd === 'y' && last.domain !== start) return belowSuffix(start, last.domain)
  return last.domain
}

function belowSuffix(start: string, suffix: string): string {
  const labels = start.split('.')
  return labels.slice(labels.length - suffix.split('.').length - 1).join('.')
}
