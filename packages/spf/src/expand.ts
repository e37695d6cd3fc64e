/** What macros expand to: RFC 7208 sections 7.2 and 7.3. */

import type { MacroExpand, MacroLetter, MacroPart, MacroString } from './macro.ts'

/**
 * The value of each letter; `undefined` where it has none that a name can hold.
 *
 * @internal
 */
export type MacroValues = Readonly<Record<MacroLetter, string | undefined>>

const ESCAPES = { '%': '%', _: ' ', '-': '%20' } as const
const MAX_NAME = 253

/**
 * Expands a domain-spec, cut at the left to whole labels of 253 octets in all.
 *
 * @internal
 * @returns The name; `undefined` when a value is missing.
 */
export function expandDomain(parts: MacroString, values: MacroValues): string | undefined {
  let text = ''
  let length = 0
  // HAZARD: from the right, so that what is cut off is never put together; thousands of macros fit a record.
  for (let index = parts.length - 1; index >= 0 && length <= MAX_NAME + 1; index--) {
    const piece = expandPart(parts[index]!, values)
    if (piece === undefined) return undefined
    text = piece + text
    length = text.length
  }
  return cutName(text)
}

/**
 * Takes whole labels off the left of a name that is too long: RFC 7208 section 7.3.
 *
 * @internal
 */
export function cutName(text: string): string {
  const name = text.endsWith('.') ? text.slice(0, -1) : text
  if (name.length <= MAX_NAME) return name
  const tail = name.slice(-MAX_NAME - 1)
  return tail.slice(tail.indexOf('.') + 1)
}

/**
 * Expands an explanation, no further than to a length.
 *
 * @internal
 * @returns The text; `undefined` when a value is missing.
 */
export function expandText(parts: MacroString, values: MacroValues, maxLength: number): string | undefined {
  let text = ''
  for (const part of parts) {
    const piece = expandPart(part, values)
    if (piece === undefined) return undefined
    text += piece
    if (text.length >= maxLength) break
  }
  return text.slice(0, maxLength)
}

function expandPart(part: MacroPart, values: MacroValues): string | undefined {
  if (part.type === 'literal') return part.text
  return part.type === 'escape' ? ESCAPES[part.character] : expandMacro(part, values[part.letter])
}

function expandMacro({ parts, reverse, delimiters, urlEscape }: MacroExpand, value?: string): string | undefined {
  if (value === undefined) return undefined
  const pieces = splitAt(value, delimiters || '.')
  if (reverse) pieces.reverse()
  const text = pieces.slice(-(parts ?? pieces.length)).join('.')
  return urlEscape ? escapeUrl(text) : text
}

function splitAt(value: string, delimiters: string): string[] {
  const pieces = ['']
  for (const character of value) {
    if (delimiters.includes(character)) pieces.push('')
    else pieces[pieces.length - 1] += character
  }
  return pieces
}

// unreserved = ALPHA / DIGIT / "-" / "." / "_" / "~"       ; RFC 3986 section 2.3
function escapeUrl(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}
