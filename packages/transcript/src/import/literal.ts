/** String literals as programs print them, read back: `b'…\r\n'`, `"…"`, with the escapes of Python, Ruby, Go and JSON. */

import { type Line, LineBuilder, originOf } from './line.ts'

const LITERAL = /(?:\[(?:raw )?\d{1,9} octets\] )?[bu]?(?=['"])/y
const TAIL = /^[)\],;}\s]*$/
const SIMPLE: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  '0': '\0',
  e: '\x1b',
  f: '\f',
  v: '\v',
  b: '\b',
  a: '\x07',
}
const HEX = /^[0-9a-f]+$/i

/** Where a literal begins and ends in a line: its quotes. */
export interface LiteralSpan {
  readonly open: number
  readonly close: number
}

/** Finds a literal that fills the rest of a line. */
export function findLiteral(text: string, at: number): LiteralSpan | undefined {
  LITERAL.lastIndex = at
  if (!LITERAL.test(text)) return undefined
  const open = LITERAL.lastIndex
  const quote = text[open]
  let close = text.length - 1
  while (close > open && TAIL.test(text[close] ?? '')) close--
  if (close <= open || text[close] !== quote) return undefined
  for (let i = open + 1; i < close; i++) {
    if (text[i] === '\\') i++
    else if (text[i] === quote) return undefined
  }
  return { open, close }
}

interface Escape {
  readonly text: string
  readonly length: number
}

function readEscape(text: string, at: number): Escape {
  const kind = text[at + 1] ?? ''
  const size = kind === 'x' ? 2 : kind === 'u' ? 4 : 0
  const digits = text.slice(at + 2, at + 2 + size)
  if (size > 0 && digits.length === size && HEX.test(digits)) {
    return { text: String.fromCharCode(Number.parseInt(digits, 16)), length: 2 + size }
  }
  return { text: SIMPLE[kind] ?? kind, length: 2 }
}

/** Reads a literal as the lines that it holds; what follows the last line ending is a line unless it is empty. */
export function readLiteral(line: Line, { open, close }: LiteralSpan): Line[] {
  const builder = new LineBuilder()
  const lines: Line[] = []
  let previous = ''
  let cr = 0
  let bare = false
  for (let i = open + 1; i < close; ) {
    const origin = originOf(line, i)
    const piece = line.text[i] === '\\' ? readEscape(line.text, i) : { text: line.text[i] ?? '', length: 1 }
    if (piece.text === '\r') cr = origin
    else if (piece.text !== '\n') builder.add(piece.text, origin)
    else {
      const isBare = previous !== '\r'
      lines.push(builder.take(line.number, isBare ? origin : cr, isBare || bare))
      bare = isBare
    }
    previous = piece.text
    i += piece.length
  }
  if (builder.length > 0 || lines.length === 0) lines.push(builder.take(line.number, originOf(line, close), bare))
  return lines
}
