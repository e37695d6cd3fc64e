/**
 * Base64 (RFC 4648 section 4): as one string for SASL and DKIM, as lines of 76 columns for MIME (RFC 2045 section 6.8).
 * Strict by default; out of scope: the URL-safe alphabet.
 */

import { decodeLatin1 } from './bytes.ts'
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
  return decodeLatin1(out)
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

/**
 * Decodes Base64: whole groups, padding where it belongs, and no stray bits in the last group.
 *
 * @param text The characters.
 * @param options What to tolerate.
 * @returns New octets.
 * @throws {MailError} `BASE64_BAD_CHARACTER` for a character outside the alphabet, with its offset;
 * `BASE64_BAD_LENGTH` when the last group is cut; `BASE64_BAD_PADDING` when bits beyond the last octet are set.
 * @see {@link https://www.rfc-editor.org/rfc/rfc4648#section-3 | RFC 4648 section 3}
 * @example
 * decodeUtf8(decodeBase64('Zm9vYg==')) // 'foob'
 * decodeBase64('Zm9v\r\nYg==') // throws BASE64_BAD_CHARACTER
 */
export function decodeBase64(text: string, options: Base64Options = {}): Uint8Array<ArrayBuffer> {
  const source = options.whitespace ? text.replace(/[ \t\r\n]+/g, '') : text
  if (source.length % 4 !== 0) {
    throw new MailError('BASE64_BAD_LENGTH', 'Cannot decode Base64: the last group is cut', {
      spec: 'rfc4648#section-4',
    })
  }
  const padding = source.endsWith('==') ? 2 : source.endsWith('=') ? 1 : 0
  const out = new Uint8Array((source.length / 4) * 3 - padding)
  const table = valueTable()
  let offset = 0
  let bits = 0
  for (let index = 0; index < source.length - padding; index++) {
    const value = table[source.charCodeAt(index)] ?? -1
    if (value < 0) {
      throw new MailError('BASE64_BAD_CHARACTER', 'Cannot decode Base64: a character is not of its alphabet', {
        spec: 'rfc4648#section-3.3',
        offset: index,
      })
    }
    bits = (bits << 6) | value
    if (index % 4 === 0) continue
    const spare = 6 - 2 * (index % 4)
    out[offset++] = (bits >> spare) & 255
  }
  if (padding > 0 && (bits & (padding === 2 ? 15 : 3)) !== 0) {
    throw new MailError('BASE64_BAD_PADDING', 'Cannot decode Base64: the last group has stray bits', {
      spec: 'rfc4648#section-3.5',
    })
  }
  return out
}
