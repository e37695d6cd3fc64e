/** Lines and single octets of headers and bodies: RFC 5322 section 2.1.1, 2.2 and 2.3, RFC 2045 section 2.7 and 6, RFC 6532. */

import { decodeLatin1, isUtf8 } from '@posthorn/core'
import type { ParsedField } from '../parse/fields.ts'
import type { ByteRange, MimePart } from '../parse/part.ts'
import type { LintContext } from './context.ts'
import { fieldOf } from './context.ts'
import type { Tally } from './finding.ts'
import type { LintRule } from './rule.ts'

const TAB = 9
const LF = 10
const CR = 13
const SPACE = 32
const DELETE = 127
const MAX_LINE = 998
const MAX_COLUMNS = 78
const MAX_WORD_LINE = 76
// encoded-word = "=?" charset "?" encoding "?" encoded-text "?="
const WORD = /=\?[^?\s]+\?[bq]\?[^?\s]*\?=/i

/**
 * Looks at each line of a header.
 *
 * @internal
 */
export function lintHeaderLines(context: LintContext, part: MimePart): void {
  const scan = new LineScan(context, part, 'header')
  for (const line of linesOf(context.lines, { start: part.header.start, end: part.body.start })) {
    scan.look(line)
    lookAtHeaderLine(context, { part, line, scan })
  }
}

interface HeaderLine {
  readonly part: MimePart
  readonly line: Line
  readonly scan: LineScan
}

function lookAtHeaderLine({ lines, findings, smtpUtf8 }: LintContext, { part, line, scan }: HeaderLine): void {
  const { start, end } = line
  const isBlankLine = end > start && isBlank(lines[start]!) && lines.subarray(start, end).every(isBlank)
  if (isBlankLine) scan.tell('blank-folded-line', line)
  const bytes = lines.subarray(start, end)
  if (scan.hasEightBit) {
    const rule = isUtf8(bytes) ? 'header-utf8' : 'header-eight-bit'
    const field = fieldAt(part, start)
    const place = { path: part.path, field: field?.name, start: scan.eightBit, end: scan.eightBitEnd }
    const isTold = rule === 'header-eight-bit' || !smtpUtf8
    if (isTold) findings.count(rule, scan.tallyOf(field), place)
  }
  const columns = end - start > MAX_WORD_LINE ? countCharacters(bytes) : 0
  if (columns <= MAX_WORD_LINE) return
  const text = decodeLatin1(bytes)
  if (WORD.test(text)) scan.tell('word-line-over-76', line)
  else if (columns > MAX_COLUMNS && isFoldable(text)) scan.tell('header-line-over-78', line)
}

// RFC 6532 section 3.4: columns are characters, and not octets.
function countCharacters(bytes: Uint8Array): number {
  let count = 0
  for (const octet of bytes) if ((octet & 0xc0) !== 0x80) count++
  return count
}

// Whether there is a blank within, and each piece between blanks fits, so that folding would help.
function isFoldable(text: string): boolean {
  const pieces = text.trim().split(/[ \t]+/)
  return pieces.length > 1 && pieces.every((piece) => piece.length < MAX_COLUMNS)
}

/**
 * Looks at each line of a body that is not of a part within: all of a leaf, and delimiters with what stands about them.
 *
 * @internal
 */
export function lintBodyLines(context: LintContext, part: MimePart): void {
  const { encoding, findings } = context
  const field = fieldOf(part, 'content-transfer-encoding')?.name
  if (part.encoding === 'binary' && part.parts.length === 0) {
    if (encoding !== 'binary') findings.add('needs-binarymime', { path: part.path, field, ...part.body })
    return
  }
  const scan = new LineScan(context, part, 'body')
  for (const range of gapsOf(part)) for (const line of linesOf(context.lines, range)) scan.look(line)
  const { eightBitCount: count, firstEightBit: start } = scan
  const place = { path: part.path, start, end: start + 1 }
  if (count === 0) return
  if (part.encoding === '7bit') {
    findings.addAll(field === undefined ? 'eight-bit-undeclared' : 'eight-bit-in-7bit', count, place)
  } else if (part.encoding === '8bit' && encoding === '7bit') findings.addAll('needs-8bitmime', count, place)
}

/**
 * What of a body is of no part within.
 *
 * @internal
 */
export function gapsOf({ body, parts }: MimePart): ByteRange[] {
  const gaps: ByteRange[] = []
  let start = body.start
  for (const { header, body: within } of parts) {
    gaps.push({ start, end: header.start })
    start = within.end
  }
  return [...gaps, { start, end: body.end }]
}

interface Line extends ByteRange {
  /** How many octets end it: 2, 1, or 0 at the end of all. */
  readonly ending: number
}

/**
 * The lines of a range, without what ends them.
 *
 * @internal
 */
export function* linesOf(bytes: Uint8Array, { start, end }: ByteRange): Generator<Line> {
  const within = bytes.subarray(0, end)
  for (let at = start; at < end; ) {
    const lf = within.indexOf(LF, at)
    if (lf < 0) {
      yield { start: at, end, ending: 0 }
      return
    }
    const ending = lf > at && bytes[lf - 1] === CR ? 2 : 1
    yield { start: at, end: lf + 1 - ending, ending }
    at = lf + 1
  }
}

// One pass over one header or body, which keeps what was seen in the line before.
class LineScan {
  readonly #context: LintContext
  readonly #part: MimePart
  readonly #where: 'header' | 'body'
  readonly #tally: Tally = new Map()
  #field: ParsedField | undefined
  #ofField: Tally = new Map()
  /** The range of octets above 127 in the last line. */
  eightBit = 0
  eightBitEnd = 0
  hasEightBit = false
  eightBitCount = 0
  firstEightBit = 0

  constructor(context: LintContext, part: MimePart, where: 'header' | 'body') {
    this.#context = context
    this.#part = part
    this.#where = where
  }

  look(line: Line): void {
    const { start, end, ending } = line
    if (end - start > MAX_LINE) this.tell('line-too-long', line)
    const { lines, hasOtherLineEnds } = this.#context
    if (ending === 1 && !hasOtherLineEnds) this.tell('bare-lf', { start: end, end: end + 1 })
    this.hasEightBit = false
    for (let at = start; at < end; at++) {
      const octet = lines[at]!
      if (octet < SPACE || octet >= DELETE) this.#other(octet, at)
    }
  }

  tell(rule: LintRule, { start, end }: ByteRange): void {
    const isNamed = this.#where === 'header' && !this.#tally.has(rule)
    const field = isNamed ? fieldAt(this.#part, start)?.name : undefined
    this.#context.findings.count(rule, this.#tally, { path: this.#part.path, field, start, end })
  }

  /** What is counted in one field; lines come in order. */
  tallyOf(field: ParsedField | undefined): Tally {
    if (field !== this.#field) this.#ofField = new Map()
    this.#field = field
    return this.#ofField
  }

  #other(octet: number, at: number): void {
    if (octet > DELETE) {
      if (!this.hasEightBit) this.eightBit = at
      if (this.eightBitCount++ === 0) this.firstEightBit = at
      this.hasEightBit = true
      this.eightBitEnd = at + 1
    } else if (octet === 0) this.tell('nul', { start: at, end: at + 1 })
    else if (octet === CR) this.tell('bare-cr', { start: at, end: at + 1 })
    else if (octet !== TAB && this.#where === 'header') this.tell('header-control', { start: at, end: at + 1 })
  }
}

/**
 * The field that an octet is of.
 *
 * @internal
 */
export function fieldAt({ fields }: MimePart, offset: number): ParsedField | undefined {
  let [low, high] = [0, fields.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (fields[middle]!.end <= offset) low = middle + 1
    else high = middle
  }
  const found = fields[low]
  return found && found.start <= offset ? found : undefined
}

function isBlank(octet: number): boolean {
  return octet === SPACE || octet === TAB
}
