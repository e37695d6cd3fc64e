import { decodeUtf8, encodeUtf8 } from '@posthorn/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { binaryPart, isSevenBit, type Part, textPart, toCrlf } from '../src/compose/part.ts'
import { readPart, textOf, wireOf } from './reader.ts'

const PLAIN = { value: 'text/plain', parameters: [{ name: 'charset', value: 'utf-8' }] }

const contentOf = (part: Part) =>
  part.content.map((piece) => (typeof piece === 'string' ? piece : decodeUtf8(piece))).join('')
const encodingOf = (part: Part) => part.fields[1]?.replace('Content-Transfer-Encoding: ', '')
const read = (part: Part) => readPart(wireOf(`${part.fields.join('\r\n')}\r\n\r\n${contentOf(part)}`))

describe('textPart', () => {
  test.each([
    ['US-ASCII', 'Hello\r\n', '7bit', 'Hello\r\n'],
    ['nothing', '', '7bit', ''],
    ['dots and lines like delimiters', '.\r\n--a\r\nFrom b', '7bit', '.\r\n--a\r\nFrom b'],
    ['bare LF', 'a\nb\n', '7bit', 'a\r\nb\r\n'],
    ['bare CR', 'a\rb\r', '7bit', 'a\r\nb\r\n'],
    ['all line ends', 'a\r\nb\rc\nd\n\re\r\r\n', '7bit', 'a\r\nb\r\nc\r\nd\r\n\r\ne\r\n\r\n'],
    ['998 octets on a line', `${'a'.repeat(998)}\r\nb`, '7bit', `${'a'.repeat(998)}\r\nb`],
    [
      'mostly US-ASCII',
      'A naïve text, mostly of US-ASCII',
      'quoted-printable',
      'A na=C3=AFve text, mostly of US-ASCII',
    ],
    ['bare LF in what is encoded', 'éabc\ndef\n', 'quoted-printable', '=C3=A9abc\r\ndef\r\n'],
    ['mostly not US-ASCII', 'Привет', 'base64', '0J/RgNC40LLQtdGC'],
    ['bare LF in Base64', 'Привет\n', 'base64', '0J/RgNC40LLQtdGCDQo='],
    ['NUL', 'aaaaaaaaaaaa\0', 'quoted-printable', 'aaaaaaaaaaaa=00'],
  ])('textPart: %s [rfc2045 6]', (_, text, encoding, content) => {
    const part = textPart(text, PLAIN)
    expect(part.fields).toEqual(['Content-Type: text/plain; charset=utf-8', `Content-Transfer-Encoding: ${encoding}`])
    expect(contentOf(part)).toBe(content)
  })

  test('textPart: a line of 999 octets is encoded [rfc2045 2.7]', () => {
    for (const text of [`${'a'.repeat(999)}\r\nb`, `b\r\n${'a'.repeat(999)}`, `b\n${'a b '.repeat(300)}\nc`]) {
      const part = textPart(text, PLAIN)
      expect(encodingOf(part)).toBe('quoted-printable')
      for (const line of contentOf(part).split('\r\n')) expect(line.length).toBeLessThanOrEqual(76)
      expect(textOf(read(part))).toBe(toCrlf(text))
    }
  })

  test('textPart: further fields follow', () => {
    expect(textPart('', PLAIN, ['X: y']).fields.at(-1)).toBe('X: y')
  })

  test('textPart: comes back with CRLF lines, in 7-bit lines of at most 998 octets, in the shorter encoding', () => {
    const text = fc.array(
      fc.oneof(
        fc.string({ unit: 'grapheme' }),
        fc.constantFrom('\n', '\r', '\r\n', 'a'.repeat(500), 'é ', ' \n', '=\n', '.\n'),
      ),
    )
    fc.assert(
      fc.property(text, (pieces) => {
        const whole = pieces.join('')
        const part = textPart(whole, PLAIN)
        const content = contentOf(part)
        expect(textOf(read(part))).toBe(whole.replace(/\r\n|\r|\n/g, '\r\n'))
        expect(content).toMatch(/^[\u0001-\u007f]*$/)
        for (const line of content.split('\r\n')) {
          expect(line.length).toBeLessThanOrEqual(encodingOf(part) === '7bit' ? 998 : 76)
          expect(line).not.toMatch(/[\r\n]/)
        }
        const octets = encodeUtf8(whole.replace(/\r\n|\r|\n/g, '\r\n')).length
        const characters = 4 * Math.ceil(octets / 3)
        expect(content.length).toBeLessThanOrEqual(Math.max(octets, characters + 2 * Math.floor((characters - 1) / 76)))
      }),
    )
  })
})

describe('binaryPart', () => {
  test.each([
    [0, [0]],
    [57, [76]],
    [58, [76, 4]],
    [114, [76, 76]],
    [115, [76, 76, 4]],
  ])('binaryPart: %d octets are lines of 76 columns [rfc2045 6.8]', (length, lines) => {
    const bytes = Uint8Array.from({ length }, (_, index) => (index * 7) & 255)
    const part = binaryPart(bytes, { value: 'image/png' })
    expect(part.fields).toEqual(['Content-Type: image/png', 'Content-Transfer-Encoding: base64'])
    expect(
      contentOf(part)
        .split('\r\n')
        .map((line) => line.length),
    ).toEqual(lines)
    expect(read(part).bytes).toEqual(bytes)
  })
})

test.each([
  ['', true],
  ['a\r\n\tb\u007f\u0001', true],
  ['\0', false],
  ['é', false],
  ['a'.repeat(998), true],
  ['a'.repeat(999), false],
  [`${'a'.repeat(998)}\r\n${'b'.repeat(998)}\r\n`, true],
  [`${'a'.repeat(998)}\r\n${'b'.repeat(999)}\r\n`, false],
])('isSevenBit: case %# [rfc2045 2.7]', (text, expected) => {
  expect(isSevenBit(text)).toBe(expected)
})
