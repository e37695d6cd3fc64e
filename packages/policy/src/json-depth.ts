/** How deep JSON goes, found before it is parsed: RFC 8259 section 9 lets a parser set such a limit. */

const QUOTE = 34
const BACKSLASH = 92

/**
 * Tells whether no array or object is deeper than a limit.
 *
 * HAZARD: some runtimes parse by recursion and end for want of stack.
 *
 * @internal
 * @param limit How many may be open at a time.
 */
export function isDepthWithin(text: string, limit: number): boolean {
  let depth = 0
  let quoted = false
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) quoted = !quoted
    else if (quoted) at += code === BACKSLASH ? 1 : 0
    else depth += stepOf(code)
    if (depth > limit) return false
  }
  return true
}

// "[" and "{" open, "]" and "}" close.
function stepOf(code: number): number {
  if (code === 91 || code === 123) return 1
  return code === 93 || code === 125 ? -1 : 0
}
