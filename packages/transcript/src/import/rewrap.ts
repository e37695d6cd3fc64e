/** Lines that a mail client or a terminal has wrapped, put together again: each is as long as the width allows. */

import { classifyPayload } from '../payload/classify.ts'
import { findCuts } from '../payload/prefix.ts'
import { joinLines, type Line } from './line.ts'

const [NARROWEST, WIDEST] = [60, 80]
// A mark that only one line has is short
const MARK = 12
const STAMP = /^.{0,30}\d\d:\d\d/
const FIELD = /^[A-Za-z][A-Za-z-]{0,40}: /

// The longest line where wrapping has one; a line that is longer although it could have been broken shows that there is none
function widthOf(lines: readonly Line[]): number {
  let width = 0
  for (const { text } of lines) {
    if (text.length > WIDEST && text.lastIndexOf(' ', WIDEST) > 0) return 0
    if (text.length <= WIDEST) width = Math.max(width, text.length)
  }
  return width >= NARROWEST ? width : 0
}

function isFull({ text }: Line, next: Line, width: number): boolean {
  const word = /^\S+/.exec(next.text)?.[0]
  return word !== undefined && text.length >= NARROWEST - 20 && text.trimEnd().length + 1 + word.length > width
}

// Whether a reply or a command begins within so many columns
function speaks({ text }: Line, within = text.length): boolean {
  const isSaid = (at: number): boolean => classifyPayload(text.slice(at)) !== undefined
  return isSaid(Math.min(findCuts(text, isSaid).at(-1)?.at ?? 0, within))
}

function shapeOf({ text }: Line): string {
  return (/^\S+/.exec(text)?.[0] ?? '').replace(/\d+/g, '9')
}

/** Puts wrapped lines together, where something is said in the line that goes on or it has a mark that others have. */
export function rewrapLines(lines: readonly Line[]): readonly Line[] {
  const width = widthOf(lines)
  if (width === 0) return lines
  const full = lines.map((line, i) => i + 1 < lines.length && isFull(line, lines[i + 1] as Line, width))
  const shapes = startShapes(lines, full)
  const groups: Line[][] = []
  for (const [i, line] of lines.entries()) {
    const group = groups.at(-1)
    const first = group?.[0]
    if (group && first && full[i - 1] && continues(first, line, shapes)) group.push(line)
    else groups.push([line])
  }
  const broken = groups.flatMap((group) => group.slice(0, -1))
  // A terminal breaks within words
  const glue = broken.length > 1 && broken.every(({ text }) => text.length === width) ? '' : ' '
  return groups.map((group) => joinLines(group, glue))
}

// With what lines begin that are no continuation: those behind a line with room, and numbers and signs that come again
function startShapes(lines: readonly Line[], full: readonly boolean[]): ReadonlySet<string> {
  const shapes = new Set<string>()
  const seen = new Set<string>()
  for (const [i, line] of lines.entries()) {
    const shape = shapeOf(line)
    if (!full[i - 1] || (seen.has(shape) && /^[^A-Za-z(]/.test(shape))) shapes.add(shape)
    seen.add(shape)
  }
  return shapes
}

// An entry of a log can quote a reply anywhere; in a dialogue one that is said begins a line
function continues(first: Line, line: Line, shapes: ReadonlySet<string>): boolean {
  const isEntry = STAMP.test(first.text) || FIELD.test(first.text)
  if (shapes.has(shapeOf(line)) || STAMP.test(line.text)) return false
  return isEntry ? !speaks(line, MARK) : speaks(first) && !speaks(line)
}
