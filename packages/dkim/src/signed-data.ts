/** What a signature covers of the header: RFC 6376 section 3.7 and 5.4.2. */

import { concatBytes } from '@posthorn/core'
import type { RawField } from '@posthorn/mime'
import { type Canonicalization, writeField } from './canonical-field.ts'

const TAB = 9
const LF = 10
const CR = 13
const SPACE = 32
const COLON = 58
const SEMICOLON = 59
const EQUALS = 61
const LETTER_B = 98

/**
 * Joins the canonical forms of the signed fields and of the signature's own field.
 *
 * @internal
 * @param fields The fields of the message, without that of the signature.
 * @param names What `h=` names.
 * @param own The field of the signature.
 */
export function signedHeader(
  fields: readonly RawField[],
  names: readonly string[],
  own: Uint8Array,
  canonicalization: Canonicalization,
): Uint8Array {
  const chosen = [...selectFields(fields, names).map(({ bytes }) => bytes), withoutValue(own)]
  const out = new Uint8Array(chosen.reduce((sum, { length }) => sum + length + 2, 0))
  let at = 0
  for (const field of chosen) {
    at = writeField(out, at, { field, canonicalization })
    out[at++] = CR
    out[at++] = LF
  }
  return out.subarray(0, at - 2)
}

// RFC 6376 section 5.4.2: fields of one name are taken from the last to the first; one that is not there is nothing.
function selectFields(fields: readonly RawField[], names: readonly string[]): RawField[] {
  const waiting = new Map<string, RawField[]>()
  for (const field of fields) {
    const name = field.name.toLowerCase()
    const same = waiting.get(name)
    if (same) same.push(field)
    else waiting.set(name, [field])
  }
  const chosen: RawField[] = []
  for (const name of names) {
    const field = waiting.get(name.toLowerCase())?.pop()
    if (field) chosen.push(field)
  }
  return chosen
}

/**
 * Empties `b=`, as a signature covers its own field: RFC 6376 section 3.7.
 *
 * @internal
 */
export function withoutValue(field: Uint8Array): Uint8Array {
  const kept: Uint8Array[] = []
  let start = 0
  for (let at = field.indexOf(COLON) + 1; at < field.length; ) {
    const semicolon = field.indexOf(SEMICOLON, at)
    const end = semicolon < 0 ? field.length : semicolon
    const value = startOfValue(field, at)
    if (value !== undefined && value < end) {
      kept.push(field.subarray(start, value))
      start = end
    }
    at = end + 1
  }
  return kept.length === 0 ? field : concatBytes([...kept, field.subarray(start)])
}

// Where the value of "b" begins; nothing for another tag.
function startOfValue(field: Uint8Array, tag: number): number | undefined {
  const name = skipSpace(field, tag)
  if (field[name] !== LETTER_B) return undefined
  const equals = skipSpace(field, name + 1)
  return field[equals] === EQUALS ? equals + 1 : undefined
}

function skipSpace(field: Uint8Array, start: number): number {
  let at = start
  while (field[at] === SPACE || field[at] === TAB || field[at] === CR || field[at] === LF) at++
  return at
}
