import { expect, test } from 'vitest'
import { trimBlankEnd, trimBlanks } from '../src/blanks.ts'

test.each([
  [' \ta b\t ', 'a b'],
  ['\u00a0a\n', '\u00a0a\n'],
  [' \t', ''],
  ['', ''],
])('trimBlanks: %j [rfc5234 B.1]', (text, expected) => {
  expect(trimBlanks(text)).toBe(expected)
})

test.each([
  [' \ta b\t ', ' \ta b'],
  ['a\u00a0\n', 'a\u00a0\n'],
  [' \t', ''],
  ['', ''],
])('trimBlankEnd: %j [rfc5234 B.1]', (text, expected) => {
  expect(trimBlankEnd(text)).toBe(expected)
})
