import { findControl } from '@posthorn/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { resultOf } from '../../../test/failure.ts'
import { decodeXtext, encodeXtext } from '../src/index.ts'

test.each([
  { name: 'nothing', plain: '', encoded: '' },
  { name: 'letters and marks', plain: 'Az09!*,<>~"\\', encoded: 'Az09!*,<>~"\\' },
  { name: 'plus and equals', plain: 'a+b=c', encoded: 'a+2Bb+3Dc' },
  { name: 'a space', plain: 'a b', encoded: 'a+20b' },
  { name: 'UTF-8', plain: 'é', encoded: '+C3+A9' },
])('encodeXtext and decodeXtext: $name [rfc3461 4]', ({ plain, encoded }) => {
  expect(encodeXtext(plain)).toBe(encoded)
  expect(decodeXtext(encoded)).toBe(plain)
})

test('decodeXtext: takes an escape where none was needed [rfc3461 4]', () => {
  expect(decodeXtext('+41+7E')).toBe('A~')
})

describe('decodeXtext', () => {
  test.each([
    { name: 'a hidden CR LF', text: 'ab+0D+0Acd' },
    { name: 'a hidden NUL', text: '+00' },
    { name: 'a hidden TAB', text: '+09' },
    { name: 'a hidden DEL', text: '+7F' },
    { name: 'a hidden U+0085', text: '+C2+85' },
    { name: 'a hidden U+2028', text: '+E2+80+A8' },
    { name: 'octets that are not UTF-8', text: 'a+FF' },
    { name: 'a cut UTF-8 sequence', text: '+C3a' },
    { name: 'digits in lower case', text: '+2b' },
    { name: 'one digit', text: 'a+2' },
    { name: 'no digit', text: 'a+' },
    { name: 'two plus signs', text: '++2B' },
    { name: 'an equals sign', text: 'a=b' },
    { name: 'a space', text: 'a b' },
    { name: 'a CR', text: 'a\r' },
    { name: 'what is not US-ASCII', text: 'é' },
  ])('decodeXtext: refuses $name [rfc3461 4]', ({ text }) => {
    expect(resultOf(() => decodeXtext(text))).toBe('COMMAND_BAD_ARGUMENT')
  })

  test('decodeXtext: takes a long text', () => {
    expect(decodeXtext('a+2B'.repeat(300_000))).toBe('a+'.repeat(300_000))
    expect(resultOf(() => decodeXtext(`${'a'.repeat(1_000_000)}=`))).toBe('COMMAND_BAD_ARGUMENT')
  })
})

test.each(['\r', '\n', '\0', '\t', '\u007f', '\u0085', '\u2028', '\u2029', '\ud800'])(
  'encodeXtext: refuses %j [rfc3461 4]',
  (control) => {
    expect(resultOf(() => encodeXtext(`a${control}b`))).toBe('COMMAND_BAD_ARGUMENT')
  },
)

test('encodeXtext: decodeXtext inverts it, and only xtext comes out', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      fc.pre(findControl(text) < 0)
      const encoded = encodeXtext(text)
      expect(encoded).toMatch(/^(?:[!-*,-<>-~]|\+[0-9A-F]{2})*$/)
      expect(decodeXtext(encoded)).toBe(text)
    }),
  )
})

test('decodeXtext: what it takes has no control, and it throws nothing but MailError', () => {
  const piece = fc.constantFrom('+', '=', '0', '0D', '0A', '+C2', '+85', 'a', ' ', '\n', '+2B', '+E2+80+A8')
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const result = resultOf(() => decodeXtext(pieces.join('')))
      if (result !== 'COMMAND_BAD_ARGUMENT') expect(decodeXtext(encodeXtext(result))).toBe(result)
    }),
    { numRuns: 2000 },
  )
})
