/** Octets that come one chunk after another, from whatever the web platform has for that. */

/** Where chunks of octets come from. */
export type ChunkSource = Blob | ReadableStream<Uint8Array> | AsyncIterable<Uint8Array> | Iterable<Uint8Array>

/**
 * Tells whether a value is a Blob, or a File.
 *
 * @param value Any value.
 * @example
 * isBlob(new Blob(['a'])) // true
 * isBlob(new Uint8Array(1)) // false
 */
export function isBlob(value: unknown): value is Blob {
  return typeof value === 'object' && value !== null && 'stream' in value && 'size' in value
}

/**
 * Iterates over chunks, and lets go of a stream whose end is not waited for. Not every runtime lets a stream be iterated.
 *
 * @param source A Blob, a stream, or what can be iterated.
 * @returns The chunks; nothing is read ahead.
 * @see {@link https://streams.spec.whatwg.org/#rs-class | Streams Standard: ReadableStream}
 * @example
 * let length = 0
 * for await (const chunk of chunksOf(new Blob(['abc']))) length += chunk.length
 * length // 3
 */
export function chunksOf(source: ChunkSource): AsyncIterable<Uint8Array> {
  if (isBlob(source)) return fromStream(source.stream())
  if ('getReader' in source) return fromStream(source)
  return Symbol.asyncIterator in source ? source : fromIterable(source)
}

function fromIterable(source: Iterable<Uint8Array>): AsyncIterable<Uint8Array> {
  return {
    [Symbol.asyncIterator]() {
      const iterator = source[Symbol.iterator]()
      return {
        next: async () => iterator.next(),
        return: async () => iterator.return?.() ?? { done: true, value: undefined },
      }
    },
  }
}

async function* fromStream(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader()
  let ended = false
  try {
    for (let result = await reader.read(); !result.done; result = await reader.read()) yield result.value
    ended = true
  } finally {
    if (!ended) await reader.cancel().catch(() => undefined)
    reader.releaseLock()
  }
}
