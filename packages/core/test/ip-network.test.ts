import { expect, test } from 'vitest'
import { isInNetwork, parseIpAddress } from '../src/ip-address.ts'
import { ipLimitKey, parseIpNetwork } from '../src/ip-network.ts'

test.each([
  { text: '10.0.0.0/8', inside: '10.1.2.3', outside: '11.0.0.0' },
  { text: '127.0.0.1', inside: '127.0.0.1', outside: '127.0.0.2' },
  { text: '0.0.0.0/0', inside: '8.8.8.8', outside: '::1' },
  { text: 'fd00::/8', inside: 'fd12::1', outside: 'fe00::1' },
  { text: '2001:db8::/33', inside: '2001:db8:7fff::', outside: '2001:db8:8000::' },
  { text: '::1', inside: '::1', outside: '0.0.0.1' },
  { text: '::ffff:10.0.0.0/104', inside: '10.1.2.3', outside: '11.0.0.0' },
])('parseIpNetwork: $text has $inside and not $outside', ({ text, inside, outside }) => {
  const range = parseIpNetwork(text)!
  expect(isInNetwork(parseIpAddress(inside)!, range)).toBe(true)
  expect(isInNetwork(parseIpAddress(outside)!, range)).toBe(false)
})

test.each([
  '',
  '*',
  '10.0.0.1/8',
  '10.0.0.0/33',
  '::/129',
  '10.0.0.0/',
  '10.0.0.0/08',
  '10/8',
  '10.0.0.0/8/8',
  'a.example',
  '/8',
])('parseIpNetwork: refuses %j', (text) => {
  expect(parseIpNetwork(text)).toBeUndefined()
})

test('ipLimitKey: one for an IPv4 address and for 64 bits of IPv6', () => {
  expect(ipLimitKey('192.0.2.1')).toBe(ipLimitKey('::ffff:192.0.2.1'))
  expect(ipLimitKey('192.0.2.1')).not.toBe(ipLimitKey('192.0.2.2'))
  expect(ipLimitKey('2001:db8::1')).toBe(ipLimitKey('2001:db8:0:0:ffff::1'))
  expect(ipLimitKey('2001:db8::1')).not.toBe(ipLimitKey('2001:db8:0:1::1'))
  expect(ipLimitKey('no address')).toBe('no address')
})
