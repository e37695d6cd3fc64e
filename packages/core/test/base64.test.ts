import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  decodeBase64,
  decodeLatin1,
  encodeBase64,
  encodeBase64Lines,
  encodeBase64Url,
  encodeUtf8,
  equalBytes,
  MailError,
} from '../src/index.ts'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

// The obvious way, one bit at a time.
function slowEncode(bytes: Uint8Array): string {
  const bits = Array.from(bytes, (octet) => octet.toString(2).padStart(8, '0')).join('')
  const groups = bits.match(/.{1,6}/g) ?? []
  const text = groups.map((group) => ALPHABET[Number.parseInt(group.padEnd(6, '0'), 2)]).join('')
  return text.padEnd(Math.ceil(text.length / 4) * 4, '=')
}

function slowDecode(text: string): Uint8Array | undefined {
  const bits = Array.from(text.replace(/=+$/, ''), (character) =>
    ALPHABET.indexOf(character).toString(2).padStart(6, '0'),
  ).join('')
  const bytes = Uint8Array.from(bits.match(/[01]{8}/g) ?? [], (octet) => Number.parseInt(octet, 2))
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

test.each(VECTORS)('encodeBase64: %j gives %j [rfc4648 10]', (plain, encoded) => {
  expect(encodeBase64(encodeUtf8(plain))).toBe(encoded)
})

test.each(VECTORS)('decodeBase64: %j comes from %j [rfc4648 10]', (plain, encoded) => {
  expect(decodeBase64(encoded)).toEqual(encodeUtf8(plain))
})

test('encodeBase64: every value of the alphabet has its character [rfc4648 4]', () => {
  const everyValue = Uint8Array.from({ length: 48 }, (_, index) => {
    const values = [0, 1, 2, 3].map((step) => Math.floor(index / 3) * 4 + step)
    const group = values.reduce((sum, value) => sum * 64 + value, 0)
    return (group >> (16 - 8 * (index % 3))) & 255
  })
  expect(encodeBase64(everyValue)).toBe(ALPHABET)
  expect(decodeBase64(ALPHABET)).toEqual(everyValue)
})

test('decodeBase64: groups of zeros', () => {
  expect(decodeBase64('AAAAZm9vAAAA')).toEqual(Uint8Array.of(0, 0, 0, 0x66, 0x6f, 0x6f, 0, 0, 0))
})

test('encodeBase64: as the slow way does', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300, size: 'max' }), (bytes) => {
      expect(encodeBase64(bytes)).toBe(slowEncode(bytes))
    }),
  )
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

describe('encodeBase64Lines', () => {
  test('encodeBase64Lines: lines of 76 characters, and no CRLF after the last [rfc2045 6.8]', () => {
    for (let length = 0; length <= 250; length++) {
      const bytes = Uint8Array.from({ length }, (_, index) => index * 7)
      const expected = (encodeBase64(bytes).match(/.{1,76}/g) ?? []).join('\r\n')
      expect(decodeLatin1(encodeBase64Lines(bytes))).toBe(expected)
    }
  })

  test('encodeBase64Lines: 57 octets are one line, 58 are two [rfc2045 6.8]', () => {
    expect(encodeBase64Lines(new Uint8Array(57)).length).toBe(76)
    expect(encodeBase64Lines(new Uint8Array(58)).length).toBe(76 + 2 + 4)
  })
})

test('encodeBase64Url: has no padding, and its own alphabet [rfc4648 5]', () => {
  expect(encodeBase64Url(Uint8Array.of(251, 255))).toBe('-_8')
})
