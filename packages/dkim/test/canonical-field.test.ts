import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonicalizeField } from '../src/index.ts'
import { octets, textOf } from './example.ts'

const relaxed = (field: string) => textOf(canonicalizeField(octets(field), 'relaxed'))

describe('canonicalizeField, relaxed', () => {
  test.each([
    ['the first example', 'A: X', 'a:X', 'rfc6376 3.4.5'],
    ['the second example', 'B : Y\t\r\n\tZ  ', 'b:Y Z', 'rfc6376 3.4.5'],
    ['upper case in a name', 'SUBJect: AbC', 'subject:AbC', 'rfc6376 3.4.2'],
    ['white space before the colon', 'Subject \t: a', 'subject:a', 'rfc6376 3.4.2'],
    ['colons in the value', 'X: a : b:c', 'x:a : b:c', 'rfc6376 3.4.2'],
    ['runs of white space', 'X:  a \t b\t\tc ', 'x:a b c', 'rfc6376 3.4.2'],
    ['several foldings', 'X:\r\n a\r\n \r\n\tb\r\n  ', 'x:a b', 'rfc6376 3.4.2'],
    ['no value', 'X:', 'x:', 'rfc6376 3.4.2'],
    ['a value of white space', 'X: \t ', 'x:', 'rfc6376 3.4.2'],
    ['octets over 127', 'X:\xa0é\xff\x85', 'x:\xa0é\xff\x85', 'rfc6376 3.4.2'],
    ['a bare CR or LF', 'X: a\rb\nc', 'x:a\rb\nc', 'rfc6376 3.4.2'],
    ['a vertical tab', 'X: a\v\fb', 'x:a\v\fb', 'rfc6376 2.8'],
  ])('%s [$3]', (_, field, expected) => {
    expect(relaxed(field)).toBe(expected)
  })

  test('is a form that stays as it is, and that folding does not change', () => {
    const word = fc.stringMatching(/^[!-~\xa0-\xff]{1,5}$/)
    const blank = fc.constantFrom(' ', '\t', '  ', '\r\n ', ' \r\n\t', '\r\n \r\n ')
    fc.assert(
      fc.property(fc.array(fc.tuple(word, blank)), (words) => {
        const field = `X-Name : ${words.flat().join('')}`
        const canonical = relaxed(field)
        expect(canonical).toBe(`x-name:${words.map(([one]) => one).join(' ')}`)
        expect(relaxed(canonical)).toBe(canonical)
      }),
    )
  })
})

test('canonicalizeField, simple: changes nothing [rfc6376 3.4.1]', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (field) => {
      expect(canonicalizeField(field, 'simple')).toEqual(field)
    }),
  )
})
