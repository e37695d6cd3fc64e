/** Octets and text: UTF-8, one-octet-a-character text, joining and comparing. */

import { MailError } from './error.ts'

const encoder = /* @__PURE__ */ new TextEncoder()
const decoder = /* @__PURE__ */ new TextDecoder('utf-8', { ignoreBOM: true })
const fatalDecoder = /* @__PURE__ */ new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Encodes text as UTF-8.
 *
 * @param text Any text; a lone surrogate becomes U+FFFD.
 * @returns New octets.
 * @example
 * encodeUtf8('né').length // 3
 */
export function encodeUtf8(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text)
}

/**
 * Decodes UTF-8, with U+FFFD for what is not.
 *
 * @param bytes Any octets; a byte order mark is kept.
 * @returns The text.
 * @example
 * decodeUtf8(new Uint8Array([0x6e, 0xc3, 0xa9])) // 'né'
 */
export function decodeUtf8(bytes: Uint8Array): string {
  return decoder.decode(bytes)
}

/**
 * Tells whether octets are well-formed UTF-8.
 *
 * @param bytes Any octets.
 * @example
 * isUtf8(new Uint8Array([0xc3])) // false
 */
export function isUtf8(bytes: Uint8Array): boolean {
  try {
    fatalDecoder.decode(bytes)
    return true
  } catch {
    return false
  }
}

const LATIN1_BLOCK = 8192

/**
 * Decodes octets to text of the same length, octet 0xNN to character U+00NN, so that nothing is lost.
 *
 * @param bytes Any octets.
 * @returns As many characters.
 * @example
 * decodeLatin1(new Uint8Array([0x41, 0xff])) // 'Aÿ'
 */
export function decodeLatin1(bytes: Uint8Array): string {
  // Where all is US-ASCII the runtime's decoder is many times faster; anything else makes it shorter or has U+FFFD.
  const ascii = decoder.decode(bytes)
  if (ascii.length === bytes.length && !ascii.includes('\ufffd')) return ascii
  let text = ''
  for (let start = 0; start < bytes.length; start += LATIN1_BLOCK) {
    text += String.fromCharCode.apply(null, bytes.subarray(start, start + LATIN1_BLOCK) as unknown as number[])
  }
  return text
}

/**
 * Encodes text as octets of the same number, character U+00NN to octet 0xNN: the inverse of {@link decodeLatin1}.
 *
 * @param text Characters up to U+00FF.
 * @returns New octets.
 * @throws {MailError} `LATIN1_BAD_CHARACTER` for a character over U+00FF, with its offset.
 * @example
 * encodeLatin1('Aÿ') // new Uint8Array([0x41, 0xff])
 * encodeLatin1('A€') // throws LATIN1_BAD_CHARACTER
 */
export function encodeLatin1(text: string): Uint8Array<ArrayBuffer> {
  // Where all is US-ASCII the runtime's encoder is many times faster; anything else is longer in UTF-8.
  const ascii = encoder.encode(text)
  if (ascii.length === text.length) return ascii
  const bytes = new Uint8Array(text.length)
  for (let offset = 0; offset < text.length; offset++) {
    const code = text.charCodeAt(offset)
    if (code > 255)
      throw new MailError('LATIN1_BAD_CHARACTER', 'Cannot encode text: a character has no octet', { offset })
    bytes[offset] = code
  }
  return bytes
}

/**
 * Joins chunks into one array.
 *
 * @param chunks In order; may be empty.
 * @returns New octets.
 * @example
 * concatBytes([new Uint8Array([1]), new Uint8Array([2, 3])]) // new Uint8Array([1, 2, 3])
 */
export function concatBytes(chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0))
  let offset = 0
  for (const chunk of chunks) {
    all.set(chunk, offset)
    offset += chunk.length
  }
  return all
}

const EMPTY = /* @__PURE__ */ new Uint8Array(0)

/**
 * As {@link concatBytes}, but a single chunk is given as it is.
 *
 * @param chunks In order; may be empty.
 * @returns The octets, to be read alone: they may be a chunk itself.
 * @example
 * joinBytes([new Uint8Array([1]), new Uint8Array([2, 3])]) // new Uint8Array([1, 2, 3])
 */
export function joinBytes<Chunk extends Uint8Array>(chunks: readonly Chunk[]): Chunk | Uint8Array<ArrayBuffer> {
  if (chunks.length > 1) return concatBytes(chunks)
  return chunks[0] ?? EMPTY
}

/**
 * Gives the same octets as a plain `Uint8Array`, nothing copied. The `slice` of Node's `Buffer` is a view, where code that
 * runs anywhere means a copy, and its `subarray` is slow.
 *
 * @param bytes Octets of any such class.
 * @returns The array itself where it is plain, else a view of it.
 * @example
 * plainBytes(new Uint8Array([1])) // new Uint8Array([1])
 */
export function plainBytes(bytes: Uint8Array): Uint8Array {
  return bytes.constructor === Uint8Array ? bytes : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/**
 * Cuts an array down to its first octets: as a view while it is nearly full, because a copy costs as much as the decoding
 * did, else as a copy, so that no small result holds a large array.
 *
 * @internal
 */
export function cutTo(bytes: Uint8Array<ArrayBuffer>, length: number): Uint8Array<ArrayBuffer> {
  return length * 4 >= bytes.length * 3 ? bytes.subarray(0, length) : bytes.slice(0, length)
}

/**
 * Compares octets in a time that depends on their length alone, so that a secret can be compared.
 *
 * @param a Some octets.
 * @param b Others.
 * @example
 * equalBytes(new Uint8Array([1]), new Uint8Array([1])) // true
 */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  let difference = 0
  for (let index = 0; index < a.length; index++) difference |= a[index]! ^ b[index]!
  return difference === 0
}
