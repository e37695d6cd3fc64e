import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type BridgePolicy, checkPolicy, isAllowedOrigin, isNamed } from '../src/server/policy.ts'

const BASE: BridgePolicy = { origins: ['https://app.test'], destinations: ['smtp.example'] }

test.each([
  { origin: 'https://app.test', origins: ['https://app.test'] },
  { origin: 'https://app.test:8443', origins: ['https://a.test', 'https://app.test:8443'] },
  { origin: 'http://127.0.0.1:5173', origins: ['http://127.0.0.1:5173'] },
  { origin: 'http://[::1]:5173', origins: ['http://[::1]:5173'] },
  { origin: 'http://localhost', origins: ['http://localhost'] },
  { origin: 'chrome-extension://abcdefgh', origins: ['chrome-extension://abcdefgh'] },
])('isAllowedOrigin: $origin of $origins [rfc6454 6.2]', ({ origin, origins }) => {
  expect(isAllowedOrigin(checkPolicy({ ...BASE, origins }), origin)).toBe(true)
})

test.each([
  ...[
    '',
    'null',
    'https://app.test.evil.test',
    'https://evilapp.test',
    'http://app.test',
    'https://app.test:8443',
    '*',
  ],
  ...[
    'https://app.test:443',
    'https://app.test/',
    'https://app.test ',
    'https://APP.test',
    'https://sub.app.test',
    'app.test',
  ],
  ...['https://app.test, https://evil.test', 'https://app.test@evil.test', 'https://app.test.', 'https://app.test\n'],
])('isAllowedOrigin: refuses %j [rfc6454 6.2]', (origin) => {
  expect(isAllowedOrigin(checkPolicy(BASE), origin)).toBe(false)
  expect(isAllowedOrigin(checkPolicy({ ...BASE, allowMissingOrigin: true }), origin)).toBe(false)
})

test('isAllowedOrigin: a client without one only where the policy says so', () => {
  expect(isAllowedOrigin(checkPolicy(BASE), undefined)).toBe(false)
  expect(isAllowedOrigin(checkPolicy({ ...BASE, allowMissingOrigin: true }), undefined)).toBe(true)
})

test('isAllowedOrigin: what is not on the list is refused', () => {
  fc.assert(
    fc.property(fc.oneof(fc.webUrl(), fc.string()), (origin) => {
      expect(isAllowedOrigin(checkPolicy(BASE), origin)).toBe(origin === 'https://app.test')
    }),
  )
})

test.each<{ policy: Partial<BridgePolicy>; host?: string; port: number; named: boolean }>([
  { policy: {}, port: 465, named: true },
  { policy: {}, port: 587, named: true },
  { policy: {}, port: 2525, named: true },
  { policy: {}, port: 25, named: false },
  { policy: {}, port: 22, named: false },
  { policy: {}, host: 'other.example', port: 587, named: false },
  { policy: {}, host: 'sub.smtp.example', port: 587, named: false },
  { policy: { ports: [25] }, port: 25, named: true },
  { policy: { ports: [25] }, port: 587, named: false },
  { policy: { destinations: ['smtp.example:25'] }, port: 25, named: true },
  { policy: { destinations: ['smtp.example:25'] }, port: 587, named: false },
  { policy: { destinations: ['SMTP.Example:587'], ports: [] }, port: 587, named: true },
  { policy: { destinations: ['bücher.example'] }, host: 'xn--bcher-kva.example', port: 587, named: true },
  { policy: { destinations: [] }, port: 587, named: false },
  { policy: { destinations: [], unsafeAnyDestination: true }, host: 'other.example', port: 587, named: true },
  { policy: { destinations: [], unsafeAnyDestination: true }, host: 'other.example', port: 25, named: false },
])('isNamed: $host:$port under $policy is $named', ({ policy, host = 'smtp.example', port, named }) => {
  expect(isNamed(checkPolicy({ ...BASE, ...policy }), { host, port })).toBe(named)
})

test.each<{ name: string; policy: Partial<BridgePolicy> }>([
  ...[
    ...[
      '*',
      'null',
      '',
      'app.test',
      'https://app.test/',
      'https://app.test:443',
      'http://app.test:80',
      'https://App.test',
    ],
    ...['https://*.app.test', 'https://bücher.test', 'https://a@app.test', 'https://app.test?x', 'HTTPS://app.test'],
    ...[
      'https://app.test:0',
      'https://app.test:99999',
      'https://0x7f.1',
      'https://[::0001]',
      'https://',
      'https://app.test ',
    ],
  ].map((origin) => ({ name: `the origin ${origin}`, policy: { origins: [origin] } })),
  ...[
    '*',
    '',
    'localhost',
    '127.0.0.1',
    '[::1]:25',
    '*:587',
    'smtp.example:*',
    'smtp.example:0',
    '*.example',
    'https://a.example',
  ].map((text) => ({ name: `the destination ${text}`, policy: { destinations: [text] } })),
  ...[0, -1, 65_536, 1.5, Number.NaN].map((port) => ({ name: `the port ${port}`, policy: { ports: [port] } })),
  ...['*', 'private', '10.0.0.1/8', '127.1', 'a.example'].map((text) => ({
    name: `the range ${text}`,
    policy: { unsafeAllowPrivateAddresses: [text] },
  })),
  { name: 'no octets', policy: { maxOctets: 0 } },
])('checkPolicy: refuses $name', ({ policy }) => {
  expect(() => checkPolicy({ ...BASE, ...policy })).toThrow(expect.objectContaining({ code: 'BRIDGE_BAD_OPTION' }))
})
