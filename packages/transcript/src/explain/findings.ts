/** The findings of a session: what its checks give, what the catalogue says of the refusals that are left, and what only follows. */

import type { TranscriptSession } from '../session.ts'
import { causesOf } from './cascade.ts'
import { CHECKS } from './checks.ts'
import type { Finding } from './finding.ts'
import { settle } from './settle.ts'
import { refusalsIn, type Surroundings, viewOf } from './view.ts'
import { wordFindings } from './wording.ts'

/** Gives the findings of a session, the first cause on top. */
export async function findingsOf(session: TranscriptSession, around: Surroundings): Promise<readonly Finding[]> {
  const view = viewOf(session, around)
  const causes = causesOf(view)
  const { found, explainedBy } = settle(
    CHECKS.flatMap((check) => check(view) ?? []),
    causes,
  )
  const open = refusalsIn(view).filter(({ index }) => !explainedBy.has(index) && !causes.has(index))
  const refusals = open.length > 0 ? (await import('./refusals.ts')).explainRefusals(view, open) : []
  return wordFindings({ found, refusals, causes, explainedBy })
}
