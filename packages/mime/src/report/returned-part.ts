/** The message that a report is about, whole or its header, as a part: RFC 6522 section 4, RFC 6533 section 4. */

import { decodeUtf8, encodeUtf8, isAscii, isUtf8 } from '@posthorn/core'
import type { ComposedMessage } from '../compose/composed-message.ts'
import { toCrlf } from '../compose/encoding.ts'
import { messagePart } from '../compose/message-part.ts'
import { type LeafNode, makePart, type Part } from '../compose/part.ts'
import { formatParameterField } from '../header/field.ts'

/** A message that a report is about: composed, or octets or text of it, of which the header may be all. */
export type ReportedMessage = ComposedMessage | Uint8Array | string

/**
 * Makes the part.
 *
 * @internal
 */
export function returnedPart(original: ReportedMessage, returned: 'full' | 'headers'): Part {
  if (returned === 'full') return messagePart(original)
  const header = headerOf(original)
  if (typeof header !== 'string')
    return typedPart('text/rfc822-headers', { type: 'octets', octets: header, text: true })
  // RFC 6533 section 4.3:
  const type = isAscii(header) ? 'text/rfc822-headers' : 'message/global-headers'
  return typedPart(type, { type: 'text', text: toCrlf(header) })
}

type Content = LeafNode extends infer One ? (One extends LeafNode ? Omit<One, 'fields'> : never) : never

/**
 * Makes a part of which the type says everything.
 *
 * @internal
 */
export function typedPart(value: string, content: Content): Part {
  return makePart(value, { ...content, fields: [formatParameterField('Content-Type', { value })] })
}

/**
 * Gives the header of a message, with the end of its last line; octets where it is not UTF-8.
 *
 * @internal
 */
export function headerOf(original: ReportedMessage): string | Uint8Array {
  if (typeof original === 'string') return headerOf(encodeUtf8(original))
  // The first piece of a message that was composed is its header, with the empty line.
  if (!(original instanceof Uint8Array)) return (original.writer().write(0).content[0] as string).slice(0, -2)
  const header = original.subarray(0, endOfHeader(original))
  return isUtf8(header) ? decodeUtf8(header) : header
}

// Before the first empty line, whichever way lines end.
function endOfHeader(octets: Uint8Array): number {
  for (let at = 0; at >= 0 && at < octets.length; ) {
    const isEmpty = octets[at] === 10 || (octets[at] === 13 && octets[at + 1] === 10)
    if (isEmpty) return at
    const lf = octets.indexOf(10, at)
    at = lf < 0 ? octets.length : lf + 1
  }
  return octets.length
}
