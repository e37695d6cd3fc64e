/** Values without the comments that RFC 3464 section 2.1.1 and RFC 8098 section 3.1.1 allow in them. */

import { blankControls } from './character.ts'
import { DefectList } from './defect.ts'
import { Scanner } from './scanner.ts'

/**
 * Leaves out the comments of a value, and the blanks at its ends; controls become blanks. A parenthesis in quotes, and one
 * that is not closed, is no comment.
 *
 * @internal
 */
export function withoutComments(value: string): string {
  if (!value.includes('(')) return blankControls(value).trim()
  const scanner = new Scanner(value, new DefectList(), { unclosed: 'stray' })
  let text = ''
  let from = 0
  for (let token = scanner.nextOfAll(); token; token = scanner.nextOfAll()) {
    if (token.type !== 'comment') continue
    text += value.slice(from, token.start).trimEnd()
    from = token.end
  }
  return blankControls(text + value.slice(from)).trim()
}
