/** Where the demonstration speaks: numbered headings, and what stands below them. */

import { type Paint, wrap } from '../terminal.ts'

/** Where to speak, and how. */
export interface Stage {
  readonly paint: Paint
  readonly columns: number
  /** Prints the next heading. */
  readonly heading: (text: string) => void
  /** Prints lines that fit already. */
  readonly lines: (...lines: readonly string[]) => void
  /** Prints text in as many lines as it takes. */
  readonly text: (text: string) => void
}

const INDENT = '  '
const MAX_COLUMNS = 110

/** Sets up a stage. */
export function createStage(print: (line: string) => void, paint: Paint, columns: number): Stage {
  let step = 0
  return {
    paint,
    columns,
    heading(text) {
      step++
      print('')
      print(paint('bold', `${step}. ${text}`))
    },
    lines(...lines) {
      for (const line of lines) print(line)
    },
    text(text) {
      for (const line of wrap(text, Math.min(columns, MAX_COLUMNS) - INDENT.length)) print(INDENT + line)
    },
  }
}
