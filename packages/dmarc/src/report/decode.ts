/** The octets of a report as text: XML 1.0 section 4.3.3 and appendix F. */

import { decodeLatin1, isUtf8 } from '@posthorn/core'
import { decodeCharset } from '@posthorn/mime'
import type { ReportDefects } from './defect.ts'

const DECLARED = /^\s*<\?xml[^>]{0,200}?\sencoding\s*=\s*["']([\w.:-]{1,40})["']/
const HEAD = 400

/**
 * Decodes a report by its byte order mark, its first octets, or what it declares; else it is UTF-8.
 *
 * @internal
 */
export function decodeXml(bytes: Uint8Array, defects: ReportDefects): string {
  const charset = charsetOf(bytes)
  const { text, defects: doubts } = decodeCharset(bytes, charset)
  // U+FFFD may also stand there as itself.
  if (doubts.length > 0 && !(charset === 'utf-8' && isUtf8(bytes))) defects.tell('bad-charset', '', charset)
  return text.startsWith('\ufeff') ? text.slice(1) : text
}

function charsetOf(bytes: Uint8Array): string {
  const [a, b, c] = bytes
  if (a === 0xff && b === 0xfe) return 'utf-16le'
  if (a === 0xfe && b === 0xff) return 'utf-16be'
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8'
  if (a === 0x3c && b === 0) return 'utf-16le'
  if (a === 0 && b === 0x3c) return 'utf-16be'
  const declared = DECLARED.exec(decodeLatin1(bytes.subarray(0, HEAD)))?.[1]?.toLowerCase()
  // What could be read so far is not of two octets a character, whatever it says.
  return declared === undefined || declared.startsWith('utf-16') ? 'utf-8' : declared
}
