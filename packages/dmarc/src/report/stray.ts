/**
 * Makes XML out of what is nearly XML, so that a text with an address in angle brackets or a bare ampersand is not lost:
 * such characters are escaped. Definitions of documents and entities are refused before anything is parsed.
 */

import type { ReportDefects } from './defect.ts'
import { reportFault } from './error.ts'

// What may need care: markup, references, and what XML 1.0 section 2.2 has no place for.
const CARE =
  /[<&\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g
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
export function escapeStray(text: string, defects: ReportDefects): string {
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
    const [character] = match
    scanner.tell(defects, at)
    written.push(text.slice(from, at), ESCAPES.get(character) ?? '\ufffd')
    from = at + 1
  }
  return from === 0 ? text : `${written.join('')}${text.slice(from)}`
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['<', '&lt;'],
  ['&', '&amp;'],
])

class Scanner {
  readonly #text: string
  // Sections that nothing ends, so that their end is not looked for again.
  readonly #open = new Set<string>()
  readonly #told = new Set<string>()

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

  /** Tells of a character, once of each kind. */
  tell(defects: ReportDefects, at: number): void {
    const code = ESCAPES.has(this.#text[at]!) ? 'unescaped-character' : 'bad-character'
    if (this.#told.has(code)) return
    this.#told.add(code)
    defects.tell(code, '', this.#text.slice(at, at + 40))
  }
}

function matchAt(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : at
}
