import { describe, expect, test } from 'vitest'
import { failureOf } from '../../../test/failure.ts'
import { checkForeignId, checkMessageId, formatContentId, makeMessageId, randomName } from '../src/header/message-id.ts'

const count = (length: number) => Uint8Array.from({ length }, (_, index) => 255 - index)

describe('makeMessageId', () => {
  test('makeMessageId: is 120 random bits at the domain, and well-formed [rfc5322 3.6.4]', () => {
    expect(makeMessageId(count, 'example.org')).toBe('<_-9876543210zyxwvuts@example.org>')
    expect(checkMessageId(makeMessageId(count, 'example.org'))).toBe(makeMessageId(count, 'example.org'))
    expect(checkMessageId(makeMessageId(count, '[192.0.2.1]'))).toMatch(/@\[192\.0\.2\.1\]>$/)
  })

  test('makeMessageId: a U-label becomes an A-label, so that any reader can repeat it [rfc6532 3.3]', () => {
    expect(makeMessageId(count, 'bücher.example')).toMatch(/@xn--bcher-kva\.example>$/)
  })

  test('makeMessageId: refuses a domain that has no A-label', () => {
    expect(failureOf(() => makeMessageId(count, '\u0627a.example'))).toBe('MIME_BAD_ID')
  })

  test('randomName: refuses fewer octets than it asked for', () => {
    expect(failureOf(() => randomName(() => new Uint8Array(14)))).toBe('MIME_BAD_ID')
    expect(randomName((length) => new Uint8Array(length))).toBe('A'.repeat(20))
  })

  test('randomName: no character is likelier than another', () => {
    const names = Array.from({ length: 256 }, (_, octet) => randomName((length) => new Uint8Array(length).fill(octet)))
    expect(new Set(names).size).toBe(64)
    for (const one of names) expect(names.filter((name) => name === one)).toHaveLength(4)
  })
})

const HOSTILE: readonly [string, string][] = [
  ['CR LF', '<a@x.example>\r\nBcc: b@x.example'],
  ['CR LF within', '<a\r\n@x.example>'],
  ['NUL', '<a\0@x.example>'],
  ['a blank', '<a b@x.example>'],
  ['two', '<a@x.example> <b@x.example>'],
  ['two without a blank', '<a@x.example><b@x.example>'],
  ['other than US-ASCII', '<é@x.example>'],
  ['nothing', ''],
  ['brackets alone', '<>'],
  ['text before', 'x <a@x.example>'],
]

describe('checkMessageId', () => {
  test.each(["<a.b!#$%&'*+-/=?^_`{|}~@x.example>", '<1@[192.0.2.1]>', '<1@[IPv6:::1]>', '<a@b>'])(
    'checkMessageId: %s [rfc5322 3.6.4]',
    (id) => {
      expect(checkMessageId(id)).toBe(id)
    },
  )

  test.each<[string, string]>([
    ...HOSTILE,
    ['no brackets', 'a@x.example'],
    ['no @', '<a>'],
    ['two @', '<a@b@c>'],
    ['a quoted left part', '<"a b"@x.example>'],
    ['a first dot', '<.a@x.example>'],
  ])('checkMessageId: refuses %s [rfc5322 3.6.4]', (_, id) => {
    expect(failureOf(() => checkMessageId(id))).toBe('MIME_BAD_ID')
  })
})

describe('checkForeignId', () => {
  test.each(['<a@x.example>', '<a..b@x_y>', '<a>', '<"a"@x.example>', '<a@b@c>'])('checkForeignId: %s', (id) => {
    expect(checkForeignId(id)).toBe(id)
  })

  test.each<[string, string]>([...HOSTILE, ['no brackets', 'a@x.example']])(
    'checkForeignId: refuses %s [security]',
    (_, id) => {
      expect(failureOf(() => checkForeignId(id))).toBe('MIME_BAD_ID')
    },
  )
})

describe('formatContentId', () => {
  test.each([
    ['logo@example.org', '<logo@example.org>'],
    ['logo.1', '<logo.1>'],
  ])('formatContentId: %s [rfc2045 7]', (id, expected) => {
    expect(formatContentId(id)).toBe(expected)
  })

  test.each([...HOSTILE.map(([, id]) => id), '<logo@example.org>', 'logo>\r\nBcc: b', 'a@b@c', 'a b'])(
    'formatContentId: refuses %j [security]',
    (id) => {
      expect(failureOf(() => formatContentId(id))).toBe('MIME_BAD_ID')
    },
  )
})
