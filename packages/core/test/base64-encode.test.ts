import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  base64LinesLength,
  decodeLatin1,
  encodeBase64,
  encodeBase64Lines,
  encodeBase64Url,
  encodeUtf8,
} from '../src/index.ts'
import { ALPHABET, slowEncode, slowOctets, someOctets } from './slow.ts'

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

test('encodeBase64: every value of the alphabet has its character [rfc4648 4]', () => {
  expect(encodeBase64(slowOctets(ALPHABET))).toBe(ALPHABET)
})

test('encodeBase64: as the slow way does', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300, size: 'max' }), (bytes) => {
      expect(encodeBase64(bytes)).toBe(slowEncode(bytes))
    }),
  )
})

describe('encodeBase64Lines', () => {
  test('encodeBase64Lines: lines of 76 characters, and no CRLF after the last [rfc2045 6.8]', () => {
    for (let length = 0; length <= 250; length++) {
      const bytes = Uint8Array.from({ length }, (_, index) => index * 7)
      const expected = (encodeBase64(bytes).match(/.{1,76}/g) ?? []).join('\r\n')
      expect(decodeLatin1(encodeBase64Lines(bytes))).toBe(expected)
    }
  })

  test('encodeBase64Lines: as the slow way does, for many lines and any place in memory [rfc2045 6.8]', () => {
    const whole = someOctets(3000)
    for (const start of [0, 1, 2, 3]) {
      const bytes = whole.subarray(start)
      const expected = (slowEncode(bytes).match(/.{1,76}/g) ?? []).join('\r\n')
      expect(decodeLatin1(encodeBase64Lines(bytes))).toBe(expected)
    }
  })

  test('base64LinesLength: is the length of the text, for any number of octets [rfc2045 6.8]', () => {
    for (let length = 0; length <= 500; length++) {
      expect(base64LinesLength(length)).toBe(encodeBase64Lines(new Uint8Array(length)).length)
    }
    expect(base64LinesLength(10_000_000)).toBe(encodeBase64Lines(new Uint8Array(10_000_000)).length)
  })

  test('encodeBase64Lines: 57 octets are one line, 58 are two [rfc2045 6.8]', () => {
    expect(encodeBase64Lines(new Uint8Array(57)).length).toBe(76)
    expect(encodeBase64Lines(new Uint8Array(58)).length).toBe(76 + 2 + 4)
  })
})

test('encodeBase64Url: has no padding, and its own alphabet [rfc4648 5]', () => {
  expect(encodeBase64Url(Uint8Array.of(251, 255))).toBe('-_8')
})
