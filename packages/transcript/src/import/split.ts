/** The text as lines, as far as the limits go. */

import type { Line } from './line.ts'

/** Splits a text at CRLF, LF and CR. */
export function splitLines(text: string, maxLines: number): { lines: Line[]; end: number } {
  const lines: Line[] = []
  let start = 0
  while (start < text.length && lines.length < maxLines) {
    const lf = text.indexOf('\n', start)
    const end = lf < 0 ? text.length : lf
    const bare = end > start && text[end - 1] === '\r' ? end - 1 : end
    lines.push({ text: text.slice(start, bare), number: lines.length + 1, start, end: bare })
    start = end + 1
  }
  return { lines, end: Math.min(start, text.length) }
}
