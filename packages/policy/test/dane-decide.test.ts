import type { Answer, TlsaData } from '@posthorn/dns'
import { describe, expect, test } from 'vitest'
import { failureOf } from '../../../test/failure.ts'
import { decideDane, tlsaHosts, tlsaName, usableTlsa } from '../src/index.ts'

const host = 'mx.example.com'
const record = (usage: number, selector: number, matchingType: number, length: number): TlsaData => ({
  usage,
  selector,
  matchingType,
  data: new Uint8Array(length),
})
const address: Answer<'A'> = { status: 'found', name: host, records: ['192.0.2.1'], ttl: 60, authenticated: true }
const insecure: Answer<'A'> = { ...address, authenticated: false }
const tlsaOf = (...records: TlsaData[]): Answer<'TLSA'> => ({
  status: 'found',
  name: `_25._tcp.${host}`,
  records,
  ttl: 60,
  authenticated: true,
})
const good = record(3, 1, 1, 32)
const none: Answer<'TLSA'> = { status: 'nxdomain', name: `_25._tcp.${host}`, ttl: 60, authenticated: true }
const noAddress: Answer<'AAAA'> = { status: 'nodata', name: host, ttl: 60, authenticated: true }

describe('decideDane', () => {
  test.each<[string, Answer<'A' | 'AAAA'>[], Answer<'TLSA'> | undefined, object, string]>([
    ['a record', [address], tlsaOf(good), { status: 'required', records: [good], serverName: host }, '2.2'],
    ['no record', [address], none, { status: 'none', reason: 'absent' }, '2.2'],
    [
      'no record, not proved',
      [address],
      { ...none, authenticated: false },
      { status: 'none', reason: 'insecure' },
      '2.2',
    ],
    [
      'a record that is not authenticated',
      [address],
      { ...tlsaOf(good), authenticated: false } as Answer<'TLSA'>,
      { status: 'none', reason: 'insecure' },
      '2.2',
    ],
    ['no usable record', [address], tlsaOf(record(1, 1, 1, 32)), { status: 'unusable' }, '3.1.3'],
    ['TLSA times out', [address], { status: 'timeout' }, { status: 'defer', reason: 'tlsa-failed' }, '2.1.2'],
    ['TLSA is bogus', [address], { status: 'servfail' }, { status: 'defer', reason: 'tlsa-failed' }, '2.1.2'],
    ['TLSA was not asked for', [address], undefined, { status: 'defer', reason: 'tlsa-failed' }, '2.1.2'],
    ['an insecure address', [insecure], undefined, { status: 'none', reason: 'insecure' }, '2.2.2'],
    ['one insecure address of two', [address, insecure], tlsaOf(good), { status: 'none', reason: 'insecure' }, '2.2.2'],
    ['a bogus address', [{ status: 'servfail' }], tlsaOf(good), { status: 'defer', reason: 'address-failed' }, '2.1.2'],
    [
      'one address, the other failed',
      [address, { status: 'timeout' }],
      tlsaOf(good),
      { status: 'required', records: [good], serverName: host },
      '2.2.2',
    ],
    ['no address', [noAddress], undefined, { status: 'none', reason: 'no-address' }, '2.2.2'],
  ])('%s [rfc7672 $4]', (_, addresses, tlsa, expected) => {
    expect(decideDane({ host, addresses, tlsa })).toEqual(expected)
  })
})

describe('usableTlsa', () => {
  test.each([
    ['PKIX-TA', record(0, 0, 1, 32), false, 'rfc7672 3.1.3'],
    ['PKIX-EE', record(1, 0, 1, 32), false, 'rfc7672 3.1.3'],
    ['DANE-TA', record(2, 0, 1, 32), true, 'rfc7672 3.1.2'],
    ['DANE-EE', record(3, 1, 2, 64), true, 'rfc7672 3.1.1'],
    ['another usage', record(4, 1, 1, 32), false, 'rfc6698 2.1.1'],
    ['another selector', record(3, 2, 1, 32), false, 'rfc6698 2.1.2'],
    ['another matching type', record(3, 1, 3, 48), false, 'rfc6698 2.1.3'],
    ['a cut SHA-256', record(3, 1, 1, 31), false, 'rfc6698 2.1.3'],
    ['SHA-256 of the length of SHA-512', record(3, 1, 1, 64), false, 'rfc6698 2.1.3'],
    ['nothing in full', record(3, 1, 0, 0), false, 'rfc6698 2.1.3'],
  ])('%s: %o is usable: %s [$3]', (_, one, expected) => {
    expect(usableTlsa([one])).toEqual(expected ? [one] : [])
  })

  test('of digests the strongest counts, for each usage and selector [rfc7671 9]', () => {
    const records = [
      record(3, 1, 1, 32),
      record(3, 1, 2, 64),
      record(3, 0, 1, 32),
      record(3, 1, 0, 9),
      record(2, 1, 1, 32),
    ]
    expect(usableTlsa(records)).toEqual(records.slice(1))
    const broken = [record(3, 1, 1, 32), record(3, 1, 2, 63)]
    expect(usableTlsa(broken)).toEqual(broken.slice(0, 1))
  })
})

test('tlsaName: takes hosts and ports that exist [rfc7672 2.2.3]', () => {
  expect(tlsaName('MX.Example.com.', { port: 587 })).toBe('_587._tcp.mx.example.com')
  for (const port of [0, 65_536, 1.5, Number.NaN])
    expect(failureOf(() => tlsaName(host, { port }))).toBe('POLICY_BAD_FIELD')
  expect(failureOf(() => tlsaName(''))).toBe('DNS_BAD_NAME')
  expect(failureOf(() => tlsaName('a\0b'))).toBe('DNS_BAD_NAME')
})

test('tlsaHosts: the host that CNAMEs led to comes first [rfc7672 2.2.2]', () => {
  expect(tlsaHosts('A.example', [{ ...address, name: 'b.example' } as Answer<'A'>])).toEqual(['b.example', 'a.example'])
  expect(tlsaHosts(host, [address])).toEqual([host])
  expect(tlsaHosts(host, [insecure])).toEqual([])
  expect(tlsaHosts(host, [noAddress])).toEqual([])
})

describe('an alias into a zone that is not signed', () => {
  const elsewhere = { ...insecure, name: 'b.example' } as Answer<'A'>
  const alias: Answer<'CNAME'> = { status: 'found', name: host, records: ['b.example'], ttl: 60, authenticated: true }
  const loose = { ...alias, authenticated: false } as Answer<'CNAME'>

  test('tlsaHosts: gives the host itself where the alias is authenticated [rfc7672 2.2.2]', () => {
    expect(tlsaHosts(host, [elsewhere], { alias })).toEqual([host])
    expect(tlsaHosts(host, [elsewhere], { alias: loose })).toEqual([])
    expect(tlsaHosts(host, [noAddress], { alias })).toEqual([])
  })

  test('decideDane: takes its records then, and defers where nobody could say [rfc7672 2.2.2]', () => {
    const answers = { host, addresses: [elsewhere], tlsa: tlsaOf(good) }
    expect(decideDane({ ...answers, alias })).toEqual({ status: 'required', records: [good], serverName: host })
    expect(decideDane({ ...answers, alias: loose })).toEqual({ status: 'none', reason: 'insecure' })
    expect(decideDane({ ...answers, alias: { status: 'servfail' } })).toEqual({
      status: 'defer',
      reason: 'address-failed',
    })
    expect(decideDane({ ...answers, alias, tlsa: { status: 'timeout' } })).toMatchObject({ status: 'defer' })
  })
})
