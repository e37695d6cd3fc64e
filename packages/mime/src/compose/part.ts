/**
 * Body parts: the fields of their header, and their content in an encoding that every server carries, by RFC 2045
 * section 6. Out of scope: 8BITMIME, BINARYMIME and contents that come as streams.
 */

import { base64LinesLength, encodeBase64Lines, encodeQuotedPrintable, encodeUtf8 } from '@posthorn/core'
import { formatParameterField, type ParameterizedValue } from '../header/field.ts'

/**
 * A stretch of a message: octets of Base64 or quoted-printable, or US-ASCII text that stands as its writer gave it.
 *
 * @internal
 */
export type Piece = string | Uint8Array

/**
 * One part.
 *
 * @internal
 */
export interface Part {
  /** The fields, each folded, without the CRLF that ends it. */
  readonly fields: readonly string[]
  readonly content: readonly Piece[]
}

const MAX_LINE = 998
const SEVEN_BIT = /^[\u0001-\u007f]*$/

/**
 * Makes a part of text, as it is if every server carries that, else in the shorter of quoted-printable and Base64.
 *
 * @internal
 */
export function textPart(text: string, media: ParameterizedValue, further: readonly string[] = []): Part {
  const lines = toCrlf(text)
  if (isSevenBit(lines)) return makePart('7bit', lines, [media, further])
  const bytes = encodeUtf8(lines)
  const quoted = encodeQuotedPrintable(bytes)
  const shorter = quoted.length <= base64LinesLength(bytes.length)
  return shorter ? makePart('quoted-printable', quoted, [media, further]) : binaryPart(bytes, media, further)
}

/**
 * Makes a part of octets.
 *
 * @internal
 */
export function binaryPart(bytes: Uint8Array, media: ParameterizedValue, further: readonly string[] = []): Part {
  return makePart('base64', encodeBase64Lines(bytes), [media, further])
}

function makePart(encoding: string, content: Piece, [media, further]: [ParameterizedValue, readonly string[]]): Part {
  const type = formatParameterField('Content-Type', media)
  return { fields: [type, `Content-Transfer-Encoding: ${encoding}`, ...further], content: [content] }
}

/**
 * Ends every line with CRLF, where it ends with a bare CR or LF.
 *
 * @internal
 */
export function toCrlf(text: string): string {
  return text.includes('\r') ? text.replace(/\r\n?|\n/g, '\r\n') : text.replaceAll('\n', '\r\n')
}

/**
 * Tells whether text with CRLF lines is `7bit`: US-ASCII, no NUL, at most 998 octets a line.
 *
 * @internal
 */
export function isSevenBit(text: string): boolean {
  if (!SEVEN_BIT.test(text)) return false
  for (let start = 0; text.length - start > MAX_LINE; ) {
    const end = text.indexOf('\r\n', start)
    if (end < 0 || end - start > MAX_LINE) return false
    start = end + 2
  }
  return true
}
