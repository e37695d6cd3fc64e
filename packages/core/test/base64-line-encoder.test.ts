import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Base64LineEncoder, decodeLatin1, encodeBase64Lines } from '../src/index.ts'
import { drive, someOctets } from './slow.ts'

describe.each([1, 3, 57, 100, Number.POSITIVE_INFINITY])('fed %s octet(s) at a time', (size) => {
  test.each([0, 1, 56, 57, 58, 113, 114, 115, 171, 400])('Base64LineEncoder: %s octets [rfc2045 6.8]', (length) => {
    const bytes = someOctets(length)
    const text = decodeLatin1(encodeBase64Lines(bytes))
    expect(decodeLatin1(drive(new Base64LineEncoder(), bytes, size))).toBe(text)
    expect(decodeLatin1(drive(new Base64LineEncoder({ reuse: true }), bytes, size))).toBe(text)
  })
})

test('Base64LineEncoder: gives the same lines however the octets are split [rfc2045 6.8]', () => {
  const cuts = fc.array(fc.integer({ min: 0, max: 200 }), { maxLength: 12, size: 'max' })
  fc.assert(
    fc.property(cuts, (lengths) => {
      const bytes = someOctets(lengths.reduce((sum, length) => sum + length, 0))
      const encoder = new Base64LineEncoder()
      let start = 0
      let text = ''
      for (const length of lengths) {
        text += decodeLatin1(encoder.push(bytes.subarray(start, start + length)))
        start += length
      }
      expect(text + decodeLatin1(encoder.finish())).toBe(decodeLatin1(encodeBase64Lines(bytes)))
    }),
  )
})

test('Base64LineEncoder: keeps back less than a line', () => {
  const encoder = new Base64LineEncoder()
  expect(encoder.push(new Uint8Array(56)).length).toBe(0)
  expect(encoder.push(new Uint8Array(1)).length).toBe(76)
  expect(encoder.push(new Uint8Array(57)).length).toBe(2 + 76)
})

test('Base64LineEncoder: begins another text after it was ended', () => {
  const encoder = new Base64LineEncoder()
  drive(encoder, someOctets(100), 10)
  expect(drive(encoder, someOctets(100), 10)).toEqual(encodeBase64Lines(someOctets(100)))
})

test('Base64LineEncoder: what it gives is not written again, unless it may', () => {
  const [kept, reused] = [new Base64LineEncoder(), new Base64LineEncoder({ reuse: true })]
  const line = kept.push(new Uint8Array(57))
  kept.push(new Uint8Array(57).fill(255))
  expect(decodeLatin1(line)).toBe('A'.repeat(76))
  expect(reused.push(new Uint8Array(114)).buffer).toBe(reused.push(new Uint8Array(57)).buffer)
})
