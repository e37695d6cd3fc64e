/**
 * The charsets of East Asia, alike in every runtime, by a library of the Encoding Standard's tables, and the code pages of
 * IBM. They are of 86 KB, and so have an entry of their own.
 */

import { createMultibyteDecoder } from '@exodus/bytes/multi-byte.js'
import type { CharsetSource } from './charset-decoder.ts'
import { codePageDecoder } from './code-pages.ts'

const KNOWN: ReadonlySet<string> = new Set(['big5', 'euc-jp', 'euc-kr', 'gb18030', 'iso-2022-jp', 'shift_jis'])

/**
 * Makes decoders of Big5, EUC-JP, EUC-KR, GB 18030, ISO-2022-JP and Shift_JIS that are the same in every runtime, and of
 * the code pages 437, 737, 775, 850, 852, 855, 857, 858, 860 to 863 and 865.
 *
 * @param charset One of the six, as the Encoding Standard names it, or a label such as `cp850` or `ibm437`.
 * @returns The decoder; nothing for other charsets.
 * @see {@link https://encoding.spec.whatwg.org/#legacy-multi-byte-chinese-(simplified)-encodings | Encoding Standard}
 * @example
 * import { decodeCharset } from '@posthorn/mime'
 *
 * decodeCharset(new Uint8Array([0x8c, 0x63]), 'ks_c_5601-1987', { decoder: legacyCharsets }).text // '똠'
 * legacyCharsets('utf-7') // undefined
 */
export const legacyCharsets: CharsetSource = (charset) =>
  KNOWN.has(charset) ? createMultibyteDecoder(charset, true) : codePageDecoder(charset)
