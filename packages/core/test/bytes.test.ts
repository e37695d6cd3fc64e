import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  concatBytes,
  decodeLatin1,
  decodeUtf8,
  encodeLatin1,
  encodeUtf8,
  equalBytes,
  isUtf8,
  plainBytes,
} from '../src/index.ts'

test.each([
  { name: 'US-ASCII', text: 'a', bytes: [0x61] },
  { name: 'two octets', text: 'é', bytes: [0xc3, 0xa9] },
  { name: 'four octets', text: '😀', bytes: [0xf0, 0x9f, 0x98, 0x80] },
  { name: 'a byte order mark', text: '\ufeffa', bytes: [0xef, 0xbb, 0xbf, 0x61] },
])('encodeUtf8 and decodeUtf8: $name [rfc3629 3]', ({ text, bytes }) => {
  expect([...encodeUtf8(text)]).toEqual(bytes)
  expect(decodeUtf8(Uint8Array.from(bytes))).toBe(text)
})

test('encodeUtf8: half of a surrogate pair becomes U+FFFD', () => {
  expect(decodeUtf8(encodeUtf8('a\ud83d'))).toBe('a\ufffd')
})

test.each([
  { name: 'nothing', bytes: [], well: true },
  { name: 'two octets', bytes: [0xc3, 0xa9], well: true },
  { name: 'a cut sequence', bytes: [0xc3], well: false },
  { name: 'a lone continuation', bytes: [0x80], well: false },
  { name: 'an overlong NUL', bytes: [0xc0, 0x80], well: false },
  { name: 'an encoded surrogate', bytes: [0xed, 0xa0, 0x80], well: false },
  { name: 'over U+10FFFF', bytes: [0xf4, 0x90, 0x80, 0x80], well: false },
])('isUtf8: $name [rfc3629 3]', ({ bytes, well }) => {
  expect(isUtf8(Uint8Array.from(bytes))).toBe(well)
  // A failure leaves nothing behind that would spoil the next call.
  expect(isUtf8(Uint8Array.of(0x61))).toBe(true)
})

test('decodeUtf8: gives U+FFFD for what is not UTF-8', () => {
  expect(decodeUtf8(Uint8Array.of(0x61, 0xff, 0x62))).toBe('a\ufffdb')
})

test('decodeLatin1: keeps each octet, of 100,000 too', () => {
  const bytes = Uint8Array.from({ length: 100_000 }, (_, index) => index % 256)
  const text = decodeLatin1(bytes)
  expect(text.length).toBe(bytes.length)
  expect(Uint8Array.from(text, (character) => character.charCodeAt(0))).toEqual(bytes)
})

test('decodeLatin1: octets 0x80 to 0x9F are C1 controls, not what Windows has there', () => {
  expect(decodeLatin1(Uint8Array.of(0x80, 0x9f))).toBe('\u0080\u009f')
})

test('encodeLatin1: gives back what decodeLatin1 took', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(encodeLatin1(decodeLatin1(bytes))).toEqual(bytes)
    }),
  )
})

test.each([
  { name: 'the first beyond', text: 'a\u0100', offset: 1 },
  { name: 'a pair of surrogates', text: 'ÿ😀', offset: 1 },
])('encodeLatin1: refuses $name, with its offset', ({ text, offset }) => {
  expect(() => encodeLatin1(text)).toThrow(expect.objectContaining({ code: 'LATIN1_BAD_CHARACTER', offset }))
})

test('concatBytes: joins in order, and copies', () => {
  const first = Uint8Array.of(1, 2)
  const joined = concatBytes([first, new Uint8Array(0), Uint8Array.of(3)])
  first[0] = 9
  expect(joined).toEqual(Uint8Array.of(1, 2, 3))
  expect(concatBytes([])).toEqual(new Uint8Array(0))
})

test('equalBytes: tells equal from unequal', () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.uint8Array(), fc.nat(), (bytes, others, seed) => {
      expect(equalBytes(bytes, bytes.slice())).toBe(true)
      expect(equalBytes(bytes, others)).toBe(bytes.join() === others.join())
      const changed = bytes.slice()
      const at = seed % Math.max(1, bytes.length)
      if (bytes.length === 0) return
      changed[at] = changed[at]! ^ 1
      expect(equalBytes(bytes, changed)).toBe(false)
    }),
  )
})

test('equalBytes: a prefix is not equal', () => {
  expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1))).toBe(false)
  expect(equalBytes(new Uint8Array(0), Uint8Array.of(0))).toBe(false)
})

test('plainBytes: gives a plain array itself, and a view of an array of another class', () => {
  class Octets extends Uint8Array {}
  const plain = Uint8Array.of(1, 2)
  expect(plainBytes(plain)).toBe(plain)
  const other = new Octets([0, 1, 2, 3]).subarray(1, 3)
  expect(plainBytes(other)).toEqual(Uint8Array.of(1, 2))
  expect(plainBytes(other).buffer).toBe(other.buffer)
  expect(plainBytes(other).constructor).toBe(Uint8Array)
})
