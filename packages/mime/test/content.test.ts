import { concatBytes, decodeUtf8, encodeUtf8, equalBytes } from '@posthorn/core'
import { describe, expect, test } from 'vitest'
import { failureOf, rejectionOf } from '../../../test/failure.ts'
import { type ComposedMessage, compose, type PartContentInput, type PartInput } from '../src/index.ts'
import { readMessage } from './reader.ts'

const context = { now: new Date(0), random: (length: number) => new Uint8Array(length) }
const OCTETS = Uint8Array.from({ length: 60_000 }, (_, index) => (index * 31) & 255)

const messageOf = (input: PartInput) =>
  compose({ from: 'a@x.example', text: 'a', attachments: [{ filename: 'a.bin', ...input }] }, context)

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = []
  for await (const chunk of chunks) all.push(chunk)
  return concatBytes(all)
}

async function* inChunks(octets: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < octets.length; start += size) yield octets.slice(start, start + size)
}

const streamOf = (octets: Uint8Array) =>
  new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(octets.slice(0, 1000))
      controller.enqueue(octets.slice(1000))
      controller.close()
    },
  })

const SOURCES: readonly [string, (octets: Uint8Array<ArrayBuffer>) => PartContentInput, boolean][] = [
  ['a Blob', (octets) => new Blob([octets]), true],
  ['a ReadableStream', streamOf, false],
  ['an AsyncIterable of single octets', (octets) => inChunks(octets.slice(0, 500), 1), false],
  ['an AsyncIterable of one chunk', (octets) => inChunks(octets, octets.length), false],
  ['a function', (octets) => () => inChunks(octets, 1000), true],
  ['a function that gives octets', (octets) => () => octets, true],
  ['an async function that gives a Blob', (octets) => async () => new Blob([octets]), true],
  ['a function that gives a ReadableStream', (octets) => () => streamOf(octets), true],
]

describe.each(SOURCES)('compose: content that is %s', (name, source, repeatable) => {
  const octets = name.includes('single') ? OCTETS.slice(0, 500) : OCTETS
  const expected = messageOf({ content: octets }).bytes()

  test('compose: is the same octets as in memory, iterated and as a stream', async () => {
    expect(equalBytes(await collect(messageOf({ content: source(octets) })), expected)).toBe(true)
    const reader = messageOf({ content: source(octets) })
      .stream()
      .getReader()
    const chunks: Uint8Array[] = []
    for (let one = await reader.read(); !one.done; one = await reader.read()) chunks.push(one.value)
    expect(equalBytes(concatBytes(chunks), expected)).toBe(true)
  })

  test('compose: its size is known before it is read, where it can be [rfc1870 5]', () => {
    expect(messageOf({ content: source(octets), size: octets.length }).size).toBe(expected.length)
    expect(messageOf({ content: source(octets) }).size).toBe(name === 'a Blob' ? expected.length : undefined)
  })

  test('compose: it is read again, or the second time is refused', async () => {
    const message = messageOf({ content: source(octets) })
    expect(message.repeatable).toBe(repeatable)
    const { content } = message.serialize()
    expect(typeof content).toBe(repeatable ? 'function' : 'object')
    await collect(message)
    if (repeatable) expect(equalBytes(await collect(message), expected)).toBe(true)
    else expect(await rejectionOf(() => collect(message))).toBe('MIME_CONTENT_USED')
  })

  test('compose: it is not given at once', () => {
    expect(failureOf(() => messageOf({ content: source(octets) }).bytes())).toBe('MIME_NOT_IN_MEMORY')
  })
})

describe('compose: sizes', () => {
  test.each([59_999, 60_001, 0])(
    'compose: a stream that has not the %d octets it declared is an error',
    async (size) => {
      const message = messageOf({ content: () => inChunks(OCTETS, 1000), size })
      expect(await rejectionOf(() => collect(message))).toBe('MIME_SIZE_MISMATCH')
    },
  )

  test('compose: a stream that has too many is an error before they are read', async () => {
    let given = 0
    async function* endless() {
      for (;;) {
        given += 1000
        yield new Uint8Array(1000)
      }
    }
    expect(await rejectionOf(() => collect(messageOf({ content: endless(), size: 5000 })))).toBe('MIME_SIZE_MISMATCH')
    expect(given).toBe(6000)
  })

  test('compose: a Blob has its own', () => {
    expect(failureOf(() => messageOf({ content: new Blob(['abc']), size: 4 }))).toBe('MIME_SIZE_MISMATCH')
  })

  test.each([-1, 1.5, Number.NaN, 2 ** 60])('compose: %d is none', (size) => {
    expect(failureOf(() => messageOf({ content: () => OCTETS, size }))).toBe('MIME_BAD_CONTENT')
  })

  test('compose: of every form of a message in memory is exact', () => {
    const message = compose(
      {
        from: 'a@x.example',
        text: 'é'.repeat(50_000),
        html: `naïve ${'a'.repeat(70_000)}`,
        attachments: [{ content: OCTETS }, { content: 'é{\n' }],
      },
      context,
    )
    for (const encoding of ['7bit', '8bit', 'binary'] as const) {
      const form = message.serialize({ encoding })
      expect(form.size).toBe(form.bytes().length)
    }
  })
})

describe('compose: content', () => {
  test.each([null, 1, {}, [], undefined])('compose: is not %j', (content) => {
    expect(failureOf(() => messageOf({ content: content as never }))).toBe('MIME_BAD_CONTENT')
  })

  test.each([['text'], [null], [[1, 2]]])('compose: has no chunk %j', async (chunk) => {
    async function* wrong() {
      yield chunk as never
    }
    expect(await rejectionOf(() => collect(messageOf({ content: wrong() })))).toBe('MIME_BAD_CONTENT')
    expect(await rejectionOf(() => collect(messageOf({ content: () => chunk as never })))).toMatch(/MIME_BAD_CONTENT/)
  })

  test('compose: a File tells its name and type [rfc2183 2.3]', async () => {
    const file = new File(['abc'], 'naïve.png', { type: 'image/png' })
    const part = readMessage(await collect(messageOf({ content: file, filename: undefined as never }))).parts[1]
    expect(part?.type).toBe('image/png')
    expect(part?.disposition.parameters['filename']).toBe('naïve.png')
    expect(decodeUtf8(part?.bytes ?? new Uint8Array(0))).toBe('abc')
  })

  test('compose: its error is that of the stream', async () => {
    const error = new Error('disk')
    async function* broken() {
      yield encodeUtf8('a')
      throw error
    }
    await expect(collect(messageOf({ content: broken() }))).rejects.toBe(error)
  })

  test('compose: nothing is read before it is asked for, and no more than that', async () => {
    let given = 0
    const source = async function* () {
      for (;;) {
        given++
        yield new Uint8Array(57_000)
      }
    }
    const reader = messageOf({ content: source() }).stream().getReader()
    expect(given).toBe(0)
    await reader.read()
    expect(given).toBe(0)
    await reader.read()
    await reader.read()
    expect(given).toBeLessThanOrEqual(3)
  })

  test('compose: a reader that leaves ends the source', async () => {
    let ended = 0
    const source = async function* () {
      try {
        for (;;) yield new Uint8Array(57_000)
      } finally {
        ended++
      }
    }
    const reader = messageOf({ content: source() }).stream().getReader()
    await reader.read()
    await reader.read()
    await reader.cancel()
    for await (const chunk of messageOf({ content: source }) as ComposedMessage) if (chunk.length > 50_000) break
    expect(ended).toBe(2)
    let cancelled = false
    const stream = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array(57_000)),
      cancel: () => {
        cancelled = true
      },
    })
    for await (const chunk of messageOf({ content: stream })) if (chunk.length > 50_000) break
    expect(cancelled).toBe(true)
  })

  test('compose: text never becomes octets by its low ones [security]', () => {
    const file = readMessage(messageOf({ content: '\u760d\u760a.\u760d\u760a' }).bytes()).parts[1]
    expect(file?.bytes).toEqual(encodeUtf8('\u760d\u760a.\u760d\u760a'))
  })
})
