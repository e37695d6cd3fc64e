import { encodeUtf8, findControl } from '@posthorn/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { failureOf } from '../../../test/failure.ts'
import {
  type Address,
  type AddressGroup,
  formatAddressField,
  formatAddressList,
  parseAddressList,
  readAddressList,
} from '../src/index.ts'

describe('formatAddressList', () => {
  test.each<[string, (Address | AddressGroup)[], string]>([
    ['addresses', [{ name: 'A', address: 'a@x.test' }, { address: 'b@x.test' }], 'A <a@x.test>, b@x.test'],
    [
      'a group',
      [{ name: 'A b', members: [{ address: 'b@x.test' }, { address: 'c@x.test' }] }],
      'A b: b@x.test, c@x.test;',
    ],
    ['an empty group', [{ name: 'U', members: [] }], 'U:;'],
    ['a group whose name needs quotes', [{ name: 'a;b', members: [] }], '"a;b":;'],
    ['a group whose name is encoded', [{ name: 'é', members: [] }], '=?utf-8?B?w6k=?= :;'],
    ['none', [], ''],
  ])('formatAddressList: %s [rfc5322 3.4]', (_name, list, expected) => {
    expect(formatAddressList(list)).toBe(expected)
  })

  test('formatAddressList: the restricted Q of phrases [rfc2047 5(3)]', () => {
    expect(formatAddressList([{ name: 'evil team é, b@evil', members: [] }])).toBe(
      '=?utf-8?Q?evil_team_=C3=A9=2C_b=40evil?= :;',
    )
  })

  test('formatAddressList: addresses in US-ASCII unless SMTPUTF8 is allowed [rfc6532 3.2]', () => {
    const list = [{ name: 'G', members: [{ address: 'a@bücher.example' }] }]
    expect(formatAddressList(list)).toBe('G: a@xn--bcher-kva.example;')
    expect(formatAddressList(list, { smtpUtf8: true })).toBe('G: a@bücher.example;')
    const foreign = [{ name: 'G', members: [{ address: 'δ@x.example' }] }]
    expect(failureOf(() => formatAddressList(foreign))).toBe('MIME_NEEDS_SMTPUTF8')
    expect(() => formatAddressList(foreign)).toThrow('δ@x.example')
  })

  test.each([
    ['no name', { name: '', members: [] }],
    ['CR LF in the name', { name: 'a\r\nBcc: b', members: [] }],
    ['NUL in the name of a member', { name: 'a', members: [{ name: '\0', address: 'b@x.test' }] }],
    ['a member without an address', { name: 'a', members: [{ address: 'b' }] }],
  ])('formatAddressList: refuses %s', (_name, group) => {
    expect(failureOf(() => formatAddressList([group]))).toBe('MIME_BAD_ADDRESS')
  })
})

describe('parseAddressList', () => {
  test.each<[string, (Address | AddressGroup)[]]>([
    ['', []],
    ['a@x.test, "B, C" <b@x.test>', [{ address: 'a@x.test' }, { name: 'B, C', address: 'b@x.test' }]],
    ['G: a@x.test;, b@x.test', [{ name: 'G', members: [{ address: 'a@x.test' }] }, { address: 'b@x.test' }]],
    ['"a@evil.com"@x.test', [{ address: '"a@evil.com"@x.test' }]],
  ])('parseAddressList: %j [rfc5322 3.4]', (text, expected) => {
    expect(parseAddressList(text)).toEqual(expected)
  })

  test.each([
    'a@x.test b@x.test',
    'a@x.test,',
    'a@x.test (Ann)',
    '(c) a@x.test',
    'G(c): a@x.test;',
    'G: a@x.test (c);',
    'G: a@x.test',
    '<@y.test:a@x.test>',
    'a @ x.test',
    'Ann',
    'G: Ann;',
    'a@x.test\r\nBcc: b@x.test',
    `${'a'.repeat(250)}@x.test`,
    'a@[x]',
    'a@x.test,'.repeat(10_001),
  ])('parseAddressList: refuses %j [rfc5322 3.4]', (text) => {
    expect(failureOf(() => parseAddressList(text))).toBe('MIME_BAD_ADDRESS')
  })

  test('parseAddressList: says where [rfc5322 3.4]', () => {
    expect(() => parseAddressList('a@x.test, b@')).toThrow(expect.objectContaining({ offset: 10 }))
  })
})

const character = fc.oneof(
  fc.constantFrom(...'aZ9 .,;:<>@()[]"\\=?_-éñßЖד字한😀', '=?utf-8?Q?a?=', '\u00a0', '\u0301'),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }).filter((one) => findControl(one) < 0),
)
const name = fc.array(character, { minLength: 1, maxLength: 60 }).map((list) => list.join(''))
const localPart = fc.constantFrom(
  'a',
  'a.b',
  '"a b"',
  '"a\\"b"',
  '"<x@y>"',
  '"a,b;"',
  '""',
  'é',
  '"é é"',
  '=?utf-8?Q?a?=',
)
const domain = fc.constantFrom('x.example', '[192.0.2.1]', 'bücher.example', 'пример.рф')
const address = fc.record({ localPart, domain }).map((parts) => `${parts.localPart}@${parts.domain}`)
const mailbox = fc.oneof(fc.record({ name, address }), fc.record({ address }))
const entry = fc.oneof(mailbox, fc.record({ name, members: fc.array(mailbox, { maxLength: 4 }) }))

test('parseAddressList: gives again what formatAddressList wrote [rfc5322 3.4]', () => {
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 5 }), (list) => {
      const text = formatAddressList(list, { smtpUtf8: true })
      const strict = list.every((one) => !JSON.stringify(one).includes('"=?utf-8?Q?a?=@'))
      if (strict) expect(parseAddressList(text)).toEqual(list)
    }),
    { numRuns: 2000 },
  )
})

test('readAddressList: gives again what formatAddressField wrote, folded in lines that fit [rfc5322 2.1.1]', () => {
  fc.assert(
    fc.property(fc.array(entry, { minLength: 1, maxLength: 8 }), (list) => {
      const field = formatAddressField('To', list, { smtpUtf8: true })
      for (const line of field.split('\r\n')) expect(encodeUtf8(line).length).toBeLessThanOrEqual(998)
      const { entries } = readAddressList(field.slice(3))
      const brief = entries.map((one) => {
        if (one.type !== 'group') return pick(one)
        return { name: one.name, members: one.members.map(pick) }
      })
      expect(brief).toEqual(list)
    }),
    { numRuns: 2000 },
  )
})

function pick(one: { readonly type: string; readonly name?: string; readonly address?: string }) {
  return one.name === undefined ? { address: one.address } : { name: one.name, address: one.address }
}
