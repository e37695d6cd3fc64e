import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type DialDecision, type DialRequest, decide } from '../src/server/decide.ts'
import { isPublicAddress } from '../src/server/ip-address.ts'
import { type BridgePolicy, checkPolicy } from '../src/server/policy.ts'

const BASE: BridgePolicy = { origins: [], destinations: ['smtp.example', 'mx.example:25'] }
const claims = { dst: ['smtp.example:587', 'smtp.example:22', 'mx.example:25', 'other.example:587'] }
const ask = (request: Partial<DialRequest>, policy: Partial<BridgePolicy> = {}): DialDecision =>
  decide(checkPolicy({ ...BASE, ...policy }), { host: 'smtp.example', port: 587, claims, ...request })

test('decide: looks up what ticket and policy name, then dials what was looked up', () => {
  expect(ask({ host: 'SMTP.Example' })).toEqual({ type: 'look-up', host: 'smtp.example' })
  expect(ask({ host: 'SMTP.Example', addresses: ['8.8.8.8', '2606:4700::1111'] })).toEqual({
    type: 'dial',
    host: 'smtp.example',
    address: '8.8.8.8',
    others: ['2606:4700::1111'],
  })
  expect(ask({ host: 'mx.example', port: 25 })).toEqual({ type: 'look-up', host: 'mx.example' })
})

const refusals: readonly {
  name: string
  request: Partial<DialRequest>
  policy?: Partial<BridgePolicy>
  reason: string
}[] = [
  { name: 'an address', request: { host: '127.0.0.1' }, reason: 'host' },
  { name: 'an address in hexadecimal', request: { host: '0x7f.1' }, reason: 'host' },
  { name: 'IPv6', request: { host: '[::1]' }, reason: 'host' },
  { name: 'a name of one label', request: { host: 'localhost' }, reason: 'host' },
  { name: 'a name with a dot at the end', request: { host: 'smtp.example.' }, reason: 'host' },
  { name: 'user information', request: { host: 'smtp.example@evil.example' }, reason: 'host' },
  { name: 'a port that is none', request: { port: 65_536 }, reason: 'host' },
  { name: 'a host that the ticket lacks', request: { host: 'evil.example' }, reason: 'ticket' },
  { name: 'a port that the ticket lacks', request: { port: 465 }, reason: 'ticket' },
  { name: 'a ticket for nothing', request: { claims: { dst: [] } }, reason: 'ticket' },
  { name: 'a host that the policy lacks', request: { host: 'other.example' }, reason: 'policy' },
  { name: 'a port that the policy lacks', request: { port: 22 }, reason: 'port' },
  { name: 'a port that no list names', request: { port: 22 }, policy: { unsafeAnyDestination: true }, reason: 'port' },
]

test.each(refusals)('decide: $name is denied, whatever its addresses are', ({ request, policy, reason }) => {
  for (const addresses of [undefined, [], ['8.8.8.8'], ['127.0.0.1']]) {
    const decision = ask({ ...request, ...(addresses && { addresses }) }, policy)
    expect(decision).toEqual({ type: 'deny', code: 4403, reason })
  }
})

test('decide: a name without an address is told apart', () => {
  expect(ask({ addresses: [] })).toEqual({ type: 'deny', code: 4404, reason: 'name' })
})

test.each([
  ...['127.0.0.1', '::1', '::ffff:127.0.0.1', '::127.0.0.1', '169.254.169.254', 'fd00::1', '0.0.0.0', '10.0.0.1', '::'],
  ...[
    'fe80::1%eth0',
    '127.1',
    '0x7f.0.0.1',
    '2130706433',
    '',
    'localhost',
    '[8.8.8.8]',
    '8.8.8.8:25',
    '64:ff9b::7f00:1',
  ],
])('decide: the address %j is denied, alone and beside a public one', (address) => {
  const denied = { type: 'deny', code: 4403, reason: 'address' }
  for (const addresses of [[address], ['8.8.8.8', address], [address, '8.8.8.8'], ['8.8.8.8', '1.1.1.1', address]]) {
    expect(ask({ addresses })).toEqual(denied)
    expect(ask({ addresses }, { unsafeAnyDestination: true })).toEqual(denied)
  }
})

test.each([
  { allowed: '127.0.0.1', address: '127.0.0.1', type: 'dial' },
  { allowed: '127.0.0.1', address: '::ffff:127.0.0.1', type: 'dial' },
  { allowed: '127.0.0.1', address: '127.0.0.2', type: 'deny' },
  { allowed: '127.0.0.1', address: '::1', type: 'deny' },
  { allowed: '127.0.0.0/8', address: '127.0.0.2', type: 'dial' },
  { allowed: '0.0.0.0/0', address: 'fd00::1', type: 'deny' },
  { allowed: 'fd00::/8', address: 'fd12::1', type: 'dial' },
  { allowed: '::/0', address: 'not an address', type: 'deny' },
  { allowed: '::/0', address: '10.0.0.1', type: 'deny' },
])('decide: $address is $type where $allowed is allowed', ({ allowed, address, type }) => {
  expect(ask({ addresses: [address] }, { unsafeAllowPrivateAddresses: [allowed] }).type).toBe(type)
})

const hostile = fc.string({
  unit: fc.constantFrom('smtp', '.', 'example', '@', '127', '0x7f', '1', ':', '[', ']', '%', ' ', '\0'),
})
const host = fc.oneof(
  fc.constantFrom('smtp.example', 'SMTP.EXAMPLE', 'ｓmtp.example', 'smtp。example'),
  hostile,
  fc.domain(),
  fc.ipV4(),
  fc.ipV6(),
)
const address = fc.oneof(
  fc.ipV4(),
  fc.ipV6(),
  fc.ipV4().map((text) => `::ffff:${text}`),
  fc.constantFrom('127.0.0.1', '::1', '10.0.0.1', '169.254.169.254', '8.8.8.8', '::ffff:a00:1', '::127.0.0.1'),
  fc.string(),
)

test('decide: nothing is looked up or dialled but a host that ticket and policy name, nor a private address', () => {
  const request = fc.record({
    host,
    port: fc.constantFrom(25, 22, 465, 587),
    addresses: fc.array(address, { maxLength: 3 }),
  })
  fc.assert(
    fc.property(request, fc.array(fc.domain()), ({ host: given, port, addresses }, domains) => {
      const dst = ['smtp.example:587', ...domains.map((name) => `${name}:587`)]
      const asked = { host: given, port, claims: { dst } }
      const first = decide(checkPolicy(BASE), asked)
      const second = decide(checkPolicy(BASE), { ...asked, addresses })
      for (const one of [first, second]) {
        if (one.type === 'deny') continue
        expect([one.host, port]).toEqual(['smtp.example', 587])
        expect(given.toLowerCase()).toBe('smtp.example')
      }
      if (second.type === 'dial') {
        expect([second.address, ...second.others]).toEqual(addresses)
        expect(addresses.every(isPublicAddress)).toBe(true)
      }
      if (first.type === 'deny') expect(second).toEqual(first)
    }),
    { numRuns: 2000 },
  )
})
