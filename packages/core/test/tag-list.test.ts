import fc from 'fast-check'
import { expect, test } from 'vitest'
import { splitTags, trimBlanks } from '../src/tag-list.ts'

test.each<[string, string, [string, string][]]>([
  ['one tag', 'a=b', [['a', 'b']]],
  ['a final semicolon', 'a=b;', [['a', 'b']]],
  ['blanks after it', 'a=b; \t', [['a', 'b']]],
  [
    'two final semicolons',
    'a=b;;',
    [
      ['a', 'b'],
      ['', ''],
    ],
  ],
  [
    'white space around names and values',
    ' a \t= b\t;c=d ',
    [
      ['a', 'b'],
      ['c', 'd'],
    ],
  ],
  ['equals signs in a value', 'b=AA==', [['b', 'AA==']]],
  ['an empty value', 'p=', [['p', '']]],
  ['an empty name', '=p', [['', 'p']]],
  ['no equals sign', 'a b', [['', '']]],
  ['nothing', '', [['', '']]],
  ['a semicolon alone', ';', [['', '']]],
  ['white space that is none here', 'a\u00a0=\nb', [['a\u00a0', '\nb']]],
])('splitTags: %s [rfc6376 3.2]', (_, text, expected) => {
  expect(splitTags(text).map(({ name, value }) => [name, value])).toEqual(expected)
})

test('splitTags: each part stands where it says', () => {
  const text = fc.string({ unit: fc.constantFrom('a', '=', ';', ' ', '\t', 'b') })
  fc.assert(
    fc.property(text, (list) => {
      for (const part of splitTags(list)) {
        expect(list.slice(part.start, part.end)).toBe(part.text)
        expect(trimBlanks(part.text)).toBe(part.text)
      }
    }),
  )
})

test.each([
  [' \ta b\t ', 'a b'],
  ['\u00a0a\n', '\u00a0a\n'],
  [' \t', ''],
  ['', ''],
])('trimBlanks: %j [rfc5234 B.1]', (text, expected) => {
  expect(trimBlanks(text)).toBe(expected)
})
