import { decodeUtf8, encodeUtf8, MailError } from '@posthorn/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { prepareOpaqueString } from '../src/index.ts'
import { prepareReceived } from '../src/prepare.ts'

function resultOf(text: string): string {
  try {
    return decodeUtf8(prepareOpaqueString(text))
  } catch (error) {
    if (error instanceof MailError) return error.code
    throw error
  }
}

test.each([
  {
    name: 'spaces of US-ASCII',
    spec: '4.3 example 12',
    text: 'correct horse battery staple',
    prepared: 'correct horse battery staple',
  },
  {
    name: 'letter case, which matters',
    spec: '4.3 example 13',
    text: 'Correct Horse Battery Staple',
    prepared: 'Correct Horse Battery Staple',
  },
  { name: 'letters beyond US-ASCII', spec: '4.3 example 14', text: 'πßå', prepared: 'πßå' },
  { name: 'symbols', spec: '4.3 example 15', text: 'Jack of ♦s', prepared: 'Jack of ♦s' },
  { name: 'an Ogham space, which becomes SP', spec: '4.3 example 16', text: 'foo\u1680bar', prepared: 'foo bar' },
  { name: 'a no-break and an ideographic space', spec: '4.2.2', text: 'a\u00a0b\u3000c', prepared: 'a b c' },
  { name: 'spaces at the ends, which stay', spec: '4.2.2', text: ' a ', prepared: ' a ' },
  { name: 'a decomposed letter, which is composed', spec: '4.2.2', text: 'e\u0301', prepared: 'é' },
  { name: 'a wide letter, which is not mapped', spec: '4.2.2', text: 'Ａ', prepared: 'Ａ' },
  { name: 'an emoji with its variation selector', spec: '4.2.2', text: '❤\ufe0f😀', prepared: '❤\ufe0f😀' },
])('prepareOpaqueString: $name [rfc8265 $spec]', ({ text, prepared }) => {
  expect(resultOf(text)).toBe(prepared)
  expect(prepareReceived(text)).toBe(prepared)
})

test.each([
  { name: 'nothing', spec: '4.3 example 17', text: '' },
  { name: 'a TAB', spec: '4.3 example 18', text: 'my cat is a \tby' },
  { name: 'a NUL', spec: '4.2.1', text: 'a\0b' },
  { name: 'CR LF', spec: '4.2.1', text: 'a\r\nb' },
  { name: 'DEL', spec: '4.2.1', text: 'a\u007f' },
  { name: 'a control of C1', spec: '4.2.1', text: 'a\u0085' },
  { name: 'a line separator', spec: '4.2.1', text: 'a\u2028' },
  { name: 'half of a surrogate pair', spec: '4.2.1', text: 'a\ud800' },
])('prepareOpaqueString: refuses $name [rfc8265 $spec]', ({ text }) => {
  expect(resultOf(text)).toBe('SASL_BAD_CREDENTIALS')
  expect(prepareReceived(text)).toBeUndefined()
})

test('prepareOpaqueString: the text is not in the error', () => {
  expect(() => prepareOpaqueString('secret\n')).toThrow(/^(?!.*secret)/)
})

test('prepareOpaqueString: prepared twice is prepared once, and nothing but MailError is thrown', () => {
  const text = fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }))
  fc.assert(
    fc.property(text, (input) => {
      const once = resultOf(input)
      expect(resultOf(once)).toBe(once)
      if (once !== 'SASL_BAD_CREDENTIALS') expect(encodeUtf8(once)).toEqual(prepareOpaqueString(input))
    }),
    { numRuns: 500 },
  )
})
