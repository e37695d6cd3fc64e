import { concatBytes, decodeLatin1, encodeLatin1 } from '@posthorn/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { LineEndNormalizer } from '../src/index.ts'

function normalize(text: string, size: number, normalizer = new LineEndNormalizer()): string {
  const parts: Uint8Array[] = []
  const bytes = encodeLatin1(text)
  for (let at = 0; at < bytes.length; at += size) parts.push(normalizer.push(bytes.subarray(at, at + size)))
  parts.push(normalizer.end())
  return decodeLatin1(concatBytes(parts))
}

// The obvious implementation.
const mended = (text: string): string => text.replace(/\r\n|\r|\n/g, '\r\n')

describe.each([1, 3, 1000])('fed %s octet(s) at a time', (size) => {
  test.each(['', 'a', 'a\r\nb\r\n', 'a\nb', 'a\rb', '\r\r\n', '\n\r', 'a\r', '\r\n.\r\n', '\r\n\r\n'])(
    'LineEndNormalizer: %j [rfc5321 2.3.8]',
    (text) => {
      expect(normalize(text, size)).toBe(mended(text))
    },
  )
})

test('LineEndNormalizer: is as the obvious implementation, however the octets are split [rfc5321 2.3.8]', () => {
  const text = fc.string({ unit: fc.constantFrom('\r', '\n', '.', 'a', '\0', 'ÿ'), maxLength: 12 })
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 5 }), (input, size) => {
      const normalizer = new LineEndNormalizer()
      expect(normalize(input, size, normalizer)).toBe(mended(input))
      expect(normalizer.mended).toBe(mended(input) !== input)
      expect(normalizer.lineOpen).toBe(/[^\n]$/.test(mended(input)))
    }),
    { numRuns: 3000 },
  )
})

test('LineEndNormalizer: gives clean octets back as they are', () => {
  const bytes = encodeLatin1('a\r\nb\r\n')
  expect(new LineEndNormalizer().push(bytes)).toBe(bytes)
})
