import { describe, expect, test } from 'vitest'
import { concatBytes } from '../src/bytes.ts'
import { type ChunkSource, chunksOf, isBlob } from '../src/stream.ts'

const OCTETS = Uint8Array.of(1, 2, 3)

async function gather(source: ChunkSource): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for await (const chunk of chunksOf(source)) chunks.push(chunk)
  return concatBytes(chunks)
}

async function* generated(): AsyncGenerator<Uint8Array> {
  yield OCTETS
}

describe('chunksOf', () => {
  test.each([
    { name: 'a Blob', open: () => new Blob([OCTETS]) },
    { name: 'a stream', open: () => new Blob([OCTETS]).stream() },
    { name: 'an async iterable', open: generated },
    { name: 'a list', open: () => [OCTETS] },
  ])('reads $name', async ({ open }) => {
    expect(await gather(open())).toEqual(OCTETS)
  })

  test('cancels a stream that is left early, and lets go of it', async () => {
    let cancelled = 0
    const stream = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(OCTETS),
      cancel: () => {
        cancelled++
      },
    })
    for await (const _ of chunksOf(stream)) break
    expect([cancelled, stream.locked]).toEqual([1, false])
  })

  test('a stream that fails fails the reading with its own error', async () => {
    const stream = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.error(new Error('the disk is gone')),
    })
    await expect(gather(stream)).rejects.toThrow('the disk is gone')
  })
})

test('isBlob: a Blob or a File, and nothing else', () => {
  expect([new Blob([]), {}, null, 'a', OCTETS, new Blob([]).stream()].map(isBlob)).toEqual([
    true,
    false,
    false,
    false,
    false,
    false,
  ])
})
