/**
 * Foreign text in Markdown, so that it can become no markup, no link, no mention and no HTML: in code spans and fences, which
 * hold anything but their own end. CommonMark sections 4.5 and 6.1, GitHub's tables and autolinks.
 */

import { oneLine } from './one-line.ts'

// Letters and digits, with what stands before and behind words: nothing that Markdown or GitHub reads into them
const PLAIN_WORD = /^[("'“‘]{0,3}[\p{L}\p{N}]+(?:['’/-][\p{L}\p{N}]+)*[)"'”’]{0,3}[.,;:!?]?[)"'”’]?$/u
// What GitHub takes for the number of an issue, or of a commit
const REFERENCE = /^(?:GH-\d+|[0-9a-f]{7,40})\W*$/i
const DASH = /^[–—-]$/

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map(({ length }) => length))
}

/** A text in a code span; a bar, which would end the cell of a table, becomes a broken one. */
export function codeSpan(text: string): string {
  const clean = oneLine(text).replace(/\|/g, '¦').replace(/\s/g, ' ')
  if (clean.trim() === '') return ''
  const ticks = '`'.repeat(longestRun(clean) + 1)
  const pad = /^[` ]|[` ]$/.test(clean) ? ' ' : ''
  return `${ticks}${pad}${clean}${pad}${ticks}`
}

/** Lines in a fence that is longer than any in them. */
export function fenced(lines: readonly string[]): string {
  const clean = lines.map(oneLine)
  const fence = '`'.repeat(Math.max(3, longestRun(clean.join('\n')) + 1))
  return [`${fence}text`, ...clean, fence].join('\n')
}

/** A sentence: words stay as they are, and what is more than a word stands in a code span. */
export function prose(text: string): string {
  const words = oneLine(text)
    .split(/\s+/)
    .filter((word) => word !== '')
  return words.map((word) => (isPlain(word) ? word : codeSpan(word))).join(' ')
}

function isPlain(word: string): boolean {
  return (PLAIN_WORD.test(word) && !REFERENCE.test(word)) || DASH.test(word)
}
