/** The text of a part: its charset undone, its lines ended by LF, and its soft line breaks joined (RFC 3676). */

import { findParameter } from '../type/content-type.ts'
import type { MimePart } from './part.ts'
import { decodeCharset, decodeFlowed } from './readers.ts'

/** Reads octets of a part of type text. */
export function decodeText(bytes: Uint8Array, { contentType }: MimePart): string {
  const { parameters } = contentType
  const text = decodeCharset(bytes, findParameter(parameters, 'charset') ?? 'us-ascii').text.replace(/\r\n?/g, '\n')
  const isFlowed = findParameter(parameters, 'format')?.toLowerCase() === 'flowed'
  return isFlowed ? decodeFlowed(text, { delSp: findParameter(parameters, 'delsp')?.toLowerCase() === 'yes' }) : text
}
