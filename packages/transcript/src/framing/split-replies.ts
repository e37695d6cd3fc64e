/** Replies that a tool shows in pieces: code and text apart, as `[220] 'mx.example.net ESMTP'`, or lines without their code. */

import { joinLines, type Line, LineBuilder } from '../import/line.ts'

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

const MARKED = /C (?:<--|-->) S: /
const OPEN = /C <-- S: (\d{3}) /

/** Puts the lines of a reply together of which only the first has a mark and a code, as go-mail writes them. */
export function joinOpenReplies(lines: readonly Line[]): Line[] {
  const groups: Line[][] = []
  for (const line of lines) {
    const group = groups.at(-1)
    if (group && !MARKED.test(line.text) && OPEN.test(group[0]?.text ?? '')) group.push(line)
    else groups.push([line])
  }
  return groups.map((group) => joinLines(group, ` ${OPEN.exec(group[0]?.text ?? '')?.[1]}-`))
}
