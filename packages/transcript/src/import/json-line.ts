/** Log lines that are JSON: the text they carry. */

import { type Line, originOf, partOf, withMark } from './line.ts'
import { findLiteral, readLiteral } from './literal.ts'

const OBJECT = /^\s*\{.*\}\s*,?\s*$/
const KEYS = new Set(['msg', 'message', 'log', 'data', 'text', 'line'])
const STRING = /"(?:[^"\\]|\\.)*"/g

/** Gives the lines that an object of JSON carries in one of the members that logs use for text; nothing for other lines. */
export function readJsonLine(line: Line): Line[] | undefined {
  if (!OBJECT.test(line.text)) return undefined
  let key: string | undefined
  for (const found of line.text.matchAll(STRING)) {
    const end = found.index + found[0].length
    const isKey = /^\s{0,4}:/.test(line.text.slice(end, end + 5))
    if (isKey) key = found[0].slice(1, -1).toLowerCase()
    else if (key !== undefined && KEYS.has(key)) return carried(line, found.index, end)
    else key = undefined
  }
  return undefined
}

// go-mail's log of JSON tells who speaks in another member; its other log tells it so
const SIDES: Readonly<Record<string, string>> = { client: 'C --> S: ', server: 'C <-- S: ' }

function carried(line: Line, from: number, to: number): Line[] | undefined {
  const value = { ...partOf(line, from, to), end: originOf(line, to) }
  const literal = findLiteral(value.text, 0)
  const side = SIDES[/"from":\s?"(client|server)"/.exec(line.text)?.[1] ?? '']
  return (
    literal &&
    readLiteral(value, literal).map(({ bareLf: _, ...rest }, i) => (side && i === 0 ? withMark(rest, side) : rest))
  )
}
