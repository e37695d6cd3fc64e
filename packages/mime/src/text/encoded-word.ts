/**
 * Encoded words as they are written, by which a header of US-ASCII holds any text: RFC 2047. Where they may stand (in
 * text, phrases and comments; never in addresses and parameters) is for each field to keep.
 */

import { encodeBase64, encodeUtf8, findControl, MailError } from '@posthorn/core'
import type { MimeErrorCode } from '../error.ts'
import { wellFormed } from './well-formed.ts'

/** Where the words of {@link encodeWords} will stand. */
export interface EncodeWordsOptions {
  /** Whether they stand in a phrase, as a display name does, where fewer characters go unescaped; default `false`. */
  readonly phrase?: boolean
  /** The column of the first word, which is made to fit on that line; default 1. */
  readonly column?: number
}

const MAX_WORD = 75
const MAX_LINE = 76
// The columns of "=?utf-8?B??=".
const OVERHEAD = 12
// Room for one character of any kind: four octets, escaped.
const MIN_WORD = 24

// RFC 2047 section 4.2 and 5(3): what stands for itself in Q.
const TEXT_LITERAL = /[!-<>@-^`-~]/
const PHRASE_LITERAL = /[A-Za-z0-9!*+/-]/

const PLAIN = /^(?:[!-~](?:[ -~]*[!-~])?)?$/

/**
 * Tells whether text may stand in a header as it is: printable US-ASCII, no blank at either end, nothing like a word.
 *
 * @internal
 */
export function isPlain(text: string): boolean {
  return PLAIN.test(text) && !text.includes('=?')
}

/**
 * Encodes text as encoded words where it needs them: when it is not printable US-ASCII, when a blank is its first or
 * last character, or when a reader would take it for an encoded word. Text in need is encoded whole, as UTF-8, in
 * whichever of B and Q is shorter.
 *
 * @param text Any text; a lone surrogate becomes U+FFFD.
 * @param options Where the words will stand.
 * @returns The text itself, or words of at most 75 characters, parted by blanks; no character is split.
 * @throws {MailError} `MIME_BAD_HEADER` for a control character, with its offset.
 * @see {@link https://www.rfc-editor.org/rfc/rfc2047#section-2 | RFC 2047 section 2}
 * @example
 * encodeWords('Hello') // 'Hello'
 * encodeWords('Anaïs Nin') // '=?utf-8?Q?Ana=C3=AFs_Nin?='
 * encodeWords('Привет') // '=?utf-8?B?0J/RgNC40LLQtdGC?='
 */
export function encodeWords(text: string, options: EncodeWordsOptions = {}): string {
  return isPlain(text) ? text : wordsOf(text, options)
}

/**
 * Encodes text as words, whether it needs them or not, of at most `length` characters.
 *
 * @internal
 */
export function wordsOf(text: string, options: EncodeWordsOptions, length: number = MAX_WORD): string {
  const whole = wellFormed(text)
  const offset = findControl(whole)
  if (offset >= 0) throw fault(offset)
  const { phrase = false, column = 1 } = options
  const bytes = encodeUtf8(whole)
  const escapes = escapesFor(phrase)
  const q = bytes.reduce((sum, octet) => sum + escapes[octet]!.length, 0) <= 4 * Math.ceil(bytes.length / 3)
  const room = (size: number) => (q ? size - OVERHEAD : Math.floor((size - OVERHEAD) / 4) * 3)
  const first = MAX_LINE - column
  const parts = cutAtCharacters(bytes, {
    first: room(first >= MIN_WORD ? Math.min(first, length) : length),
    rest: room(length),
    cost: (octet) => (q ? escapes[octet]!.length : 1),
  })
  return parts.map((part) => (q ? wordQ(part, escapes) : `=?utf-8?B?${encodeBase64(part)}?=`)).join(' ')
}

function wordQ(part: Uint8Array, escapes: readonly string[]): string {
  let text = ''
  for (const octet of part) text += escapes[octet]
  return `=?utf-8?Q?${text}?=`
}

interface Room {
  readonly first: number
  readonly rest: number
  readonly cost: (octet: number) => number
}

// RFC 2047 section 5: each word holds whole characters.
function cutAtCharacters(bytes: Uint8Array, { first, rest, cost }: Room): Uint8Array[] {
  const parts: Uint8Array[] = []
  let start = 0
  let room = first
  for (let at = 0; at < bytes.length; ) {
    let next = at + 1
    let size = cost(bytes[at]!)
    for (; (bytes[next]! & 0xc0) === 0x80; next++) size += cost(bytes[next]!)
    if (size > room) {
      parts.push(bytes.subarray(start, at))
      start = at
      room = rest
    }
    room -= size
    at = next
  }
  parts.push(bytes.subarray(start))
  return parts
}

const tables: (readonly string[] | undefined)[] = []

// What each octet is in Q.
function escapesFor(phrase: boolean): readonly string[] {
  const made = tables[Number(phrase)]
  if (made) return made
  const literal = phrase ? PHRASE_LITERAL : TEXT_LITERAL
  const table = Array.from({ length: 256 }, (_, octet) => {
    const character = String.fromCharCode(octet)
    return literal.test(character) ? character : `=${octet.toString(16).toUpperCase().padStart(2, '0')}`
  })
  table[32] = '_'
  tables[Number(phrase)] = table
  return table
}

function fault(offset: number): MailError<MimeErrorCode> {
  return new MailError('MIME_BAD_HEADER', 'Cannot encode text: it has a control character', {
    spec: 'rfc2047#section-5',
    offset,
  })
}
