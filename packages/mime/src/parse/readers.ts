/** Readers of text and dates, as the parser uses them. */

import { charsetDecoder, type Decoder } from '../text/charset.ts'
import { decodeWords } from '../text/encoded-word.ts'

/** @internal */
export function readText(value: string): { readonly text: string } {
  return { text: decodeWords(value) }
}

/** @internal */
export function readDate(value: string): { readonly date?: Date } {
  const date = new Date(value)
  return Number.isNaN(date.getTime()) ? {} : { date }
}

/** @internal */
export function decodeCharset(bytes: Uint8Array, label: string): { readonly text: string } {
  const decode = charsetDecoder(label) ?? (charsetDecoder('utf-8') as Decoder)
  return { text: decode(bytes) }
}
