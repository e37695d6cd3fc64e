/** The start of authentication results: comments, and who evaluated. RFC 8601 section 2.2; the results themselves are out of scope. */

/** Who evaluated, and what follows. */
export interface Authserv {
  /** The identifier, its quotes undone. */
  readonly id: string
  /** What stands after the semicolon. */
  readonly rest: string
}

const BLANKS = ' \t\r\n'
// value = token / quoted-string                 ; RFC 2045 section 5.1, with UTF-8
const VALUE = /"((?:[^"\\]|\\.)*)"|[!#-'*+.0-9A-Z^-~\u0080-\uffff-]+/y
const VERSION = /\d*/y

/**
 * Gives where a run of comments and blanks ends; the end of the text when a comment is not closed.
 *
 * @internal
 */
export function skipComments(text: string, start: number): number {
  let depth = 0
  for (let at = start; at < text.length; at++) {
    const character = text[at]!
    if (depth > 0 && character === '\\') at++
    else if (character === '(') depth++
    else if (depth > 0) depth -= character === ')' ? 1 : 0
    else if (!BLANKS.includes(character)) return at
  }
  return text.length
}

/**
 * Reads who evaluated; `undefined` where that cannot be told.
 *
 * @internal
 */
export function readAuthserv(text: string): Authserv | undefined {
  // authres-payload = [CFWS] authserv-id [ CFWS authres-version ] ( no-result / 1*resinfo ) [CFWS]
  VALUE.lastIndex = skipComments(text, 0)
  const [word, quoted] = VALUE.exec(text) ?? []
  if (word === undefined) return undefined
  VERSION.lastIndex = skipComments(text, VALUE.lastIndex)
  VERSION.exec(text)
  const end = skipComments(text, VERSION.lastIndex)
  if (text[end] !== ';') return undefined
  return { id: quoted?.replace(/\\(.)/g, '$1') ?? word, rest: text.slice(end + 1) }
}
