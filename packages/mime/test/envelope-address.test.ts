import { expect, test } from 'vitest'
import { envelopeAddress, readAddressList } from '../src/index.ts'

const long = 'a'.repeat(64)

test.each([
  ['as it is', 'ada', 'x.example', 'ada@x.example'],
  ['quoted where it must be', 'a "b\\', 'x.example', '"a \\"b\\\\"@x.example'],
  ['an empty local part', '', 'x.example', '""@x.example'],
  ['an address literal', 'a', '[192.0.2.1]', 'a@[192.0.2.1]'],
  ['an IPv6 literal', 'a', '[IPv6:::1]', 'a@[IPv6:::1]'],
  ['an IPv6 literal in full', 'a', '[ipv6:1:2:3:4:5:6:7:8]', 'a@[ipv6:1:2:3:4:5:6:7:8]'],
  ['an IPv6 literal with IPv4', 'a', '[IPv6:::ffff:192.0.2.1]', 'a@[IPv6:::ffff:192.0.2.1]'],
  ['IPv4 in the middle', 'a', '[IPv6:192.0.2.1::1]', undefined],
  ['too few groups', 'a', '[IPv6:1:2:3:4:5:6:7]', undefined],
  ['too many groups', 'a', '[IPv6:1:2:3:4:5:6:7::]', undefined],
  ['two gaps', 'a', '[IPv6:1::2::3]', undefined],
  ['a colon too many', 'a', '[IPv6::1::2]', undefined],
  ['a number beyond 255', 'a', '[192.0.2.256]', undefined],
  ['a literal with another tag', 'a', '[x:y]', undefined],
  ['a U-label', 'a', 'bücher.example', 'a@xn--bcher-kva.example'],
  ['64 octets', long, 'x.example', `${long}@x.example`],
  ['65 octets', `${long}a`, 'x.example', undefined],
  ['64 octets that quotes make more', `${'a'.repeat(62)} b`, 'x.example', undefined],
  [
    'a domain of 254 octets in all',
    'ab',
    `${'b'.repeat(61)}.`.repeat(4).slice(0, -1),
    `ab@${`${'b'.repeat(61)}.`.repeat(4).slice(0, -1)}`,
  ],
  ['a domain of 255 octets in all', 'a'.repeat(8), `${'b'.repeat(61)}.`.repeat(4).slice(0, -1), undefined],
  ['a literal of no kind', 'a', '[x]', undefined],
  ['an underscore', 'a', 'x_y.example', undefined],
  ['a TAB', 'a\tb', 'x.example', undefined],
  ['CR LF', 'a\r\nb', 'x.example', undefined],
  ['UTF-8', 'δ', 'x.example', undefined],
  ['letters whose low octets are CR LF', '\u760d\u760a', 'x.example', undefined],
  ['a domain that ends early', 'a', 'x.example> b', undefined],
])('envelopeAddress: %s [rfc5321 4.1.2]', (_name, localPart, domain, expected) => {
  expect(envelopeAddress({ localPart, domain })).toBe(expected)
})

test('envelopeAddress: UTF-8 for a server with SMTPUTF8 [rfc6531 3.3]', () => {
  const options = { smtpUtf8: true }
  expect(envelopeAddress({ localPart: 'δ', domain: 'bücher.example' }, options)).toBe('δ@bücher.example')
  expect(envelopeAddress({ localPart: 'δ'.repeat(33), domain: 'x.example' }, options)).toBeUndefined()
  expect(envelopeAddress({ localPart: 'a\u2028', domain: 'x.example' }, options)).toBeUndefined()
  expect(envelopeAddress({ localPart: 'a', domain: 'ｅvil.example' }, options)).toBeUndefined()
})

test('envelopeAddress: takes what the reader gives', () => {
  const [entry] = readAddressList('"a@evil.com> "@good.com').entries
  expect(entry?.type === 'mailbox' && envelopeAddress(entry)).toBe('"a@evil.com> "@good.com')
})
