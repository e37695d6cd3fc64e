import { concatBytes, decodeUtf8, encodeUtf8 } from '@posthorn/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeOctets, encodeText, hasText, isSevenBit, type Level, levelOf, toCrlf } from '../src/compose/encoding.ts'
import { joinPieces, sizeOfPieces } from '../src/compose/piece.ts'
import { readPart, textOf } from './reader.ts'

const WAY = { level: 0, strict: false, stem: '=_x' } as const

function written({ label, content }: ReturnType<typeof encodeText>) {
  const octets = joinPieces([content])
  expect(sizeOfPieces([content], false)).toBe(octets.length)
  const wire = Array.from(octets, (octet) => String.fromCharCode(octet)).join('')
  return { label, wire, read: readPart(`Content-Transfer-Encoding: ${label}\r\n\r\n${wire}`) }
}

describe('encodeText', () => {
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
  ])('encodeText: %s [rfc2045 6]', (_, text, label, wire) => {
    expect(written(encodeText(toCrlf(text), WAY))).toMatchObject({ label, wire })
  })

  test('encodeText: a line of 999 octets is encoded [rfc2045 2.7]', () => {
    for (const text of [`${'a'.repeat(999)}\r\nb`, `b\r\n${'a'.repeat(999)}`, `b\n${'a b '.repeat(300)}\nc`]) {
      const { label, wire, read } = written(encodeText(toCrlf(text), WAY))
      expect(label).toBe('quoted-printable')
      for (const line of wire.split('\r\n')) expect(line.length).toBeLessThanOrEqual(76)
      expect(textOf(read)).toBe(toCrlf(text))
    }
  })

  test.each([
    ['é\r\n', '8bit', '8bit'],
    ['a\r\n', '7bit', '7bit'],
    [`${'é'.repeat(499)}\r\n`, '8bit', '8bit'],
    [`${'é'.repeat(500)}\r\n`, 'base64', 'binary'],
    ['é\0', 'base64', 'binary'],
  ])('encodeText: %j takes what the server allows [rfc6152 2, rfc3030 3]', (text, eightBit, binary) => {
    for (const [level, label] of [[1, eightBit] as const, [2, binary] as const]) {
      const found = written(encodeText(text, { ...WAY, level }))
      expect(found.label).toBe(label)
      expect(textOf(found.read)).toBe(text)
    }
  })

  test.each(['blank \r\nb', 'tab\t', 'From me', 'a\r\nFrom me', 'é'])(
    'encodeText: %j is made safe where it is signed, whatever the server takes [rfc3156 3]',
    (text) => {
      const { label, wire } = written(encodeText(text, { level: 2, strict: true, stem: '=_x' }))
      expect(label).toMatch(/quoted-printable|base64/)
      expect(wire).not.toMatch(/[ \t](\r\n|$)|^From |[^ -~\r\n]/m)
    },
  )

  test('encodeText: comes back, in lines of the label, in the least encoding', () => {
    const text = fc.array(
      fc.oneof(
        fc.string({ unit: 'grapheme' }),
        fc.constantFrom('\n', '\r', '\r\n', 'a'.repeat(500), 'é ', ' \n', '=\n', '.\n', 'ж'.repeat(30_000)),
      ),
    )
    fc.assert(
      fc.property(text, fc.constantFrom<Level>(0, 1, 2), (pieces, level) => {
        const whole = toCrlf(pieces.join(''))
        const { label, wire, read } = written(encodeText(whole, { ...WAY, level }))
        expect(textOf(read)).toBe(whole)
        if (label !== 'binary') {
          expect(wire).toMatch(label === '8bit' ? /^[\u0001-\u00ff]*$/ : /^[\u0001-\u007f]*$/)
          expect(wire.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
          for (const line of wire.split('\r\n')) expect(line.length).toBeLessThanOrEqual(/bit/.test(label) ? 998 : 76)
        }
        const octets = encodeUtf8(whole).length
        const characters = 4 * Math.ceil(octets / 3)
        expect(wire.length).toBeLessThanOrEqual(Math.max(octets, characters + 2 * Math.floor((characters - 1) / 76)))
      }),
    )
  })
})

describe('encodeOctets', () => {
  test.each([0, 57, 58, 114, 115, 100_000])(
    'encodeOctets: %d octets are lines of 76 columns [rfc2045 6.8]',
    (length) => {
      const bytes = Uint8Array.from({ length }, (_, index) => (index * 7) & 255)
      const { label, wire, read } = written(encodeOctets(bytes, false, WAY))
      expect(label).toBe('base64')
      for (const line of wire.split('\r\n').slice(0, -1)) expect(line.length).toBe(76)
      expect(read.bytes).toEqual(bytes)
    },
  )

  test('encodeOctets: are binary where the server takes that, and no delimiter stands in them [rfc3030 3]', () => {
    const bytes = new Uint8Array([0, 255, 10])
    const way = { ...WAY, level: 2 } as const
    expect(encodeOctets(bytes, false, way)).toEqual({ label: 'binary', content: bytes, level: 2 })
    expect(encodeOctets(concatBytes([bytes, encodeUtf8('--=_x')]), false, way).label).toBe('base64')
  })
})

test.each([
  ['', 0],
  ['a\r\n\tb\u007f\u0001', 0],
  ['é\r\n', 1],
  ['\0', 2],
  ['a\n', 2],
  ['a\r', 2],
  ['a\rb', 2],
  [`${'a'.repeat(998)}\r\n${'b'.repeat(998)}`, 0],
  [`${'a'.repeat(998)}\r\n${'b'.repeat(999)}`, 2],
  [`${'a'.repeat(999)}\r\n`, 2],
  [`${'é'.repeat(500)}\r\n`, 2],
])('levelOf: case %# [rfc2045 2.7, 2.8]', (text, level) => {
  expect(levelOf(encodeUtf8(text))).toBe(level)
  if (level !== 1 && !/(^|[^\r])\n|\r(?!\n)/.test(text)) expect(isSevenBit(text)).toBe(level === 0)
})

test('hasText: finds text in octets', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('=', '_', 'x') }), (text) => {
      expect(hasText(encodeUtf8(text), '=_x')).toBe(decodeUtf8(encodeUtf8(text)).includes('=_x'))
    }),
  )
})
