import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatTextField } from '../src/header/field.ts'
import { readText } from '../src/header/unstructured.ts'
import { wellFormed } from '../src/text/well-formed.ts'

test.each([
  [' Hello \t', 'Hello', []],
  ['', '', []],
  ['a\r\n b', 'a b', []],
  ['a \r\n\t b', 'a   b', []],
  ['=?utf-8?Q?_a_?=\r\n =?utf-8?Q?b?= c', ' a b c', []],
  ['a\tb', 'a b', []],
  ['a\nb', 'a b', ['bare-line-break']],
  ['a\r\nBcc: b', 'a  Bcc: b', ['bare-line-break']],
  ['a\u0000b\u0085\u2028c', 'a b  c', ['control-character', 'control-character']],
  [' \r\n x=?utf-8?Q?y?=', 'xy', ['word-spacing']],
])('readText: %j is %j [rfc5322 2.2]', (text, expected, codes) => {
  const read = readText(text)
  expect(read.text).toBe(expected)
  expect(read.defects.map(({ code }) => code)).toEqual(codes)
})

test('readText: offsets are those of the text as given', () => {
  const text = ' \t a\u0000 b=?utf-8?Q?c?='
  const told = readText(text).defects.map(({ start, end }) => text.slice(start, end))
  expect(told).toEqual(['\u0000', '=?utf-8?Q?c?='])
})

test('readText: undoes what formatTextField writes', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      fc.pre(!/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(text) && wellFormed(text) === text)
      expect(readText(formatTextField('Subject', text).slice('Subject:'.length))).toEqual({ text, defects: [] })
    }),
  )
})

test('readText: there is one line whatever is given', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(readText(text).text).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/)
    }),
  )
})

test.each(['=?', '\r\n ', '=?utf-8?Q?a?=', '=?utf-8?Q?', '?=', '=?x?Q?a?= ', '\u0000'])(
  'readText: a long run of %j is read to its end',
  (unit) => {
    const { text } = readText(`a${unit.repeat(200_000)}b`)
    expect([text.at(0), text.at(-1)]).toEqual(['a', 'b'])
  },
)
