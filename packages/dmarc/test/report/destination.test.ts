import { parseDmarc } from '@posthorn/dmarc'
import { type ReportDestinations, verifyReportDestinations } from '@posthorn/dmarc/report'
import { MemoryZone } from '@posthorn/dns'
import { describe, expect, test } from 'vitest'
import { rejectionOf } from '../../../../test/failure.ts'

const uris = (text: string) => parseDmarc(`v=DMARC1; p=none; rua=${text}`).rua
const verify = (zone: MemoryZone, text: string, options: object = {}): Promise<ReportDestinations> =>
  verifyReportDestinations('blue.example.com', uris(text), { resolver: zone, ...options })
const zoneOf = (records: Readonly<Record<string, string | readonly string[]>> = {}): MemoryZone => {
  const zone = new MemoryZone().add('_dmarc.example.com', 'TXT', 'v=DMARC1; p=none')
  for (const [name, texts] of Object.entries(records)) {
    for (const one of [texts].flat()) zone.add(name, 'TXT', one as string)
  }
  return zone
}
const AT = 'blue.example.com._report._dmarc.red.example.net'
const WALK = ['_dmarc.blue.example.com', '_dmarc.example.com', '_dmarc.com']

describe('verifyReportDestinations: who agrees, and what may be used [rfc9990 4]', () => {
  test.each<[string, Record<string, string | string[]>, string, string, string[], string[]]>([
    [
      'its own domain, without a question',
      {},
      'mailto:a@blue.example.com',
      'internal',
      ['mailto:a@blue.example.com'],
      [],
    ],
    ['its organization', {}, 'mailto:a@example.com', 'internal', ['mailto:a@example.com'], WALK],
    [
      'a sibling',
      {},
      'mailto:a@red.example.com',
      'internal',
      ['mailto:a@red.example.com'],
      [...WALK, '_dmarc.red.example.com'],
    ],
    [
      'one below that is its own organization',
      { '_dmarc.red.example.com': 'v=DMARC1; p=none; psd=n' },
      'mailto:a@red.example.com',
      'unauthorized',
      [],
      [...WALK, '_dmarc.red.example.com', 'blue.example.com._report._dmarc.red.example.com'],
    ],
    ['another that says nothing', {}, 'mailto:a@red.example.net', 'unauthorized', [], [...WALK, AT]],
    [
      'another that agrees',
      { [AT]: 'v=DMARC1' },
      'mailto:a@red.example.net',
      'authorized',
      ['mailto:a@red.example.net'],
      [...WALK, AT],
    ],
    [
      'with a semicolon',
      { [AT]: 'v=DMARC1;' },
      'mailto:a@red.example.net',
      'authorized',
      ['mailto:a@red.example.net'],
      [...WALK, AT],
    ],
    [
      'beside other texts',
      { [AT]: ['v=spf1 -all', 'v=DMARC1', 'v=DMARC1'] },
      'mailto:a@red.example.net',
      'authorized',
      ['mailto:a@red.example.net'],
      [...WALK, AT],
    ],
    [
      'with another address at the same host',
      { [AT]: 'v=DMARC1; rua=mailto:b@RED.example.net,mailto:c@red.example.net' },
      'mailto:a@red.example.net',
      'overridden',
      ['mailto:b@RED.example.net', 'mailto:c@red.example.net'],
      [...WALK, AT],
    ],
    [
      'with one at another host',
      { [AT]: 'v=DMARC1; rua=mailto:b@red.example.net,mailto:v@victim.example' },
      'mailto:a@red.example.net',
      'bad-override',
      [],
      [...WALK, AT],
    ],
    [
      'with one below the host',
      { [AT]: 'v=DMARC1; rua=mailto:b@x.red.example.net' },
      'mailto:a@red.example.net',
      'bad-override',
      [],
      [...WALK, AT],
    ],
    [
      'with what is no address',
      { [AT]: 'v=DMARC1; rua=b@red.example.net' },
      'mailto:a@red.example.net',
      'bad-override',
      [],
      [...WALK, AT],
    ],
    [
      'for failure reports alone',
      { [AT]: 'v=DMARC1; ruf=mailto:v@victim.example' },
      'mailto:a@red.example.net',
      'authorized',
      ['mailto:a@red.example.net'],
      [...WALK, AT],
    ],
    [
      'by another way',
      { [AT]: 'v=DMARC1' },
      'https://red.example.net/dmarc',
      'authorized',
      ['https://red.example.net/dmarc'],
      [...WALK, AT],
    ],
    ['of an address, not a name', {}, 'https://[2001:db8::1]/', 'unusable', [], []],
    ['that is no URL', {}, 'x-a:b', 'unusable', [], []],
    [
      'a size is of no meaning',
      { [AT]: 'v=DMARC1' },
      'mailto:a@red.example.net!1k',
      'authorized',
      ['mailto:a@red.example.net'],
      [...WALK, AT],
    ],
  ])('%s', async (_, records, text, status, uses, queries) => {
    const zone = zoneOf(records)
    const found = await verify(zone, text)
    expect(found.destinations.map((one) => one.status)).toEqual([status])
    expect(found.destinations[0]!.uses.map(({ uri }) => uri)).toEqual(uses)
    expect(found.queries).toEqual(queries)
    expect(zone.queries.map(({ name }) => name)).toEqual(queries)
  })

  test('a host in its own script is asked for by its A-labels', async () => {
    const at = 'blue.example.com._report._dmarc.xn--bcher-kva.example'
    const { destinations } = await verify(zoneOf({ [at]: 'v=DMARC1' }), 'mailto:a@b%C3%BCcher.example')
    expect(destinations.map(({ status, host }) => [status, host])).toEqual([['authorized', 'xn--bcher-kva.example']])
  })

  test('a name that is too long is not asked for', async () => {
    const label = 'a'.repeat(60)
    const host = `${label}.${label}.${label}.${label}`
    const { destinations, queries } = await verify(zoneOf(), `mailto:a@${host}`)
    expect(destinations[0]!.status).toBe('unauthorized')
    expect(queries).toEqual(WALK)
  })

  test.each(['servfail', 'timeout'] as const)('%s is told apart, of the walk and of the agreement', async (failure) => {
    for (const name of ['_dmarc.example.com', AT]) {
      const { destinations } = await verify(zoneOf().fail(name, failure), 'mailto:a@red.example.net')
      expect(destinations.map(({ status, uses }) => [status, uses])).toEqual([['temperror', []]])
    }
  })

  test('for ruf by its own tag [rfc9991 5]', async () => {
    const zone = zoneOf({ [AT]: 'v=DMARC1; rua=mailto:v@victim.example; ruf=mailto:b@red.example.net' })
    const { destinations } = await verify(zone, 'mailto:a@red.example.net', { tag: 'ruf' })
    expect(destinations[0]!.uses.map(({ uri }) => uri)).toEqual(['mailto:b@red.example.net'])
  })

  test('by a list of suffixes in place of the walk', async () => {
    const zone = zoneOf()
    const organizationalDomain = (domain: string) => domain.split('.').slice(-2).join('.')
    const { destinations, queries } = await verify(zone, 'mailto:a@red.example.com', { organizationalDomain })
    expect([destinations[0]!.status, queries]).toEqual(['internal', []])
  })
})

describe('verifyReportDestinations: what it costs is bounded', () => {
  test('no more than five are looked at, and no name is asked for twice', async () => {
    const zone = zoneOf({ [AT]: 'v=DMARC1' })
    const text = Array.from({ length: 500 }, (_, at) => `mailto:a${at}@red.example.net`).join(',')
    const { destinations, queries } = await verify(zone, text)
    expect(destinations.filter(({ status }) => status === 'authorized').length).toBe(5)
    expect(destinations.filter(({ status }) => status === 'over-limit').length).toBe(495)
    expect(queries).toEqual([...WALK, AT])
    expect(zone.queries.length).toBe(4)
  })

  test('long names cost eight questions each, and one', async () => {
    const zone = new MemoryZone()
    const domain = 'a.b.c.d.e.f.g.h.i.j.example.com'
    zone.add('_dmarc.example.com', 'TXT', 'v=DMARC1; p=none')
    const text = Array.from({ length: 9 }, (_, at) => `mailto:x@k${at}.l.m.n.o.p.q.r.s.t.example.com`).join(',')
    const found = await verifyReportDestinations(domain, uris(text), { resolver: zone })
    expect(zone.queries.length).toBeLessThanOrEqual(8 + 9 * 5)
    expect(new Set(zone.queries.map(({ name }) => name)).size).toBe(zone.queries.length)
    expect(found.destinations.map(({ status }) => status)).toEqual([
      ...Array.from({ length: 5 }, () => 'internal'),
      ...Array.from({ length: 4 }, () => 'over-limit'),
    ])
  })

  test('a policy domain that is none', async () => {
    const options = { resolver: new MemoryZone() }
    expect(await rejectionOf(() => verifyReportDestinations('a b', [], options))).toBe('DMARC_REPORT_BAD_NAME')
  })
})
