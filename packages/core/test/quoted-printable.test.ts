import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeLatin1, decodeQuotedPrintable, encodeQuotedPrintable, encodeUtf8, MailError } from '../src/index.ts'

const octets = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0))
const encode = (text: string, binary = false): string => decodeLatin1(encodeQuotedPrintable(octets(text), { binary }))
const decode = (text: string): string => decodeLatin1(decodeQuotedPrintable(octets(text)))
const a = (count: number): string => 'a'.repeat(count)

function failureOf(bytes: Uint8Array): MailError | undefined {
  try {
    decodeQuotedPrintable(bytes)
    return undefined
  } catch (error) {
    if (error instanceof MailError) return error
    throw error
  }
}

// Counts how often an element of the array is looked at.
function counting(bytes: Uint8Array): { proxy: Uint8Array; reads: () => number } {
  let count = 0
  const proxy = new Proxy(bytes, {
    get(target, key) {
      if (typeof key === 'string' && /^\d+$/.test(key)) count++
      const value: unknown = Reflect.get(target, key, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  return { proxy, reads: () => count }
}

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
    const octet = fc.oneof(fc.constantFrom(13, 10, 32, 9, 61, 46, 97), fc.integer({ min: 0, max: 255 }))
    fc.assert(
      fc.property(fc.array(octet, { maxLength: 300, size: 'max' }), (values) => {
        const bytes = Uint8Array.from(values)
        const encoded = encodeQuotedPrintable(bytes, { binary })
        expect(decodeQuotedPrintable(encoded)).toEqual(bytes)
        for (const line of decodeLatin1(encoded).split('\r\n')) {
          expect(line).toMatch(/^(?:[\t !-<>-~]|=[0-9A-F]{2}){0,76}=?$/)
          expect(line).not.toMatch(/[ \t]$|^\.|^.{77}/)
        }
      }),
      { numRuns: 500 },
    )
  })
})

describe('decodeQuotedPrintable', () => {
  test.each([
    { name: 'lower-case digits', encoded: '=e9=aB', plain: '\u00e9\u00ab' },
    { name: 'blanks before a line end, which a transport added', encoded: 'a \t\r\nb  ', plain: 'a\r\nb' },
    { name: 'a blank that is escaped', encoded: 'a=20 \r\n', plain: 'a \r\n' },
    { name: 'blanks before a bare LF, which is no line end', encoded: 'a \nb', plain: 'a \nb' },
    { name: 'a soft break', encoded: 'a=\r\nb', plain: 'ab' },
    { name: 'a soft break that a transport padded', encoded: 'a= \t \r\nb', plain: 'ab' },
    { name: 'blanks before a soft break', encoded: 'a =\r\nb', plain: 'a b' },
    { name: 'a soft break at the end of the text', encoded: 'a=', plain: 'a' },
    { name: 'a padded soft break at the end of the text', encoded: 'a= ', plain: 'a' },
    { name: 'only a soft break', encoded: '=\r\n', plain: '' },
    { name: 'a line over 76 characters', encoded: a(200), plain: a(200) },
    { name: 'octets that should have been escaped', encoded: '\u00e9\u0001', plain: '\u00e9\u0001' },
    { name: 'CR and LF that are escaped', encoded: '=0D=0A.=0D', plain: '\r\n.\r' },
    { name: 'nothing', encoded: '', plain: '' },
  ])('decodeQuotedPrintable: takes $name [rfc2045 6.7]', ({ encoded, plain }) => {
    expect(decode(encoded)).toBe(plain)
  })

  test.each([
    { name: 'one digit at the end', encoded: 'ab=4', offset: 2 },
    { name: 'one digit and a letter', encoded: '=4G', offset: 0 },
    { name: 'no digit', encoded: 'a==41', offset: 1 },
    { name: 'a bare LF', encoded: 'a=\nb', offset: 1 },
    { name: 'a bare CR', encoded: 'a=\rb', offset: 1 },
    { name: 'a blank and more', encoded: '= a', offset: 0 },
    { name: 'octets that are digits but for one bit', encoded: '=\u00b1\u0001', offset: 0 },
    { name: 'a slash, which stands before the digits', encoded: '=/1', offset: 0 },
    { name: 'a colon, which stands behind the digits', encoded: '=1:', offset: 0 },
    { name: 'an at sign, which stands before the letters', encoded: '=@1', offset: 0 },
    { name: 'a backquote, which stands where a letter does', encoded: '=`1', offset: 0 },
  ])('decodeQuotedPrintable: refuses an equals sign before $name [rfc2045 6.7]', ({ encoded, offset }) => {
    expect(failureOf(octets(encoded))).toMatchObject({ code: 'QP_BAD_ESCAPE', offset })
  })

  test('decodeQuotedPrintable: the error shows what follows the equals sign, its controls escaped', () => {
    expect(failureOf(octets('=\n\u0000'))?.message).toBe('Cannot decode quoted-printable escape "=\\x0a\\x00"')
  })

  test('decodeQuotedPrintable: throws nothing but MailError', () => {
    const octet = fc.oneof(fc.constantFrom(...encodeUtf8('=\r\n \t.aF0')), fc.integer({ min: 0, max: 255 }))
    fc.assert(
      fc.property(fc.array(octet, { maxLength: 60, size: 'max' }), (values) => {
        expect(failureOf(Uint8Array.from(values))?.code ?? 'QP_BAD_ESCAPE').toBe('QP_BAD_ESCAPE')
      }),
      { numRuns: 2000 },
    )
  })

  test.each([
    { name: 'blanks alone', unit: ' ' },
    { name: 'blanks in lines', unit: ' \r\n' },
    { name: 'padded soft breaks', unit: '= \t\r\n' },
    { name: 'escapes', unit: '=41' },
    { name: 'a blank and a letter', unit: ' a' },
  ])('decodeQuotedPrintable: looks at each octet a few times, for $name', ({ unit }) => {
    const { proxy, reads } = counting(octets(unit.repeat(3000)))
    decodeQuotedPrintable(proxy)
    expect(reads()).toBeLessThan(6 * proxy.length)
  })
})

test('encodeQuotedPrintable: looks at each octet a few times', () => {
  const { proxy, reads } = counting(octets(' \r.\t='.repeat(3000)))
  encodeQuotedPrintable(proxy)
  expect(reads()).toBeLessThan(6 * proxy.length)
})
