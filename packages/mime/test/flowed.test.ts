import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeFlowed, encodeFlowed, type FlowedParagraph } from '../src/text/flowed.ts'
import { wellFormed } from '../src/text/well-formed.ts'

const show = (paragraphs: readonly FlowedParagraph[]) => paragraphs.map(({ depth, text }) => `${depth} ${text}`)

test.each([
  ['nothing', '', []],
  ['lines', 'a\r\nb\r\n', ['0 a', '0 b']],
  ['lines with LF, the last without', 'a\nb', ['0 a', '0 b']],
  ['empty lines', 'a\r\n\r\nb\r\n', ['0 a', '0 ', '0 b']],
  ['lines that flow', 'a \r\nb \r\nc\r\nd\r\n', ['0 a b c', '0 d']],
  ['a paragraph that never ends', 'a \r\nb \r\n', ['0 a b ']],
  ['a blank line within', 'a \r\n \r\nb\r\n', ['0 a ', '0 b']],
  ['stuffed lines', ' From me\r\n  a\r\n >b\r\n', ['0 From me', '0  a', '0 >b']],
  ['quotes', '> a \r\n> b\r\n>> c\r\n>>> d \r\n', ['1 a b', '2 c', '3 d ']],
  ['quotes without stuffing', '>a \r\n>b\r\n', ['1 a b']],
  ['a blank between quote marks', '> > a\r\n', ['1 > a']],
  ['another depth within a paragraph [rfc3676 4.5]', '> a \r\nb\r\n', ['1 a ', '0 b']],
  ['a signature [rfc3676 4.3]', 'a \r\n-- \r\nb\r\n', ['0 a ', '0 -- ', '0 b']],
  ['a quoted signature', '> -- \r\n> b\r\n', ['1 -- ', '1 b']],
  ['a stuffed signature', ' -- \r\nb\r\n', ['0 -- ', '0 b']],
  ['a CR within a line', 'a\rb \r\nc\r\n', ['0 a\rb c']],
])('decodeFlowed: %s [rfc3676 4]', (_, text, expected) => {
  expect(show(decodeFlowed(text))).toEqual(expected)
})

test('decodeFlowed: with delsp the blank that flows is no text [rfc3676 4.1]', () => {
  expect(show(decodeFlowed('ab \r\ncd  \r\ne\r\n', { delSp: true }))).toEqual(['0 abcd e'])
})

test.each([
  [[{ depth: 0, text: 'a' }], 'a\r\n'],
  [[{ depth: 0, text: '' }], '\r\n'],
  [[{ depth: 2, text: 'a' }], '>> a\r\n'],
  [[{ depth: 0, text: '>a' }], ' >a\r\n'],
  [[{ depth: 0, text: 'From a' }], ' From a\r\n'],
  [[{ depth: 0, text: 'a  ' }], 'a\r\n'],
  [[{ depth: 0, text: '-- ' }], '-- \r\n'],
  [[{ depth: 0, text: 'a\r\nb\nc' }], 'a\r\nb\r\nc\r\n'],
  [[{ depth: 0, text: 'aaaa bbbb cccc dddd From e' }], 'aaaa bbbb cccc \r\ndddd From e\r\n'],
  [[{ depth: 0, text: 'aaaa bbbb cccc dddd  From e' }], 'aaaa bbbb cccc \r\ndddd  From e\r\n'],
  [[{ depth: 0, text: `${'a'.repeat(30)} b` }], `${'a'.repeat(30)} \r\nb\r\n`],
])('encodeFlowed: %j is %j [rfc3676 4.2]', (paragraphs, expected) => {
  expect(encodeFlowed(paragraphs, { width: 20 })).toBe(expected)
})

test('encodeFlowed: with delsp a line is cut between characters', () => {
  const text = encodeFlowed([{ depth: 0, text: `${'山'.repeat(30)}${'😀'.repeat(20)}` }], { width: 20, delSp: true })
  for (const line of text.split('\r\n')) {
    expect(line.length).toBeLessThanOrEqual(20)
    expect(wellFormed(line)).toBe(line)
  }
})

test('encodeFlowed: comes back by decodeFlowed', () => {
  const word = fc.constantFrom('a', 'From', '>', '--', ' ', '-- ', '山', '😀', 'long'.repeat(9))
  const paragraph = fc.record({ depth: fc.nat(3), text: fc.array(word, { maxLength: 30 }).map((all) => all.join(' ')) })
  fc.assert(
    fc.property(fc.array(paragraph), fc.boolean(), fc.integer({ min: 20, max: 80 }), (paragraphs, delSp, width) => {
      const text = encodeFlowed(paragraphs, { delSp, width })
      const kept = paragraphs.map((one) => ({ ...one, text: one.text === '-- ' ? '-- ' : one.text.replace(/ +$/, '') }))
      expect(decodeFlowed(text, { delSp })).toEqual(kept)
    }),
  )
})

test.each(['a \r\n', '> a \r\n', '>\r\n', ' \r\n', '-- \r\n', '\n'])(
  'decodeFlowed: 200,000 lines of %j are read',
  (line) => {
    const paragraphs = decodeFlowed(line.repeat(200_000))
    expect(paragraphs.reduce((sum, { text }) => sum + text.length, 0) + paragraphs.length).toBeGreaterThan(100_000)
  },
)

test.each(['a ', 'a', ' ', '>', '-- '])('encodeFlowed: a megabyte of %j is written', (unit) => {
  const text = unit.repeat(1_000_000 / unit.length)
  expect(encodeFlowed([{ depth: 1, text }]).length).toBeGreaterThan(text.trimEnd().length)
  expect(encodeFlowed([{ depth: 1, text: `${text}.` }], { delSp: true }).length).toBeGreaterThan(text.length)
})
