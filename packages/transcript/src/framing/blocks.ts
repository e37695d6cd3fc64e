/**
 * Logs of blocks: a line says who speaks, and what was said stands below it, as text or as rows of octets. Each line of what was said
 * gets the words of that line as its mark.
 */

import { type Line, LineBuilder, originOf, withMark } from '../import/line.ts'

// `00000010 : 6F 6D 0D 0A : om..`, `0040: text`
const ROW = /(?:^|\s)([0-9A-F]{4,8}) ?: (.*)$/i
const OCTETS = /^(?:[0-9A-F]{2}(?:[ -]|$)){1,16}/i

/** A row: at which octet of the block it begins, and where its content stands in the line. */
interface Row {
  readonly line: Line
  readonly offset: number
  readonly at: number
}

function rowOf(line: Line): Row | undefined {
  const [, offset, content] = ROW.exec(line.text) ?? []
  if (offset === undefined || content === undefined) return undefined
  return { line, offset: Number.parseInt(offset, 16), at: line.text.length - content.length }
}

/** Gives each line of a block its mark, and puts rows together. */
export function markBlocks(lines: readonly Line[], header: RegExp, rows: boolean): Line[] {
  const octets = rows && lines.every((line) => isOctets(rowOf(line)))
  const joiner = new RowJoiner(octets)
  const marked: Line[] = []
  let mark: string | undefined
  for (const line of lines) {
    const found = header.exec(line.text)
    const row = rows && !found ? rowOf(line) : undefined
    if (row) {
      if (mark !== undefined) marked.push(...joiner.take(row, mark))
      continue
    }
    if (found) {
      marked.push(...joiner.flush())
      const words = found.slice(1).filter((word) => word !== undefined)
      mark = words.length > 0 ? words.map((word) => `[${word}] `).join('') : undefined
    }
    marked.push(found || rows || mark === undefined ? line : withMark(line, mark))
  }
  return [...marked, ...joiner.flush()]
}

function isOctets(row: Row | undefined): boolean {
  return row === undefined || OCTETS.test(row.line.text.slice(row.at))
}

/** Puts the rows of a block together to lines. */
class RowJoiner {
  readonly #octets: boolean
  readonly #builder = new LineBuilder()
  #first = 0
  #last: Line | undefined
  #next = 0

  constructor(octets: boolean) {
    this.#octets = octets
  }

  take(row: Row, mark: string): Line[] {
    const { line, offset, at } = row
    const content = this.#octets
      ? readOctets(row)
      : Array.from(line.text.slice(at), (text, i) => [text, at + i] as const)
    // Where octets are shown as text, a row ends with each line, whose end is not shown
    const done = !this.#octets && offset !== this.#next ? this.flush() : []
    for (const [text, index] of content) {
      if (text === '\n') done.push(...this.flush())
      else if (text !== '\r') {
        if (this.#builder.length === 0) this.#begin(line, mark)
        this.#builder.add(text, originOf(line, index))
      }
      this.#last = line
    }
    if (content.length === 0 && !this.#octets) this.#begin(line, mark)
    this.#next = offset + content.length
    return done
  }

  #begin(line: Line, mark: string): void {
    this.#first = line.number
    this.#last = line
    this.#builder.add(mark, line.start)
  }

  /** Gives the line that is open. */
  flush(): Line[] {
    const last = this.#last
    this.#next = -1
    if (!last || this.#builder.length === 0) return []
    return [{ ...this.#builder.take(this.#first, last.end), lastNumber: last.number }]
  }
}

function readOctets({ line, at }: Row): (readonly [string, number])[] {
  const [octets = ''] = OCTETS.exec(line.text.slice(at)) ?? []
  return Array.from(octets.matchAll(/[0-9A-F]{2}/gi), (found) => [
    String.fromCharCode(Number.parseInt(found[0], 16)),
    at + found.index,
  ])
}
