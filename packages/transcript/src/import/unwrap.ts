/** A pasted text as the lines that a tool wrote: without colours, quote marks, fences, HTML, wrapping in JSON, transfer encodings and broken lines. */

import { readJsonLine } from './json-line.ts'
import { type Line, partOf } from './line.ts'
import { dropInvisible, looksLikeHtml, readMarkup } from './markup.ts'
import { rewrapLines } from './rewrap.ts'
import { decodeReports } from './transfer-encoding.ts'

const QUOTE = /^\s{0,3}(?:>\s?)/
const FENCE = /^\s*(?:```|~~~)/
const REPLY = /^[<>=*\s-]{0,6}[2-5]\d\d[ -]/

/** Unwraps lines. */
export function unwrapLines(source: readonly Line[]): Line[] {
  let lines: readonly Line[] = source.map(dropInvisible)
  if (looksLikeHtml(lines)) lines = lines.flatMap(readMarkup)
  lines = lines.filter(({ text }) => !FENCE.test(text))
  for (let depth = 0; depth < 4 && isQuoted(lines); depth++) lines = lines.map(unquote)
  lines = rewrapLines(decodeReports(lines))
  return lines.flatMap((line) => (line.text.includes('{') ? (readJsonLine(line) ?? [line]) : [line]))
}

// HAZARD: `> ` also marks one side of a session, which a log of both sides has not on every line
function isQuoted(lines: readonly Line[]): boolean {
  let quoted = 0
  let replies = 0
  for (const { text } of lines) {
    if (text.trim() === '') continue
    const mark = QUOTE.exec(text)
    if (!mark) return false
    quoted++
    if (REPLY.test(text.slice(mark[0].length))) replies++
  }
  return quoted > 1 && replies > 0
}

function unquote(line: Line): Line {
  const mark = QUOTE.exec(line.text)
  return mark ? partOf(line, mark[0].length) : line
}
