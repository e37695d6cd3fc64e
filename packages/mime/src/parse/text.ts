/** The text of a part: its charset undone, and its lines ended by LF. */

import { findParameter } from '../type/content-type.ts'
import type { MimePart } from './part.ts'
import { decodeCharset } from './readers.ts'

/** Reads octets of a part of type text. */
export function decodeText(bytes: Uint8Array, { contentType }: MimePart): string {
  const { parameters } = contentType
  return decodeCharset(bytes, findParameter(parameters, 'charset') ?? 'us-ascii').text.replace(/\r\n?/g, '\n')
}
