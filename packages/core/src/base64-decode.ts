/**
 * Strict decoding of Base64 (RFC 4648 sections 3 and 4) and of its URL-safe alphabet (section 5), for SASL, DKIM and keys.
 * Out of scope: the bodies of messages, which `Base64Decoder` takes as they come.
 */

import { ALPHABET } from './base64-encode.ts'
import { MailError } from './error.ts'

/** What {@link decodeBase64} tolerates. */
export interface Base64Options {
  /** Skips SP, TAB, CR and LF anywhere; default `false`, because only folded text has them. */
  readonly whitespace?: boolean
}

/** What some runtimes have built in. */
interface NativeDecoder {
  fromBase64?(text: string, options: { readonly lastChunkHandling: 'strict' }): Uint8Array<ArrayBuffer>
}

let values: Int8Array | undefined

/**
 * The value of each character of the alphabet, and -1 for every other octet.
 *
 * @internal
 */
export function valueTable(): Int8Array {
  if (values) return values
  values = new Int8Array(256).fill(-1)
  for (let value = 0; value < 64; value++) values[ALPHABET.charCodeAt(value)] = value
  return values
}

// Decodes whole groups of four characters up to one that has another; gives where that is.
function decodeGroups(text: string, out: Uint8Array): number {
  const table = valueTable()
  let index = 0
  for (let offset = 0; index + 3 < text.length; index += 4) {
    const a = text.charCodeAt(index)
    const b = text.charCodeAt(index + 1)
    const c = text.charCodeAt(index + 2)
    const d = text.charCodeAt(index + 3)
    const group = (a | b | c | d) > 127 ? -1 : (table[a]! << 18) | (table[b]! << 12) | (table[c]! << 6) | table[d]!
    if (group < 0) break
    out[offset++] = group >> 16
    out[offset++] = group >> 8
    out[offset++] = group
  }
  return index
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
  const blanks = options.whitespace === true
  return decodeNatively(text, blanks) ?? decodePortably(text, blanks)
}

// The runtime's own decoder takes blanks, and a form feed as one; a text that it refuses is told apart by ours.
function decodeNatively(text: string, blanks: boolean): Uint8Array<ArrayBuffer> | undefined {
  const native = Uint8Array as NativeDecoder
  if (!native.fromBase64) return undefined
  try {
    const bytes = native.fromBase64(text, { lastChunkHandling: 'strict' })
    const trusted = blanks ? !text.includes('\f') : text.length === 4 * Math.ceil(bytes.length / 3)
    return trusted ? bytes : undefined
  } catch {
    return undefined
  }
}

function decodePortably(text: string, blanks: boolean): Uint8Array<ArrayBuffer> {
  const characters = blanks ? text.replace(/[ \t\r\n]+/g, '') : text
  const out = new Uint8Array(3 * Math.ceil(characters.length / 4))
  const end = decodeGroups(characters, out)
  if (end === characters.length) return out
  const last = decodeLastGroup(characters.slice(end), text)
  const offset = (3 * end) / 4
  out.set(last, offset)
  return out.slice(0, offset + last.length)
}

function decodeLastGroup(rest: string, text: string): Uint8Array {
  const digits = rest.replace(/={1,2}$/, '')
  const foreign = /[^A-Za-z0-9+/]/.exec(digits)?.[0]
  if (foreign) throw fault('BASE64_BAD_CHARACTER', 'a character is not of its alphabet', text.indexOf(foreign))
  if (rest.length !== 4) throw fault('BASE64_BAD_LENGTH', 'the last group is cut')
  const group = new Uint8Array(3)
  decodeGroups(digits.padEnd(4, 'A'), group)
  const octets = digits.length - 1
  if (group.subarray(octets).some(Boolean)) throw fault('BASE64_BAD_PADDING', 'the last group has stray bits')
  return group.subarray(0, octets)
}

/**
 * Decodes the URL-safe alphabet without padding: what {@link encodeBase64Url} gives, and nothing else.
 *
 * @param text Letters, digits, "-" and "_".
 * @returns New octets.
 * @throws {MailError} The codes of {@link decodeBase64}; "=" is a bad character here.
 * @see {@link https://www.rfc-editor.org/rfc/rfc4648#section-5 | RFC 4648 section 5}
 * @example
 * decodeBase64Url('-_8') // new Uint8Array([251, 255])
 * decodeBase64Url('+/8') // throws BASE64_BAD_CHARACTER
 */
export function decodeBase64Url(text: string): Uint8Array<ArrayBuffer> {
  const foreign = text.search(/[^A-Za-z0-9_-]/)
  if (foreign >= 0) throw fault('BASE64_BAD_CHARACTER', 'a character is not of its alphabet', foreign)
  if (text.length % 4 === 1) throw fault('BASE64_BAD_LENGTH', 'the last group is cut')
  const standard = text.replaceAll('-', '+').replaceAll('_', '/')
  return decodeBase64(standard.padEnd(4 * Math.ceil(text.length / 4), '='))
}

function fault(code: string, why: string, offset?: number): MailError {
  const at = offset === undefined ? {} : { offset }
  return new MailError(code, `Cannot decode Base64: ${why}`, { spec: 'rfc4648#section-3', ...at })
}
