import { MailError } from '@posthorn/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { failureOf } from '../../../test/failure.ts'
import { foldField } from '../src/index.ts'

const unfold = (text: string) => text.replaceAll('\r\n', '')
const lengthsOf = (text: string) => text.split('\r\n').map((line) => line.length)

test.each([
  ['a short field', 'Subject: a b', 'Subject: a b'],
  ['78 columns', `A: ${'b'.repeat(70)} cccc`, `A: ${'b'.repeat(70)} cccc`],
  ['79 columns', `A: ${'b'.repeat(70)} ccccc`, `A: ${'b'.repeat(70)}\r\n ccccc`],
  ['a long first word', `A: ${'b'.repeat(76)}`, `A:\r\n ${'b'.repeat(76)}`],
  ['a word longer than a line', `A: b ${'c'.repeat(90)} d`, `A: b\r\n ${'c'.repeat(90)}\r\n d`],
  ['several blanks', `A: ${'b'.repeat(70)}   ccccc`, `A: ${'b'.repeat(70)}\r\n   ccccc`],
  ['blanks at the end', `A: ${'b'.repeat(75)}  `, `A:\r\n ${'b'.repeat(75)}  `],
])('foldField: %s [rfc5322 2.2.3]', (_, field, expected) => {
  expect(foldField(field)).toBe(expected)
})

test('foldField: a field with encoded words has 76 columns [rfc2047 2]', () => {
  const word = `=?utf-8?Q?${'a'.repeat(63)}?=`
  expect(lengthsOf(foldField(`A: ${word} ${word}`))).toEqual([2, 76, 76])
  expect(lengthsOf(foldField(`A: b =?utf-8?Q?c?= ${'d'.repeat(57)}`))).toEqual([76])
  expect(lengthsOf(foldField(`A: b =?utf-8?Q?c?= ${'d'.repeat(58)}`))).toEqual([18, 59])
})

test('foldField: a line has 998 octets at most, which non-ASCII characters count in full [rfc5322 2.1.1]', () => {
  expect(foldField(`A: ${'b'.repeat(997)}`)).toBe(`A:\r\n ${'b'.repeat(997)}`)
  expect(failureOf(() => foldField(`A: ${'b'.repeat(998)}`))).toBe('MIME_LINE_TOO_LONG')
  expect(failureOf(() => foldField(`A: ${'é'.repeat(498)}`))).toBe('none')
  expect(failureOf(() => foldField(`A: ${'é'.repeat(499)}`))).toBe('MIME_LINE_TOO_LONG')
  expect(failureOf(() => foldField(`A: ${' '.repeat(1000)}b`))).toBe('MIME_LINE_TOO_LONG')
})

test.each(['\r', '\n', '\r\n', '\r\n b', '\0', '\t', '\u0085', '\u2028', '\ud800'])(
  'foldField: refuses %j [rfc5322 2.2]',
  (control) => {
    expect(failureOf(() => foldField(`Subject: a${control}Bcc: b@example.org`))).toBe('MIME_BAD_HEADER')
  },
)

test('foldField: breaks only where a blank is, never leaves a line of blanks, and unfolds to the same', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', ' ', ' ', 'é'), minLength: 1, maxLength: 600 })
  fc.assert(
    fc.property(text, (value) => {
      const field = `Subject: x${value}`
      const folded = foldField(field)
      expect(unfold(folded)).toBe(field)
      const lines = folded.split('\r\n')
      for (const [index, line] of lines.entries()) {
        expect(line.trim()).not.toBe('')
        if (index === 0) continue
        const token = /^ +[^ ]+/.exec(line)?.[0] ?? ''
        expect(token).not.toBe('')
        expect((lines[index - 1] ?? '').length + token.length).toBeGreaterThan(78)
      }
    }),
  )
})

test('foldField: throws nothing but MailError', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', size: 'large' }), (field) => {
      failureOf(() => foldField(field))
    }),
  )
})

test('foldField: takes a megabyte of blanks or of words', () => {
  expect(unfold(foldField(`A: ${'b '.repeat(500_000)}c`))).toHaveLength(1_000_004)
  expect(() => foldField(`A: ${' '.repeat(1_000_000)}`)).toThrow(MailError)
})
