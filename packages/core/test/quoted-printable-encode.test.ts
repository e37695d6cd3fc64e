import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  decodeLatin1,
  decodeQuotedPrintable,
  encodeQuotedPrintable,
  QuotedPrintableEncoder,
  quotedPrintableLength,
} from '../src/index.ts'
import { counting, drive, octets } from './slow.ts'

const encode = (text: string, binary = false): string => decodeLatin1(encodeQuotedPrintable(octets(text), { binary }))
const decode = (text: string): string => decodeLatin1(decodeQuotedPrintable(octets(text)))
const a = (count: number): string => 'a'.repeat(count)

describe('encodeQuotedPrintable', () => {
  test.each([
    { name: 'rule 1: an octet over 126', plain: 'é', encoded: '=E9' },
    { name: 'rule 1: DEL and a control', plain: '\u007f\u0001', encoded: '=7F=01' },
    { name: 'rule 1: digits in upper case', plain: '\u00ab', encoded: '=AB' },
    { name: 'rule 1: the equals sign', plain: 'a=b', encoded: 'a=3Db' },
    { name: 'rule 2: 33 to 60 and 62 to 126', plain: '!<>~', encoded: '!<>~' },
    { name: 'rule 3: blanks inside a line', plain: 'a b\tc', encoded: 'a b\tc' },
    { name: 'rule 3: a space before a line end', plain: 'a \r\nb', encoded: 'a=20\r\nb' },
    { name: 'rule 3: a TAB before a line end', plain: 'a\t\r\nb', encoded: 'a=09\r\nb' },
    { name: 'rule 3: only the last of several blanks', plain: 'a  \r\n', encoded: 'a =20\r\n' },
    { name: 'rule 3: a blank at the end of the text', plain: 'a ', encoded: 'a=20' },
    { name: 'rule 3: a line of one blank', plain: ' \r\n', encoded: '=20\r\n' },
    { name: 'rule 4: line breaks', plain: 'a\r\n\r\nb\r\n', encoded: 'a\r\n\r\nb\r\n' },
    { name: 'rule 4: a bare LF', plain: 'a\nb', encoded: 'a=0Ab' },
    { name: 'rule 4: a bare CR', plain: 'a\rb', encoded: 'a=0Db' },
    { name: 'rule 4: a CR before a line break', plain: 'a\r\r\nb', encoded: 'a=0D\r\nb' },
    { name: 'rule 4: a blank before a bare LF', plain: 'a \nb', encoded: 'a =0Ab' },
    { name: 'rule 5: 76 characters in one line', plain: a(76), encoded: a(76) },
    { name: 'rule 5: 77 characters in two', plain: a(77), encoded: `${a(75)}=\r\n${a(2)}` },
    { name: 'rule 5: 76 characters before a line break', plain: `${a(76)}\r\nb`, encoded: `${a(76)}\r\nb` },
    { name: 'rule 5: 152 characters', plain: a(152), encoded: `${a(75)}=\r\n${a(75)}=\r\n${a(2)}` },
    { name: 'rule 5: an escape and the last octet', plain: `${a(72)}éb`, encoded: `${a(72)}=E9b` },
    { name: 'rule 5: an escape is not cut', plain: `${a(74)}é`, encoded: `${a(74)}=\r\n=E9` },
    { name: 'rule 5: an escape ends at column 76', plain: `${a(73)}é`, encoded: `${a(73)}=E9` },
    { name: 'rule 5: an escape and more', plain: `${a(73)}éb`, encoded: `${a(73)}=\r\n=E9b` },
    { name: 'rule 5: a blank before a soft break', plain: `${a(74)} ${a(9)}`, encoded: `${a(74)} =\r\n${a(9)}` },
    { name: 'a dot first in a line', plain: '.\r\n..a.b', encoded: '=2E\r\n=2E.a.b' },
    { name: 'a dot second in a line', plain: 'a.b', encoded: 'a.b' },
    { name: 'a line of --', plain: '--\r\n--a\r\n-\r\n-a', encoded: '=2D-\r\n=2D-a\r\n-\r\n-a' },
    { name: '-- inside a line', plain: 'a--b', encoded: 'a--b' },
    { name: '-- first after a soft break', plain: `${a(75)}--b`, encoded: `${a(75)}=\r\n=2D-b` },
    { name: 'From first in a line', plain: 'From a\r\nFrom b', encoded: '=46rom a\r\n=46rom b' },
    { name: 'what is not From and a space', plain: 'Fro\r\nFrom\r\nFrom:\r\nF', encoded: 'Fro\r\nFrom\r\nFrom:\r\nF' },
    { name: 'From inside a line', plain: 'aFrom b', encoded: 'aFrom b' },
    { name: 'From first after a soft break', plain: `${a(75)}From b`, encoded: `${a(75)}=\r\n=46rom b` },
    { name: 'From and a space at a line end', plain: 'From \r\n', encoded: '=46rom=20\r\n' },
    {
      name: 'escapes alone, 25 in a line',
      plain: 'é'.repeat(51),
      encoded: `${'=E9'.repeat(25)}=\r\n${'=E9'.repeat(25)}=\r\n=E9`,
    },
    { name: 'a dot first after a soft break', plain: `${a(75)}.b`, encoded: `${a(75)}=\r\n=2Eb` },
  ])('encodeQuotedPrintable: $name [rfc2045 6.7]', ({ plain, encoded }) => {
    expect(encode(plain)).toBe(encoded)
    expect(decode(encoded)).toBe(plain)
  })

  test('encodeQuotedPrintable: the most octets that there can be [rfc2045 6.7]', () => {
    const plain = '\u00ff'.repeat(10_000)
    expect(decode(encode(plain))).toBe(plain)
  })

  test('encodeQuotedPrintable: binary escapes every CR and LF [rfc2045 6.7]', () => {
    expect(encode('a\r\nb \r\n', true)).toBe('a=0D=0Ab =0D=0A')
  })

  test.each([false, true])('encodeQuotedPrintable: any octets come back, binary %s [rfc2045 6.7]', (binary) => {
    const octet = fc.oneof(
      fc.constantFrom('\r\n', '\r', '\n', ' ', '\t', '=', '.', '--', 'From ', 'a', 'a'.repeat(40)),
      fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
    )
    fc.assert(
      fc.property(fc.array(octet, { maxLength: 120, size: 'max' }), (pieces) => {
        const bytes = octets(pieces.join(''))
        const encoded = encodeQuotedPrintable(bytes, { binary })
        expect(decodeQuotedPrintable(encoded)).toEqual(bytes)
        for (const line of decodeLatin1(encoded).split('\r\n')) {
          expect(line).toMatch(/^(?:[\t !-<>-~]|=[0-9A-F]{2}){0,76}=?$/)
          expect(line).not.toMatch(/[ \t]$|^\.|^--|^From |^.{77}/)
        }
        expect(quotedPrintableLength(bytes, { binary })).toBe(encoded.length)
        for (const size of [1, 3, 50]) {
          expect(drive(new QuotedPrintableEncoder({ binary }), bytes, size)).toEqual(encoded)
        }
      }),
      { numRuns: 500 },
    )
  })
})

test('encodeQuotedPrintable: looks at each octet a few times', () => {
  const { proxy, reads } = counting(octets(' \r.\t='.repeat(3000)))
  encodeQuotedPrintable(proxy)
  expect(reads()).toBeLessThan(10 * proxy.length)
})

test('QuotedPrintableEncoder: blocks of a large text join as if it were one [rfc2045 6.7]', () => {
  const plain = octets(`${'From here on -- '.repeat(9)}\u00e9\r\n`.repeat(700))
  const encoded = encodeQuotedPrintable(plain)
  expect(drive(new QuotedPrintableEncoder(), plain, 1)).toEqual(encoded)
  expect(decodeQuotedPrintable(encoded)).toEqual(plain)
  expect(quotedPrintableLength(plain)).toBe(encoded.length)
})

test('QuotedPrintableEncoder: keeps back four octets at most, and begins another text after it was ended', () => {
  const encoder = new QuotedPrintableEncoder()
  expect(encoder.push(octets('abcdefgh')).length).toBe(4)
  expect(decodeLatin1(encoder.finish())).toBe('efgh')
  expect(decodeLatin1(drive(encoder, octets('.b'), 1))).toBe('=2Eb')
})
