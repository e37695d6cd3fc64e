/** Lines that know where each of their characters stood in the text that was given, through any unwrapping. */

import type { Draft } from '../draft.ts'
import type { SourceRange } from '../session.ts'

/** One line, without its line ending. */
export interface Line {
  readonly text: string
  /** The line of the source, from 1. */
  readonly number: number
  /** The last line of the source, where the line was put together of several. */
  readonly lastNumber?: number
  /** Where the line begins in the source. */
  readonly start: number
  /** Where it ends in the source. */
  readonly end: number
  /** Where each character stood; absent where they stand in a row from `start`. */
  readonly origins?: readonly number[]
  /** Whether LF alone stands before or behind it, in a literal that shows its line endings. */
  readonly bareLf?: boolean
}

/** Gives where a character of a line stands in the source. */
export function originOf(line: Line, index: number): number {
  if (index >= line.text.length) return line.end
  return line.origins ? (line.origins[index] ?? line.end) : line.start + index
}

/** Gives a part of a line as a line of its own. */
export function partOf(line: Line, from: number, to: number = line.text.length): Line {
  if (from === 0 && to >= line.text.length) return line
  const part: Draft<Line> = {
    text: line.text.slice(from, to),
    number: line.number,
    ...(line.lastNumber !== undefined && { lastNumber: line.lastNumber }),
    start: originOf(line, from),
    end: to >= line.text.length ? line.end : originOf(line, to),
  }
  if (line.origins) part.origins = line.origins.slice(from, to)
  if (line.bareLf) part.bareLf = true
  return part
}

/** Gives the range of a line in the source. */
export function rangeOf(line: Line): SourceRange {
  return { line: line.number, lastLine: line.lastNumber ?? line.number, start: line.start, end: line.end }
}

/** Gives the range that holds two. */
export function joinRanges(first: SourceRange, last: SourceRange): SourceRange {
  return {
    line: Math.min(first.line, last.line),
    lastLine: Math.max(first.lastLine, last.lastLine),
    start: Math.min(first.start, last.start),
    end: Math.max(first.end, last.end),
  }
}

/** Collects what a line becomes, with where each character comes from. */
export class LineBuilder {
  #text = ''
  #origins: number[] = []

  get length(): number {
    return this.#origins.length
  }

  /** Adds characters that all stand for one place of the source. */
  add(characters: string, origin: number): void {
    this.#text += characters
    for (let i = 0; i < characters.length; i++) this.#origins.push(origin)
  }

  /** Adds a part of a line. */
  copy(line: Line, from = 0, to: number = line.text.length): void {
    for (let i = from; i < to; i++) this.add(line.text[i] ?? '', originOf(line, i))
  }

  /** Gives the line, and begins the next. */
  take(number: number, end: number, bareLf = false): Line {
    const start = this.#origins[0] ?? end
    const line = { text: this.#text, number, start, end, origins: this.#origins, ...(bareLf && { bareLf }) }
    this.#text = ''
    this.#origins = []
    return line
  }
}

/** Puts lines together to one, with something between that stands nowhere. */
export function joinLines(lines: readonly Line[], glue: string): Line {
  const [first, last] = [lines[0] as Line, lines.at(-1) as Line]
  if (first === last) return first
  const builder = new LineBuilder()
  for (const [i, line] of lines.entries()) {
    if (i > 0) builder.add(glue, line.start)
    builder.copy(line)
  }
  return { ...builder.take(first.number, last.end), lastNumber: last.lastNumber ?? last.number }
}

/** Puts a mark before a line. */
export function withMark(line: Line, mark: string): Line {
  const builder = new LineBuilder()
  builder.add(mark, line.start)
  builder.copy(line)
  return builder.take(line.number, line.end)
}
