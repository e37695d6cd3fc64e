/** The header of a message that comes in chunks, up to the empty line: RFC 5322 section 2.1. */

import { type ChunkSource, chunksOf, concatBytes } from '@posthorn/core'

/** @internal */
export type Chunks = AsyncIterator<Uint8Array>

const LF = 10
const CR = 13
// CRLF CRLF
const END_LENGTH = 4
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

/** @internal */
export function openChunks(message: Uint8Array | ChunkSource): Chunks {
  return message instanceof Uint8Array ? onlyChunk(message) : chunksOf(message)[Symbol.asyncIterator]()
}

function onlyChunk(message: Uint8Array): Chunks {
  let left: Uint8Array | undefined = message
  return {
    async next() {
      const value = left
      left = undefined
      return value ? { done: false, value } : { done: true, value }
    },
  }
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
  let before: readonly number[] = [CR, LF]
  while (length <= maxHeaderLength + END_LENGTH) {
    signal?.throwIfAborted()
    const { done, value } = await chunks.next()
    if (done) break
    const end = endOfHeader(value, before)
    if (end >= 0) return { header: concatBytes([...read, value.subarray(0, end)]), rest: value.subarray(end) }
    before = [...before, ...value.subarray(-END_LENGTH)].slice(1 - END_LENGTH)
    read.push(value.slice())
    length += value.length
  }
  return { header: concatBytes(read), rest: new Uint8Array(0) }
}

// Where what is behind the empty line begins, or -1; `before` is what stands before the chunk.
function endOfHeader(chunk: Uint8Array, before: readonly number[]): number {
  const at = (index: number): number | undefined => (index < 0 ? before.at(index) : chunk[index])
  for (let lf = chunk.indexOf(LF); lf >= 0; lf = chunk.indexOf(LF, lf + 1)) {
    if (at(lf - 1) === CR && at(lf - 2) === LF && at(lf - 3) === CR) return lf + 1
  }
  return -1
}

/**
 * Lets go of a source.
 *
 * @internal
 */
export async function release(chunks: Chunks): Promise<void> {
  await chunks.return?.()
}
