import { parseIpAddress } from '@posthorn/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isPublicAddress } from '../src/server/ip-address.ts'

test.each([
  ['0.0.0.0/8', '0.0.0.0', '0.255.255.255', '1.0.0.0', undefined],
  ['10.0.0.0/8', '10.0.0.0', '10.255.255.255', '11.0.0.0', '9.255.255.255'],
  ['100.64.0.0/10', '100.64.0.0', '100.127.255.255', '100.128.0.0', '100.63.255.255'],
  ['127.0.0.0/8', '127.0.0.0', '127.255.255.255', '128.0.0.0', '126.255.255.255'],
  ['169.254.0.0/16', '169.254.0.0', '169.254.169.254', '169.255.0.0', '169.253.255.255'],
  ['172.16.0.0/12', '172.16.0.0', '172.31.255.255', '172.32.0.0', '172.15.255.255'],
  ['192.0.0.0/24', '192.0.0.0', '192.0.0.255', '192.0.1.0', '191.255.255.255'],
  ['192.0.2.0/24', '192.0.2.0', '192.0.2.255', '192.0.3.0', '192.0.1.255'],
  ['192.88.99.0/24', '192.88.99.0', '192.88.99.255', '192.88.100.0', '192.88.98.255'],
  ['192.168.0.0/16', '192.168.0.0', '192.168.255.255', '192.169.0.0', '192.167.255.255'],
  ['198.18.0.0/15', '198.18.0.0', '198.19.255.255', '198.20.0.0', '198.17.255.255'],
  ['198.51.100.0/24', '198.51.100.0', '198.51.100.255', '198.51.101.0', '198.51.99.255'],
  ['203.0.113.0/24', '203.0.113.0', '203.0.113.255', '203.0.114.0', '203.0.112.255'],
  ['224.0.0.0/3', '224.0.0.0', '255.255.255.255', undefined, '223.255.255.255'],
  ['::/3', '::', '1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', '2000::', undefined],
  ['2001::/23', '2001::', '2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff', '2001:200::', '2000:ffff::'],
  ['2001:db8::/32', '2001:db8::', '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff', '2001:db9::', '2001:db7:ffff::'],
  ['2002::/16', '2002::', '2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff', '2003::', '2001:ffff::'],
  ['3fff::/20', '3fff::', '3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff', '3fff:1000::', '3ffe::'],
  ['4000::/2', '4000::', '7fff:ffff::', undefined, '3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['8000::/1', '8000::', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', undefined, undefined],
])('isPublicAddress: %s ends where it ends', (_, first, last, after, before) => {
  expect([first, last].map(isPublicAddress)).toEqual([false, false])
  for (const neighbour of [after, before]) if (neighbour !== undefined) expect(isPublicAddress(neighbour)).toBe(true)
})

test.each([
  ...[
    '::1',
    '::127.0.0.1',
    '::8.8.8.8',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '::FFFF:10.1.2.3',
    '0:0:0:0:0:ffff:a9fe:a9fe',
  ],
  ...['64:ff9b::8.8.8.8', '64:ff9b::7f00:1', '64:ff9b:1::1', '100::1', '2001::1', '2001:0:808:808::1', '2002:7f00:1::'],
  ...[
    '5f00::1',
    'fc00::1',
    'fd00::1',
    'fe80::1',
    'fec0::1',
    'ff02::1',
    '::ffff:0:127.0.0.1',
    '',
    'localhost',
    'mail.example',
  ],
])('isPublicAddress: %j is not', (text) => {
  expect(isPublicAddress(text)).toBe(false)
})

test.each([
  ...[
    '8.8.8.8',
    '1.1.1.1',
    '::ffff:8.8.8.8',
    '::ffff:808:808',
    '2606:4700::1111',
    '2a00:1450::1',
    '2001:4860:4860::8888',
  ],
])('isPublicAddress: %j is', (text) => {
  expect(isPublicAddress(text)).toBe(true)
})

test('isPublicAddress: what IPv6 stands for IPv4 is what the IPv4 address is, in each notation', () => {
  fc.assert(
    fc.property(fc.ipV4(), (address) => {
      const [a, b, c, d] = address.split('.').map(Number) as [number, number, number, number]
      const groups = `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`
      for (const text of [
        `::ffff:${address}`,
        `0:0:0:0:0:FFFF:${address}`,
        `::ffff:${groups}`,
        `0::0:FFFF:${groups}`,
      ]) {
        expect(isPublicAddress(text)).toBe(isPublicAddress(address))
      }
    }),
  )
})

test('isPublicAddress: arbitrary text throws nothing, and is public only where it is an address', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'0123456789abcdefx:.% /[]') }), (text) => {
      if (parseIpAddress(text) === undefined) expect(isPublicAddress(text)).toBe(false)
    }),
  )
})
