/**
 * Encoding to Base64 (RFC 4648 section 4): as one string for SASL and DKIM, in the URL-safe alphabet for keys and names,
 * as lines of 76 columns for MIME (RFC 2045 section 6.8). Out of scope: lines of another length.
 */

import { decodeUtf8 } from './bytes.ts'

/** @internal */
export const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/**
 * The octets that fill a line.
 *
 * @internal
 */
export const LINE_OCTETS = 57

const LINE_COLUMNS = 76
const CRLF = 2
const PAD = 61

/** What some runtimes have built in. */
interface NativeEncoder {
  toBase64?(): string
}

// Each entry holds the two characters of one 12-bit group as they lie in memory, whatever the order of the machine.
let pairs: Uint16Array | undefined
function pairTable(): Uint16Array {
  if (pairs) return pairs
  const characters = new Uint8Array(2 * 4096)
  for (let group = 0; group < 4096; group++) {
    characters[2 * group] = ALPHABET.charCodeAt(group >> 6)
    characters[2 * group + 1] = ALPHABET.charCodeAt(group & 63)
  }
  pairs = new Uint16Array(characters.buffer)
  return pairs
}

const ends = /* @__PURE__ */ new Uint16Array(/* @__PURE__ */ new Uint8Array([13, 10]).buffer)

/**
 * Encodes octets as lines of 76 characters, the last of which may be shorter, with CRLF between them.
 *
 * @internal
 * @param out Whose octets from `2 * at` on are written, and which has room.
 * @param at Where to begin, in pairs of octets.
 * @returns Where the text ends, in pairs of octets.
 */
export function encodeLines(out: Uint16Array, at: number, bytes: Uint8Array): number {
  const table = pairTable()
  const end = ends[0]!
  let offset = at
  let index = 0
  while (index + LINE_OCTETS < bytes.length) {
    // Nine rounds of two groups and one more: a known number, and fewer of them, make this half as fast again.
    for (let round = 0; round < 9; round++) {
      const group = (bytes[index]! << 16) | (bytes[index + 1]! << 8) | bytes[index + 2]!
      const next = (bytes[index + 3]! << 16) | (bytes[index + 4]! << 8) | bytes[index + 5]!
      out[offset] = table[group >> 12]!
      out[offset + 1] = table[group & 4095]!
      out[offset + 2] = table[next >> 12]!
      out[offset + 3] = table[next & 4095]!
      offset += 4
      index += 6
    }
    const group = (bytes[index]! << 16) | (bytes[index + 1]! << 8) | bytes[index + 2]!
    out[offset] = table[group >> 12]!
    out[offset + 1] = table[group & 4095]!
    out[offset + 2] = end
    offset += 3
    index += 3
  }
  return encodeGroups(out, offset, bytes, index)
}

/** @internal */
export function endLine(out: Uint16Array, at: number): number {
  out[at] = ends[0]!
  return at + 1
}

function encodeGroups(out: Uint16Array, at: number, bytes: Uint8Array, from: number): number {
  const table = pairTable()
  let offset = at
  let index = from
  for (; index + 2 < bytes.length; index += 3) {
    const group = (bytes[index]! << 16) | (bytes[index + 1]! << 8) | bytes[index + 2]!
    out[offset] = table[group >> 12]!
    out[offset + 1] = table[group & 4095]!
    offset += 2
  }
  if (index === bytes.length) return offset
  // One octet, or two, and the padding.
  const group = (bytes[index]! << 16) | ((bytes[index + 1] ?? 0) << 8)
  const characters = new Uint8Array(out.buffer)
  out[offset++] = table[group >> 12]!
  out[offset++] = table[group & 4095]!
  characters[2 * offset - 1] = PAD
  if (index + 1 === bytes.length) characters[2 * offset - 2] = PAD
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
  const native = bytes as NativeEncoder
  if (native.toBase64) return native.toBase64()
  const out = new Uint16Array(2 * Math.ceil(bytes.length / 3))
  encodeGroups(out, 0, bytes, 0)
  return decodeUtf8(new Uint8Array(out.buffer))
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
 * @returns The text as US-ASCII octets, {@link base64LinesLength} of them.
 * @see {@link https://www.rfc-editor.org/rfc/rfc2045#section-6.8 | RFC 2045 section 6.8}
 * @example
 * decodeUtf8(encodeBase64Lines(new Uint8Array(60))).split('\r\n').map((line) => line.length) // [76, 4]
 */
export function encodeBase64Lines(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const out = new Uint16Array(base64LinesLength(bytes.length) / 2)
  encodeLines(out, 0, bytes)
  return new Uint8Array(out.buffer)
}

/**
 * Tells how many octets {@link encodeBase64Lines} gives, before there is anything to encode.
 *
 * @param length How many octets there are to encode.
 * @see {@link https://www.rfc-editor.org/rfc/rfc2045#section-6.8 | RFC 2045 section 6.8}
 * @example
 * base64LinesLength(60) // 82
 */
export function base64LinesLength(length: number): number {
  const characters = 4 * Math.ceil(length / 3)
  return characters + CRLF * Math.max(0, Math.ceil(characters / LINE_COLUMNS) - 1)
}
