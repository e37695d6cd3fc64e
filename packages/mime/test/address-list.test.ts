import { findControl } from '@posthorn/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type ReadAddressListOptions, readAddressList } from '../src/address/address-list.ts'
import type { AddressEntry } from '../src/address/entry.ts'

const brief = (entry: AddressEntry): string => {
  if (entry.type === 'group') return `${entry.name}: ${entry.members.map(brief).join(' ')};`
  const name = entry.name === undefined ? '' : `${entry.name} `
  return entry.type === 'mailbox' ? `${name}<${entry.address}>` : `${name}{${entry.text}}`
}

const read = (text: string, options?: ReadAddressListOptions) => {
  const { entries, defects } = readAddressList(text, options)
  return { entries: entries.map(brief), defects: defects.map(({ code, start, end }) => `${code} ${start}-${end}`) }
}

describe('readAddressList', () => {
  test.each([
    ['an addr-spec', '3.4.1', 'a@b.example', ['<a@b.example>']],
    ['a name', '3.4', 'Mary Smith <mary@x.test>', ['Mary Smith <mary@x.test>']],
    ['a list', '3.4', 'jdoe@example.org, Who? <one@y.test>', ['<jdoe@example.org>', 'Who? <one@y.test>']],
    ['a name in quotes', 'A.1.2', '"Giant; \\"Big\\" Box" <s@example.net>', ['Giant; "Big" Box <s@example.net>']],
    ['a group', 'A.1.3', 'A Group:Ed <c@a.test>,joe@w.test;', ['A Group: Ed <c@a.test> <joe@w.test>;']],
    ['an empty group', 'A.1.3', 'Undisclosed recipients:;', ['Undisclosed recipients: ;']],
    ['an entry behind a group', '3.4', 'A:b@c;, d@e', ['A: <b@c>;', '<d@e>']],
    ['two groups', '3.4', 'A:b@c;, D:e@f;', ['A: <b@c>;', 'D: <e@f>;']],
    ['a quoted local part', '3.4.1', '"john q."@x.test', ['<"john q."@x.test>']],
    ['quotes that are not needed', '3.4.1', '"john.q"@x.test', ['<john.q@x.test>']],
    ['a domain literal', '3.4.1', 'a@[192.0.2.1], b@[IPv6:::1]', ['<a@[192.0.2.1]>', '<b@[IPv6:::1]>']],
    ['dots in a name', '4.1', 'Joe Q. Public <j@x.test>', ['Joe Q. Public <j@x.test>']],
    ['folding and blanks', '4.2', 'Mary Smith\r\n    \r\n\t<mary@x.test>\r\n', ['Mary Smith <mary@x.test>']],
    ['UTF-8', 'rfc6532 3.2', 'Дмитрий <дм@пример.рф>', ['Дмитрий <дм@пример.рф>']],
    ['nothing', '3.4', ' ', []],
    ['an encoded name', 'rfc2047 5', '=?iso-8859-1?Q?Andr=E9?= Pirard <p@x.test>', ['André Pirard <p@x.test>']],
    ['words that belong together', 'rfc2047 6.2', '=?utf-8?Q?a?=\r\n =?utf-8?Q?b?= <p@x.test>', ['ab <p@x.test>']],
    ['a group with an encoded name', 'rfc2047 5', '=?utf-8?B?w6k=?=:a@b;', ['é: <a@b>;']],
    ['a comma that is encoded', 'rfc2047 5', '=?utf-8?Q?a=2C_b?= <p@x.test>', ['a, b <p@x.test>']],
    ['text like a tag', '3.2.3', '"[x]" <a@b>', ['[x] <a@b>']],
  ])('%s [rfc5322 %s]', (_name, _spec, text, entries) => {
    expect(read(text)).toEqual({ entries, defects: [] })
  })

  test('a mailbox has its parts', () => {
    expect(readAddressList('"a b" (c) <"x\\"y"@d.test>').entries).toEqual([
      {
        type: 'mailbox',
        name: 'a b',
        localPart: 'x"y',
        domain: 'd.test',
        address: '"x\\"y"@d.test',
        comments: ['c'],
      },
    ])
  })

  test('a group has its parts, and comments only where there are some [rfc5322 3.4]', () => {
    expect(readAddressList('A:b@c.d;').entries).toEqual([
      {
        type: 'group',
        name: 'A',
        members: [{ type: 'mailbox', localPart: 'b', domain: 'c.d', address: 'b@c.d' }],
      },
    ])
  })

  test('comments are kept with the entry they stand in [rfc5322 A.5]', () => {
    const text = 'A(Some people):Chris <c@(his \\) host)x.test>,j@y.test (=?utf-8?Q?=C3=A9?=) (d); (end)'
    const { entries } = readAddressList(text)
    expect(entries).toMatchObject([
      {
        type: 'group',
        name: 'A',
        comments: ['Some people'],
        members: [{ comments: ['his ) host'] }, { comments: ['é', 'd'] }],
      },
    ])
  })
})

// One row for each probe of which parsers differ, and what is chosen here.
describe('readAddressList: in doubt', () => {
  test.each([
    [
      'an address before brackets is the name',
      'a@good.com <b@evil.com>',
      ['a@good.com <b@evil.com>'],
      ['address-in-name 0-10'],
    ],
    ['the same address twice is in no doubt', 'p@x.test <P@x.test>', ['p@x.test <P@x.test>'], []],
    [
      'two brackets are two mailboxes',
      '<a@good.com><b@evil.com>',
      ['<a@good.com>', '<b@evil.com>'],
      ['missing-comma 12-13'],
    ],
    ['an address in a comment is none', 'a@good.com(<b@evil.com>)', ['<a@good.com>'], []],
    ['a domain without dots is one', 'a@good, b@evil', ['<a@good>', '<b@evil>'], []],
    ['a source route is dropped', '<@x.com,@y.com:b@z.com>', ['<b@z.com>'], ['source-route 1-15']],
    [
      'brackets with a route are not closed',
      '<@x.com:b@z.com, c@d.e',
      ['<b@z.com>', '<c@d.e>'],
      ['unclosed-bracket 15-16', 'source-route 1-8'],
    ],
    ['a name in a comment that touches', 'joe@x.com(Joe)', ['Joe <joe@x.com>'], ['name-in-comment 9-14']],
    [
      'an at sign in quotes is of the local part',
      '"a@evil.com> "@good.com',
      ['<"a@evil.com> "@good.com>'],
      ['quoted-at 0-23'],
    ],
    [
      'no address is made of encoded words',
      '=?utf-8?Q?Boss_=3Cceo=40bank.com=3E?=',
      ['{Boss <ceo@bank.com>}'],
      ['encoded-address 0-37'],
    ],
    [
      'NUL parts two addresses',
      'a@good.com\0b@evil.com',
      ['<a@good.com>', '<b@evil.com>'],
      ['control-character 10-11', 'missing-comma 11-11'],
    ],
    [
      'NUL before a second at sign',
      'a@good.com\0@evil.com',
      ['{a@good.com @evil.com}'],
      ['control-character 10-11', 'bad-address 0-20'],
    ],
    ['NUL in quotes makes no address', '"a\0b"@x.com', ['{a b@x.com}'], ['control-character 2-3', 'bad-address 0-11']],
    [
      'CR LF in quotes makes no address',
      '"a\\\r\\\nb"@x.com',
      ['{a b@x.com}'],
      ['control-character 3-4', 'control-character 5-6', 'bad-address 0-14'],
    ],
    ['a domain ends at a comment', 'user@good.com(x)evil.com', ['{user@good.com evil.com}'], ['bad-address 0-24']],
    ['two at signs', 'a@b.com@c.com', ['{a@b.com@c.com}'], ['bad-address 0-13']],
    ['blanks in an address', 'jdoe@test  . example', ['<jdoe@test.example>'], ['obsolete-spacing 0-20']],
    ['comments in an address', 'pete(his)@silly.test', ['<pete@silly.test>'], ['obsolete-spacing 0-20']],
    [
      'dots out of place',
      '<a..b@x.test>, .c@x.test, d.@x.test',
      ['<"a..b"@x.test>', '<".c"@x.test>', '<"d."@x.test>'],
      ['stray-dot 1-12', 'stray-dot 15-24', 'stray-dot 26-35'],
    ],
    ['a dot behind the domain', 'a@x.test.', ['<a@x.test>'], ['stray-dot 0-9']],
    ['a blank for a comma', 'a@b.c d@e.f', ['<a@b.c>', '<d@e.f>'], ['missing-comma 6-6']],
    ['a name behind the brackets', '<a@b.c> Joe', ['Joe <a@b.c>'], ['trailing-text 8-11']],
    ['an address behind the brackets', 'J <a@b.c> d@e.f', ['J <a@b.c>', '<d@e.f>'], ['missing-comma 10-10']],
    [
      'a name and brackets without a comma before',
      'J <a@b.c> K <d@e.f>',
      ['J <a@b.c>', 'K <d@e.f>'],
      ['missing-comma 12-13'],
    ],
    ['brackets twice', '<<a@b.c>>', ['<a@b.c>'], ['doubled-brackets 1-2', 'doubled-brackets 8-9']],
    [
      'brackets that are not closed',
      'J <a@b.c, K <d@e.f',
      ['J <a@b.c>', 'K <d@e.f>'],
      ['unclosed-bracket 8-9', 'unclosed-bracket 18-18'],
    ],
    ['a bracket within brackets', 'J <a@b.c <d@e.f>', ['J <a@b.c>', '<d@e.f>'], ['unclosed-bracket 9-10']],
    ['brackets that are not opened', 'a@b.c>', ['<a@b.c>'], ['doubled-brackets 5-6']],
    ['nothing in brackets', 'Joe <>', ['Joe {}'], ['missing-domain 0-3']],
    ['no domain', 'Joe <joe>, ann', ['Joe {joe}', '{ann}'], ['missing-domain 0-8', 'missing-domain 11-14']],
    ['a name without brackets', 'Joe joe@x.com', ['{Joe joe@x.com}'], ['bad-address 0-13']],
    ['a blank in the local part', '<joe doe@x.com>', ['{joe doe@x.com}'], ['bad-address 1-14']],
    [
      'a quote that is not closed',
      '"Joe <joe@x.com>, b@y.com',
      ['Joe <joe@x.com>', '<b@y.com>'],
      ['unclosed-quoted-string 0-1'],
    ],
    ['a comment that is not closed', '(Joe <joe@x.com>', ['Joe <joe@x.com>'], ['unclosed-comment 0-1']],
    ['a comment that is not opened', 'Joe) <joe@x.com>', ['Joe) <joe@x.com>'], ['stray-character 3-4']],
    ['a tag before the name', '[x] Joe <joe@x.com>', ['[x] Joe <joe@x.com>'], []],
    [
      'entries that are empty',
      ',a@b,,c@d,',
      ['<a@b>', '<c@d>'],
      ['empty-entry 0-1', 'empty-entry 5-6', 'empty-entry 10-10'],
    ],
    ['a semicolon for a comma', 'a@b; c@d', ['<a@b>', '<c@d>'], ['unopened-group 3-4']],
    ['a group that is not closed', 'A: b@c, d@e', ['A: <b@c> <d@e>;'], ['unclosed-group 11-11']],
    [
      'a group in a group',
      'A:b@c, D:e@f;, g@h; i@j',
      ['A: <b@c> <e@f> <g@h>;', '<i@j>'],
      ['nested-group 7-9', 'missing-comma 20-20'],
    ],
    ['a URL', 'mailto:a@b.c', ['mailto: <a@b.c>;'], ['unclosed-group 12-12']],
    [
      'encoded words in the local part stay',
      '=?utf-8?Q?joe?=@x.com',
      ['<=?utf-8?Q?joe?=@x.com>'],
      ['encoded-local-part 0-21'],
    ],
    [
      'encoded words in quotes',
      '"=?utf-8?Q?a=40b.c?=" <d@e.f>',
      ['a@b.c <d@e.f>'],
      ['encoded-in-quotes 0-21', 'address-in-name 0-21'],
    ],
    ['a name in a comment', 'joe@x.com (Joe =?utf-8?Q?D=C3=B6?=)', ['Joe Dö <joe@x.com>'], ['name-in-comment 10-35']],
    ['a control in a name', '"a\u0007b" <c@d.e>', ['a b <c@d.e>'], ['control-character 2-3']],
    ['a full-width domain', 'a@\uff45vil.com', ['{a@\uff45vil.com}'], ['bad-address 0-10']],
    ['an underscore in the domain', 'a@x_y.com', ['<a@x_y.com>'], ['bad-domain 0-9']],
    ['a literal of no kind', 'a@[x]', ['<a@[x]>'], ['bad-domain 0-5']],
    ['a bare CR', 'a@b.c,\rd@e.f', ['<a@b.c>', '<d@e.f>'], ['bare-line-break 6-7']],
  ])('%s', (_name, text, entries, defects) => {
    expect(read(text)).toEqual({ entries, defects })
  })

  test.each([
    ['a@good.com <b@evil.com>', 'a@good.com'],
    ['"a@evil.com"@good.com', 'a@evil.com'],
    ['=?utf-8?Q?Boss_=3Cceo=40bank.com=3E?=', 'Boss <ceo@bank.com>'],
    ['=?utf-8?Q?joe?=@x.com', 'joe'],
    ['user@good.com(x)evil.com', 'user@good.com'],
    ['Joe joe@x.com', 'joe@x.com'],
    ['"=?utf-8?Q?=C3=A9?=" <d@e.f>', '=?utf-8?Q?=C3=A9?='],
  ])('the other reading of %j is told', (text, other) => {
    expect(readAddressList(text).defects[0]?.other).toBe(other)
  })

  test('encodedAddresses: what is encoded whole is read as addresses, once', () => {
    const text = '=?utf-8?Q?Boss_=3Cceo=40bank.com=3E=2C_G=3Ab=40c.d=3B?='
    expect(read(text, { encodedAddresses: true })).toEqual({
      entries: ['Boss <ceo@bank.com>', '<b@c.d>'],
      defects: [`encoded-address 0-${text.length}`],
    })
    const twice = '=?utf-8?Q?=3D=3Futf-8=3FQ=3Fa=3D40b=3F=3D=40c?='
    expect(read(twice, { encodedAddresses: true }).entries).toEqual(['<=?utf-8?Q?a=40b?=@c>'])
  })
})

describe('readAddressList: limits', () => {
  test('addresses beyond the most are not read, groups and their members counted', () => {
    expect(read('a@b, c@d, e@f', { maxAddresses: 2 })).toEqual({
      entries: ['<a@b>', '<c@d>'],
      defects: ['address-limit 10-13'],
    })
    expect(read('A:b@c,d@e,f@g;', { maxAddresses: 2 })).toEqual({
      entries: ['A: <b@c> <d@e>;'],
      defects: ['address-limit 10-14', 'unclosed-group 14-14'],
    })
  })

  test('addresses beyond the most are not read, though no comma parts them', () => {
    expect(read('a@b c@d e@f', { maxAddresses: 2 })).toEqual({
      entries: ['<a@b>', '<c@d>'],
      defects: ['missing-comma 4-4', 'missing-comma 8-8', 'address-limit 0-11'],
    })
  })

  test('10,000 addresses are read by default', () => {
    expect(readAddressList('a@b,'.repeat(10_001)).entries).toHaveLength(10_000)
  })

  test('1e6 nested groups are one', () => {
    const { entries } = readAddressList('a:'.repeat(1_000_000))
    expect(entries.map(brief)).toEqual(['a: ;'])
  })

  test.each([
    ',',
    '(',
    ')',
    '"',
    '<',
    '>',
    '<a',
    ':',
    ';',
    '@',
    '.',
    '\\',
    '[',
    '<@,',
    '\0',
    'a ',
    '"" ',
    'a@b ',

    '=?',
    '(a)b@c ',
  ])('1 MB of %j is read to its end', (piece) => {
    const { entries, defects } = readAddressList(piece.repeat(Math.ceil(1_000_000 / piece.length)))
    expect(entries.length + defects.length).toBeGreaterThan(0)
    expect(defects.length).toBeLessThan(1002)
  })
})

const pieces = fc.constantFrom(
  ...'<>()[]":;,@.\\\0\r\n \t',
  'a',
  'é',
  '\ud800',
  '=?utf-8?Q?=3C?=',
  '\\"',
  'x@y',
  '\r\n ',
)

test('readAddressList: any text gives entries without controls, and defects within it', () => {
  const texts = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(pieces).map((list) => list.join('')),
  )
  fc.assert(
    fc.property(texts, (text) => {
      const { entries, defects } = readAddressList(text, { encodedAddresses: true })
      for (const { start, end } of defects) expect(0 <= start && start <= end && end <= text.length).toBe(true)
      for (const entry of entries.flatMap((one) => (one.type === 'group' ? [one, ...one.members] : one))) {
        for (const value of Object.values(entry)) expect(findControl(String(value))).toBe(-1)
      }
    }),
    { numRuns: 2000 },
  )
})

test('readAddressList: decoders for charsets reach names, groups and comments', () => {
  const decoder = (charset: string) =>
    charset === 'x-odd' ? (bytes: Uint8Array) => (bytes.length > 0 ? 'ODD' : '') : undefined
  const word = '=?x-odd?Q?a?='
  const { entries } = readAddressList(`${word} <a@x.example>, ${word}: b@x.example (${word});`, { decoder })
  expect(entries[0]).toMatchObject({ name: 'ODD' })
  expect(entries[1]).toMatchObject({ name: 'ODD', members: [{ name: 'ODD' }] })
})
