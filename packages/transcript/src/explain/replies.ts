/** What a reply says of itself. */

import type { Check } from './check.ts'
import { indexesOf } from './view.ts'

/** The basic and the enhanced code are of two classes: RFC 2034 section 4. */
export const classMismatch: Check = ({ refusals }) => {
  const mixed = refusals.filter(({ reply: { code, enhanced, lines } }) => {
    const [, digit] = /^([245])\.\d{1,3}\.\d{1,3}\b/.exec(lines[0] ?? '') ?? []
    return !enhanced && digit !== undefined && Number(digit) !== Math.floor(code / 100)
  })
  return mixed.length > 0 ? { id: 'class-mismatch', evidence: indexesOf(mixed) } : undefined
}
