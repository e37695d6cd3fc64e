/** The runtime's decoders for charsets of several octets, made to take pieces. */

import { concatBytes } from '@posthorn/core'
import type { ChunkDecoder } from './chunk-decoder.ts'

const LF = 10
// No octet below this is part of a character of several, in any of these charsets.
const ALONE = 0x30
const MAX_HELD = 65_536

/**
 * Decodes line by line, so that pieces come to the same text as the whole. A line of over 65,536 octets is cut behind an
 * octet that stands alone, if there is one.
 *
 * @internal
 */
export function lineDecoder(charset: string): ChunkDecoder | undefined {
  const decoder = tryDecoder(charset)
  if (!decoder) return undefined
  let held: Uint8Array[] = []
  let length = 0
  return (bytes, more) => {
    length += bytes.length
    held.push(bytes.slice())
    if (more && length < MAX_HELD && !bytes.includes(LF)) return ''
    const all = concatBytes(held)
    let text = ''
    let start = 0
    for (let end = endOfLine(all, 0); end > 0; end = endOfLine(all, start)) {
      text += decoder.decode(all.subarray(start, end))
      start = end
    }
    const rest = all.subarray(start)
    held = more ? [rest] : []
    length = more ? rest.length : 0
    return more ? text : text + decoder.decode(rest)
  }
}

// QUIRK: fed in pieces, the decoders of Node.js for GB 18030 and ISO-2022-JP throw at malformed octets, though they are
// not fatal; fed a whole they do not.
function tryDecoder(charset: string): TextDecoder | undefined {
  try {
    return new TextDecoder(charset, { ignoreBOM: true })
  } catch {
    return undefined
  }
}

// Where the line that begins at an offset is to be cut, or 0 where its end is not there yet.
function endOfLine(bytes: Uint8Array, start: number): number {
  const found = bytes.indexOf(LF, start)
  if (found >= 0 && found < start + MAX_HELD) return found + 1
  if (bytes.length - start < MAX_HELD) return 0
  let end = start + MAX_HELD
  while (end > start && bytes[end - 1]! >= ALONE) end--
  return end > start ? end : start + MAX_HELD
}
