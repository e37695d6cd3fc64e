import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { failureOf } from '../../../test/failure.ts'
import { dottedAddress, formatAddress, isWithin, parseClientAddress, readIpv6, reverseName } from '../src/address.ts'

describe('parseClientAddress, formatAddress', () => {
  test.each([
    ['192.0.2.1', '192.0.2.1', 'rfc7208 4.1'],
    ['::ffff:192.0.2.1', '192.0.2.1', 'rfc7208 5'],
    ['::FFFF:c000:201', '192.0.2.1', 'rfc7208 5'],
    ['::', '::', 'rfc5952 4.2.1'],
    ['::1', '::1', 'rfc5952 4.2.1'],
    ['2001:DB8:0:0:1:0:0:1', '2001:db8::1:0:0:1', 'rfc5952 4.2.3'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1', 'rfc5952 4.2.2'],
    ['2001:db8:0:0:0:0:0:0', '2001:db8::', 'rfc5952 4.2.1'],
    ['fe80::1%eth0', 'fe80::1', 'rfc4007 11'],
    ['64:ff9b::192.0.2.33', '64:ff9b::c000:221', 'rfc4291 2.2'],
  ])('%s is %s [$2]', (text, formatted) => {
    expect(formatAddress(parseClientAddress(text))).toBe(formatted)
  })

  test.each([
    '',
    '192.0.2',
    '192.0.2.256',
    '192.0.2.01',
    '1.2.3.4.',
    ':',
    ':::',
    '1::2::3',
    '12345::',
    '1.2.3.4::',
    '::1.2.3',
    '[::1]',
    '1:2:3:4:5:6:7:8:9',
    '%1',
    ':1:2:3:4:5:6:7',
  ])('parseClientAddress: refuses "%s" [rfc4291 2.2]', (text) => {
    expect(failureOf(() => parseClientAddress(text))).toBe('SPF_BAD_ADDRESS')
  })

  test('an IPv6 address is read from what it is written as', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(0, 0, 1, 255), { minLength: 16, maxLength: 16 }), (octets) => {
        expect(readIpv6(formatAddress(octets))).toEqual(octets)
      }),
    )
  })
})

test('isWithin: compares whole octets and bits, of one family alone [rfc7208 5]', () => {
  const client = parseClientAddress('192.0.2.129')
  expect(isWithin(client, [192, 0, 2, 128], 25)).toBe(true)
  expect(isWithin(client, [192, 0, 2, 0], 25)).toBe(false)
  expect(isWithin(client, [0, 0, 0, 0], 0)).toBe(true)
  expect(isWithin(client, [192, 0, 2, 129], 32)).toBe(true)
  expect(isWithin(client, [192, 0, 2, 128], 32)).toBe(false)
  expect(isWithin(client, Array<number>(16).fill(0), 0)).toBe(false)
})

test('dottedAddress, reverseName: nibbles [rfc7208 7.3]', () => {
  const client = parseClientAddress('2001:db8::cb01')
  expect(dottedAddress(client)).toBe('2.0.0.1.0.D.B.8.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.C.B.0.1')
  expect(reverseName(client)).toBe('1.0.b.c.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa')
  expect(reverseName(parseClientAddress('192.0.2.3'))).toBe('3.2.0.192.in-addr.arpa')
})
