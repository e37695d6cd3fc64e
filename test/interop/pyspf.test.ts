import { MemoryZone, type RecordData } from '@posthorn/dns'
import { checkHost } from '@posthorn/spf'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Pyspf } from './lib/pyspf.ts'

// The same generated records before pyspf's evaluator and ours, with the same zone.
let pyspf: Pyspf
beforeAll(() => {
  pyspf = new Pyspf()
})
afterAll(() => pyspf.stop())

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

const zoneData = fc.record({
  records: fc.tuple(good, good, good, good),
  addresses: fc.array(fc.tuple(fc.constantFrom(...NAMES), fc.constantFrom(...ADDRESSES, ...ADDRESSES6)), {
    maxLength: 6,
  }),
  exchangers: fc.array(fc.tuple(fc.constantFrom(...NAMES), fc.constantFrom(...NAMES)), { maxLength: 4 }),
  pointer: fc.option(fc.constantFrom('a.example', 'b.example', 'sub.a.example')),
  explanation: fc.option(fc.constantFrom('no', 'not %{i} %{d} %{L}', '%{z}', 'p is %{p}')),
})

type Data = typeof zoneData extends fc.Arbitrary<infer T> ? T : never

class BothZones {
  readonly ours = new MemoryZone().fail('slow.example', 'servfail')
  readonly theirs: Record<string, Record<string, unknown[] | true>> = { 'slow.example': { FAIL: true } }

  add<T extends 'A' | 'AAAA' | 'MX' | 'PTR' | 'TXT'>(name: string, type: T, data: RecordData[T]): void {
    this.ours.add(name, type, data)
    const records = this.theirs[name] ?? {}
    const theirs = typeof data === 'object' ? [data.preference, data.exchange] : data
    this.theirs[name] = { ...records, [type]: [...((records[type] ?? []) as unknown[]), theirs] }
  }
}

function build({ records, addresses, exchangers, pointer, explanation }: Data): BothZones {
  const zones = new BothZones()
  for (const [index, text] of records.entries()) zones.add(NAMES[index]!, 'TXT', text)
  for (const [name, address] of addresses) zones.add(name, address.includes(':') ? 'AAAA' : 'A', address)
  for (const [name, exchange] of exchangers) zones.add(name, 'MX', { preference: 10, exchange })
  if (pointer) zones.add('7.2.0.192.in-addr.arpa', 'PTR', pointer)
  if (explanation) zones.add('e.example', 'TXT', explanation)
  return zones
}

const client = fc.record({
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

// What pyspf decides otherwise, and RFC 7208 does not ask for: it counts a void question again each time, and the names
// of the client among them; an include of the record itself is a fault even where it is never reached; and so is an
// unknown modifier that comes twice, which section 6 allows.
const OTHERWISE = /Void lookup limit|trivial recursion|x= MUST appear/

const tell = (result: string, explanation = 'DEFAULT') => (result === 'fail' ? `fail: ${explanation}` : result)

test('checkHost: says what pyspf says of the same record and zone', { timeout: 300_000 }, async () => {
  const counts: Record<string, number> = { otherwise: 0 }
  await fc.assert(
    fc.asyncProperty(zoneData, client, async (data, given) => {
      const { ours: resolver, theirs: zone } = build(data)
      const ours = await checkHost({ ...given, resolver })
      const expected = await pyspf.check({ ...given, zone })
      counts[ours.result] = (counts[ours.result] ?? 0) + 1
      if (ours.result !== expected.result && OTHERWISE.test(expected.explanation)) counts['otherwise']!++
      else expect(tell(ours.result, ours.explanation)).toBe(tell(expected.result, expected.explanation))
    }),
    { numRuns: 2000, seed: 7208 },
  )
  expect(counts['otherwise']).toBeLessThan(100)
  for (const result of ['pass', 'fail', 'softfail', 'neutral', 'none', 'permerror', 'temperror']) {
    expect(counts[result], result).toBeGreaterThan(10)
  }
})
