/** The header of a message that comes in chunks, up to the empty line: RFC 5322 section 2.1. */

import { concatBytes } from '@posthorn/core'

/** @internal */
export type Chunks = AsyncIterator<Uint8Array>

const LF = 10
const CR = 13
const END = [CR, LF, CR, LF]
const MAX_HEADER = 1_048_576

/** @internal */
export interface HeaderLimits {
  readonly maxHeaderLength?: number
  readonly signal?: AbortSignal
}

/** @internal */
export interface Head {
  /** All up to the empty line and with it; all there is when there is none. */
  readonly header: Uint8Array
  /** What has been read of the body. */
  readonly rest: Uint8Array
}

/**
 * Reads as much as the header needs; where it is too long, what has been read so far, which is over the limit.
 *
 * @internal
 */
export async function readHeader(
  chunks: Chunks,
  { maxHeaderLength = MAX_HEADER, signal }: HeaderLimits,
): Promise<Head> {
  const read: Uint8Array[] = []
  let length = 0
  // RFC 5322 section 2.1: an empty line ends the header, also where it is the first.
  let matched = 2
  while (length <= maxHeaderLength + END.length) {
    signal?.throwIfAborted()
    const { done, value } = await chunks.next()
    if (done) break
    for (let at = 0; at < value.length; at++) {
      const octet = value[at]!
      matched = octet === END[matched] ? matched + 1 : octet === CR ? 1 : 0
      if (matched < END.length) continue
      return { header: concatBytes([...read, value.subarray(0, at + 1)]), rest: value.subarray(at + 1) }
    }
    read.push(value.slice())
    length += value.length
  }
  return { header: concatBytes(read), rest: new Uint8Array(0) }
}

/**
 * Lets go of a source.
 *
 * @internal
 */
export async function release(chunks: Chunks): Promise<void> {
  await chunks.return?.()
}
