/** Boundaries, and the lines that they make: RFC 2046 section 5.1. */

import { boundaryOf } from '../parse/outline.ts'
import type { ByteRange, MimePart } from '../parse/part.ts'
import { addAtField, type LintContext } from './context.ts'
import type { Tally } from './finding.ts'
import { gapsOf, linesOf } from './lines.ts'
import { latin1Of } from './mime.ts'

const LF = 10
const DASH = 45
// What a parser takes for a boundary at most.
const MAX_BOUNDARY = 256

/**
 * Looks at the boundary of an entity, and at lines that begin like one.
 *
 * @internal
 * @param outer The boundaries of the multiparts around it.
 */
export function lintBoundary(context: LintContext, part: MimePart, outer: readonly string[]): void {
  const boundary = boundaryOf(part)
  if (boundary !== undefined) {
    const clash = outer.find((one) => one !== boundary && (one.startsWith(boundary) || boundary.startsWith(one)))
    if (clash !== undefined) addAtField(context, 'boundary-prefix', { part, name: 'content-type', other: clash })
  }
  if (part.parts.length === 0) lintLookalikes(context, part, outer)
  else if (boundary !== undefined) lintDelimiters(context, part, boundary)
}

// RFC 2046 section 5.1: a delimiter must not stand within a part, nor begin a line of it.
function lintLookalikes(context: LintContext, { path, body }: MimePart, outer: readonly string[]): void {
  if (outer.length === 0) return
  const octets = context.lines.subarray(0, body.end)
  const tally: Tally = new Map()
  for (let at = octets.indexOf(DASH, body.start); at >= 0; at = octets.indexOf(DASH, at + 1)) {
    if (octets[at + 1] !== DASH || (at > body.start && octets[at - 1] !== LF)) continue
    const text = latin1Of(context, { start: at + 2, end: Math.min(at + 2 + MAX_BOUNDARY, body.end) })
    const found = outer.find((boundary) => text.startsWith(boundary))
    if (found === undefined) continue
    context.findings.count('delimiter-prefix', tally, { path, start: at, end: at + 2 + found.length, other: found })
  }
}

function lintDelimiters(context: LintContext, part: MimePart, boundary: string): void {
  const tally: Tally = new Map()
  for (const gap of gapsOf(part)) {
    for (const line of linesOf(context.lines, gap)) {
      if (context.lines[line.start] === DASH) lintDelimiter(context, { part, line, delimiter: `--${boundary}`, tally })
    }
  }
}

interface DelimiterLine {
  readonly part: MimePart
  readonly line: ByteRange
  readonly delimiter: string
  readonly tally: Tally
}

function lintDelimiter(context: LintContext, { part, line, delimiter, tally }: DelimiterLine): void {
  const { path, epilogue } = part
  const text = latin1Of(context, line)
  if (!text.startsWith(delimiter)) return
  const place = { path, start: line.start, end: line.end }
  // Readers that go on behind the last delimiter show what follows.
  if (epilogue && line.start >= epilogue.start) context.findings.count('parts-behind-close', tally, place)
  if (/^(?:--)?[ \t]+$/.test(text.slice(delimiter.length))) context.findings.count('delimiter-padding', tally, place)
}
