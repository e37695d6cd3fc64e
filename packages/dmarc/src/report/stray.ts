/**
 * Makes XML out of what is nearly XML, so that a text with an address in angle brackets or a bare ampersand is not lost:
 * such characters are escaped. Definitions of documents and entities are refused before anything is parsed.
 */

import type { ReportDefects } from './defect.ts'
import { reportFault } from './error.ts'
import { possibleText } from './xml-character.ts'

const CARE = /[<&]/g
// A tag ends before another begins; its attributes are left to the parser.
const TAG = /<\/?[A-Za-z_\u00c0-\ud7ff][\w:.\-\u00b7-\ud7ff]*(?:[\s/][^<>]*)?>/y
const REFERENCE = /&(?:#\d{1,7}|#x[\dA-Fa-f]{1,6}|amp|apos|gt|lt|quot);/y
const SECTIONS = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
  ['<?', '?>'],
] as const

/**
 * Escapes what begins no markup, and replaces what no XML can hold.
 *
 * @internal
 * @throws {MailError} `DMARC_REPORT_UNREADABLE` at a document type: its entities are how XML is made to explode.
 */
export function escapeStray(given: string, defects: ReportDefects): string {
  const text = possibleText(given)
  if (text !== given) defects.tell('bad-character', '', shownAt(given, firstDifference(text, given)))
  const scanner = new Scanner(text)
  const care = new RegExp(CARE)
  const written: string[] = []
  let from = 0
  for (let match = care.exec(text); match; match = care.exec(text)) {
    const at = match.index
    const end = scanner.endOf(at)
    if (end > at) {
      care.lastIndex = end
      continue
    }
    if (written.length >= MAX_WRITTEN) {
      defects.tell('too-malformed', '')
      return `${written.join('')}${text.slice(from, at)}`
    }
    if (from === 0) defects.tell('unescaped-character', '', shownAt(text, at))
    written.push(text.slice(from, at), match[0] === '<' ? '&lt;' : '&amp;')
    from = at + 1
  }
  return from === 0 ? text : `${written.join('')}${text.slice(from)}`
}

const SHOWN = 40
// Two pieces for each of 100,000 characters; with more, the rest is not read.
const MAX_WRITTEN = 200_000

function shownAt(text: string, at: number): string {
  return text.slice(at, at + SHOWN)
}

function firstDifference(a: string, b: string): number {
  let at = 0
  while (a[at] === b[at]) at++
  return at
}

class Scanner {
  readonly #text: string
  // Sections that nothing ends, so that their end is not looked for again.
  readonly #open = new Set<string>()

  constructor(text: string) {
    this.#text = text
  }

  /** Where the markup that begins at a place ends; the place itself where none does. */
  endOf(at: number): number {
    const text = this.#text
    if (text[at] === '&') return matchAt(REFERENCE, text, at)
    if (text[at] !== '<') return at
    for (const [opening, closing] of SECTIONS) {
      if (text.startsWith(opening, at)) return this.#endOfSection(opening, closing, at)
    }
    if (text[at + 1] === '!') {
      throw reportFault('DMARC_REPORT_UNREADABLE', 'read report: it has a document type', 'rfc9990#section-8.1')
    }
    return matchAt(TAG, text, at)
  }

  #endOfSection(opening: string, closing: string, at: number): number {
    if (this.#open.has(opening)) return at
    const end = this.#text.indexOf(closing, at + opening.length)
    if (end >= 0) return end + closing.length
    this.#open.add(opening)
    return at
  }
}

function matchAt(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : at
}
