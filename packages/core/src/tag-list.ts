/** The `name=value; name=value` text that records and signatures are written in: RFC 6376 section 3.2, RFC 8461 section 3.1. */

const SPACE = 32
const TAB = 9

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
  let at = 0
  for (const piece of text.split(';')) {
    parts.push(toPart(piece, at))
    at += piece.length + 1
  }
  if (parts.length > 1 && parts.at(-1)!.text === '') parts.pop()
  return parts
}

function toPart(piece: string, at: number): TagPart {
  const text = trimBlanks(piece)
  const start = at + piece.indexOf(text)
  const equals = text.indexOf('=')
  const place = { text, start, end: start + text.length }
  if (equals < 0) return { name: '', value: '', ...place }
  return { name: trimBlanks(text.slice(0, equals)), value: trimBlanks(text.slice(equals + 1)), ...place }
}

/**
 * Takes SP and HTAB, and nothing else, off both ends of text.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc5234#appendix-B.1 | RFC 5234 appendix B.1}
 * @example
 * trimBlanks('\t a b ') // 'a b'
 */
export function trimBlanks(text: string): string {
  let end = text.length
  while (end > 0 && isBlank(text, end - 1)) end--
  let start = 0
  while (start < end && isBlank(text, start)) start++
  return text.slice(start, end)
}

function isBlank(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  return code === SPACE || code === TAB
}
