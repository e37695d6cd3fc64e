/**
 * Base64 (RFC 4648 section 4): as one string for SASL and DKIM, as lines of 76 columns for MIME (RFC 2045 section 6.8),
 * in the URL-safe alphabet for keys and names. Decoding is strict by default; out of scope: decoding the URL-safe alphabet.
 */

import { decodeUtf8 } from './bytes.ts'
import { MailError } from './error.ts'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const PAD = 61
const LINE_OCTETS = 57
const LINE_COLUMNS = 76

/** What {@link decodeBase64} tolerates. */
export interface Base64Options {
  /** Skips SP, TAB, CR and LF anywhere; default `false`, because only folded text has them. */
  readonly whitespace?: boolean
}

// Each entry holds the two characters of one 12-bit group, so that three octets cost two look-ups.
let pairs: Uint16Array | undefined
function pairTable(): Uint16Array {
  if (pairs) return pairs
  pairs = new Uint16Array(4096)
  for (let group = 0; group < 4096; group++) {
    pairs[group] = (ALPHABET.charCodeAt(group >> 6) << 8) | ALPHABET.charCodeAt(group & 63)
  }
  return pairs
}

function encodeInto(out: Uint8Array, at: number, bytes: Uint8Array, from: number, to: number): number {
  const table = pairTable()
  let offset = at
  let index = from
  for (; index + 2 < to; index += 3) {
    const group = (bytes[index]! << 16) | (bytes[index + 1]! << 8) | bytes[index + 2]!
    const high = table[group >> 12]!
    const low = table[group & 4095]!
    out[offset++] = high >> 8
    out[offset++] = high & 255
    out[offset++] = low >> 8
    out[offset++] = low & 255
  }
  if (index === to) return offset
  const two = index + 1 < to
  const group = (bytes[index]! << 16) | (two ? bytes[index + 1]! << 8 : 0)
  const high = table[group >> 12]!
  out[offset++] = high >> 8
  out[offset++] = high & 255
  out[offset++] = two ? table[group & 4095]! >> 8 : PAD
  out[offset++] = PAD
  return offset
}

/**
 * Encodes octets as one padded string without line breaks.
 *
 * @param bytes Any octets.
 * @returns Four characters for each three octets.
 * @see {@link https://www.rfc-editor.org/rfc/rfc4648#section-4 | RFC 4648 section 4}
 * @example
 * encodeBase64(encodeUtf8('foob')) // 'Zm9vYg=='
 */
export function encodeBase64(bytes: Uint8Array): string {
  const out = new Uint8Array(4 * Math.ceil(bytes.length / 3))
  encodeInto(out, 0, bytes, 0, bytes.length)
  return decodeUtf8(out)
}

/**
 * Encodes octets in the URL-safe alphabet, without padding, as a JSON Web Key has them.
 *
 * @param bytes Any octets.
 * @returns Letters, digits, "-" and "_".
 * @see {@link https://www.rfc-editor.org/rfc/rfc4648#section-5 | RFC 4648 section 5}
 * @example
 * encodeBase64Url(new Uint8Array([251, 255])) // '-_8'
 */
export function encodeBase64Url(bytes: Uint8Array): string {
  return encodeBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}

/**
 * Encodes octets as lines of 76 characters that CRLF parts; no CRLF follows the last.
 *
 * @param bytes Any octets.
 * @returns The text as US-ASCII octets.
 * @see {@link https://www.rfc-editor.org/rfc/rfc2045#section-6.8 | RFC 2045 section 6.8}
 * @example
 * decodeUtf8(encodeBase64Lines(new Uint8Array(60))).split('\r\n').map((line) => line.length) // [76, 4]
 */
export function encodeBase64Lines(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const characters = 4 * Math.ceil(bytes.length / 3)
  const breaks = Math.max(0, Math.ceil(characters / LINE_COLUMNS) - 1)
  const out = new Uint8Array(characters + 2 * breaks)
  let offset = 0
  for (let start = 0; start < bytes.length; start += LINE_OCTETS) {
    if (start > 0) {
      out[offset++] = 13
      out[offset++] = 10
    }
    offset = encodeInto(out, offset, bytes, start, Math.min(start + LINE_OCTETS, bytes.length))
  }
  return out
}

let values: Int8Array | undefined
function valueTable(): Int8Array {
  if (values) return values
  values = new Int8Array(128).fill(-1)
  for (let value = 0; value < 64; value++) values[ALPHABET.charCodeAt(value)] = value
  return values
}

interface Progress {
  index: number
  offset: number
}

// Decodes whole groups of four characters up to one that has another; with `blanks`, steps over those between groups.
function decodeGroups(text: string, out: Uint8Array, progress: Progress, blanks: boolean): void {
  const table = valueTable()
  let { index, offset } = progress
  for (; index + 3 < text.length; index += 4) {
    const a = text.charCodeAt(index)
    const b = text.charCodeAt(index + 1)
    const c = text.charCodeAt(index + 2)
    const d = text.charCodeAt(index + 3)
    const group = (a | b | c | d) > 127 ? -1 : (table[a]! << 18) | (table[b]! << 12) | (table[c]! << 6) | table[d]!
    if (group >= 0) {
      out[offset++] = group >> 16
      out[offset++] = group >> 8
      out[offset++] = group
    } else if (blanks && (a === 13 || a === 10 || a === 32 || a === 9)) index -= 3
    else break
  }
  progress.index = index
  progress.offset = offset
}

/**
 * Decodes Base64: whole groups, padding only at the end, and no stray bits in the last group.
 *
 * @param text The characters.
 * @param options What to tolerate.
 * @returns New octets.
 * @throws {MailError} `BASE64_BAD_CHARACTER` for a character outside the alphabet, or padding before the end, with its
 * offset in `text`; `BASE64_BAD_LENGTH` when the last group is cut; `BASE64_BAD_PADDING` when bits beyond the last octet
 * are set. The text, which may be a secret, is in none of them.
 * @see {@link https://www.rfc-editor.org/rfc/rfc4648#section-3 | RFC 4648 section 3}
 * @example
 * decodeUtf8(decodeBase64('Zm9vYg==')) // 'foob'
 * decodeBase64('Zm9v\r\nYg==') // throws BASE64_BAD_CHARACTER
 */
export function decodeBase64(text: string, options: Base64Options = {}): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(Math.ceil(text.length / 4) * 3)
  const progress = { index: 0, offset: 0 }
  decodeGroups(text, out, progress, options.whitespace === true)
  let rest = text.slice(progress.index)
  if (options.whitespace) {
    // Where blanks stand inside a group, all that follows is freed of them first.
    rest = rest.replace(/[ \t\r\n]+/g, '')
    progress.index = 0
    decodeGroups(rest, out, progress, false)
    rest = rest.slice(progress.index)
  }
  const last = rest === '' ? new Uint8Array(0) : decodeLastGroup(rest, text)
  out.set(last, progress.offset)
  return out.slice(0, progress.offset + last.length)
}

function decodeLastGroup(rest: string, text: string): Uint8Array {
  const digits = rest.replace(/={1,2}$/, '')
  const foreign = /[^A-Za-z0-9+/]/.exec(digits)?.[0]
  if (foreign) throw fault('BASE64_BAD_CHARACTER', 'a character is not of its alphabet', text.indexOf(foreign))
  if (rest.length !== 4) throw fault('BASE64_BAD_LENGTH', 'the last group is cut')
  const group = new Uint8Array(3)
  decodeGroups(digits.padEnd(4, 'A'), group, { index: 0, offset: 0 }, false)
  const octets = digits.length - 1
  if (group.subarray(octets).some(Boolean)) throw fault('BASE64_BAD_PADDING', 'the last group has stray bits')
  return group.subarray(0, octets)
}

function fault(code: string, why: string, offset?: number): MailError {
  const at = offset === undefined ? {} : { offset }
  return new MailError(code, `Cannot decode Base64: ${why}`, { spec: 'rfc4648#section-3', ...at })
}
