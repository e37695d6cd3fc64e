import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { failureOf } from '../../../test/failure.ts'
import { formatMailbox, isAsciiPath, type Mailbox, parseMailbox } from '../src/index.ts'
import { formatPath, parsePath } from '../src/path.ts'

const mailbox = (localPart: string, domain: string): Mailbox => ({ localPart, domain })

test.each([
  { name: 'a dot-string', text: 'a.b-c+d@mx.example', value: mailbox('a.b-c+d', 'mx.example') },
  { name: 'every mark of atext', text: "!#$%&'*+-/=?^_`{|}~@x", value: mailbox("!#$%&'*+-/=?^_`{|}~", 'x') },
  { name: 'letter case', text: 'Ada@MX.Example', value: mailbox('Ada', 'MX.Example') },
  { name: 'a quoted space', text: '"a b"@mx.example', value: mailbox('a b', 'mx.example') },
  { name: 'an empty quoted string', text: '""@mx.example', value: mailbox('', 'mx.example') },
  { name: 'a quoted at sign', text: '"a@evil x"@good', value: mailbox('a@evil x', 'good') },
  { name: 'a quoted angle bracket', text: '"a>b"@mx.example', value: mailbox('a>b', 'mx.example') },
  { name: 'quoted dots', text: '".a..b."@mx.example', value: mailbox('.a..b.', 'mx.example') },
  { name: 'a quoted quote and backslash', text: '"a\\"b\\\\c"@mx.example', value: mailbox('a"b\\c', 'mx.example') },
  { name: 'IPv4', text: 'a@[192.0.2.1]', value: mailbox('a', '[192.0.2.1]') },
  { name: 'IPv6', text: 'a@[IPv6:2001:db8::1]', value: mailbox('a', '[IPv6:2001:db8::1]') },
  { name: 'UTF-8', text: 'δοκιμή@παράδειγμα.example', value: mailbox('δοκιμή', 'παράδειγμα.example') },
  { name: 'quoted UTF-8', text: '"δ ο"@mx.example', value: mailbox('δ ο', 'mx.example') },
  { name: 'an emoji', text: '😀@mx.example', value: mailbox('😀', 'mx.example') },
  {
    name: 'a local part over 64 octets',
    text: `${'a'.repeat(100)}@mx.example`,
    value: mailbox('a'.repeat(100), 'mx.example'),
  },
  { name: '254 octets', text: `${'a'.repeat(243)}@mx.example`, value: mailbox('a'.repeat(243), 'mx.example') },
])('parseMailbox and formatMailbox: $name [rfc5321 4.1.2]', ({ text, value }) => {
  expect(parseMailbox(text)).toEqual(value)
  expect(formatMailbox(value)).toBe(text)
})

test.each([
  { name: 'a quoted string that needs no quotes', text: '"ab"@mx.example', value: mailbox('ab', 'mx.example') },
  { name: 'an escape that is not needed', text: '"a\\b c"@mx.example', value: mailbox('ab c', 'mx.example') },
])('parseMailbox: takes $name [rfc5321 4.1.2]', ({ text, value }) => {
  expect(parseMailbox(text)).toEqual(value)
})

describe('parseMailbox', () => {
  test.each([
    { name: 'nothing', text: '' },
    { name: 'no at sign', text: 'postmaster' },
    { name: 'no local part', text: '@mx.example' },
    { name: 'no domain', text: 'a@' },
    { name: 'a bare space', text: 'a b@mx.example' },
    { name: 'a bare at sign', text: 'a@b@mx.example' },
    { name: 'an at sign behind a quoted string', text: '"a"@evil@mx.example' },
    { name: 'a quoted string and more', text: '"a"b@mx.example' },
    { name: 'two quoted strings', text: '"a"."b"@mx.example' },
    { name: 'a quote that is not closed', text: '"a@mx.example' },
    { name: 'a quote that an escape opens again', text: '"a\\"@mx.example' },
    { name: 'a comment', text: 'a(c)@mx.example' },
    { name: 'a display name', text: 'Ada <a@mx.example>' },
    { name: 'angle brackets', text: '<a@mx.example>' },
    { name: 'a path inside', text: 'a@b>c' },
    { name: 'a group', text: 'team:a@mx.example;' },
    { name: 'a list', text: 'a@mx.example,b@mx.example' },
    { name: 'a dot first', text: '.a@mx.example' },
    { name: 'a dot last', text: 'a.@mx.example' },
    { name: 'two dots', text: 'a..b@mx.example' },
    { name: 'a final dot', text: 'a@mx.example.' },
    { name: 'an underscore in the domain', text: 'a@_x.example' },
    { name: 'a fullwidth at sign', text: 'a＠evil.example' },
    { name: 'a fullwidth at sign and a true one', text: 'a@evil.example＠mx.example' },
    { name: 'a source route', text: '@a.example:b@mx.example' },
    { name: 'a literal without brackets', text: 'a@IPv6:::1' },
    { name: 'a literal that is none', text: 'a@[mx.example]' },
    { name: '255 octets', text: `${'a'.repeat(244)}@mx.example` },
    { name: '255 octets in fewer characters', text: `${'é'.repeat(122)}@mx.example` },
    { name: 'millions of characters', text: `"${'\\a'.repeat(3_000_000)}"@mx.example` },
  ])('parseMailbox: refuses $name [rfc5321 4.1.2]', ({ text }) => {
    expect(failureOf(() => parseMailbox(text))).toBe('COMMAND_BAD_PATH')
  })

  test('parseMailbox: throws nothing but MailError, and what it takes it writes again', () => {
    const piece = fc.constantFrom(
      'a',
      '@',
      '"',
      '\\',
      '.',
      ' ',
      '<',
      '>',
      'é',
      '\r',
      '\u2028',
      '[',
      ']',
      'mx',
      '1',
      ':',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 10 }), (pieces) => {
        const text = pieces.join('')
        if (failureOf(() => parseMailbox(text)) === 'COMMAND_BAD_PATH') return
        const value = parseMailbox(text)
        expect(parseMailbox(formatMailbox(value))).toEqual(value)
        expect(text.endsWith(`@${value.domain}`)).toBe(true)
      }),
      { numRuns: 5000 },
    )
  })
})

describe('formatMailbox', () => {
  test.each([
    { name: 'an at sign in the domain', value: mailbox('a', 'b@mx.example') },
    { name: 'a local part that would take over the domain', value: mailbox('a@evil.example', '') },
    { name: 'a path in the domain', value: mailbox('a', 'mx.example> NOTIFY=NEVER') },
    { name: 'a space in the domain', value: mailbox('a', 'mx example') },
    { name: 'no domain', value: mailbox('a', '') },
    { name: 'CR LF in the local part', value: mailbox('a\r\nRSET', 'mx.example') },
    { name: 'CR LF in the domain', value: mailbox('a', 'mx.example\r\nRSET') },
    { name: 'a NUL', value: mailbox('a\0', 'mx.example') },
    { name: 'U+0085', value: mailbox('a\u0085b', 'mx.example') },
    { name: 'U+2028', value: mailbox('a\u2028b', 'mx.example') },
    { name: 'half of a surrogate pair', value: mailbox('a\ud800', 'mx.example') },
    { name: 'what is too long', value: mailbox('a'.repeat(300), 'mx.example') },
    { name: 'what is too long once it is quoted', value: mailbox('"'.repeat(130), 'mx.example') },
    { name: 'millions of quotes', value: mailbox('"'.repeat(3_000_000), 'mx.example') },
    { name: 'millions of atoms', value: mailbox('a.'.repeat(10_000_000), 'mx.example') },
  ])('formatMailbox: refuses $name [rfc5321 4.1.2]', ({ value }) => {
    expect(failureOf(() => formatMailbox(value))).toBe('COMMAND_BAD_PATH')
  })

  test('formatMailbox: parseMailbox inverts it', () => {
    const localPart = fc.oneof(
      fc.stringMatching(/^[ -~]{0,12}$/),
      fc.string({ unit: fc.constantFrom('a', '"', '\\', '@', '.', ' ', '>', 'é', '😀'), maxLength: 8 }),
    )
    const domain = fc.constantFrom('mx.example', '[192.0.2.1]', '[IPv6:::1]', 'bücher.example')
    fc.assert(
      fc.property(localPart, domain, (local, host) => {
        const value = mailbox(local, host)
        expect(parseMailbox(formatMailbox(value))).toEqual(value)
      }),
      { numRuns: 1000 },
    )
  })
})

describe('parsePath and formatPath', () => {
  test.each([
    { name: 'a mailbox', path: mailbox('a', 'mx.example'), text: '<a@mx.example>' },
    { name: 'the null path', path: null, text: '<>' },
    { name: 'postmaster', path: 'postmaster', text: '<postmaster>' },
  ] as const)('formatPath: $name [rfc5321 4.1.2]', ({ path, text }) => {
    expect(formatPath(path)).toBe(text)
  })

  test.each([
    { name: 'a mailbox', text: '<a@mx.example>', path: mailbox('a', 'mx.example') },
    { name: 'the null path', text: '<>', path: undefined },
    { name: 'a source route, which is dropped', text: '<@a.example:b@mx.example>', path: mailbox('b', 'mx.example') },
    { name: 'a source route of two', text: '<@a.example,@c.example:b@mx.example>', path: mailbox('b', 'mx.example') },
    {
      name: 'a source route before an IPv6 literal',
      text: '<@a.example:b@[IPv6:::1]>',
      path: mailbox('b', '[IPv6:::1]'),
    },
  ])('parsePath: takes $name [rfc5321 appendix C]', ({ text, path }) => {
    expect(parsePath(text)).toEqual(path)
  })

  test.each([
    { name: 'no brackets', text: 'a@mx.example' },
    { name: 'no opening bracket', text: 'xa@mx.example>' },
    { name: 'no closing bracket', text: '<a@mx.examplex' },
    { name: 'a source route alone', text: '<@a.example:>' },
    { name: 'a source route without a colon', text: '<@a.example>' },
    { name: 'a source route without a comma', text: '<@a.example@c.example:b@mx.example>' },
    { name: 'another mark than an at sign', text: '<@a.example,xc.example:b@mx.example>' },
    { name: 'a hop without an at sign', text: '<@a.example,c.example:b@mx.example>' },
    { name: 'a blank in a source route', text: '<@a.example, @c.example:b@mx.example>' },
    { name: 'two source routes', text: '<@a.example:@c.example:b@mx.example>' },
    { name: 'an IPv4 literal in a source route', text: '<@[192.0.2.1]:b@mx.example>' },
    { name: 'an IPv6 literal in a source route', text: '<@[IPv6:::1]:b@mx.example>' },
    { name: 'a blank', text: '< >' },
    { name: 'two null paths', text: '<<>>' },
  ])('parsePath: refuses $name [rfc5321 4.1.2]', ({ text }) => {
    expect(failureOf(() => parsePath(text))).toBe('COMMAND_BAD_PATH')
  })
})

test.each([
  { path: null, ascii: true },
  { path: 'postmaster', ascii: true },
  { path: mailbox('a', 'mx.example'), ascii: true },
  { path: mailbox('é', 'mx.example'), ascii: false },
  { path: mailbox('a', 'bücher.example'), ascii: false },
] as const)('isAsciiPath: $path is $ascii [rfc6531 3.4]', ({ path, ascii }) => {
  expect(isAsciiPath(path)).toBe(ascii)
})
