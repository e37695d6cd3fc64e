/** Quoted-printable (RFC 2045 section 6.7): lines of at most 76 octets, upper-case escapes, no blank before a line end. */

import { decodeLatin1 } from './bytes.ts'
import { clip, MailError } from './error.ts'

const CR = 13
const LF = 10
const SPACE = 32
const TAB = 9
const EQUALS = 61
const MAX_COLUMNS = 76
const HEX = '0123456789ABCDEF'

/** How {@link encodeQuotedPrintable} reads its input. */
export interface QuotedPrintableOptions {
  /** Escapes CR and LF too, so that the octets come back exactly; default `false`: the input is text with CRLF lines. */
  readonly binary?: boolean
}

/**
 * Encodes octets; a CRLF of the input stays a line break, a bare CR or LF is escaped.
 *
 * @param bytes Text with CRLF line endings, or any octets with `binary`.
 * @param options How to read the input.
 * @returns US-ASCII octets.
 * @see {@link https://www.rfc-editor.org/rfc/rfc2045#section-6.7 | RFC 2045 section 6.7}
 * @example
 * decodeUtf8(encodeQuotedPrintable(encodeUtf8('Grüße \r\n'))) // 'Gr=C3=BC=C3=9Fe=20\r\n'
 */
export function encodeQuotedPrintable(
  bytes: Uint8Array,
  options: QuotedPrintableOptions = {},
): Uint8Array<ArrayBuffer> {
  const binary = options.binary === true
  // An octet takes three at most, and a soft break of three comes after each 73 or more.
  const out = new Uint8Array(bytes.length * 3 + Math.ceil((bytes.length * 3) / 73) * 3)
  let offset = 0
  let column = 0
  for (let index = 0; index < bytes.length; index++) {
    const octet = bytes[index]!
    if (!binary && octet === CR && bytes[index + 1] === LF) {
      out[offset++] = CR
      out[offset++] = LF
      column = 0
      index++
      continue
    }
    const atEnd = isLineEnd(bytes, index + 1, binary)
    const limit = atEnd ? MAX_COLUMNS : MAX_COLUMNS - 1
    if (column + (isLiteral(octet, atEnd, column) ? 1 : 3) > limit) {
      out[offset++] = EQUALS
      out[offset++] = CR
      out[offset++] = LF
      column = 0
    }
    const literal = isLiteral(octet, atEnd, column)
    if (literal) out[offset++] = octet
    else {
      out[offset++] = EQUALS
      out[offset++] = HEX.charCodeAt(octet >> 4)
      out[offset++] = HEX.charCodeAt(octet & 15)
    }
    column += literal ? 1 : 3
  }
  return out.slice(0, offset)
}

function isLineEnd(bytes: Uint8Array, index: number, binary: boolean): boolean {
  return index >= bytes.length || (!binary && bytes[index] === CR && bytes[index + 1] === LF)
}

// RFC 2045 section 6.7: rules 2 and 3. A first dot is escaped too, for transports that mishandle dot-stuffing.
function isLiteral(octet: number, atEnd: boolean, column: number): boolean {
  if (octet === SPACE || octet === TAB) return !atEnd
  if (octet === 46) return column > 0
  return octet >= 33 && octet <= 126 && octet !== EQUALS
}

/**
 * Decodes quoted-printable; blanks before a line end are dropped, as the rule says that a transport added them.
 *
 * Lower-case digits, lines of any length and octets that should have been escaped are taken as they are.
 *
 * @param bytes The encoded octets.
 * @returns New octets.
 * @throws {MailError} `QP_BAD_ESCAPE` for an `=` that neither two hexadecimal digits nor a line end follow, with its
 * offset.
 * @see {@link https://www.rfc-editor.org/rfc/rfc2045#section-6.7 | RFC 2045 section 6.7}
 * @example
 * decodeUtf8(decodeQuotedPrintable(encodeUtf8('Gr=C3=BC=C3=9Fe=\r\n!'))) // 'Grüße!'
 */
export function decodeQuotedPrintable(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(bytes.length)
  let length = 0
  let index = 0
  while (index < bytes.length) {
    const octet = bytes[index]!
    if (octet === EQUALS) {
      const value = escapedOctet(bytes, index)
      if (value >= 0) out[length++] = value
      index = value >= 0 ? index + 3 : softBreakEnd(bytes, index)
    } else if (octet === SPACE || octet === TAB) {
      const end = blanksEnd(bytes, index)
      const kept = !isLineEnd(bytes, end, false)
      for (; index < end; index++) if (kept) out[length++] = bytes[index]!
    } else {
      out[length++] = octet
      index++
    }
  }
  return out.slice(0, length)
}

function blanksEnd(bytes: Uint8Array, start: number): number {
  let end = start
  while (bytes[end] === SPACE || bytes[end] === TAB) end++
  return end
}

// The octet that an escape stands for, or a negative number when two digits do not follow.
function escapedOctet(bytes: Uint8Array, index: number): number {
  return (hexDigit(bytes[index + 1]) << 4) | hexDigit(bytes[index + 2])
}

function hexDigit(octet: number | undefined): number {
  if (octet === undefined) return -1
  if (octet >= 48 && octet <= 57) return octet - 48
  const letter = octet & 0xdf
  return letter >= 65 && letter <= 70 ? letter - 55 : -1
}

// qp-segment transport-padding CRLF               ; a receiver takes blanks that a transport added
function softBreakEnd(bytes: Uint8Array, index: number): number {
  const end = blanksEnd(bytes, index + 1)
  if (isLineEnd(bytes, end, false)) return end + 2
  const digits = decodeLatin1(bytes.subarray(index + 1, index + 3))
  throw new MailError('QP_BAD_ESCAPE', `Cannot decode quoted-printable escape "=${clip(digits)}"`, {
    spec: 'rfc2045#section-6.7',
    offset: index,
  })
}
