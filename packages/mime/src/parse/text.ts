/** The text of a part: its charset undone, its lines ended by LF, and lines that flow joined (RFC 3676). */

import { type CharsetOptions, decodeCharset } from '../text/charset-decoder.ts'
import { decodeFlowed, type FlowedParagraph } from '../text/flowed.ts'
import { findParameter } from '../type/content-type.ts'
import type { MimePart } from './part.ts'

/**
 * Reads octets of a part of type text.
 *
 * @internal
 */
export function decodeText(bytes: Uint8Array, { contentType }: MimePart, charsets: CharsetOptions): string {
  const parameter = (name: string): string => findParameter(contentType.parameters, name)?.toLowerCase() ?? ''
  const { text } = decodeCharset(bytes, parameter('charset') || 'us-ascii', charsets)
  const lines = endByLf(text)
  // RFC 3676 section 4: a parameter of text/plain alone.
  if (contentType.subtype !== 'plain' || parameter('format') !== 'flowed') return lines
  const paragraphs = decodeFlowed(lines, { delSp: parameter('delsp') === 'yes' })
  return paragraphs.map(formatParagraph).join('')
}

function endByLf(text: string): string {
  const lines = text.includes('\r\n') ? text.replaceAll('\r\n', '\n') : text
  return lines.includes('\r') ? lines.replaceAll('\r', '\n') : lines
}

function formatParagraph({ depth, text }: FlowedParagraph): string {
  return `${'>'.repeat(depth)}${depth > 0 ? ' ' : ''}${text}\n`
}
