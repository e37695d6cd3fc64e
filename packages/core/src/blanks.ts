/** The white space of the grammars, which is SP and HTAB alone: WSP of RFC 5234 appendix B.1. */

const SPACE = 32
const TAB = 9

/**
 * Takes SP and HTAB, and nothing else, off both ends of text.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc5234#appendix-B.1 | RFC 5234 appendix B.1}
 * @example
 * trimBlanks('\t a b ') // 'a b'
 */
export function trimBlanks(text: string): string {
  const end = trimBlankEnd(text)
  let start = 0
  while (start < end.length && isBlank(end, start)) start++
  return end.slice(start)
}

/**
 * Takes SP and HTAB, and nothing else, off the end of text.
 *
 * A pattern would look at a run of them once from each.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc5234#appendix-B.1 | RFC 5234 appendix B.1}
 * @example
 * trimBlankEnd('\t a b ') // '\t a b'
 */
export function trimBlankEnd(text: string): string {
  let end = text.length
  while (end > 0 && isBlank(text, end - 1)) end--
  return text.slice(0, end)
}

function isBlank(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  return code === SPACE || code === TAB
}
