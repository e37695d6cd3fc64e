import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Base64Decoder, decodeBase64Body, decodeLatin1, encodeBase64Lines, equalBytes } from '../src/index.ts'
import { ALPHABET, counting, drive, octets, slowOctets, someOctets } from './slow.ts'

// The reading of a body in a few lines: each run of digits up to padding is an encoding of its own.
function slowRead(body: string): Uint8Array {
  const runs = body.replace(/[^A-Za-z0-9+/=]/g, '').split('=')
  return Uint8Array.from(runs.flatMap((run) => Array.from(slowOctets(run))))
}

interface Row {
  name: string
  body: string
  plain: string
  told?: string
}

// `told` holds each code with its offset, how often it is there, and "!" where receivers differ.
const CLEAN: Row[] = [
  { name: 'nothing', body: '', plain: '' },
  { name: 'whole groups', body: 'Zm9vYmFy', plain: 'foobar' },
  { name: 'padding', body: 'Zm9vYg==', plain: 'foob' },
  { name: 'lines, the last one ended', body: 'Zm9v\r\nYmE=\r\n', plain: 'fooba' },
  { name: 'lines of another kind', body: 'Zm9v\nYmFy\r', plain: 'foobar' },
  { name: 'a line break and blanks inside a group', body: 'Zm\r\n 9\tv', plain: 'foo' },
  { name: 'a line break inside padding', body: 'Zg=\r\n=', plain: 'f' },
  { name: 'a line over 76 columns', body: 'Zm9v'.repeat(30), plain: 'foo'.repeat(30) },
]

const DAMAGED: Row[] = [
  { name: 'characters to ignore', body: 'Zm9v!Yg*==', plain: 'foob', told: 'BASE64_FOREIGN_CHARACTER@4x2' },
  { name: 'a NUL', body: 'Zm9v\0Zm9v', plain: 'foofoo', told: 'BASE64_FOREIGN_CHARACTER@4x1' },
  { name: 'an octet over 127', body: 'Zm9v\xe9Zm9v', plain: 'foofoo', told: 'BASE64_FOREIGN_CHARACTER@4x1' },
  { name: 'a form feed', body: 'Zm9v\fZm9v', plain: 'foofoo', told: 'BASE64_FOREIGN_CHARACTER@4x1' },
  {
    name: 'the URL-safe alphabet',
    body: 'Zm9-Zm9_',
    plain: 'foY\x9b',
    told: 'BASE64_URL_CHARACTER@3x2! BASE64_STRAY_BITS@8x1 BASE64_MISSING_PADDING@8x1',
  },
  { name: 'no padding', body: 'Zm9vYg', plain: 'foob', told: 'BASE64_MISSING_PADDING@6x1' },
  { name: 'half of the padding', body: 'Zm9vYg=', plain: 'foob', told: 'BASE64_MISSING_PADDING@7x1' },
  { name: 'a cut group', body: 'Zm9vY', plain: 'foo', told: 'BASE64_CUT_GROUP@5x1!' },
  { name: 'a single digit', body: 'Z', plain: '', told: 'BASE64_CUT_GROUP@1x1!' },
  {
    name: 'a cut group with padding',
    body: 'Zm9vZ===',
    plain: 'foo',
    told: 'BASE64_CUT_GROUP@5x1! BASE64_STRAY_PADDING@5x3',
  },
  { name: 'stray bits before ==', body: 'Zm9vYh==', plain: 'foob', told: 'BASE64_STRAY_BITS@6x1' },
  { name: 'stray bits before =', body: 'Zm9vYmF=', plain: 'fooba', told: 'BASE64_STRAY_BITS@7x1' },
  { name: 'an encoding behind another', body: 'Zg==Zg==', plain: 'ff', told: 'BASE64_AFTER_PADDING@4x1!' },
  {
    name: 'lines that are each padded',
    body: 'Zg==\r\nZm8=\r\nZm9v',
    plain: 'ffofoo',
    told: 'BASE64_AFTER_PADDING@6x2!',
  },
  {
    name: 'an encoding behind half of the padding',
    body: 'Zg=\r\nZm8=',
    plain: 'ffo',
    told: 'BASE64_AFTER_PADDING@5x1! BASE64_MISSING_PADDING@5x1',
  },
  {
    name: 'padding between whole groups',
    body: 'Zm9v=Zm9v',
    plain: 'foofoo',
    told: 'BASE64_STRAY_PADDING@4x1 BASE64_AFTER_PADDING@5x1!',
  },
  {
    name: 'padding inside a group',
    body: 'Z=m9v',
    plain: '\x9b\xdb',
    told: 'BASE64_CUT_GROUP@1x1! BASE64_STRAY_PADDING@1x1 BASE64_AFTER_PADDING@2x1! BASE64_STRAY_BITS@5x1 BASE64_MISSING_PADDING@5x1',
  },
  {
    name: 'padding first',
    body: '=Zm9v',
    plain: 'foo',
    told: 'BASE64_STRAY_PADDING@0x1 BASE64_AFTER_PADDING@1x1!',
  },
  { name: 'padding alone', body: '====', plain: '', told: 'BASE64_STRAY_PADDING@0x4' },
  { name: 'too much padding', body: 'Zg===', plain: 'f', told: 'BASE64_STRAY_PADDING@4x1' },
  {
    name: 'a character inside padding',
    body: 'Zg=!=Zm9v',
    plain: 'ffoo',
    told: 'BASE64_FOREIGN_CHARACTER@3x1 BASE64_AFTER_PADDING@5x1!',
  },
  {
    name: 'a footer behind the padding',
    body: 'Zm9vYg==\r\n--\r\nlist',
    plain: 'foob\x96+-',
    told: 'BASE64_URL_CHARACTER@10x2! BASE64_AFTER_PADDING@14x1!',
  },
]

function told(decoder: Pick<Base64Decoder, 'anomalies'>): string {
  return decoder.anomalies
    .map(({ code, offset, count, ambiguous }) => `${code}@${offset}x${count}${ambiguous ? '!' : ''}`)
    .join(' ')
}

describe.each([1, 3, Number.POSITIVE_INFINITY])('fed %s octet(s) at a time', (size) => {
  test.each([...CLEAN, ...DAMAGED])('Base64Decoder: $name [rfc2045 6.8]', (row) => {
    const decoder = new Base64Decoder()
    expect(decodeLatin1(drive(decoder, octets(row.body), size))).toBe(row.plain)
    expect(told(decoder)).toBe(row.told ?? '')
  })
})

const piece = fc.constantFrom(...'AZ9+/==', '-', '_', '\r\n', ' ', '\f', '!', '\xff', 'Zm9v', 'Zm9v'.repeat(100))
const body = fc.array(piece, { maxLength: 30, size: 'max' }).map((pieces) => pieces.join(''))

test('decodeBase64Body: reads any octets as the slow way does [rfc2045 6.8]', () => {
  fc.assert(
    fc.property(body, (text) => {
      expect(equalBytes(decodeBase64Body(octets(text)).bytes, slowRead(text))).toBe(true)
    }),
    { numRuns: 1000 },
  )
})

test('Base64Decoder: gives the same however the body is split [rfc2045 6.8]', () => {
  fc.assert(
    fc.property(body, fc.integer({ min: 1, max: 500 }), (text, size) => {
      const whole = decodeBase64Body(octets(text))
      const decoder = new Base64Decoder()
      expect(equalBytes(drive(decoder, octets(text), size), whole.bytes)).toBe(true)
      expect(decoder.anomalies).toEqual(whole.anomalies)
    }),
    { numRuns: 1000 },
  )
})

test('decodeBase64Body: gives back any octets, of a megabyte too [rfc2045 6.8]', () => {
  for (const length of [0, 1, 2, 3, 57, 58, 1_000_001]) {
    const { bytes, anomalies } = decodeBase64Body(encodeBase64Lines(someOctets(length)))
    expect(equalBytes(bytes, someOctets(length))).toBe(true)
    expect(anomalies).toEqual([])
  }
})

test('decodeBase64Body: finds a fault far inside a body [rfc2045 6.8]', () => {
  for (const [fault, code] of [
    ['*', 'BASE64_FOREIGN_CHARACTER'],
    ['\f', 'BASE64_FOREIGN_CHARACTER'],
    ['_', 'BASE64_URL_CHARACTER'],
    ['=', 'BASE64_STRAY_PADDING'],
  ] as const) {
    const text = ALPHABET.repeat(1100)
    const { bytes, anomalies } = decodeBase64Body(octets(`${text}${fault}${text}`))
    expect(equalBytes(bytes, slowOctets(ALPHABET.repeat(2200)))).toBe(true)
    expect(anomalies[0]).toMatchObject({ code, offset: text.length, count: 1 })
  }
})

test.each([
  { name: 'blanks', unit: ' \t' },
  { name: 'padding', unit: '=' },
  { name: 'foreign characters', unit: '*' },
  { name: 'padded groups', unit: 'Zg==' },
  { name: 'a blank in each group', unit: 'Zm 9v' },
  { name: 'form feeds', unit: '\fZm9v' },
])('decodeBase64Body: looks at each octet a few times, for $name', ({ unit }) => {
  const { proxy, reads } = counting(octets(unit.repeat(3000)))
  const { anomalies } = decodeBase64Body(proxy)
  expect(reads()).toBeLessThan(7 * proxy.length)
  expect(anomalies.length).toBeLessThanOrEqual(3)
})

test('decodeBase64Body: a small result does not hold a large array', () => {
  expect(decodeBase64Body(octets(`Zm9v${'\n'.repeat(100_000)}`)).bytes.buffer.byteLength).toBe(3)
})
