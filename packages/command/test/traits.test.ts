import { decodeLatin1, encodeLatin1, encodeUtf8, isUtf8 } from '@posthorn/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type MessageTraits, TraitScanner } from '../src/index.ts'

const PLAIN: MessageTraits = {
  size: 0,
  eightBit: false,
  utf8Header: false,
  malformedHeader: false,
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
      name: 'UTF-8 header with sequences of four octets',
      spec: 'rfc3629 4',
      text: 'A: \u{10ffff}b\r\nB: \u{1d11e}\r\n\r\n',
      traits: { eightBit: true, utf8Header: true, longestLine: 8 },
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

describe.each([1, 2, 1000])('fed %s octet(s) at a time', (size) => {
  test.each([
    { name: 'Latin-1', text: 'A: \xe9\r\n\r\nb\r\n' },
    { name: 'a needless octet', text: 'A: \xc0\xaf\r\n\r\n' },
    { name: 'half of a surrogate pair', text: 'A: \xed\xa0\x80\r\n\r\n' },
    { name: 'what is over U+10FFFF', text: 'A: \xf4\x90\x80\x80\r\n\r\n' },
    { name: 'a tail alone', text: 'A: \x80\r\n\r\n' },
    { name: 'UTF-8 that a letter cuts', text: 'A: \xc3a\xa9\r\n\r\n' },
    { name: 'UTF-8 that a tab cuts', text: 'A: \xc3\t\xa9\r\n\r\n' },
    { name: 'UTF-8 that a folded line cuts', text: 'A: \xc3\r\n \xa9\r\n\r\n' },
    { name: 'UTF-8 that a line ending cuts', text: 'A: \xc3\r\n\xa9: b\r\n\r\n' },
    { name: 'UTF-8 that a bare LF cuts', text: 'A: \xc3\n\xa9: b\n\n' },
    { name: 'UTF-8 that a bare CR cuts', text: 'A: \xc3\r\xa9: b\r\r' },
    { name: 'UTF-8 that the end of the header cuts', text: 'A: \xe2\x82\r\n\r\n\xac' },
    { name: 'UTF-8 that the end of the message cuts', text: 'A: \xf0\x9f\x98' },
    { name: 'UTF-8 before and behind', text: 'A: \xc3\xa9 \xff \xc3\xa9\r\n\r\n' },
  ])('TraitScanner: $name in the header is malformed [rfc3629 4]', ({ text }) => {
    const { utf8Header, malformedHeader, eightBit } = scan(encodeLatin1(text), size)
    expect({ utf8Header, malformedHeader, eightBit }).toEqual({
      utf8Header: false,
      malformedHeader: true,
      eightBit: true,
    })
  })

  test.each([
    { name: 'of a UTF-8 header', header: 'A: \xc3\xa9\r\n', utf8Header: true },
    { name: 'of a US-ASCII header', header: 'A: b\r\n', utf8Header: false },
    { name: 'of no header', header: '', utf8Header: false },
  ])('TraitScanner: the body $name may be malformed [rfc3629 4]', ({ header, utf8Header }) => {
    const traits = scan(encodeLatin1(`${header}\r\n\xe9\xff\x80 b\r\n`), size)
    expect(traits).toMatchObject({ utf8Header, malformedHeader: false, eightBit: true, longestLine: 5 })
  })
})

test('TraitScanner: UTF-8 that is not whole yet is malformed until it is [rfc3629 4]', () => {
  const scanner = new TraitScanner()
  scanner.push(encodeLatin1('A: \xc3'))
  expect(scanner.traits).toMatchObject({ utf8Header: false, malformedHeader: true })
  scanner.push(encodeLatin1('\xa9'))
  expect(scanner.traits).toMatchObject({ utf8Header: true, malformedHeader: false })
})

test('TraitScanner: is as the obvious implementation, however the octets are split [rfc3629 4]', () => {
  const octet = fc.constantFrom(
    ...encodeLatin1('\r\n\r\n\r\na\t\0\x80\x8f\x90\x9f\xa0\xbf\xc0\xc3\xe0\xe2\xed\xf0\xf4\xf5'),
  )
  const bytes = fc.array(octet, { maxLength: 14 }).map((list) => Uint8Array.from(list))
  fc.assert(
    fc.property(bytes, fc.integer({ min: 1, max: 5 }), (all, size) => {
      const text = decodeLatin1(all)
      const header = /^(?:[^\r\n]+(?:\r\n|\r|\n|$))*/.exec(text)![0]
      const isUtf8Header = isUtf8(encodeLatin1(header))
      const eightBitHeader = /[\x80-\xff]/.test(header)
      expect(scan(all, size)).toEqual({
        size: all.length,
        eightBit: /[\x80-\xff]/.test(text),
        utf8Header: eightBitHeader && isUtf8Header,
        malformedHeader: eightBitHeader && !isUtf8Header,
        bareNewline: /\r(?!\n)|(?<!\r)\n/.test(text),
        nul: text.includes('\0'),
        longestLine: Math.max(...text.split(/\r\n|\r|\n/).map((line) => line.length)),
      })
    }),
    { numRuns: 5000 },
  )
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
