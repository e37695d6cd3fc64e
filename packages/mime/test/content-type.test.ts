import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type ContentType, findParameter, readContentType } from '../src/type/content-type.ts'
import { readDisposition } from '../src/type/disposition.ts'
import { readTransferEncoding } from '../src/type/transfer-encoding.ts'

const show = ({ type, subtype, parameters }: ContentType) =>
  [`${type}/${subtype}`, ...parameters.map(({ name, value }) => `${name}=${value}`)].join('; ')
const codes = ({ defects }: ContentType) => defects.map(({ code }) => code)

test.each([
  ['text/plain', 'text/plain'],
  ['Text/HTML;CHARSET=UTF-8', 'text/html; charset=UTF-8'],
  ['multipart/mixed; boundary="simple boundary"', 'multipart/mixed; boundary=simple boundary'],
  ['multipart/mixed;\r\n\tboundary="foo\r\n bar"', 'multipart/mixed; boundary=foo bar'],
  ['a/b; x="\\"\\\\"', 'a/b; x="\\'],
  ["a/b; t*=us-ascii'en-us'This%20is%20%2A%2A%2Afun%2A%2A%2A", 'a/b; t=This is ***fun***'],
  ["a/b; t*1*=%2A%2A; t*0*=utf-8''a; t*2=\"isn't it!\"", "a/b; t=a**isn't it!"],
  ['a/b; u*0="ftp://"; u*1="x.example/y"', 'a/b; u=ftp://x.example/y'],
  ["a/b; t*0*=utf-8''%E2%82; t*1*=%AC", 'a/b; t=€'],
  ["a/b; t*0*=utf-8''a; t*1=%65", 'a/b; t=a%65'],
])('readContentType: %j is well-formed [rfc2045 5.1, rfc2231]', (text, expected) => {
  const content = readContentType(text)
  expect(show(content)).toBe(expected)
  expect(codes(content)).toEqual([])
})

test('readContentType: charset and language are told [rfc2231 4]', () => {
  const { parameters } = readContentType("a/b; t*0*=iso-8859-1'es'%D1and%FA; t*1=x; u=v")
  expect(parameters).toEqual([
    { name: 't', value: 'Ñandúx', charset: 'iso-8859-1', language: 'es' },
    { name: 'u', value: 'v' },
  ])
})

test.each([
  ['', 'text/plain', ['bad-type']],
  ['inline', 'text/plain', ['bad-type']],
  ['text/', 'text/plain', ['bad-type']],
  ['"text/html"', 'text/plain', ['bad-type']],
  ['/;charset=x', 'text/plain; charset=x', ['bad-type']],
  ['boundary=x', 'text/plain; boundary=x', ['bad-type', 'missing-semicolon']],
  ['text / html', 'text/html', ['obsolete-spacing']],
  ['text/html/x', 'text/html', ['trailing-text']],
  ['á/\u212a; É=é', 'á/\u212a; É=é', ['utf8-in-token', 'utf8-in-token', 'utf8-in-token', 'utf8-in-token']],
  ['multipart/mixed', 'multipart/mixed', ['missing-boundary']],
  ['multipart/mixed; boundary=', 'multipart/mixed; boundary=', ['empty-value', 'bad-boundary']],
  ['a/b;', 'a/b', ['empty-parameter']],
  ['a/b ;;; x=1', 'a/b; x=1', ['empty-parameter']],
  ['a/b; = ; x=1', 'a/b; x=1', ['bad-parameter']],
  ['a/b; ="v;w"; x=1', 'a/b; x=1', ['bad-parameter']],
  ['a/b; x; y/z=1; w=2', 'a/b; w=2', ['bad-parameter', 'bad-parameter']],
  ['a/b, x=1', 'a/b; x=1', ['trailing-text', 'missing-semicolon']],
  ['a/b x=1', 'a/b; x=1', ['missing-semicolon']],
  ['a/b; x="1" y=2', 'a/b; x=1; y=2', ['missing-semicolon']],
  ['a/b; x = 1', 'a/b; x=1', ['obsolete-spacing', 'obsolete-spacing']],
  ["a/b; x*=utf-8''%4", 'a/b; x=%4', ['bad-escape']],
  ['a/b; x*=utf-8', 'a/b; x=utf-8', ['missing-charset']],
  ["a/b; x*1*=utf-8''a", "a/b; x=utf-8''a", ['missing-charset', 'section-gap']],
  ['a/b; x*="utf-8\'\'a"', 'a/b; x=a', ['quoted-extended-value']],
  ["a/b; x*=utf-8''a%0D%0Ab", 'a/b; x=a\r\nb', ['control-character']],
  [
    'a/b; x**=1; *=2; y*01=3',
    'a/b; x**=1; *=2; y=3',
    ['bad-parameter-name', 'bad-parameter-name', 'bad-parameter-name', 'section-gap'],
  ],
  ["a/b; x*=unknown''%E2%82%AC", 'a/b; x=€', ['unknown-charset']],
  ["a/b; x*=''%80", 'a/b; x=€', []],
])('readContentType: %j is %j', (text, expected, defects) => {
  const content = readContentType(text)
  expect(show(content)).toBe(expected)
  expect(codes(content)).toEqual(defects)
})

test.each([
  // The first of two, and the value by RFC 2231 before the plain one.
  ['a/b; x=1; X=2', '1', 'duplicate-parameter', '2'],
  ['a/b; x*0=1; x*0=2', '1', 'duplicate-parameter', '2'],
  ["a/b; x=AAA; x*=us-ascii''BBB", 'BBB', 'two-forms', 'AAA'],
  ["a/b; x*0=a; x*1=b; x*=utf-8''c", 'c', 'two-forms', 'ab'],
  ['a/b; x*0=a; x*2=c', 'ac', 'section-gap', 'a'],
  // Values that should be in quotes.
  ['a/b; x=my report.exe', 'my report.exe', 'unquoted-value', 'my'],
  ['a/b; x=a:b', 'a:b', 'unquoted-value', 'a'],
  ['a/b; x=report(1).pdf', 'report(1).pdf', 'unquoted-value', 'report'],
  ['a/b; x=my report=2.txt', 'my', 'unquoted-value', 'my report=2.txt'],
  ['a/b; x="a"b c; y=1', 'a', 'trailing-text', '"a"b c'],
  ['a/b; x="a; y=1', 'a; y=1', 'unclosed-value', 'a'],
  ['a/b; x="C:\\temp\\n.exe"', 'C:tempn.exe', 'odd-escape', 'C:\\temp\\n.exe'],
  ['a/b; x=(c)AAA(d)', 'AAA', 'comment-in-value', '(c)AAA(d)'],
  ['a/b; x=us-ascii (Plain text)', 'us-ascii', 'comment-in-value', 'us-ascii (Plain text)'],
  // Encoded words count in names for people alone.
  ['a/b; x="=?utf-8?Q?AAA?="', '=?utf-8?Q?AAA?=', 'encoded-word-in-parameter', 'AAA'],
  ['a/b; name="=?utf-8?Q?=C3=A9?=.png"', 'é.png', 'encoded-word-in-parameter', '=?utf-8?Q?=C3=A9?=.png'],
  [
    'a/b; name==?utf-8?Q?=C3=A9 x?= =?utf-8?Q?b?=',
    'é xb',
    'encoded-word-in-parameter',
    '=?utf-8?Q?=C3=A9 x?= =?utf-8?Q?b?=',
  ],
  ['a/b; name*0="=?utf-8?Q?a"; name*1="b?="', 'ab', 'encoded-word-in-parameter', '=?utf-8?Q?ab?='],
])('readContentType: %j is %j, or by %s %j', (text, value, code, other) => {
  const { parameters, defects } = readContentType(text)
  expect(parameters[0]?.value).toBe(value)
  expect(defects.filter((defect) => defect.code === code).map((defect) => defect.other)).toEqual([other])
})

test.each([
  ['"AAA "', 'AAA ', 'bad-boundary', 'AAA'],
  ["'AAA'", "'AAA'", 'single-quoted', 'AAA'],
  ['"a\u0000b"', 'a\u0000b', 'bad-boundary', undefined],
  ['a'.repeat(71), 'a'.repeat(71), 'bad-boundary', undefined],
])('readContentType: a boundary of %j is kept [rfc2046 5.1.1]', (written, boundary, code, other) => {
  const { parameters, defects } = readContentType(`multipart/mixed; boundary=${written}`)
  expect(findParameter(parameters, 'boundary')).toBe(boundary)
  expect(defects.find((defect) => defect.code === code)?.other).toBe(other)
})

test('readContentType: a parenthesis that is not closed hides nothing', () => {
  const content = readContentType('a/b; x=a (b; y=(c); z="(d)"')
  expect(show(content)).toBe('a/b; x=a (b; y=(c); z=(d)')
  expect(codes(content)).toEqual(['unclosed-comment', 'unquoted-value', 'unquoted-value'])
})

test('readContentType: defects have their range', () => {
  const text = 'a/b; x=my report; =; y=1; y=2'
  const told = readContentType(text).defects.map(({ code, start, end }) => [code, text.slice(start, end)])
  expect(told).toEqual([
    ['unquoted-value', 'my report'],
    ['bad-parameter', '='],
    ['duplicate-parameter', 'y=2'],
  ])
})

test('readContentType: what stands up to one semicolon is told once', () => {
  const { defects } = readContentType('a/b; x=1 y=2 z=3; v=4 w=5')
  expect(defects.map(({ other }) => other).filter(Boolean)).toEqual(['1 y=2 z=3', '4 w=5'])
})

test('readContentType, readDisposition, readTransferEncoding: any text is read, and defects are within', () => {
  const piece = fc.constantFrom(
    ...['a', '/', ';', '=', '"', '(', ')', '\\', ' ', '\r\n ', '\n', '*', '*0', '*1*', "utf-8''", '%C3', '%', "'"],
    ...['name', 'filename', 'boundary', 'base64', '=?utf-8?Q?', '?=', '=?utf-8?Q?b?=', 'é', '\u0000', ','],
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const text = pieces.join('')
      for (const { defects } of [readContentType(text), readDisposition(text), readTransferEncoding(text)]) {
        for (const { start, end } of defects) expect(0 <= start && start <= end && end <= text.length).toBe(true)
      }
    }),
    { numRuns: 1000 },
  )
})

test('readContentType: limits are told, and what is beyond is not read', () => {
  const many = readContentType(`a/b${'; x=1'.repeat(10)}`, { maxParameters: 3 })
  expect(many.defects.at(-3)).toEqual({ code: 'parameter-limit', start: 20, end: 53 })
  const sections = Array.from({ length: 6 }, (_, index) => `; x*${index}=${index}`).join('')
  const long = readContentType(`a/b${sections}`, { maxSections: 4 })
  expect(show(long)).toBe('a/b; x=0123')
  expect(codes(long)).toEqual(['section-limit', 'section-limit'])
})

test.each(['(', '"', ';', '=', '=?', 'a ', 'a=b ', '\\', "x*0*='", '=?a?q?', ';a*1=(', '\r\n ', ';x="'])(
  'readContentType: a long run of %j is read to its end',
  (unit) => {
    const { type, parameters } = readContentType(`a/b; x=${unit.repeat(200_000)}`)
    expect(type).toBe('a')
    expect(parameters.length).toBeLessThanOrEqual(200)
  },
)
