/** Which parts of a list are tags: RFC 6376 section 3.2, which BIMI took over, without folding. */

import type { TagPart } from '@posthorn/core'

// tag-name = ALPHA *(ALPHA / DIGIT / "_")
const NAME = /^[A-Za-z][A-Za-z0-9_]*$/
// tval = 1*VALCHAR with white space inside; VALCHAR = %x21-3A / %x3C-7E
const VALUE = /^[ \t!-:<-~]*$/

/** @internal */
export function isTag({ name, value }: TagPart): boolean {
  return NAME.test(name) && VALUE.test(value)
}
