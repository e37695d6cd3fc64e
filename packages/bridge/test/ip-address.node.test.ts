import { spawnSync } from 'node:child_process'
import { BlockList, isIP, isIPv4 } from 'node:net'
import { isInNetwork, parseIpAddress, parseIpNetwork, unmapIpAddress } from '@posthorn/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isPublicAddress } from '../src/server/ip-address.ts'

const SCRIPT = `
import ipaddress, sys
for line in sys.stdin:
    try:
        address = ipaddress.ip_address(line.rstrip('\\n'))
        print(address.packed.hex(), 'global' if address.is_global else 'not')
    except ValueError:
        print('none')
`

// Addresses at the ends of every range, and others between.
const ENDS = [
  ...['0.0.0.0', '9.255.255.255', '10.0.0.0', '11.0.0.0', '100.64.0.0', '100.128.0.0', '126.255.255.255', '127.0.0.1'],
  ...['169.254.169.254', '172.15.255.255', '172.16.0.0', '172.31.255.255', '172.32.0.0', '192.0.0.0', '192.0.0.9'],
  ...[
    '192.0.0.170',
    '192.0.0.255',
    '192.0.1.0',
    '192.0.2.255',
    '192.88.99.1',
    '192.168.0.0',
    '198.18.0.0',
    '198.20.0.0',
  ],
  ...['198.51.100.1', '203.0.113.1', '223.255.255.255', '224.0.0.1', '240.0.0.0', '255.255.255.255'],
  ...[
    '::',
    '::1',
    '::7f00:1',
    '::ffff:127.0.0.1',
    '64:ff9b::1',
    '64:ff9b:1::1',
    '100::1',
    '1fff::',
    '2000::',
    '2001::1',
  ],
  ...[
    '2001:1::1',
    '2001:2::1',
    '2001:10::1',
    '2001:20::1',
    '2001:1ff::',
    '2001:200::',
    '2001:db8::1',
    '2002::1',
    '3fff::1',
  ],
  ...['3fff:1000::1', '4000::', '5f00::1', 'fc00::1', 'fdff::1', 'fe00::', 'fe80::1', 'fec0::1', 'ff02::1'],
]
const FORMS = [
  '1.2.3.04',
  '0x7f.0.0.1',
  '1.2.3',
  '1::2::3',
  '::1.2.3.4',
  '1:2:3:4:5:6:7:8::',
  '1.2.3.4::',
  '1:2:3:4:5:6:7::',
]

function sample(): readonly string[] {
  const texts = fc.sample(fc.oneof(fc.ipV4(), fc.ipV6()), { numRuns: 4000, seed: 1 })
  const near = fc.sample(fc.string({ unit: fc.constantFrom('1', 'f', '0', ':', '::', '.', '25') }), {
    numRuns: 2000,
    seed: 1,
  })
  return [...ENDS, ...FORMS, ...texts, ...near]
}

// What Python calls global, or a release of it does, and a bridge does not dial: beside these there is no difference.
const KEPT = [
  ...[
    '192.0.0.0/24',
    '192.88.99.0/24',
    '224.0.0.0/4',
    '::/96',
    '64:ff9b::/96',
    '64:ff9b:1::/48',
    '2001::/23',
    '2002::/16',
  ],
  ...['3fff::/20', '5f00::/16', 'fec0::/10', 'ff00::/8'],
  // Not assigned to anybody.
  ...['::/3', '4000::/2', '8000::/2', 'c000::/3', 'e000::/4', 'f000::/5', 'f800::/6', 'fe00::/9'],
].map((text) => parseIpNetwork(text)!)

function isKept(octets: Uint8Array): boolean {
  return KEPT.some((range) => isInNetwork(octets, range))
}

const python = spawnSync('python3', ['--version'])
if (python.status !== 0) console.warn('python3 is absent: ip-address is not compared with its module ipaddress')

test.skipIf(python.status !== 0)('isPublicAddress: agrees with the module ipaddress of Python', () => {
  const texts = sample()
  const { stdout, status } = spawnSync('python3', ['-c', SCRIPT], { input: texts.join('\n'), encoding: 'utf8' })
  expect(status).toBe(0)
  const lines = stdout.trimEnd().split('\n')
  expect(lines.length).toBe(texts.length)
  texts.forEach((text, at) => {
    const [hex, verdict] = lines[at]!.split(' ')
    const octets = parseIpAddress(text)
    expect(octets ? Buffer.from(octets).toString('hex') : 'none', text).toBe(hex)
    // Releases of Python differ on what stands for an IPv4 address; another test has these.
    if (!octets || unmapIpAddress(octets) !== octets || isKept(octets)) return
    expect(isPublicAddress(text) ? 'global' : 'not', text).toBe(verdict)
  })
  expect(lines.filter((line) => line.endsWith('global')).length).toBeGreaterThan(1000)
})

test('isPublicAddress: nothing that it keeps apart from Python is public', () => {
  for (const text of sample()) {
    const octets = parseIpAddress(text)
    if (octets && unmapIpAddress(octets) === octets && isKept(octets)) expect(isPublicAddress(text), text).toBe(false)
  }
})

test('parseIpAddress: takes what Node.js takes, but for zones', () => {
  for (const text of sample()) expect(parseIpAddress(text)?.length ?? 0, text).toBe([0, 0, 0, 0, 4, 0, 16][isIP(text)])
})

const LISTED = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24'],
  ...['192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24'],
  ...[
    '224.0.0.0/4',
    '240.0.0.0/4',
    '::/96',
    '64:ff9b::/96',
    '64:ff9b:1::/48',
    '100::/64',
    '2001::/23',
    '2001:db8::/32',
  ],
  ...['2002::/16', '3fff::/20', '5f00::/16', 'fc00::/7', 'fe80::/10', 'fec0::/10', 'ff00::/8'],
]

test('isPublicAddress: agrees with a BlockList of Node.js on all that is in 2000::/3 or IPv4', () => {
  const list = new BlockList()
  for (const text of LISTED) {
    const [address, bits] = text.split('/') as [string, string]
    list.addSubnet(address, Number(bits), isIPv4(address) ? 'ipv4' : 'ipv6')
  }
  for (const text of sample()) {
    if (isIP(text) === 0) continue
    const isBlocked = list.check(text, isIPv4(text) ? 'ipv4' : 'ipv6')
    if (isBlocked) expect(isPublicAddress(text), text).toBe(false)
    else if (isIPv4(text) || /^[23][0-9a-f]{3}:/.test(text)) expect(isPublicAddress(text), text).toBe(true)
  }
})
