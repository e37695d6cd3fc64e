/**
 * Encoded words, by which a header of US-ASCII holds any text: RFC 2047, with the language suffix of RFC 2231 section 5.
 * Where they may stand (in text, phrases and comments; never in addresses and parameters) is for each field to keep.
 */

import {
  concatBytes,
  decodeBase64,
  decodeLatin1,
  encodeBase64,
  encodeLatin1,
  encodeUtf8,
  findControl,
  MailError,
} from '@posthorn/core'
import type { MimeErrorCode } from '../error.ts'
import { charsetDecoder, type Decoder } from './charset.ts'
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

// encoded-word = "=?" charset [ "*" language ] "?" encoding "?" encoded-text "?="
const WORD = /=\?([^?\s]+)\?([BbQq])\?([^?\r\n]*)\?=/g
const BLANKS = /^[ \t\r\n]*$/
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g

// Neighbouring words of one charset, whose octets are joined before they are decoded.
interface Run {
  readonly charset: string
  readonly decode: Decoder
  readonly chunks: Uint8Array[]
}

/**
 * Decodes the encoded words in text; blanks between two of them are dropped. It never fails: a word of a charset that
 * the runtime does not know stays as it is, and so does what is no word. Tolerated are words not parted from what
 * stands beside them, blanks inside words, characters cut by the end of a word, and padding that lacks. A control
 * character that hides in a word becomes a blank.
 *
 * @param text A field's text or a phrase, folded or not; structure such as quotes and addresses is to be parsed first.
 * @returns The text that is meant.
 * @see {@link https://www.rfc-editor.org/rfc/rfc2047#section-6 | RFC 2047 section 6}
 * @example
 * decodeWords('=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?= c') // 'ab c'
 * decodeWords('=?utf-8?B?8J+Tqw==?=') // '📫'
 * decodeWords('=?x-unknown?Q?a?=') // '=?x-unknown?Q?a?='
 */
export function decodeWords(text: string): string {
  let decoded = ''
  let end = 0
  let run: Run | undefined
  for (const match of text.matchAll(WORD)) {
    const [word, label, encoding, payload] = match as unknown as [string, string, string, string]
    const charset = label.split('*')[0]!.toLowerCase()
    const decode = run?.charset === charset ? run.decode : charsetDecoder(charset)
    if (!decode) continue
    const between = text.slice(end, match.index)
    const adjacent = run !== undefined && BLANKS.test(between)
    if (!run || !adjacent || run.charset !== charset) {
      decoded += decodeRun(run) + (adjacent ? '' : between)
      run = { charset, decode, chunks: [] }
    }
    run.chunks.push(/b/i.test(encoding) ? decodeB(payload) : decodeQ(payload))
    end = match.index + word.length
  }
  return decoded + decodeRun(run) + text.slice(end)
}

function decodeRun(run: Run | undefined): string {
  // HAZARD: a hidden CR LF would end a line where the text is used again.
  return run ? run.decode(concatBytes(run.chunks)).replace(CONTROLS, ' ') : ''
}

// The octet "_" is 0x20 whatever the charset; an "=" that no two digits follow stands for itself.
function decodeQ(payload: string): Uint8Array {
  const octets = decodeLatin1(encodeUtf8(payload.replaceAll('_', ' ')))
  return encodeLatin1(
    octets.replace(/=([0-9A-Fa-f]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16))),
  )
}

// Each stretch up to padding is Base64 of its own; it is filled up with zero bits, and what they add is cut off.
function decodeB(payload: string): Uint8Array {
  const stretches = payload.replace(/[^A-Za-z0-9+/=]/g, '').split(/=+/)
  return concatBytes(
    stretches.map((text) => {
      const filled = text.padEnd(4 * Math.ceil(text.length / 4), 'A')
      return decodeBase64(filled).subarray(0, Math.floor((text.length * 3) / 4))
    }),
  )
}

function fault(offset: number): MailError<MimeErrorCode> {
  return new MailError('MIME_BAD_HEADER', 'Cannot encode text: it has a control character', {
    spec: 'rfc2047#section-5',
    offset,
  })
}
