import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  decodeBase64,
  decodeBase64Url,
  decodeLatin1,
  encodeBase64,
  encodeBase64Lines,
  encodeBase64Url,
  encodeUtf8,
  equalBytes,
  MailError,
} from '../src/index.ts'
import { ALPHABET, slowEncode, slowOctets } from './slow.ts'

function slowDecode(text: string): Uint8Array | undefined {
  const bytes = slowOctets(text.replace(/=+$/, ''))
  return slowEncode(bytes) === text ? bytes : undefined
}

function failureOf(text: string, whitespace = false): { code: string; offset: number | undefined } {
  try {
    decodeBase64(text, { whitespace })
  } catch (error) {
    if (!(error instanceof MailError)) throw error
    return { code: error.code, offset: error.offset }
  }
  throw new Error(`"${text}" was decoded`)
}

const VECTORS = [
  ['', ''],
  ['f', 'Zg=='],
  ['fo', 'Zm8='],
  ['foo', 'Zm9v'],
  ['foob', 'Zm9vYg=='],
  ['fooba', 'Zm9vYmE='],
  ['foobar', 'Zm9vYmFy'],
] as const

test.each(VECTORS)('decodeBase64: %j comes from %j [rfc4648 10]', (plain, encoded) => {
  expect(decodeBase64(encoded)).toEqual(encodeUtf8(plain))
})

test('decodeBase64: every value of the alphabet has its character [rfc4648 4]', () => {
  const everyValue = Uint8Array.from({ length: 48 }, (_, index) => {
    const values = [0, 1, 2, 3].map((step) => Math.floor(index / 3) * 4 + step)
    const group = values.reduce((sum, value) => sum * 64 + value, 0)
    return (group >> (16 - 8 * (index % 3))) & 255
  })
  expect(decodeBase64(ALPHABET)).toEqual(everyValue)
})

test('decodeBase64: groups of zeros', () => {
  expect(decodeBase64('AAAAZm9vAAAA')).toEqual(Uint8Array.of(0, 0, 0, 0x66, 0x6f, 0x6f, 0, 0, 0))
})

test('decodeBase64: takes what the slow way takes, and nothing else', () => {
  const character = fc.constantFrom(...'AB/+z9=', '-', '_', ' ', '\n', '\u00e9', '\ud83d')
  const text = fc.oneof(
    fc.array(character, { maxLength: 12, size: 'max' }).map((characters) => characters.join('')),
    fc.uint8Array({ maxLength: 12, size: 'max' }).map(slowEncode),
  )
  fc.assert(
    fc.property(text, (input) => {
      const expected = slowDecode(input)
      if (expected) expect(decodeBase64(input)).toEqual(expected)
      else expect(failureOf(input).code).toMatch(/^BASE64_BAD_/)
    }),
    { numRuns: 2000 },
  )
})

test('decodeBase64: gives back any octets, of a megabyte too', () => {
  const bytes = Uint8Array.from({ length: 1_000_001 }, (_, index) => (index * 2_654_435_761) >>> 13)
  expect(equalBytes(decodeBase64(encodeBase64(bytes)), bytes)).toBe(true)
  const lines = decodeLatin1(encodeBase64Lines(bytes))
  expect(equalBytes(decodeBase64(lines, { whitespace: true }), bytes)).toBe(true)
})

describe('decodeBase64: strict', () => {
  test.each([
    { name: 'one character', text: 'A', code: 'BASE64_BAD_LENGTH' },
    { name: 'no padding', text: 'Zg', code: 'BASE64_BAD_LENGTH' },
    { name: 'half of the padding', text: 'Zg=', code: 'BASE64_BAD_LENGTH' },
    { name: 'padding of a whole group', text: 'Zm9v=', code: 'BASE64_BAD_LENGTH' },
    { name: 'padding alone', text: '==', code: 'BASE64_BAD_LENGTH' },
    { name: 'a group of padding', text: '====', code: 'BASE64_BAD_CHARACTER', offset: 0 },
    { name: 'three of padding', text: 'Z===', code: 'BASE64_BAD_CHARACTER', offset: 1 },
    { name: 'a group behind the padding', text: 'Zg==Zg==', code: 'BASE64_BAD_CHARACTER', offset: 2 },
    { name: 'padding first', text: '=AAA', code: 'BASE64_BAD_CHARACTER', offset: 0 },
    { name: 'the URL-safe alphabet', text: 'Zm9-Zm9v', code: 'BASE64_BAD_CHARACTER', offset: 3 },
    { name: 'a line break', text: 'Zm9v\r\nYg==', code: 'BASE64_BAD_CHARACTER', offset: 4 },
    { name: 'a blank at the end', text: 'Zm9v ', code: 'BASE64_BAD_CHARACTER', offset: 4 },
    { name: 'a NUL', text: 'Zm9v\u0000\u0000\u0000\u0000', code: 'BASE64_BAD_CHARACTER', offset: 4 },
    { name: 'a character over U+007F', text: 'Zm9vZm9\u00e9', code: 'BASE64_BAD_CHARACTER', offset: 7 },
    {
      name: 'a character that is in the alphabet modulo 256',
      text: 'Zm9\u0141',
      code: 'BASE64_BAD_CHARACTER',
      offset: 3,
    },
    { name: 'stray bits before ==', text: 'Zh==', code: 'BASE64_BAD_PADDING' },
    { name: 'stray bits before =', text: 'Zm9=', code: 'BASE64_BAD_PADDING' },
  ])('decodeBase64: refuses $name [rfc4648 3]', ({ text, code, offset }) => {
    expect(failureOf(text)).toEqual({ code, offset })
  })
})

describe('decodeBase64: whitespace', () => {
  test.each([
    { name: 'line breaks between groups', text: 'Zm9v\r\nYmFy\r\n', plain: 'foobar' },
    { name: 'single blanks between groups', text: 'Zm9v Zm9v\tYmFy\nYmFy\r', plain: 'foofoobarbar' },
    { name: 'line breaks inside a group', text: 'Zm\r\n9vYm\nFy', plain: 'foobar' },
    { name: 'a blank after each character', text: [...'Zm9vYg=='].join(' \t'), plain: 'foob' },
    { name: 'blanks before and after', text: ' \tZg==\r\n', plain: 'f' },
    { name: 'nothing else', text: ' \r\n\t', plain: '' },
  ])('decodeBase64: steps over $name [rfc2045 6.8]', ({ text, plain }) => {
    expect(decodeBase64(text, { whitespace: true })).toEqual(encodeUtf8(plain))
    expect(failureOf(text).code).toBe('BASE64_BAD_CHARACTER')
  })

  test.each([
    { name: 'a form feed', text: 'Zm9v\fZm9v', code: 'BASE64_BAD_CHARACTER', offset: 4 },
    { name: 'a character behind folded lines', text: 'Zm9v\r\nZm9v\r\nZ!9v', code: 'BASE64_BAD_CHARACTER', offset: 13 },
    { name: 'a character behind a cut group', text: 'Zm\r\n9vZm9v*', code: 'BASE64_BAD_CHARACTER', offset: 10 },
    { name: 'a cut group', text: 'Zm9v\r\nZ', code: 'BASE64_BAD_LENGTH' },
    { name: 'stray bits', text: 'Zm9v\r\nZh==\r\n', code: 'BASE64_BAD_PADDING' },
  ])('decodeBase64: refuses $name, with its offset in the text [rfc4648 3.3]', ({ text, code, offset }) => {
    expect(failureOf(text, true)).toEqual({ code, offset })
  })
})

test('decodeBase64: an error does not show the text, which may be a password', () => {
  for (const text of ['c2VjcmV0!', 'c2VjcmV0c', 'c2VjcmV0Zh==']) {
    expect(() => decodeBase64(text)).toThrow(/^Cannot decode Base64: (?!.*c2VjcmV0)/)
  }
})

const urlFailureOf = (text: string): unknown => {
  try {
    return decodeBase64Url(text)
  } catch (error) {
    return error instanceof MailError ? { code: error.code, offset: error.offset } : error
  }
}

test('decodeBase64Url: gives back any octets [rfc4648 5]', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40, size: 'max' }), (bytes) => {
      expect(decodeBase64Url(encodeBase64Url(bytes))).toEqual(bytes)
    }),
  )
})

test.each([
  { name: 'padding', text: 'Zg==', code: 'BASE64_BAD_CHARACTER', offset: 2 },
  { name: 'the other alphabet', text: 'Zm9+', code: 'BASE64_BAD_CHARACTER', offset: 3 },
  { name: 'a slash', text: '/w', code: 'BASE64_BAD_CHARACTER', offset: 0 },
  { name: 'a line break', text: 'Zm9v\nZm9v', code: 'BASE64_BAD_CHARACTER', offset: 4 },
  { name: 'a character over U+007F', text: '\u0141m9v', code: 'BASE64_BAD_CHARACTER', offset: 0 },
  { name: 'a cut group', text: 'Zm9vY', code: 'BASE64_BAD_LENGTH', offset: undefined },
  { name: 'stray bits', text: 'Zh', code: 'BASE64_BAD_PADDING', offset: undefined },
])('decodeBase64Url: refuses $name [rfc4648 5]', ({ text, code, offset }) => {
  expect(urlFailureOf(text)).toEqual({ code, offset })
})

// What a runtime has built in takes more than we do: blanks unasked, and a form feed as one of them.
test.each([false, true])('decodeBase64: refuses a form feed, whitespace %s [rfc4648 3.3]', (whitespace) => {
  expect(failureOf('Zm9v\fZm9v', whitespace)).toEqual({ code: 'BASE64_BAD_CHARACTER', offset: 4 })
})
