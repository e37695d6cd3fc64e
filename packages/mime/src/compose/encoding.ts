/** The transfer encoding of a part: the one of least size that the way to the reader carries, RFC 2045 section 6. */

import { base64LinesLength, encodeQuotedPrintable, encodeUtf8, quotedPrintableLength } from '@posthorn/core'
import type { Source } from './content.ts'
import type { EncodedPiece, Piece } from './piece.ts'

/**
 * What the way carries, or a part needs: lines of US-ASCII, lines of any octets (8BITMIME), or any octets (BINARYMIME).
 *
 * @internal
 */
export type Level = 0 | 1 | 2

/**
 * The names of the levels as transfer encodings.
 *
 * @internal
 */
export const LABELS = ['7bit', '8bit', 'binary'] as const

/**
 * Content in its encoding.
 *
 * @internal
 */
export interface Encoded {
  readonly label: string
  readonly content: Piece
  readonly level: Level
}

/**
 * What the encoding is chosen for.
 *
 * @internal
 */
export interface Way {
  /** What it carries. */
  readonly level: Level
  /** Whether lines must come through relays without a change, because they are signed: RFC 3156 section 3. */
  readonly strict: boolean
  /** What boundaries begin with; empty where there are none, since the part stands alone. */
  readonly stem: string
}

const MAX_LINE = 998
const SEVEN_BIT = /^[\u0001-\u007f]*$/
// What relays and mailboxes are known to change.
const FRAGILE = /[ \t](?:\r\n|$)|(?:^|\n)From /
// What is encoded while the message is composed; anything larger when it is read.
const SMALL = 65_536

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

/**
 * Tells what octets need when they go as they are.
 *
 * @internal
 */
export function levelOf(octets: Uint8Array): Level {
  let level: Level = 0
  let start = 0
  for (let index = 0; index < octets.length; index++) {
    const octet = octets[index]!
    if (octet > 127) level = 1
    else if (octet === 0 || octet === 10) return 2
    else if (octet === 13) {
      if (octets[index + 1] !== 10 || index - start > MAX_LINE) return 2
      index++
      start = index + 1
    }
  }
  return octets.length - start > MAX_LINE ? 2 : level
}

/**
 * Encodes text with CRLF lines.
 *
 * @internal
 */
export function encodeText(text: string, { level, strict }: Way): Encoded {
  if (isSevenBit(text) && !(strict && FRAGILE.test(text))) return { label: LABELS[0], content: text, level: 0 }
  const octets = encodeUtf8(text)
  if (level > 0 && !strict) {
    const own = levelOf(octets)
    if (own <= level) return { label: LABELS[own], content: octets, level: own }
  }
  return shorter(octets, false)
}

/**
 * Encodes octets so that they come back exactly.
 *
 * @internal
 */
export function encodeOctets(octets: Uint8Array, text: boolean, way: Way): Encoded {
  if (way.level === 2 && !way.strict && !hasText(octets, way.stem))
    return { label: LABELS[2], content: octets, level: 2 }
  if (!text) return base64(octets)
  // Where the last line has no end, one might be added to it.
  const own = !way.strict && endsInCrlf(octets) ? levelOf(octets) : 2
  if (own <= way.level && !hasText(octets, way.stem)) return { label: LABELS[own], content: octets, level: own }
  // A part that stands alone ends with the message, whose last line break quoted-printable would keep.
  return way.stem === '' ? base64(octets) : shorter(octets, true)
}

/** @internal */
export function encodeSource(source: Source): Encoded {
  return { label: 'base64', content: { source }, level: 0 }
}

function endsInCrlf(octets: Uint8Array): boolean {
  return octets.length === 0 || (octets.at(-2) === 13 && octets.at(-1) === 10)
}

function shorter(octets: Uint8Array, binary: boolean): Encoded {
  const limit = base64LinesLength(octets.length)
  if (octets.length <= SMALL) {
    const content = encodeQuotedPrintable(octets, { binary })
    return content.length <= limit ? { label: 'quoted-printable', content, level: 0 } : base64(octets)
  }
  const size = quotedPrintableLength(octets, { binary })
  if (size > limit) return base64(octets)
  const content: EncodedPiece = { encoding: 'quoted-printable', octets, size, binary }
  return { label: 'quoted-printable', content, level: 0 }
}

function base64(octets: Uint8Array): Encoded {
  const content: EncodedPiece = { encoding: 'base64', octets, size: base64LinesLength(octets.length), binary: true }
  return { label: 'base64', content, level: 0 }
}

/**
 * Tells whether US-ASCII text stands in octets.
 *
 * @internal
 */
export function hasText(octets: Uint8Array, text: string): boolean {
  const wanted = encodeUtf8(text)
  for (let at = octets.indexOf(wanted[0]!); at >= 0; at = octets.indexOf(wanted[0]!, at + 1)) {
    let length = 1
    while (length < wanted.length && octets[at + length] === wanted[length]) length++
    if (length === wanted.length) return true
  }
  return false
}
