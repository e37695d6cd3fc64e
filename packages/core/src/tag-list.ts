/** The `name=value; name=value` text that records and signatures are written in: RFC 6376 section 3.2, RFC 8461 section 3.1. */

import { trimBlankEnd, trimBlanks } from './blanks.ts'

/** What stands between two semicolons. */
export interface TagPart {
  /** The whole, without the white space around it. */
  readonly text: string
  /** What stands before the first equals sign, without white space around it; empty where there is none. */
  readonly name: string
  /** What stands after it, without white space around it. */
  readonly value: string
  /** Where the whole begins, without white space. */
  readonly start: number
  /** Where it ends. */
  readonly end: number
}

/**
 * Cuts text at its semicolons, and each part at its first equals sign. The empty rest behind a final semicolon is left out;
 * names and values are not checked.
 *
 * @param text Without folds: SP and HTAB are the white space that is known here.
 * @returns At least one part, in order, each with its place in `text`.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6376#section-3.2 | RFC 6376 section 3.2}
 * @example
 * splitTags('v=DKIM1; p = abc=;').map(({ name, value }) => [name, value]) // [['v', 'DKIM1'], ['p', 'abc=']]
 */
export function splitTags(text: string): TagPart[] {
  const parts: TagPart[] = []
  for (let at = 0; at <= text.length; ) {
    const semicolon = text.indexOf(';', at)
    const end = semicolon < 0 ? text.length : semicolon
    parts.push(toPart(text.slice(at, end), at))
    at = end + 1
  }
  if (parts.length > 1 && parts.at(-1)!.text === '') parts.pop()
  return parts
}

function toPart(piece: string, at: number): TagPart {
  const left = trimBlankEnd(piece)
  const text = trimBlanks(left)
  const start = at + left.length - text.length
  const end = start + text.length
  const equals = text.indexOf('=')
  if (equals < 0) return { text, name: '', value: '', start, end }
  return { text, name: trimBlankEnd(text.slice(0, equals)), value: trimBlanks(text.slice(equals + 1)), start, end }
}
