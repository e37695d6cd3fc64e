/** What an audit has found so far. */

import type { IpNetwork } from '@posthorn/core'
import type { RecordType } from '@posthorn/dns'
import type { SpfFinding } from './finding.ts'
import type { Lookup } from './lookup.ts'

/** A record that was met. */
export interface SpfAuditRecord {
  /** Whose it is. */
  readonly domain: string
  /** Its text. */
  readonly text: string
  /** How many includes and redirects led to it. */
  readonly depth: number
  /** How many terms cause lookups, its own alone. */
  readonly terms: number
}

/** @internal */
export interface Audit {
  readonly lookup: Lookup
  readonly findings: SpfFinding[]
  readonly records: SpfAuditRecord[]
  readonly networks: IpNetwork[]
  /** The questions to which there is no record, each counted once. */
  readonly absent: Set<string>
  readonly voids: { ip4: number; ip6: number }
  terms: number
}

/**
 * Counts a question to which there is no record, for the families whose clients cause it.
 *
 * @internal
 */
export function countVoid(audit: Audit, name: string, type: RecordType): void {
  const key = `${type} ${name}`
  if (audit.absent.has(key)) return
  audit.absent.add(key)
  if (type !== 'AAAA') audit.voids.ip4++
  if (type !== 'A') audit.voids.ip6++
}
