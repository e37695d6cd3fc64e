/** The message that a report is about, as far as it came along: RFC 6522 section 3 and 4, RFC 6533 section 4. */

import { HeaderView } from '../parse/header-view.ts'
import type { ParsedMessage } from '../parse/message.ts'
import { parseMessage } from '../parse/parse-message.ts'
import type { MimePart } from '../parse/part.ts'

const [LF, CR] = [10, 13]
const RETURNED = /^(?:message\/(?:rfc822|global|rfc822-headers|global-headers)|text\/rfc822-headers)$/

/**
 * Finds the part among those that stand beside the report for machines, behind it before any other.
 *
 * @internal
 */
export function findReturned(beside: readonly MimePart[], machine: MimePart): MimePart | undefined {
  const isReturned = ({ contentType }: MimePart) => RETURNED.test(`${contentType.type}/${contentType.subtype}`)
  const at = beside.indexOf(machine)
  return beside.slice(at + 1).find(isReturned) ?? beside.slice(0, at).find(isReturned)
}

/**
 * Reads the header that it holds.
 *
 * @internal
 */
export function readReturnedHeader(message: ParsedMessage, part: MimePart): HeaderView {
  const [within] = part.parts
  if (within) return new HeaderView(within.fields)
  // A message within an encoded part, and a header alone, were not taken apart; some begin with an empty line.
  const { bytes } = message.contentOf(part)
  const start = bytes.findIndex((octet) => octet !== CR && octet !== LF)
  return parseMessage(bytes.subarray(Math.max(start, 0)), { maxParts: 0, maxDepth: 0 }).header
}
