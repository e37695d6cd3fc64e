/** Tag-value lists as DKIM writes them (RFC 6376 section 3.2), which BIMI took over, without folding. */

import { isBlank } from '../field-list.ts'

/** @internal */
export interface Tag {
  readonly name: string
  readonly value: string
  /** Where it begins and ends, white space around it left out. */
  readonly start: number
  readonly end: number
}

// tag-name = ALPHA *(ALPHA / DIGIT / "_")
const NAME = /^[A-Za-z][A-Za-z0-9_]*$/
// tval = 1*VALCHAR with white space inside; VALCHAR = %x21-3A / %x3C-7E
const VALUE = /^[ \t!-:<-~]*$/

/** @internal */
export function isTag({ name, value }: Tag): boolean {
  return NAME.test(name) && VALUE.test(value)
}

/**
 * Cuts text at its semicolons. What is no tag keeps its place, and {@link isTag} tells it; an empty end is left out.
 *
 * @internal
 */
export function splitTags(text: string): Tag[] {
  const tags: Tag[] = []
  for (let from = 0; from <= text.length; ) {
    const semicolon = text.indexOf(';', from)
    const to = semicolon < 0 ? text.length : semicolon
    tags.push(tagAt(text, from, to))
    from = to + 1
  }
  const last = tags.at(-1)
  if (tags.length > 1 && last?.start === last?.end) tags.pop()
  return tags
}

function tagAt(text: string, from: number, to: number): Tag {
  let start = from
  while (start < to && isBlank(text.charCodeAt(start))) start++
  let end = to
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--
  const sign = text.indexOf('=', start)
  if (sign < 0 || sign >= end) return { name: '', value: '', start, end }
  let name = sign
  while (name > start && isBlank(text.charCodeAt(name - 1))) name--
  let value = sign + 1
  while (value < end && isBlank(text.charCodeAt(value))) value++
  return { name: text.slice(start, name), value: text.slice(value, end), start, end }
}
