import { type Answer, MemoryZone, type MxData } from '@posthorn/dns'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { failureOf } from '../../../test/failure.ts'
import {
  type DaneDecision,
  type DeliveryPlanOptions,
  decideDane,
  isNullMx,
  planDelivery,
  type StsPolicy,
  tlsaHosts,
  tlsaName,
} from '../src/index.ts'

const mxOf = (authenticated: boolean, ...records: MxData[]): Answer<'MX'> => ({
  status: 'found',
  name: 'example.com',
  records,
  ttl: 60,
  authenticated,
})
const at = (preference: number, exchange: string): MxData => ({ preference, exchange })
const domain = 'example.com'
const record = { usage: 3, selector: 1, matchingType: 1, data: new Uint8Array(32) }
const required: DaneDecision = { status: 'required', records: [record], serverName: 'a.example' }
const dane = (decision: DaneDecision) => new Map([['a.example', decision]])
const sts = (mode: StsPolicy['mode'], ...mx: string[]): StsPolicy => ({ mode, mx, maxAge: 86_400, extensions: [] })
const only = (mx: Answer<'MX'>, options: Partial<DeliveryPlanOptions>) => {
  const plan = planDelivery(mx, { domain, ...options })
  return plan.type === 'send' ? plan.hosts[0] : plan
}
const secure = mxOf(true, at(10, 'a.example'))
const insecure = mxOf(false, at(10, 'a.example'))
const any = { certificate: 'none', records: [], names: [], serverName: 'a.example' }
const pkix = { certificate: 'pkix', records: [], names: ['a.example'], serverName: 'a.example' }

describe('planDelivery', () => {
  test('hosts come by preference, each once [rfc5321 5.1]', () => {
    const mx = mxOf(false, at(20, 'b.example'), at(10, 'A.example.'), at(10, 'c.example'), at(30, 'a.example'))
    const plan = planDelivery(mx, { domain })
    if (plan.type !== 'send') throw new Error(plan.type)
    expect(plan.hosts.map(({ host, preference }) => [host, preference])).toEqual([
      ['a.example', 10],
      ['c.example', 10],
      ['b.example', 20],
    ])
    expect(plan).toMatchObject({ implicit: false, leftOut: [] })
  })

  test('without MX the domain is its own host [rfc5321 5.1]', () => {
    const nodata = { status: 'nodata', name: domain, ttl: 0, authenticated: false } as const
    const plan = planDelivery(nodata, { domain: 'Example.com.' })
    expect(plan).toMatchObject({ type: 'send', implicit: true, hosts: [{ host: 'example.com', preference: 0 }] })
    expect(planDelivery(nodata, { domain, sts: sts('enforce', '*.example.com') })).toMatchObject({
      type: 'defer',
      leftOut: [{ host: 'example.com', reason: 'sts-mismatch' }],
    })
    expect(only(nodata, { requireTls: 'required' })).toMatchObject({ tls: 'required', requireTls: true })
  })

  test.each<[string, Answer<'MX'>, object, string]>([
    [
      'a null MX',
      mxOf(false, at(0, '.')),
      { type: 'fail', reason: 'null-mx', status: '5.1.10', leftOut: [] },
      'rfc7505 3',
    ],
    [
      'no domain',
      { status: 'nxdomain', name: domain, ttl: 0, authenticated: false },
      { type: 'fail', reason: 'no-domain', status: '5.1.2', leftOut: [] },
      'rfc5321 5.1',
    ],
    ['no answer', { status: 'timeout' }, { type: 'defer', reason: 'mx-failed', leftOut: [] }, 'rfc5321 5.1'],
    ['a bogus answer', { status: 'servfail' }, { type: 'defer', reason: 'mx-failed', leftOut: [] }, 'rfc7672 2.1.2'],
    [
      'names that are none',
      mxOf(false, at(1, 'a b'), at(2, '.')),
      {
        type: 'fail',
        reason: 'no-host',
        status: '5.4.4',
        leftOut: [
          { host: 'a b', preference: 1, reason: 'bad-name' },
          { host: '.', preference: 2, reason: 'null-mx' },
        ],
      },
      'rfc7505 3',
    ],
  ])('%s [$3]', (_, mx, expected) => {
    expect(planDelivery(mx, { domain })).toEqual(expected)
  })

  test('DANE holds where the MX records are authenticated, and comes before a policy [rfc8461 2]', () => {
    const options = { dane: dane(required), sts: sts('enforce', 'other.example') }
    const verify = { certificate: 'tlsa', records: [record], names: ['a.example', domain], serverName: 'a.example' }
    expect(only(secure, options)).toEqual({
      host: 'a.example',
      preference: 10,
      tls: 'dane',
      verify,
      requireTls: false,
      reason: 'dane',
    })
    expect(only(insecure, options)).toMatchObject({ type: 'defer', leftOut: [{ reason: 'sts-mismatch' }] })
    expect(only(insecure, { dane: dane(required) })).toMatchObject({ tls: 'opportunistic', reason: 'no-policy' })
  })

  test.each<[string, Answer<'MX'>, Partial<DeliveryPlanOptions>, object, string]>([
    [
      'enforce',
      insecure,
      { sts: sts('enforce', '*.example') },
      { tls: 'sts', verify: pkix, reason: 'sts-enforce' },
      '8461 5',
    ],
    [
      'testing, named',
      insecure,
      { sts: sts('testing', '*.example') },
      { tls: 'opportunistic', verify: any, reason: 'sts-testing', testing: { matches: true } },
      '8461 5',
    ],
    [
      'testing, not named',
      insecure,
      { sts: sts('testing', 'b.example') },
      { tls: 'opportunistic', verify: any, reason: 'sts-testing', testing: { matches: false } },
      '8461 5',
    ],
    ['mode none', insecure, { sts: sts('none', 'b.example') }, { tls: 'opportunistic', reason: 'no-policy' }, '8461 5'],
    [
      'unusable records',
      secure,
      { dane: dane({ status: 'unusable' }) },
      { tls: 'encrypted', verify: any, reason: 'dane-unusable' },
      '7672 2.2',
    ],
    [
      'unusable records beside a policy',
      secure,
      { dane: dane({ status: 'unusable' }), sts: sts('enforce', 'a.example') },
      { tls: 'sts', verify: pkix },
      '8461 2',
    ],
    [
      'unusable records, MX not authenticated',
      insecure,
      { dane: dane({ status: 'unusable' }) },
      { tls: 'opportunistic' },
      '7672 2.2.1',
    ],
    [
      'TLSA failed',
      secure,
      { dane: dane({ status: 'defer', reason: 'tlsa-failed' }) },
      {
        type: 'defer',
        reason: 'hosts-left-out',
        leftOut: [{ host: 'a.example', preference: 10, reason: 'dane-deferred' }],
      },
      '7672 2.1.2',
    ],
    [
      'TLSA failed, MX not authenticated',
      insecure,
      { dane: dane({ status: 'defer', reason: 'tlsa-failed' }) },
      { tls: 'opportunistic' },
      '7672 2.2.1',
    ],
    [
      'the address failed',
      insecure,
      { dane: dane({ status: 'defer', reason: 'address-failed' }), requireTls: 'waived' },
      { type: 'defer' },
      '7672 2.1.2',
    ],
    [
      'no address',
      secure,
      { dane: dane({ status: 'none', reason: 'no-address' }) },
      { type: 'fail', reason: 'no-host' },
      '5321 5.1',
    ],
    [
      'required, MX authenticated',
      secure,
      { requireTls: 'required' },
      { tls: 'required', verify: pkix, requireTls: true, reason: 'require-tls' },
      '8689 2',
    ],
    [
      'required, named in testing',
      insecure,
      { requireTls: 'required', sts: sts('testing', 'a.example') },
      { tls: 'required', verify: pkix, testing: { matches: true } },
      '8689 2',
    ],
    [
      'required, nothing vouches',
      insecure,
      { requireTls: 'required' },
      { type: 'fail', reason: 'require-tls', status: '5.7.30', leftOut: [{ reason: 'name-not-verified' }] },
      '8689 4.2.1',
    ],
    [
      'required, nothing vouches, and the address failed',
      insecure,
      { requireTls: 'required', dane: dane({ status: 'defer', reason: 'address-failed' }) },
      { type: 'defer', leftOut: [{ reason: 'dane-deferred' }] },
      '7672 2.1.2',
    ],
    [
      'required, DANE',
      secure,
      { requireTls: 'required', dane: dane(required) },
      { tls: 'dane', requireTls: true },
      '8689 2',
    ],
    [
      'waived',
      secure,
      { requireTls: 'waived', dane: dane(required), sts: sts('enforce', 'b.example') },
      { tls: 'opportunistic', verify: any, requireTls: false, reason: 'waived' },
      '8689 3',
    ],
  ])('%s [rfc$4]', (_, mx, options, expected) => {
    expect(only(mx, options)).toMatchObject(expected)
  })

  test('the rest is tried where one host is left out, and what is too much is told', () => {
    const mx = mxOf(true, at(1, 'a.example'), at(2, 'b.example'), at(3, 'c.example'), at(4, 'd.example'))
    const plan = planDelivery(mx, { domain, dane: dane({ status: 'defer', reason: 'tlsa-failed' }), maxHosts: 2 })
    expect(plan).toMatchObject({
      type: 'send',
      hosts: [{ host: 'b.example' }, { host: 'c.example' }],
      leftOut: [
        { host: 'a.example', reason: 'dane-deferred' },
        { host: 'd.example', reason: 'too-many' },
      ],
    })
  })

  test('every host is tried or told, and none without what an enforced policy asks', () => {
    const name = fc.constantFrom('a.example', 'B.example', 'c.example.', 'd.e.example', '.', 'a b', '')
    const records = fc.array(fc.record({ preference: fc.nat(99), exchange: name }), { minLength: 2 })
    fc.assert(
      fc.property(records, fc.boolean(), (all, authenticated) => {
        const plan = planDelivery(mxOf(authenticated, ...all), { domain, sts: sts('enforce', '*.example') })
        const hosts = plan.type === 'send' ? plan.hosts : []
        const told = [...hosts, ...plan.leftOut].map(({ host }) => host)
        const given = all.map(({ exchange }) =>
          /^[a-z]/i.test(exchange) ? exchange.toLowerCase().replace(/\.$/, '') : exchange,
        )
        expect(new Set(told)).toEqual(new Set(given))
        for (const { tls, host } of hosts) expect([tls, host.split('.').length]).toEqual(['sts', 2])
      }),
    )
  })

  test('a domain that is no name is refused', () => {
    expect(failureOf(() => planDelivery(secure, { domain: 'a b' }))).toBe('DNS_BAD_NAME')
  })
})

test('isNullMx: only where it is alone [rfc7505 3]', () => {
  expect(isNullMx([at(10, '.')])).toBe(true)
  expect(isNullMx([])).toBe(false)
  expect(isNullMx([at(0, '.'), at(0, '.')])).toBe(false)
})

test('a plan from the DNS alone [rfc7672 2.2]', async () => {
  const zone = new MemoryZone({ authenticated: true })
    .add(domain, 'MX', at(10, 'a.example'))
    .add('a.example', 'A', '192.0.2.1')
    .add('_25._tcp.a.example', 'TLSA', record)
  const addresses = [await zone.resolve('a.example', 'A')]
  const [host = ''] = tlsaHosts('a.example', addresses)
  const decision = decideDane({ host, addresses, tlsa: await zone.resolve(tlsaName(host), 'TLSA') })
  const plan = planDelivery(await zone.resolve(domain, 'MX'), { domain, dane: new Map([['a.example', decision]]) })
  expect(plan).toMatchObject({ type: 'send', hosts: [{ host: 'a.example', tls: 'dane' }] })
})
