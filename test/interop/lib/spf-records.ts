/** Records of SPF with the zones that they stand in, and clients to check by them, made at random. */
import type { RecordData } from '@posthorn/dns'
import fc from 'fast-check'

const NAMES = ['a.example', 'b.example', 'c.example', 'sub.a.example', 'gone.example', 'slow.example', 'e.example']
const ADDRESSES = ['192.0.2.7', '192.0.2.8', '198.51.100.1']
const ADDRESSES6 = ['2001:db8::7', '2001:db8:0:1::1']

const qualifier = fc.constantFrom('', '', '+', '-', '~', '?')
const domain = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...NAMES) },
  fc.constantFrom(
    '%{d}',
    '%{o}',
    '%{d2}',
    '%{l}.a.example',
    '%{ir}.%{v}.a.example',
    '%{s1r-}.example',
    '%{h}',
    '%{x}',
    'x',
  ),
)
const cidr = fc.constantFrom('', '', '', '/24', '/30', '//64', '/24//64', '/33', '/0')
const term = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .tuple(qualifier, fc.constantFrom('a', 'mx'), fc.option(domain), cidr)
      .map(([sign, name, of, length]) => `${sign}${name}${of ? `:${of}` : ''}${length}`),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(qualifier, fc.constantFrom('include', 'exists'), domain)
      .map(([sign, name, of]) => `${sign}${name}:${of}`),
  },
  fc
    .tuple(
      qualifier,
      fc.constantFrom('ip4:192.0.2.0/24', 'ip4:192.0.2.8', 'ip6:2001:db8::/48', 'ip4:192.0.2', 'ip6:::1/129'),
    )
    .map((parts) => parts.join('')),
  fc.tuple(qualifier, fc.constantFrom('ptr', 'ptr:a.example')).map((parts) => parts.join('')),
  fc.constantFrom('x=y', 'exp=e.example', 'all', '-all', 'moo', 'x=%'),
  domain.map((of) => `redirect=${of}`),
)
const good = fc.array(term, { maxLength: 6 }).map((terms) => ['v=spf1', ...terms].join(' '))

/** What is in the DNS; slow.example does not answer. */
export const zoneData = fc.record({
  records: fc.tuple(good, good, good, good),
  addresses: fc.array(fc.tuple(fc.constantFrom(...NAMES), fc.constantFrom(...ADDRESSES, ...ADDRESSES6)), {
    maxLength: 6,
  }),
  exchangers: fc.array(fc.tuple(fc.constantFrom(...NAMES), fc.constantFrom(...NAMES)), { maxLength: 4 }),
  pointer: fc.option(fc.constantFrom('a.example', 'b.example', 'sub.a.example')),
  explanation: fc.option(fc.constantFrom('no', 'not %{i} %{d} %{L}', '%{z}', 'p is %{p}')),
})

/** One of it. */
export type SpfZoneData = typeof zoneData extends fc.Arbitrary<infer T> ? T : never

/** Who sends. */
export const client = fc.record({
  clientAddress: fc.constantFrom('192.0.2.7', '198.51.100.9', '2001:db8::7', '::ffff:192.0.2.8'),
  helo: fc.constantFrom('a.example', 'b.example', 'h', 'sub.a.example'),
  reversePath: fc.constantFrom(
    'joe@a.example',
    'a-b.c@a.example',
    '',
    'joe@sub.a.example',
    '@b.example',
    'joe@gone.example',
  ),
})

/** A record of the DNS. */
export type SpfZoneEntry = {
  [T in 'A' | 'AAAA' | 'MX' | 'PTR' | 'TXT']: { readonly name: string; readonly type: T; readonly data: RecordData[T] }
}['A' | 'AAAA' | 'MX' | 'PTR' | 'TXT']

/** Gives all records. */
export function entriesOf({
  records,
  addresses,
  exchangers,
  pointer,
  explanation,
}: SpfZoneData): readonly SpfZoneEntry[] {
  return [
    ...records.map((data, index) => ({ name: NAMES[index]!, type: 'TXT', data }) as const),
    ...addresses.map(([name, data]) => ({ name, type: data.includes(':') ? 'AAAA' : 'A', data }) as const),
    ...exchangers.map(([name, exchange]) => ({ name, type: 'MX', data: { preference: 10, exchange } }) as const),
    ...(pointer ? [{ name: '7.2.0.192.in-addr.arpa', type: 'PTR', data: pointer } as const] : []),
    ...(explanation ? [{ name: 'e.example', type: 'TXT', data: explanation } as const] : []),
  ]
}
