/** Compressed indicators (RFC 1952, as RFC 6170 section 5.2 has them), with a limit on what comes out. */

import { concatBytes, plainBytes } from '@posthorn/core'

/** @internal */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b
}

/**
 * Decompresses octets, and gives up as soon as the limit is passed.
 *
 * @internal
 * @returns The content; `too-large` beyond the limit; `malformed` for what is no gzip.
 */
export async function gunzip(bytes: Uint8Array, maxOctets: number): Promise<Uint8Array | 'malformed' | 'too-large'> {
  const stream = new DecompressionStream('gzip')
  const writer = stream.writable.getWriter()
  // What is wrong with the input is told by the other end.
  const ignore = (): void => undefined
  writer.write(plainBytes(bytes)).catch(ignore)
  writer.close().catch(ignore)
  const reader = stream.readable.getReader()
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      length += part.value.length
      if (length > maxOctets) {
        reader.cancel().catch(ignore)
        return 'too-large'
      }
      chunks.push(part.value)
    }
    return concatBytes(chunks)
  } catch {
    return 'malformed'
  }
}
