/** What the readers of formats hand to the dialogue. */

import type { Line } from '../import/line.ts'
import type { MarkRole } from '../payload/roles.ts'

/** One thing said, or one line of a tool. */
export interface Item {
  /** Who says it: `body` where the mark is that of message text in some tools; absent for the tool itself. */
  readonly side?: MarkRole | 'body' | undefined
  /** What is said. */
  readonly payload: Line
  /** The line of the log. */
  readonly line: Line
  /** When. */
  readonly at?: number | undefined
  /** Whether the format is known to write such lines beside the dialogue. */
  readonly noise?: boolean
}
