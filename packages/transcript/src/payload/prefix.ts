/**
 * The mark before what was said: where it may end, and its signature, which is the mark without what differs from line to
 * line. `[2026-01-02 03:04:05] DEBUG [8PB2] C: ` and the same with another time and session have one signature.
 */

/** A place where the mark of a line may end. */
export interface Cut {
  readonly at: number
  readonly signature: string
}

const MAX_PREFIX = 240
const MAX_CUTS = 32
// blanks | [..] (..) | numbers, times, addresses, identifiers | words | arrows | the rest, each alone
const TOKEN =
  /\s+|\[[^\][]{0,80}\]|\([^()]{0,80}\)|[\w.:@/\\%+-]*\d[\w.:@/\\%+-]*|[A-Za-z_][\w./@\\-]*|[-=<>~*|+!#:]+|[^\s]/y
// More words than a mark has: a sentence
const MAX_WORDS = 8

/** Finds where the mark of a line may end, from the start of the line up to the first end that is the right one. */
export function findCuts(text: string, isRight: (at: number) => boolean): Cut[] {
  const cuts: Cut[] = [{ at: 0, signature: '' }]
  if (isRight(0)) return cuts
  const head = text.slice(0, MAX_PREFIX)
  let signature = ''
  let words = 0
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < head.length && cuts.length < MAX_CUTS) {
    const token = TOKEN.exec(head)?.[0]
    if (!token) break
    const abstract = abstractOf(token)
    if (/^[A-Za-z]{2}/.test(abstract) && ++words > MAX_WORDS) break
    signature += abstract
    const at = TOKEN.lastIndex
    if (endsMark(text, at, token)) {
      cuts.push({ at, signature })
      if (isRight(at)) return cuts
    }
    TOKEN.lastIndex = at
  }
  return cuts
}

function abstractOf(token: string): string {
  const first = token[0] ?? ''
  if (first.trim() === '') return ' '
  if (first === '[' || first === '(') return /^.[A-Za-z_. ]*.$/.test(token) ? token : `${first}${token.at(-1)}`
  return /\d/.test(token) ? '9' : token
}

// A mark ends at a blank, behind an arrow or a colon, or at a delimiter of columns; never within a word
function endsMark(text: string, at: number, token: string): boolean {
  const last = token.at(-1) ?? ''
  if (last.trim() === '') return true
  return at < text.length ? /[>:<|,;"'\]=]/.test(last) && text[at] !== ' ' && text[at] !== '\t' : /[>:<]/.test(last)
}
