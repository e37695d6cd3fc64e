/** Replies whose code and text a tool shows apart: `[220] 'mx.example.net ESMTP'`. */

import { type Line, LineBuilder } from '../import/line.ts'

const SPLIT = /^\[(\d{3})\] '(.*)'$/

/** Puts code and text together again. */
export function joinSplitReplies(lines: readonly Line[]): Line[] {
  return lines.map((line) => {
    const [, code, text] = SPLIT.exec(line.text) ?? []
    if (code === undefined || text === undefined) return line
    const builder = new LineBuilder()
    const origin = (index: number): number => line.origins?.[index] ?? line.start + index
    for (const [i, character] of [...`${code} `].entries()) builder.add(character, origin(i + 1))
    for (let i = 7; i < line.text.length - 1; i++) builder.add(line.text[i] ?? '', origin(i))
    return builder.take(line.number, line.end)
  })
}
