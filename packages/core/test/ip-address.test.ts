import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatIpAddress, isInNetwork, isIpLiteral, parseIpAddress, unmapIpAddress } from '../src/ip-address.ts'

const octets = (text: string): readonly number[] | undefined => {
  const parsed = parseIpAddress(text)
  return parsed && [...parsed]
}

test.each([
  { text: '192.0.2.1', expected: [192, 0, 2, 1] },
  { text: '0.0.0.0', expected: [0, 0, 0, 0] },
  { text: '255.255.255.255', expected: [255, 255, 255, 255] },
  { text: '::', expected: new Array(16).fill(0) },
  { text: '::1', expected: [...new Array(15).fill(0), 1] },
  { text: '1::', expected: [0, 1, ...new Array(14).fill(0)] },
  { text: '1:2:3:4:5:6:7:8', expected: [0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8] },
  { text: '1::3:4:5:6:7:8', expected: [0, 1, 0, 0, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8] },
  { text: '2001:DB8:0:0:8:800:200C:417A', expected: [32, 1, 13, 184, 0, 0, 0, 0, 0, 8, 8, 0, 32, 12, 65, 122] },
  { text: '2001:db8::8:800:200c:417a', expected: [32, 1, 13, 184, 0, 0, 0, 0, 0, 8, 8, 0, 32, 12, 65, 122] },
  { text: '::13.1.68.3', expected: [...new Array(12).fill(0), 13, 1, 68, 3] },
  { text: '::FFFF:129.144.52.38', expected: [...new Array(10).fill(0), 255, 255, 129, 144, 52, 38] },
  { text: '1:2:3:4:5:6:1.2.3.4', expected: [0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 1, 2, 3, 4] },
])('parseIpAddress: takes $text [rfc4291 2.2]', ({ text, expected }) => {
  expect(octets(text)).toEqual(expected)
})

test.each([
  ...[
    '',
    ' ',
    '1',
    '1.2.3',
    '1.2.3.4.5',
    '1.2.3.256',
    '1.2.3.04',
    '01.2.3.4',
    '0x7f.0.0.1',
    '2130706433',
    '1.2.3.',
    '.1.2.3',
  ],
  ...['127.0.0.1 ', ' 127.0.0.1', '127.0.0.1\n', '１.2.3.4', '1,2,3,4', '+1.2.3.4', '1e1.0.0.1'],
  ...[':', ':::', '1::2::3', '1:2:3:4:5:6:7', '1:2:3:4:5:6:7:8:9', ':1:2:3:4:5:6:7', '1:2:3:4:5:6:7:', ':1::', '1:::2'],
  ...['1:2:3:4::5:6:7:8', '::1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7:8::', '12345::', '::g', '::1%eth0', 'fe80::1%1', '[::1]'],
  ...[
    '1.2.3.4::',
    '::1.2.3.4:5',
    '1:2:3:4:5:6:7:1.2.3.4',
    '::1.2.3',
    '::1.2.3.256',
    '::1.2.3.04',
    '1.2.3.4:5::',
    '::1 ',
  ],
  ...['::0x1', '::+1', '::/96', `${'0'.repeat(39)}::1`],
])('parseIpAddress: refuses %j [rfc4291 2.2]', (text) => {
  expect(parseIpAddress(text)).toBeUndefined()
})

test('parseIpAddress: takes every address that a generator writes, and its other forms are the same', () => {
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
      const parsed = parseIpAddress(text)!
      expect(parsed.length).toBe(text.includes(':') ? 16 : 4)
      const full = parsed.reduce<string[]>((all, octet, at) => {
        if (at % 2 === 0) all.push('')
        all[all.length - 1] += octet.toString(16).padStart(2, '0')
        return all
      }, [])
      expect(parseIpAddress(formatIpAddress(parsed))).toEqual(parsed)
      if (parsed.length === 16) expect(parseIpAddress(full.join(':'))).toEqual(parsed)
    }),
  )
})

test.each([
  ['::', '::', 'rfc5952 4.2.1'],
  ['2001:DB8:0:0:1:0:0:1', '2001:db8::1:0:0:1', 'rfc5952 4.2.3'],
  ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1', 'rfc5952 4.2.2'],
  ['2001:db8:0:0:0:0:0:0', '2001:db8::', 'rfc5952 4.2.1'],
  ['64:ff9b::192.0.2.33', '64:ff9b::c000:221', 'rfc5952 4'],
  ['192.0.2.1', '192.0.2.1', 'rfc5321 4.1.3'],
])('formatIpAddress: %s is %s [%s]', (text, formatted) => {
  expect(formatIpAddress(parseIpAddress(text)!)).toBe(formatted)
})

test.each([
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['::FFFF:c000:201', '192.0.2.1'],
  ['::fffe:192.0.2.1', '::fffe:c000:201'],
  ['::192.0.2.1', '::c000:201'],
  ['1::ffff:192.0.2.1', '1::ffff:c000:201'],
  ['192.0.2.1', '192.0.2.1'],
])('unmapIpAddress: %s is %s [rfc4291 2.5.5.2]', (text, formatted) => {
  expect(formatIpAddress(unmapIpAddress(parseIpAddress(text)!))).toBe(formatted)
})

test.each([
  ['[192.0.2.1]', true],
  ['[IPv6:2001:db8::1]', true],
  ['[ipv6:1:2:3:4:5::6]', true],
  ['[IPv6:1:2:3:4:5:6:7:8]', true],
  ['[IPv6:1:2:3:4:5:6::7]', false],
  ['[IPv6:1:2:3:4:5::192.0.2.1]', false],
  ['[IPv6:192.0.2.1]', false],
  ['[2001:db8::1]', false],
  ['[192.0.2.01]', false],
  ['[192.0.2.1', false],
  ['192.0.2.1', false],
  ['[]', false],
])('isIpLiteral: %s: %s [rfc5321 4.1.3]', (text, expected) => {
  expect(isIpLiteral(text)).toBe(expected)
})

test.each([
  ['192.0.2.129', '192.0.2.128', 25, true],
  ['192.0.2.129', '192.0.2.0', 25, false],
  ['192.0.2.129', '0.0.0.0', 0, true],
  ['192.0.2.129', '192.0.2.129', 32, true],
  ['192.0.2.129', '192.0.2.128', 32, false],
  ['192.0.2.129', '::', 0, false],
  ['2001:db8::1', '2001:db8::2', 126, true],
  ['2001:db8::1', '2001:db8::2', 127, false],
])('isInNetwork: %s in %s/%i: %s [rfc4291 2.3]', (address, network, bits, expected) => {
  expect(isInNetwork(parseIpAddress(address)!, { octets: parseIpAddress(network)!, bits })).toBe(expected)
})
