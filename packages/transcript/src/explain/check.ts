/** What every check of a session gives. */

import type { SourceRange } from '../session.ts'
import type { FindingSeverity, SessionFindingId } from './finding.ts'
import type { SessionView } from './view.ts'

/** What a check finds; words are added later. */
export interface Found {
  readonly id: SessionFindingId
  /** The events that show it. */
  readonly evidence: readonly number[]
  /** The replies, or notes in their place, that it explains better than their words do. */
  readonly explains?: readonly number[]
  /** The reply that it follows from. */
  readonly follows?: number | undefined
  /** Whether mail failed by it although no reply tells. */
  readonly fails?: boolean
  /** What stands for the places in its words. */
  readonly values?: readonly (string | number)[]
  /** In the place of that of its words. */
  readonly severity?: FindingSeverity
  readonly places?: readonly SourceRange[]
}

/** Looks for one thing in a session. */
export type Check = (view: SessionView) => Found | undefined
