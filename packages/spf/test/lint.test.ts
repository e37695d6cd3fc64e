import { MemoryZone } from '@posthorn/dns'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { countAddresses } from '../src/address-space.ts'
import { auditSpf, formatSpfStrings, lintSpf, parseSpf } from '../src/index.ts'

describe('lintSpf', () => {
  test.each<[string, readonly [string, string?][], string]>([
    ['v=spf1 mx ip4:192.0.2.0/24 ~all', [], 'rfc7208 A'],
    ['v=spf1 redirect=a.example', [], 'rfc7208 6.1'],
    ['v=spf2', [['no-record']], 'rfc7208 4.5'],
    ['v=spf1 +all', [['passes-all', '+all']], 'rfc7208 5.1'],
    ['v=spf1 ip4:0.0.0.0/0 -all', [['passes-all', 'ip4:0.0.0.0/0']], 'rfc7208 5.6'],
    [
      'v=spf1 ip4:10.0.0.0/8 ip6:2001::/16 -ip4:11.0.0.0/8 -all',
      [
        ['wide-network', 'ip4:10.0.0.0/8'],
        ['wide-network', 'ip6:2001::/16'],
      ],
      'rfc7208 11.4',
    ],
    [
      'v=spf1 ip4:192.0.2.1/24 ip6:2001:db8::1/64 -all',
      [
        ['host-bits', 'ip4:192.0.2.1/24'],
        ['host-bits', 'ip6:2001:db8::1/64'],
      ],
      'rfc7208 5.6',
    ],
    ['v=spf1 ip4:192.0.2.128/25 ip6:2001:db8::1 -all', [], 'rfc7208 5.6'],
    ['v=spf1 ptr -all', [['ptr', 'ptr']], 'rfc7208 5.5'],
    ['v=spf1 -all mx', [['unreachable', 'mx']], 'rfc7208 5.1'],
    ['v=spf1 redirect=a.example -all', [['redirect-ignored', 'redirect=a.example']], 'rfc7208 6.1'],
    ['v=spf1 mx', [['no-default']], 'rfc7208 4.7'],
    ['v=spf1 mx +MX -all', [['duplicate-term', '+MX']], 'rfc7208 4.6.1'],
    [
      'v=spf1 ip4=192.0.2.1 x=y -all',
      [
        ['mechanism-as-modifier', 'ip4=192.0.2.1'],
        ['unknown-modifier', 'x=y'],
      ],
      'rfc7208 6',
    ],
    [
      'v=spf1 a:192.0.2.1 include:192.0.2.1 ip4:192.0.2 moo -all',
      [
        ['address-as-name', 'a:192.0.2.1'],
        ['address-as-name', 'include:192.0.2.1'],
        ['bad-term', 'ip4:192.0.2'],
        ['bad-term', 'moo'],
      ],
      'rfc7208 7.1',
    ],
    [
      `v=spf1${Array.from({ length: 11 }, (_, index) => ` a:h${index}.example`).join('')} -all`,
      [['too-many-terms']],
      'rfc7208 4.6.4',
    ],
    [`v=spf1${Array.from({ length: 28 }, (_, index) => ` ip4:192.0.2.${index}`).join('')} -all`, [], 'rfc7208 3.4'],
    [
      `v=spf1${Array.from({ length: 40 }, (_, index) => ` ip4:192.0.2.${index}`).join('')} -all`,
      [['long-record']],
      'rfc7208 3.4',
    ],
  ])('%s [$2]', (text, expected) => {
    const findings = lintSpf(text)
    expect(findings.map(({ code, term }) => (term === undefined ? [code] : [code, term]))).toEqual(expected)
    for (const { offset, term } of findings) if (term) expect(text.slice(offset).startsWith(term)).toBe(true)
  })

  test('any text gives findings, and throws nothing', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void lintSpf(`v=spf1 ${text}`)))
  })
})

describe('auditSpf', () => {
  test('counts terms, voids and addresses over all records [rfc7208 4.6.4]', async () => {
    const resolver = new MemoryZone()
      .add(
        'a.example',
        'TXT',
        'v=spf1 include:b.example ?include:c.example a:old.example mx exists:%{i}.l.example redirect=d.example',
      )
      .add('a.example', 'MX', { preference: 0, exchange: 'mx.a.example' })
      .add('mx.a.example', 'A', '198.51.100.1')
      .add('b.example', 'TXT', 'v=spf1 ip4:192.0.2.0/24 ip4:192.0.2.128/25 ip6:2001:db8::/64 -all')
      .add('c.example', 'TXT', 'v=spf1 ip4:203.0.113.0/24 ?all')
      .add('d.example', 'TXT', 'v=spf1 a:mx.a.example/30 ~ip4:10.0.0.0/8 -all')
    const audit = await auditSpf('A.example', { resolver })
    expect(audit.records.map(({ domain, depth, terms }) => [domain, depth, terms])).toEqual([
      ['a.example', 0, 6],
      ['b.example', 1, 0],
      ['c.example', 1, 0],
      ['d.example', 1, 1],
    ])
    expect(audit).toMatchObject({
      domain: 'a.example',
      terms: 7,
      voids: { ip4: 1, ip6: 2 },
      addresses: { ip4: 260, ip6: 2 ** 64 },
    })
    expect(audit.findings.map(({ code, domain, term }) => [code, domain, term])).toEqual([
      ['no-such-host', 'a.example', 'a:old.example'],
      ['depends-on-mail', 'a.example', 'exists:%{i}.l.example'],
    ])
  })

  test.each<[string, (zone: MemoryZone) => MemoryZone, readonly string[]]>([
    ['no record', (zone) => zone, ['no-record']],
    [
      'two records',
      (zone) => zone.add('a.example', 'TXT', 'v=spf1 -all').add('a.example', 'TXT', 'v=spf1 mx'),
      ['multiple-records'],
    ],
    [
      'an include of nothing',
      (zone) => zone.add('a.example', 'TXT', 'v=spf1 include:b.example -all'),
      ['include-none'],
    ],
    ['a redirect to nothing', (zone) => zone.add('a.example', 'TXT', 'v=spf1 redirect=b.example'), ['redirect-none']],
    ['a loop', (zone) => zone.add('a.example', 'TXT', 'v=spf1 include:a.example -all'), ['loop']],
    ['a server that fails', (zone) => zone.fail('a.example', 'servfail'), ['incomplete']],
    [
      'everyone by an include',
      (zone) => zone.add('a.example', 'TXT', 'v=spf1 include:b.example -all').add('b.example', 'TXT', 'v=spf1 +all'),
      ['passes-all'],
    ],
    [
      'three names that are gone',
      (zone) => zone.add('a.example', 'TXT', 'v=spf1 a:1.b.example a:2.b.example mx:3.b.example -all'),
      ['no-such-host', 'no-such-host', 'no-such-host', 'too-many-voids', 'too-many-voids'],
    ],
    [
      'eleven terms in two records',
      (zone) =>
        zone
          .add(
            'a.example',
            'TXT',
            `v=spf1 include:b.example${[1, 2, 3, 4, 5].map((n) => ` a:h${n}.example`).join('')} -all`,
          )
          .add('b.example', 'TXT', `v=spf1${[1, 2, 3, 4, 5].map((n) => ` a:h${n}.example`).join('')} -all`)
          .add('h1.example', 'A', '192.0.2.1')
          .add('h2.example', 'A', '192.0.2.1')
          .add('h3.example', 'A', '192.0.2.1')
          .add('h4.example', 'A', '192.0.2.1')
          .add('h5.example', 'A', '192.0.2.1'),
      ['too-many-terms', 'too-many-voids'],
    ],
  ])('%s', async (_, fill, codes) => {
    const audit = await auditSpf('a.example', { resolver: fill(new MemoryZone()) })
    expect(audit.findings.map(({ code }) => code)).toEqual(codes)
  })

  test('everyone is every address', async () => {
    const resolver = new MemoryZone().add('a.example', 'TXT', 'v=spf1 ip4:192.0.2.0/24 +all')
    expect((await auditSpf('a.example', { resolver })).addresses).toEqual({ ip4: 2 ** 32, ip6: 2 ** 128 })
  })

  test('paths without number end', async () => {
    const resolver = new MemoryZone()
    for (let level = 0; level < 40; level++) {
      resolver.add(`${level}.a.example`, 'TXT', `v=spf1${` include:${level + 1}.a.example`.repeat(3)} -all`)
    }
    const audit = await auditSpf('0.a.example', { resolver })
    expect(audit.findings.at(-2)?.code).toBe('incomplete')
    expect(resolver.queries.length).toBeLessThanOrEqual(41)
    expect(audit.terms).toBe(201)
  })
})

test('countAddresses: counts each once', () => {
  const network = fc.record({
    octets: fc.tuple(fc.nat(1), fc.nat(255)).map(([high, low]) => Uint8Array.of(0, 0, high, low)),
    bits: fc.integer({ min: 20, max: 32 }),
  })
  fc.assert(
    fc.property(fc.array(network, { maxLength: 6 }), (networks) => {
      const all = new Set<number>()
      for (const { octets, bits } of networks) {
        const size = 2 ** (32 - bits)
        const value = octets[2]! * 256 + octets[3]!
        const first = value - (value % size)
        for (let one = 0; one < size; one++) all.add(first + one)
      }
      expect(countAddresses(networks)).toBe(all.size)
    }),
  )
})

test('formatSpfStrings: at most 255 octets each, parted at spaces [rfc7208 3.3]', () => {
  const record = parseSpf(`v=spf1${' ip4:192.0.2.1'.repeat(40)} exists:${'a.'.repeat(300)}example -all`)
  const strings = formatSpfStrings(record)
  expect(parseSpf(strings.join(''))).toEqual(record)
  expect(strings.every((one) => one.length > 0 && one.length <= 255)).toBe(true)
  expect(strings[1]?.startsWith(' ip4:')).toBe(true)
})
