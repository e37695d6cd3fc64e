import { encodeUtf8 } from '@posthorn/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type MessageTraits, TraitScanner } from '../src/index.ts'

const PLAIN: MessageTraits = {
  size: 0,
  eightBit: false,
  utf8Header: false,
  bareNewline: false,
  nul: false,
  longestLine: 0,
}

function scan(bytes: Uint8Array, size = bytes.length || 1): MessageTraits {
  const scanner = new TraitScanner()
  for (let at = 0; at < bytes.length; at += size) scanner.push(bytes.subarray(at, at + size))
  return scanner.traits
}

describe.each([1, 3, 1000])('fed %s octet(s) at a time', (size) => {
  test.each<{ name: string; spec: string; text: string; traits: Partial<MessageTraits> }>([
    { name: 'nothing', spec: 'rfc5322 2.1', text: '', traits: {} },
    { name: 'text', spec: 'rfc5322 2.1', text: 'A: b\r\n\r\nHello\r\n', traits: { longestLine: 5 } },
    { name: '8-bit body', spec: 'rfc6152 2', text: 'A: b\r\n\r\né\r\n', traits: { eightBit: true, longestLine: 4 } },
    {
      name: 'UTF-8 header',
      spec: 'rfc6532 3.2',
      text: 'A: é\r\n\r\n',
      traits: { eightBit: true, utf8Header: true, longestLine: 5 },
    },
    {
      name: 'UTF-8 body after an empty header',
      spec: 'rfc5322 2.1',
      text: '\r\né',
      traits: { eightBit: true, longestLine: 2 },
    },
    {
      name: 'the last line without ending',
      spec: 'rfc5321 4.5.3.1.6',
      text: 'A: b\r\n\r\nlonger line',
      traits: { longestLine: 11 },
    },
    { name: 'a bare LF', spec: 'rfc5321 2.3.8', text: 'A: b\n\r\n', traits: { bareNewline: true, longestLine: 4 } },
    { name: 'a bare CR', spec: 'rfc5321 2.3.8', text: 'A\rb\r\n', traits: { bareNewline: true, longestLine: 1 } },
    { name: 'a CR at the end', spec: 'rfc5321 2.3.8', text: 'A\r', traits: { bareNewline: true, longestLine: 1 } },
    { name: 'a NUL', spec: 'rfc5321 4.5.2', text: 'A\0\r\n', traits: { nul: true, longestLine: 2 } },
  ])('TraitScanner: $name [$spec]', ({ text, traits }) => {
    const bytes = encodeUtf8(text)
    expect(scan(bytes, size)).toEqual({ ...PLAIN, size: bytes.length, ...traits })
  })
})

test('TraitScanner: however the octets are split, the traits are the same', () => {
  const bytes = fc
    .array(fc.constantFrom(0, 10, 13, 46, 97, 200), { maxLength: 30 })
    .map((list) => Uint8Array.from(list))
  fc.assert(
    fc.property(bytes, fc.integer({ min: 1, max: 5 }), (all, size) => {
      expect(scan(all, size)).toEqual(scan(all))
    }),
    { numRuns: 2000 },
  )
})
