import { decodeUtf8, encodeUtf8 } from '@posthorn/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { failureOf } from '../../../test/failure.ts'
import { decodeWords, formatParameter } from '../src/index.ts'
import { readParameters } from './reader.ts'

const value = fc
  .oneof(fc.string({ unit: 'grapheme-ascii', size: 'medium' }), fc.string({ unit: 'grapheme', size: 'medium' }))
  .filter((text) => !/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(text))

// The reader that the properties below trust.
test.each([
  ["application/x-stuff; title*=us-ascii'en-us'This%20is%20%2A%2A%2Afun%2A%2A%2A", 'title', 'This is ***fun***'],
  [
    `application/x-stuff; title*0*=us-ascii'en'This%20is%20even%20more%20; title*1*=%2A%2A%2Afun%2A%2A%2A%20; title*2="isn't it!"`,
    'title',
    "This is even more ***fun*** isn't it!",
  ],
  [
    'message/external-body; access-type=URL; URL*1="cs.utk.edu/pub/moore"; URL*0="ftp://"',
    'URL',
    'ftp://cs.utk.edu/pub/moore',
  ],
])('readParameters: %s [rfc2231 3, 4]', (text, name, expected) => {
  expect(readParameters(text).parameters[name]).toBe(expected)
})

describe('formatParameter', () => {
  test.each([
    ['a token [rfc2045 5.1]', 'charset', 'utf-8', ['charset=utf-8']],
    ['a blank [rfc2045 5.1]', 'filename', 'my notes.txt', ['filename="my notes.txt"']],
    ['tspecials [rfc2045 5.1]', 'boundary', '=_a/b', ['boundary="=_a/b"']],
    ['quotes and backslashes [rfc2045 5.1]', 'filename', 'a"b\\c', ['filename="a\\"b\\\\c"']],
    ['an apostrophe and a percent sign [rfc2045 5.1]', 'filename', "it's 100%", [`filename="it's 100%"`]],
    ['nothing [rfc2045 5.1]', 'name', '', ['name=""']],
    ['other than US-ASCII [rfc2231 4]', 'filename', 'naïve.txt', ["filename*=utf-8''na%C3%AFve.txt"]],
    ['the example of the RFC [rfc2231 4]', 'title', '***fün***', ["title*=utf-8''%2A%2A%2Af%C3%BCn%2A%2A%2A"]],
    [
      'what is reserved there [rfc2231 7]',
      'filename',
      "é'()*%!~ @:",
      ["filename*=utf-8''%C3%A9%27%28%29%2A%25!~%20%40%3A"],
    ],
    ['a blank at the end [rfc2231 4]', 'filename', 'a ', ["filename*=utf-8''a%20"]],
    [
      'what is like an encoded word [rfc2047 5]',
      'filename',
      '=?utf-8?Q?x?=',
      ["filename*=utf-8''%3D%3Futf-8%3FQ%3Fx%3F%3D"],
    ],
    ['an emoji [rfc2231 4]', 'filename', '📫.txt', ["filename*=utf-8''%F0%9F%93%AB.txt"]],
    ['a lone surrogate [rfc2231 4]', 'filename', 'a\ud83d', ["filename*=utf-8''a%EF%BF%BD"]],
    [
      'low octets of CR, LF and quote [security]',
      'filename',
      '\u760d\u760a\u7622',
      ["filename*=utf-8''%E7%98%8D%E7%98%8A%E7%98%A2"],
    ],
    ['74 columns [rfc2045 5.1]', 'filename', 'a'.repeat(65), [`filename=${'a'.repeat(65)}`]],
    [
      '75 columns [rfc2231 3]',
      'filename',
      'a'.repeat(66),
      [`filename*0*=utf-8''${'a'.repeat(55)}`, `filename*1*=${'a'.repeat(11)}`],
    ],
    [
      '75 columns in quotes [rfc2231 3]',
      'filename',
      `a ${'b'.repeat(62)}`,
      [`filename*0*=utf-8''a%20${'b'.repeat(51)}`, `filename*1*=${'b'.repeat(11)}`],
    ],
  ])('formatParameter: %s', (_, name, text, expected) => {
    expect(formatParameter({ name, value: text })).toEqual(expected)
  })

  test('formatParameter: over 11 sections, numbered without leading zeros, all in one form [rfc2231 3]', () => {
    const sections = formatParameter({ name: 'filename', value: `${'é'.repeat(150)}.txt` })
    expect(sections.length).toBeGreaterThan(11)
    for (const [index, section] of sections.entries()) expect(section).toMatch(new RegExp(`^filename\\*${index}\\*=`))
    expect(sections[0]).toContain("utf-8''")
    expect(sections.slice(1).join('')).not.toContain("''")
  })

  test('formatParameter: the compatible form has encoded words in quotes [rfc2047 5]', () => {
    expect(formatParameter({ name: 'name', value: 'naïve résumé.pdf', encodedWord: true })).toEqual([
      'name="=?utf-8?B?bmHDr3ZlIHLDqXN1bcOpLnBkZg==?="',
    ])
    expect(formatParameter({ name: 'name', value: 'a.pdf', encodedWord: true })).toEqual(['name=a.pdf'])
    const [long = '', ...rest] = formatParameter({ name: 'name', value: `"é\\"${'a'.repeat(200)}`, encodedWord: true })
    expect(rest).toEqual([])
    expect(long).toMatch(/^name="(=\?utf-8\?Q\?[A-Za-z0-9!*+/=_-]+\?= ?)+"$/)
    for (const word of long.slice('name="'.length, -1).split(' ')) expect(word.length).toBeLessThanOrEqual(64)
    expect(decodeWords(long)).toBe(`name=""é\\"${'a'.repeat(200)}"`)
  })

  test.each([
    ['no name', '', 'a'],
    ['a name of two words', 'a b', 'a'],
    ['a name with a star', 'filename*', 'a'],
    ['a name with a quote', "a'b", 'a'],
    ['a name with an equals sign', 'a=b', 'a'],
    ['a name with a semicolon', 'a;b', 'a'],
    ['a name that is not US-ASCII', 'é', 'a'],
    ['a name with CR LF', 'a\r\nb', 'a'],
    ['a name over 40 characters', 'a'.repeat(41), 'a'],
    ['CR LF in the value', 'filename', 'a\r\nBcc: b@x.example'],
    ['CR LF in a value that is encoded', 'filename', 'é\r\nBcc: b@x.example'],
    ['NUL', 'filename', 'a\0'],
    ['a TAB', 'filename', 'a\tb'],
    ['U+0085', 'filename', 'a\u0085b'],
    ['U+2028', 'filename', 'a\u2028b'],
  ])('formatParameter: refuses %s [security]', (_, name, text) => {
    expect(failureOf(() => formatParameter({ name, value: text }))).toBe('MIME_BAD_PARAMETER')
    expect(failureOf(() => formatParameter({ name, value: text, encodedWord: true }))).toBe('MIME_BAD_PARAMETER')
  })

  test('formatParameter: comes back by a reader of RFC 2231, each section fits its line and has whole characters', () => {
    fc.assert(
      fc.property(
        value,
        fc.string({ unit: fc.constantFrom('a', 'b', '-'), minLength: 1, maxLength: 40 }),
        (text, name) => {
          const sections = formatParameter({ name, value: text })
          expect(readParameters(`x/y; ${sections.join('; ')}`).parameters).toEqual({
            [name]: decodeUtf8(encodeUtf8(text)),
          })
          for (const section of sections) {
            expect(section.length).toBeLessThanOrEqual(74)
            expect(section).toMatch(/^[ -~]+$/)
            if (/^[^"=]+\*=/.test(section)) expect(() => decodeURIComponent(section)).not.toThrow()
          }
        },
      ),
      { numRuns: 300 },
    )
  })

  test('formatParameter: the compatible form comes back, in words that fit a line', () => {
    fc.assert(
      fc.property(value, fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 40 }), (text, name) => {
        const [written = ''] = formatParameter({ name, value: text, encodedWord: true })
        const { parameters } = readParameters(`x/y; ${written}`)
        expect(decodeWords(parameters[name] ?? '')).toBe(decodeUtf8(encodeUtf8(text)))
        if (written.includes('=?')) for (const word of written.split(' ')) expect(word.length).toBeLessThanOrEqual(74)
      }),
      { numRuns: 300 },
    )
  })

  test('formatParameter: throws nothing but MailError', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.string({ unit: 'binary' }),
        fc.boolean(),
        (name, text, encodedWord) => {
          expect(['none', 'MIME_BAD_PARAMETER']).toContain(
            failureOf(() => formatParameter({ name, value: text, encodedWord })),
          )
        },
      ),
    )
  })

  test('formatParameter: takes a megabyte', () => {
    expect(formatParameter({ name: 'filename', value: 'é'.repeat(500_000) }).length).toBeGreaterThan(40_000)
  })
})
