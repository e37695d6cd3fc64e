import { describe, expect, test } from 'vitest'
import { oneClickUrl, readListId, readListUrls, readPhrases } from '../src/index.ts'

const brief = (text: string) => {
  const { urls, none, defects } = readListUrls(text)
  return {
    urls: urls.map(({ url, comments = [] }) => [url, ...comments].join(' | ')),
    none,
    defects: defects.map(({ code, start, end }) => `${code} ${start}-${end}`),
  }
}

describe('readListUrls', () => {
  test.each([
    ['one', '<mailto:list@host.com?subject=help>', ['mailto:list@host.com?subject=help']],
    [
      'several',
      '<ftp://ftp.host.com/list.txt> (FTP),\r\n <mailto:l@h.com>',
      ['ftp://ftp.host.com/list.txt | FTP', 'mailto:l@h.com'],
    ],
    ['a comment before', '(Use =?utf-8?Q?this=21?=) <mailto:l@h.com>', ['mailto:l@h.com | Use this!']],
    ['a comma and parentheses in a URL', '<https://h.com/a,(b)?c="d">', ['https://h.com/a,(b)?c="d"']],
    ['folding in a URL', '<https://h.com/a\r\n b>', ['https://h.com/ab']],
    ['nothing', '', []],
  ])('readListUrls: %s [rfc2369 2]', (_name, text, urls) => {
    expect(brief(text)).toEqual({ urls, none: false, defects: [] })
  })

  test.each(['NO', 'no (posting not allowed on this list)'])('readListUrls: %j is none [rfc2369 3.4]', (text) => {
    expect(brief(text)).toEqual({ urls: [], none: true, defects: [] })
  })

  test.each([
    ['no brackets', 'https://h.com/a', [], ['missing-brackets 0-15']],
    ['text behind', '<https://h.com/a> b, <x:y>', ['https://h.com/a', 'x:y'], ['trailing-text 18-19']],
    ['no scheme', '<h.com>, <x:y>', ['x:y'], ['bad-url 1-6']],
    ['NUL in it', '<https://h.com/\0>', [], ['bad-url 1-16']],
    ['a bracket that is not closed', '<https://h.com/a', ['https://h.com/a'], ['unclosed-bracket 16-16']],
    [
      'a bracket within',
      '<https://h.com/a <x:y>',
      ['https://h.com/a'],
      ['unclosed-bracket 17-17', 'trailing-text 17-22'],
    ],
    ['a comment that is not closed', '<x:y> (a', ['x:y'], ['unclosed-comment 6-7', 'trailing-text 6-8']],
  ])('readListUrls: %s [rfc2369 2]', (_name, text, urls, defects) => {
    expect(brief(text)).toEqual({ urls, none: false, defects })
  })

  test('readListUrls: the most are 100 by default', () => {
    expect(readListUrls('<x:y>,'.repeat(101)).urls).toHaveLength(100)
    expect(readListUrls('<x:y>, <a:b>', { maxUrls: 1 })).toEqual({
      urls: [{ url: 'x:y' }],
      none: false,
      defects: [{ code: 'url-limit', start: 7, end: 12 }],
    })
  })

  test.each(['<', '>', ',', '(', '<,', 'a ', '<x:y', '"'])('readListUrls: 1 MB of %j is read', (piece) => {
    const { urls, defects } = readListUrls(piece.repeat(Math.ceil(1_000_000 / piece.length)), { maxUrls: 1e7 })
    expect(urls.length + defects.length).toBeGreaterThanOrEqual(piece === ',' ? 0 : 1)
  })
})

describe('oneClickUrl', () => {
  const post = 'List-Unsubscribe=One-Click'
  test.each([
    ['one of https', '<https://x.example/u>', post, 'https://x.example/u'],
    [
      'one of https and mail',
      '<mailto:u@x.example>, <HTTPS://x.example/u>',
      ' list-unsubscribe=one-click\r\n',
      'HTTPS://x.example/u',
    ],
    ['two of https', '<https://x.example/u>, <https://x.example/v>', post, undefined],
    ['http alone', '<http://x.example/u>', post, undefined],
    ['no field beside it', '<https://x.example/u>', undefined, undefined],
    ['another value beside it', '<https://x.example/u>', 'List-Unsubscribe=Two-Clicks', undefined],
  ])('oneClickUrl: %s [rfc8058 3.1]', (_name, unsubscribe, value, expected) => {
    expect(oneClickUrl(unsubscribe, value)).toBe(expected)
  })
})

describe('readListId', () => {
  test.each([
    ['a name', 'List Header List <list-header.nisto.com>', { name: 'List Header List', id: 'list-header.nisto.com' }],
    ['a quoted name', '"Lena\'s, Joke" <j.x.test>', { name: "Lena's, Joke", id: 'j.x.test' }],
    ['none but the identifier', '<a.localhost>', { id: 'a.localhost' }],
    ['a comment', '<a.localhost> (x)', { id: 'a.localhost' }],
  ])('readListId: %s [rfc2919 3]', (_name, text, expected) => {
    expect(readListId(text)).toEqual({ ...expected, defects: [] })
  })

  test.each([
    ['no-brackets', { id: 'no-brackets' }, ['missing-brackets']],
    ['<one>', { id: 'one' }, ['bad-id']],
    ['<a@b.c>', { id: 'a@b.c' }, ['bad-id']],
    ['<a.b', { id: 'a.b' }, ['unclosed-bracket']],
    ['<a.b> c', { id: 'a.b' }, ['trailing-text']],
    ['<a\0.b>', {}, ['bad-id']],
    ['<>', {}, ['bad-id']],
    ['two words', { name: 'two words' }, []],
  ])('readListId: %j is doubted [rfc2919 3]', (text, expected, codes) => {
    const { defects, ...value } = readListId(text)
    expect(value).toEqual(expected)
    expect(defects.map(({ code }) => code)).toEqual(codes)
  })
})

test.each([
  ['simple, list', ['simple', 'list']],
  ['multi\r\n list, "a, b",', ['multi list', 'a, b']],
  ['=?utf-8?Q?a?= =?utf-8?Q?b=2C?=, c', ['ab,', 'c']],
  [' ', []],
])('readPhrases: %j [rfc5322 3.6.5]', (text, expected) => {
  expect(readPhrases(text)).toEqual(expected)
})

test('readListId, readPhrases, readListUrls: decoders for charsets', () => {
  const decoder = (charset: string) =>
    charset === 'x-odd' ? (bytes: Uint8Array) => (bytes.length > 0 ? 'ODD' : '') : undefined
  expect(readListId('=?x-odd?Q?a?= <a.b>', { decoder }).name).toBe('ODD')
  expect(readPhrases('=?x-odd?Q?a?=, b', { decoder })).toEqual(['ODD', 'b'])
  expect(readListUrls('<https://x.example> (=?x-odd?Q?a?=)', { decoder }).urls[0]?.comments).toEqual(['ODD'])
})
