import fc from 'fast-check'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { decodeLatin1, encodeUtf8, LineBuffer } from '../src/index.ts'

const SIZES = [1, 3, Number.POSITIVE_INFINITY]

function* chunksOf(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size)
}

// Each line as its text and how it ended.
function read(lines: LineBuffer): string[] {
  const found: string[] = []
  for (let line = lines.next(); line; line = lines.next()) found.push(`${decodeLatin1(line.bytes)}|${line.ending}`)
  return found
}

type Way = 'push' | 'adopt'

// What is adopted is overwritten as soon as it may be.
function drive(lines: LineBuffer, chunks: Iterable<Uint8Array>, way: Way = 'push'): string[] {
  const found: string[] = []
  for (const chunk of chunks) {
    const octets = chunk.slice()
    lines[way](octets)
    found.push(...read(lines))
    octets.fill(0)
  }
  return found
}

// The rule said another way: whole lines are cut at LF, and one that is too long gives its first octets.
function expectedLines(text: string, maxLength: number): string[] {
  const pieces = text.split('\n')
  return pieces.flatMap((piece, index) => {
    const whole = index < pieces.length - 1
    const length = piece.length + (whole ? 1 : 0)
    if (length > maxLength || (!whole && length === maxLength)) return [`${`${piece}\n`.slice(0, maxLength)}|none`]
    if (!whole) return []
    return piece.endsWith('\r') ? [`${piece.slice(0, -1)}|crlf`] : [`${piece}|lf`]
  })
}

const FED = SIZES.flatMap((size) => (['push', 'adopt'] as const).map((way) => ({ size, way })))

describe.each(FED)('LineBuffer fed $size octet(s) at a time by $way', ({ size, way }) => {
  test.each([
    { name: 'nothing', input: '', lines: [] },
    { name: 'a line', input: 'ab\r\n', lines: ['ab|crlf'] },
    { name: 'an empty line', input: '\r\n', lines: ['|crlf'] },
    { name: 'two lines and a part', input: 'a\r\nb\r\nc', lines: ['a|crlf', 'b|crlf'] },
    { name: 'a bare LF', input: 'a\nb\r\n', lines: ['a|lf', 'b|crlf'] },
    { name: 'bare LFs alone', input: '\n\n', lines: ['|lf', '|lf'] },
    { name: 'a bare CR, which ends no line', input: 'a\rb\r\n', lines: ['a\rb|crlf'] },
    { name: 'two CRs', input: 'a\r\r\n', lines: ['a\r|crlf'] },
    { name: 'a CR whose LF has not come', input: 'a\r', lines: [] },
    { name: 'octets over 127 and NUL', input: '\0\u00ff\r\n', lines: ['\0\u00ff|crlf'] },
    { name: 'a line as long as it may be', input: '123456\r\nb\r\n', lines: ['123456|crlf', 'b|crlf'] },
    { name: 'a line one octet too long', input: '1234567\r\nb\r\n', lines: ['1234567\r|none', 'b|crlf'] },
    { name: 'a line much too long', input: '123456789abcdef\r\nb\r\n', lines: ['12345678|none', 'b|crlf'] },
    { name: 'two lines that are too long', input: '123456789\n123456789\n', lines: ['12345678|none', '12345678|none'] },
    { name: 'a line too long without an end', input: '123456789abcdef', lines: ['12345678|none'] },
    { name: 'as many octets as a line may have, and no end', input: '12345678', lines: ['12345678|none'] },
  ])('LineBuffer: $name [rfc5321 2.3.8]', ({ input, lines }) => {
    const bytes = Uint8Array.from(input, (character) => character.charCodeAt(0))
    expect(drive(new LineBuffer({ maxLength: 8 }), chunksOf(bytes, size), way)).toEqual(lines)
  })
})

test('LineBuffer: splitting the input anywhere changes nothing', () => {
  const character = fc.constantFrom('\r', '\n', 'a', 'b')
  const piece = fc.array(character, { maxLength: 12, size: 'max' }).map((characters) => characters.join(''))
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 12, size: 'max' }),
      fc.integer({ min: 1, max: 9 }),
      fc.constantFrom<Way>('push', 'adopt'),
      (pieces, maxLength, way) => {
        const expected = expectedLines(pieces.join(''), maxLength)
        expect(drive(new LineBuffer({ maxLength }), pieces.map(encodeUtf8), way)).toEqual(expected)
      },
    ),
    { numRuns: 3000 },
  )
})

const LONG = [1, 7, 100, 511, 512, 513, 700, 5000].flatMap((size) =>
  (['push', 'adopt'] as const).map((way) => ({ size, way })),
)

test.each(LONG)('LineBuffer: long lines come whole, $size octets at a time by $way', ({ size, way }) => {
  const texts = Array.from({ length: 40 }, (_, index) =>
    String.fromCharCode(97 + (index % 26)).repeat((index * 251) % 1300),
  )
  const bytes = encodeUtf8(texts.map((text) => `${text}0123456789\r\n`).join(''))
  const found = drive(new LineBuffer({ maxLength: 4096 }), chunksOf(bytes, size), way)
  expect(found).toEqual(texts.map((text) => `${text}0123456789|crlf`))
})

test('LineBuffer: lines that wait keep their octets while more is pushed', () => {
  const lines = new LineBuffer({ maxLength: 4096 })
  lines.push(encodeUtf8(`first\r\n${'a'.repeat(400)}`))
  expect(read(lines)).toEqual(['first|crlf'])
  for (const part of ['b'.repeat(300), 'c'.repeat(3000), '\r\nlast\r\n']) lines.push(encodeUtf8(part))
  expect(read(lines)).toEqual([`${'a'.repeat(400)}${'b'.repeat(300)}${'c'.repeat(3000)}|crlf`, 'last|crlf'])
})

test('LineBuffer: takes several pushes before the first line is asked for', () => {
  const lines = new LineBuffer({ maxLength: 100 })
  for (const part of ['a\r', '\nb', 'c\r\n']) lines.push(encodeUtf8(part))
  expect(read(lines)).toEqual(['a|crlf', 'bc|crlf'])
})

test('LineBuffer: finds the end of a line that was too long where it stands first in the memory', () => {
  const lines = new LineBuffer({ maxLength: 8 })
  for (const count of [512, 511]) {
    lines.push(new Uint8Array(count).fill(97))
    expect(read(lines)).toEqual(['aaaaaaaa|none'])
    lines.push(encodeUtf8('\n'))
    expect(read(lines)).toEqual([])
    lines.push(encodeUtf8('b\r\n'))
    expect(read(lines)).toEqual(['b|crlf'])
  }
})

test('LineBuffer: keeps a copy of what is pushed', () => {
  const lines = new LineBuffer({ maxLength: 100 })
  const bytes = encodeUtf8('ab\r\n')
  lines.push(bytes)
  bytes.fill(0)
  expect(read(lines)).toEqual(['ab|crlf'])
})

test('LineBuffer: what is adopted and pushed behind a part of a line stays in order', () => {
  const lines = new LineBuffer({ maxLength: 100 })
  lines.push(encodeUtf8('a'))
  lines.adopt(encodeUtf8('b\r\nc'))
  lines.push(encodeUtf8('d\r\n'))
  lines.adopt(encodeUtf8('e\r\n'))
  expect(read(lines)).toEqual(['ab|crlf', 'cd|crlf', 'e|crlf'])
  lines.adopt(encodeUtf8('f\r\ng'))
  expect(read(lines)).toEqual(['f|crlf'])
  expect(decodeLatin1(lines.drain())).toBe('g')
})

test('LineBuffer: tells how many octets wait', () => {
  const lines = new LineBuffer({ maxLength: 100 })
  expect(lines.length).toBe(0)
  lines.push(encodeUtf8('a\r\nbcd'))
  expect(lines.length).toBe(6)
  lines.next()
  expect(lines.length).toBe(3)
})

describe('LineBuffer.drain', () => {
  test('LineBuffer: drain gives all that waits and forgets it', () => {
    const lines = new LineBuffer({ maxLength: 100 })
    lines.push(encodeUtf8('a\r\nbc\r\nd'))
    lines.next()
    const rest = lines.drain()
    lines.push(encodeUtf8('e\r\n'))
    expect(read(lines)).toEqual(['e|crlf'])
    expect(decodeLatin1(rest)).toBe('bc\r\nd')
  })

  test('LineBuffer: after drain the first octet may end a line', () => {
    const lines = new LineBuffer({ maxLength: 100 })
    lines.push(encodeUtf8('ab'))
    lines.drain()
    lines.push(encodeUtf8('\nc\n'))
    expect(read(lines)).toEqual(['|lf', 'c|lf'])
  })

  test('LineBuffer: drain ends the dropping of a line that was too long', () => {
    const lines = new LineBuffer({ maxLength: 4 })
    lines.push(encodeUtf8('abcdefgh'))
    expect(read(lines)).toEqual(['abcd|none'])
    lines.push(encodeUtf8('ij'))
    expect(decodeLatin1(lines.drain())).toBe('ij')
    lines.push(encodeUtf8('k\r\n'))
    expect(read(lines)).toEqual(['k|crlf'])
  })
})

// Counts the octets that are moved.
function countMoves(): { moved: number } {
  const prototype = Object.getPrototypeOf(Uint8Array.prototype)
  const { set, copyWithin } = prototype
  const work = { moved: 0 }
  vi.spyOn(prototype, 'set').mockImplementation(function (this: Uint8Array, ...args: unknown[]) {
    work.moved += (args[0] as Uint8Array).length
    set.apply(this, args)
  })
  vi.spyOn(prototype, 'copyWithin').mockImplementation(function (this: Uint8Array, ...args: unknown[]) {
    work.moved += (args[2] as number) - (args[1] as number)
    return copyWithin.apply(this, args)
  })
  return work
}

// Were each octet searched more than once, one at a time would take minutes.
describe('LineBuffer: the work is linear', () => {
  const LENGTH = 200_000

  afterEach(() => {
    vi.restoreAllMocks()
  })

  test.each<{ name: string; unit: string; maxLength: number; way: Way }>([
    { name: 'lines', unit: `${'a'.repeat(70)}\r\n`, maxLength: 512, way: 'push' },
    { name: 'lines', unit: `${'a'.repeat(70)}\r\n`, maxLength: 512, way: 'adopt' },
    { name: 'empty lines', unit: '\r\n', maxLength: 512, way: 'push' },
    { name: 'a line that is too long', unit: 'a', maxLength: 512, way: 'push' },
    { name: 'a line that may be that long', unit: 'a', maxLength: 2 * LENGTH, way: 'push' },
    { name: 'a line that may be that long', unit: 'a', maxLength: 2 * LENGTH, way: 'adopt' },
  ])('LineBuffer: $name, one octet at a time by $way', ({ unit, maxLength, way }) => {
    const bytes = encodeUtf8(unit.repeat(LENGTH / unit.length))
    const lines = new LineBuffer({ maxLength })
    const work = countMoves()
    for (const chunk of chunksOf(bytes, 1)) {
      lines[way](chunk)
      while (lines.next());
    }
    expect(work.moved).toBeLessThanOrEqual(4 * bytes.length)
  })

  test('LineBuffer: many lines in one push', () => {
    const bytes = encodeUtf8('a\r\n'.repeat(50_000))
    const lines = new LineBuffer({ maxLength: 512 })
    const work = countMoves()
    lines.push(bytes)
    while (lines.next());
    expect(work.moved).toBe(bytes.length)
  })
})

test('LineBuffer: the memory for a line without end is bounded', () => {
  const lines = new LineBuffer({ maxLength: 4096 })
  let last: Uint8Array | undefined
  for (let count = 0; count < 1000; count++) {
    lines.push(new Uint8Array(1000).fill(97))
    last = lines.next()?.bytes ?? last
  }
  lines.push(encodeUtf8('\nb\r\n'))
  const line = lines.next()!
  expect(decodeLatin1(line.bytes)).toBe('b')
  expect(line.bytes.buffer.byteLength).toBeLessThanOrEqual(2 * (4096 + 1000))
})
