import { describe, expect, test } from 'vitest'
import { DefectList } from '../src/syntax/defect.ts'
import { Scanner, type ScannerOptions } from '../src/syntax/scanner.ts'

const KINDS = { atom: 'a', 'quoted-string': 'q', 'domain-literal': 'd', comment: 'c', special: 's' }

function scan(text: string, options: ScannerOptions = {}) {
  const defects = new DefectList()
  const scanner = new Scanner(text, defects, options)
  const tokens = []
  for (let token = scanner.nextOfAll(); token; token = scanner.nextOfAll()) tokens.push(token)
  return { tokens, defects: defects.defects }
}

const brief = (text: string, options?: ScannerOptions) =>
  scan(text, options).tokens.map(({ type, value }) => `${KINDS[type]} ${value}`)

const doubts = (text: string, options?: ScannerOptions) =>
  scan(text, options).defects.map(({ code, start, end }) => `${code} ${start}-${end}`)

test.each([
  ['atoms and specials', 'rfc5322 3.2.3', 'a.b@c', ['a a', 's .', 'a b', 's @', 'a c']],
  ['characters beyond US-ASCII are of atoms', 'rfc6532 3.2', 'Ünal 𝒜 d', ['a Ünal', 'a 𝒜', 'a d']],
  ['a quoted string', 'rfc5322 3.2.4', '"a, b" c', ['q a, b', 'a c']],
  ['quoted pairs', 'rfc5322 3.2.1', String.raw`"a\"b\\c\d"`, ['q a"b\\cd']],
  ['folding in a quoted string', 'rfc5322 3.2.4', '"a\r\n b\r\n\tc"', ['q a b\tc']],
  ['folding behind a backslash', 'rfc5322 2.2.3', '"a\\\r\n b"', ['q a b']],
  ['a comment', 'rfc5322 3.2.2', 'a(b c)d', ['a a', 'c b c', 'a d']],
  ['nested comments', 'rfc5322 3.2.2', String.raw`(a (b \) (c)) d)e`, ['c a (b ) (c)) d', 'a e']],
  ['a domain literal', 'rfc5322 3.4.1', 'a@[ 1.2.3.4 ]', ['a a', 's @', 'd  1.2.3.4 ']],
  ['a quoted pair in a literal', 'rfc5322 4.4', String.raw`[a\]b]`, ['d a]b']],
  ['blanks alone', 'rfc5322 4.2', ' \t\r\n \r\n\t', []],
])('Scanner: %s [%s]', (_name, _spec, text, expected) => {
  expect(brief(text)).toEqual(expected)
  expect(doubts(text)).toEqual([])
})

test.each([
  ['a dot is part of it', 'multipart/x.y; a=b', ['a multipart', 's /', 'a x.y', 's ;', 'a a', 's =', 'a b']],
  ['brackets are specials', '[a]', ['s [', 'a a', 's ]']],
])('Scanner: with tokens, %s [rfc2045 5.1]', (_name, text, expected) => {
  expect(brief(text, { grammar: 'rfc2045' })).toEqual(expected)
})

test('Scanner: a token beyond US-ASCII is a defect [rfc2045 5.1]', () => {
  expect(brief('é=1', { grammar: 'rfc2045' })).toEqual(['a é', 's =', 'a 1'])
  expect(doubts('é=1', { grammar: 'rfc2045' })).toEqual(['utf8-in-token 0-1'])
})

test.each([
  ['an open quote', 'a "b, c', ['a a', 'q b, c'], ['unclosed-quoted-string 2-7']],
  ['an open quote, its last character a backslash', '"a\\', ['q a\\'], ['unclosed-quoted-string 0-3']],
  ['an open comment', 'a (b (c) d', ['a a', 'c b (c) d'], ['unclosed-comment 2-10']],
  ['an open literal', '[1.2', ['d 1.2'], ['unclosed-literal 0-4']],
  ['NUL between atoms', 'a\0b', ['a a', 'a b'], ['control-character 1-2']],
  ['controls together', 'a\0\u0085\u2028b', ['a a', 'a b'], ['control-character 1-4']],
  ['a control in quotes', '"a\u0007b"', ['q a\u0007b'], ['control-character 2-3']],
  ['a quoted NUL', '"a\\\0b"', ['q a\0b'], ['control-character 3-4']],
  ['a quoted CR', '"a\\\rb"', ['q a\rb'], ['control-character 3-4']],
  ['a bare CR', 'a\rb', ['a a', 'a b'], ['bare-line-break 1-2']],
  ['a bare LF before a blank', 'a\n b', ['a a', 'a b'], ['bare-line-break 1-2']],
  ['a CRLF that does not fold', 'a\r\nb', ['a a', 'a b'], ['bare-line-break 1-3']],
  ['a CRLF in quotes that does not fold', '"a\r\nb"', ['q a\r\nb'], ['bare-line-break 2-4']],
  [
    'deep comments',
    `${'('.repeat(33)}${')'.repeat(33)}`,
    [`c ${'('.repeat(32)}${')'.repeat(32)}`],
    ['deep-comment 0-66'],
  ],
])('Scanner: %s [rfc5322 4.1]', (_name, text, tokens, defects) => {
  expect(brief(text)).toEqual(tokens)
  expect(doubts(text)).toEqual(defects)
})

test('Scanner: a token tells where it stands and whether it is set apart', () => {
  expect(scan('a (b)c"d"').tokens.map(({ start, end, spaced }) => [start, end, spaced])).toEqual([
    [0, 1, false],
    [2, 5, true],
    [5, 6, true],
    [6, 9, false],
  ])
})

test('Scanner: next passes comments and keeps them', () => {
  const scanner = new Scanner('(a) b (c) (d)', new DefectList())
  expect(scanner.next()?.value).toBe('b')
  expect(scanner.takeComments().map((comment) => comment.value)).toEqual(['a'])
  expect(scanner.next()).toBeUndefined()
  expect(scanner.takeComments().map((comment) => comment.value)).toEqual(['c', 'd'])
  expect(scanner.takeComments()).toEqual([])
})

test.each([
  ['a quote', 'a "b, c', ['a a', 's "', 'a b', 's ,', 'a c'], ['unclosed-quoted-string 2-3']],
  ['a comment', '(a (b)', ['s (', 'a a', 'c b'], ['unclosed-comment 0-1']],
  ['a literal', '[a "b"', ['s [', 'a a', 'q b'], ['unclosed-literal 0-1']],
])('Scanner: %s that is not closed can be a stray character [rfc7103 7.1]', (_name, text, tokens, defects) => {
  expect(brief(text, { unclosed: 'stray' })).toEqual(tokens)
  expect(doubts(text, { unclosed: 'stray' })).toEqual(defects)
})

test('Scanner: takeUntil gives the text as it is written', () => {
  const scanner = new Scanner('a=my "re; x', new DefectList(), { start: 2 })
  expect(scanner.takeUntil(';')).toEqual({ value: 'my "re', start: 2, end: 8 })
  expect(scanner.next()?.value).toBe(';')
})

test('Scanner: reads a stretch of the text alone', () => {
  expect(brief('a "b" c', { start: 2, end: 4 })).toEqual(['q b'])
})

describe('Scanner: a text of many', () => {
  test.each(['(', ')', '"', '\\', '[', '<', ',', ':', '\0', '\r', 'a', '"a"', '\\"', '(a)', '="', 'é'])(
    '%j',
    (piece) => {
      const text = piece.repeat(Math.ceil(1_000_000 / piece.length))
      const { tokens, defects } = scan(text)
      expect(tokens.at(-1)?.end ?? text.length).toBeGreaterThan(text.length - 2)
      expect(defects.length).toBeLessThan(1002)
      expect(brief(text, { unclosed: 'stray' }).length).toBeGreaterThanOrEqual(tokens.length)
    },
  )
})
