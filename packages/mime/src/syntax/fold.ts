/**
 * Folding of header fields: RFC 5322 section 2.2.3, to 78 columns where there is a blank (section 2.1.1), to 76 where
 * encoded words stand (RFC 2047 section 2), and never over 998 octets. Every field that this package writes passes here.
 */

import { clip, encodeUtf8, findControl, MailError } from '@posthorn/core'
import type { MimeErrorCode } from '../error.ts'

const COLUMNS = 78
const WORD_COLUMNS = 76
const MAX_OCTETS = 998

/**
 * Folds one header field: breaks go before blanks, so that unfolding gives the same text again.
 *
 * @param field The field on one line, its name and colon included.
 * @returns The lines, parted by CRLF; no CRLF follows the last.
 * @throws {MailError} `MIME_BAD_HEADER` for a control character; `MIME_LINE_TOO_LONG` when a part without blanks is
 * longer than a line may be.
 * @see {@link https://www.rfc-editor.org/rfc/rfc5322#section-2.2.3 | RFC 5322 section 2.2.3}
 * @example
 * foldField(`Comments: ${'word '.repeat(16)}end`).split('\r\n').map((line) => line.length) // [74, 19]
 */
export function foldField(field: string): string {
  return joinLines(foldLines(tokensOf(field)))
}

/**
 * Cuts text before each run of blanks; blanks at its end stay with the last token.
 *
 * @internal
 */
export function tokensOf(text: string): string[] {
  if (text.length <= WORD_COLUMNS) return [text]
  const [first = '', ...pieces] = text.split(' ')
  const tokens = [first]
  let blanks = ''
  for (const piece of pieces) {
    blanks += ' '
    if (piece === '') continue
    tokens.push(blanks + piece)
    blanks = ''
  }
  tokens.push(tokens.pop() + blanks)
  return tokens
}

/**
 * Sets tokens into lines; a line break stands only before a token, and those after the first begin with a blank.
 *
 * @internal
 */
export function foldLines(tokens: readonly string[]): string[] {
  const columns = tokens.some((token) => token.includes('=?')) ? WORD_COLUMNS : COLUMNS
  const lines: string[] = []
  let line = tokens[0] ?? ''
  for (let index = 1; index < tokens.length; index++) {
    const token = tokens[index]!
    if (line.length + token.length <= columns) line += token
    else {
      lines.push(line)
      line = token
    }
  }
  lines.push(line)
  return lines
}

/**
 * Tells whether text has at most so many octets of UTF-8.
 *
 * @internal
 */
export function fitsOctets(text: string, max: number): boolean {
  return text.length * 3 <= max || (text.length <= max && encodeUtf8(text).length <= max)
}

/** @internal */
export function fitsLine(line: string): boolean {
  return fitsOctets(line, MAX_OCTETS)
}

/**
 * Joins lines to one field, after a last look at what no header may hold.
 *
 * @internal
 */
export function joinLines(lines: readonly string[]): string {
  for (const line of lines) {
    // HAZARD: a CR or LF here would begin a field, or the body, of an attacker's making.
    if (findControl(line) >= 0) throw fault('MIME_BAD_HEADER', line, 'it has a control character', '2.2')
    if (!fitsLine(line)) throw fault('MIME_LINE_TOO_LONG', line, `a line has over ${MAX_OCTETS} octets`, '2.1.1')
  }
  return lines.join('\r\n')
}

function fault(code: MimeErrorCode, line: string, why: string, section: string): MailError<MimeErrorCode> {
  return new MailError(code, `Cannot write field "${clip(line)}": ${why}`, { spec: `rfc5322#section-${section}` })
}
