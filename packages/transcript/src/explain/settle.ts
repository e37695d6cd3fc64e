/** Which finding explains a refusal, where more than one could: the first. */

import type { Found } from './check.ts'
import type { Finding } from './finding.ts'

/** Findings, of which no two explain one refusal. */
export interface Settled {
  readonly found: readonly Found[]
  /** The finding that explains an event. */
  readonly explainedBy: ReadonlyMap<number, Finding['id']>
}

/**
 * Leaves each refusal to the first that explains it, and what only follows from another to that other; leaves out what then
 * explains nothing.
 */
export function settle(all: readonly Found[], causes: ReadonlyMap<number, number>): Settled {
  const explainedBy = new Map<number, Finding['id']>()
  const found = all.flatMap((one) => {
    if (!one.explains?.length) return [one]
    const open = one.explains.filter((index) => !explainedBy.has(index))
    const first = open.filter((index) => !causes.has(index))
    const explains = first.length > 0 ? first : open
    for (const index of explains) explainedBy.set(index, one.id)
    return explains.length > 0 ? [{ ...one, explains }] : []
  })
  return { found, explainedBy }
}
