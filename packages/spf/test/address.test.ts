import { formatIpAddress } from '@posthorn/core'
import { expect, test } from 'vitest'
import { failureOf } from '../../../test/failure.ts'
import { dottedAddress, parseClientAddress, reverseName } from '../src/address.ts'

test.each([
  ['192.0.2.1', '192.0.2.1', 'rfc7208 4.1'],
  ['::ffff:192.0.2.1', '192.0.2.1', 'rfc7208 5'],
  ['::FFFF:c000:201', '192.0.2.1', 'rfc7208 5'],
  ['::1', '::1', 'rfc7208 4.1'],
  ['fe80::1%eth0', 'fe80::1', 'rfc4007 11'],
])('parseClientAddress: takes %s as %s [%s]', (text, formatted) => {
  expect(formatIpAddress(parseClientAddress(text))).toBe(formatted)
})

test.each(['', '192.0.2', '192.0.2.1%eth0', ':', '[::1]', '%1', '::1%', '::1%a b'])(
  'parseClientAddress: refuses "%s" [rfc7208 4.1]',
  (text) => {
    expect(failureOf(() => parseClientAddress(text))).toBe('SPF_BAD_ADDRESS')
  },
)

test('dottedAddress, reverseName: nibbles [rfc7208 7.3]', () => {
  const client = parseClientAddress('2001:db8::cb01')
  expect(dottedAddress(client)).toBe('2.0.0.1.0.D.B.8.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.C.B.0.1')
  expect(reverseName(client)).toBe('1.0.b.c.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa')
  expect(reverseName(parseClientAddress('192.0.2.3'))).toBe('3.2.0.192.in-addr.arpa')
})
