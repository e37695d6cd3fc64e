import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { TextLines } from '../src/text-lines.ts'

const octets = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0))

// Each line as its text and how it ended, up to one that is too long.
function drive(maxLength: number, pieces: readonly string[]): string[] {
  const lines = new TextLines(maxLength)
  const found: string[] = []
  for (const piece of pieces) {
    lines.push(octets(piece))
    for (let line = lines.next(); line; line = lines.next()) {
      found.push(line.ending === 'none' ? 'none' : `${line.text}|${line.ending}`)
      if (line.ending === 'none') return found
    }
  }
  return found
}

// The rule said another way.
function expectedLines(text: string, maxLength: number): string[] {
  const [last = '', ...pieces] = text.split('\n').reverse()
  const whole = pieces.reverse().map((piece) => {
    if (piece.length + 1 > maxLength) return 'none'
    return piece.endsWith('\r') ? `${piece.slice(0, -1)}|crlf` : `${piece}|lf`
  })
  const all = last.length >= maxLength ? [...whole, 'none'] : whole
  const tooLong = all.indexOf('none')
  return tooLong < 0 ? all : all.slice(0, tooLong + 1)
}

test.each([
  { name: 'nothing', pieces: [''], lines: [] },
  { name: 'a line', pieces: ['ab\r\n'], lines: ['ab|crlf'] },
  { name: 'a line in pieces', pieces: ['a', '', 'b', '\r', '\n'], lines: ['ab|crlf'] },
  { name: 'two lines and a part', pieces: ['a\r\nb\r\nc'], lines: ['a|crlf', 'b|crlf'] },
  { name: 'a part and two lines', pieces: ['a', 'b\r\nc\nd'], lines: ['ab|crlf', 'c|lf'] },
  { name: 'octets over 127', pieces: ['\u00ff\u0080\r\n'], lines: ['\u00ff\u0080|crlf'] },
  { name: 'as long as it may be', pieces: ['123456\r\n'], lines: ['123456|crlf'] },
  { name: 'one octet too long', pieces: ['1234567\r\n'], lines: ['none'] },
  { name: 'one octet too long, in pieces', pieces: ['1234', '567\r', '\n'], lines: ['none'] },
  { name: 'as many octets as a line may have, and no end', pieces: ['1234', '5678'], lines: ['none'] },
])('TextLines: $name [rfc5321 2.3.8]', ({ pieces, lines }) => {
  expect(drive(8, pieces)).toEqual(lines)
})

test('TextLines: splitting the input anywhere changes nothing', () => {
  const piece = fc.string({ unit: fc.constantFrom('\r', '\n', 'a', 'b'), maxLength: 12, size: 'max' })
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 12, size: 'max' }),
      fc.integer({ min: 1, max: 9 }),
      (pieces, maxLength) => {
        expect(drive(maxLength, pieces)).toEqual(expectedLines(pieces.join(''), maxLength))
      },
    ),
    { numRuns: 2000 },
  )
})

test('TextLines: takes several pushes before the first line is asked for, and between two lines', () => {
  const lines = new TextLines(100)
  for (const part of ['a\r', '\nb', 'c\r\nd']) lines.push(octets(part))
  expect(lines.next()).toEqual({ text: 'a', ending: 'crlf' })
  lines.push(octets('e\r\n'))
  expect(lines.next()).toEqual({ text: 'bc', ending: 'crlf' })
  expect(lines.next()).toEqual({ text: 'de', ending: 'crlf' })
  expect(lines.next()).toBeUndefined()
})

test('TextLines: tells whether anything waits', () => {
  const lines = new TextLines(100)
  expect(lines.waiting).toBe(false)
  lines.push(octets('a\r\nb'))
  expect(lines.waiting).toBe(true)
  lines.next()
  expect(lines.waiting).toBe(true)
  lines.next()
  expect(lines.waiting).toBe(true)
  lines.push(octets('\r\n'))
  lines.next()
  expect(lines.waiting).toBe(false)
})

test('TextLines: the start of a long line is not searched again', () => {
  const LENGTH = 100_000
  const lines = new TextLines(2 * LENGTH)
  const { indexOf } = String.prototype
  let searched = 0
  vi.spyOn(String.prototype, 'indexOf').mockImplementation(function (this: string, text, from = 0) {
    searched += this.length - from
    return indexOf.call(this, text, from)
  })
  for (let count = 0; count < LENGTH; count++) {
    lines.push(octets('a'))
    lines.next()
  }
  vi.restoreAllMocks()
  expect(searched).toBeLessThanOrEqual(2 * LENGTH)
  lines.push(octets('\r\n'))
  expect(lines.next()).toEqual({ text: 'a'.repeat(LENGTH), ending: 'crlf' })
})
