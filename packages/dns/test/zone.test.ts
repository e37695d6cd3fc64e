import { describe, expect, test } from 'vitest'
import { rejectionOf } from '../../../test/failure.ts'
import { MemoryZone, type RecordData, type RecordType } from '../src/index.ts'

const found = (name: string, records: readonly unknown[], ttl = 3600, authenticated = false) => ({
  status: 'found',
  name,
  records,
  ttl,
  authenticated,
})
const absent = (status: 'nxdomain' | 'nodata', name: string) => ({ status, name, ttl: 0, authenticated: false })

describe('MemoryZone: records', () => {
  const octets = Uint8Array.of(1, 2, 3)
  test.each<[RecordType, RecordData[RecordType], RecordData[RecordType], string]>([
    ['A', '192.0.2.1', '192.0.2.1', 'rfc1035 3.4.1'],
    ['AAAA', '2001:db8::1', '2001:db8::1', 'rfc3596 2.2'],
    ['CNAME', 'Other.Example.', 'other.example', 'rfc1035 3.3.1'],
    ['MX', { preference: 10, exchange: 'MX.Example.' }, { preference: 10, exchange: 'mx.example' }, 'rfc1035 3.3.9'],
    ['MX', { preference: 0, exchange: '.' }, { preference: 0, exchange: '.' }, 'rfc7505 3'],
    ['PTR', 'Mail.Example', 'mail.example', 'rfc1035 3.3.12'],
    ['TXT', 'v=spf1 -all', 'v=spf1 -all', 'rfc1035 3.3.14'],
    ['TXT', 'Ã¼\0\xff', 'Ã¼\0\xff', 'rfc1035 3.3.14'],
    [
      'TLSA',
      { usage: 3, selector: 1, matchingType: 1, data: octets },
      { usage: 3, selector: 1, matchingType: 1, data: octets },
      'rfc6698 2.1',
    ],
  ])('gives out %s [$3]', async (type, data, expected) => {
    const zone = new MemoryZone().add('Name.Example', type, data)
    expect(await zone.resolve('name.example.', type)).toEqual(found('name.example', [expected]))
  })

  test('gives out all of one name and type, in order, and none of another', async () => {
    const zone = new MemoryZone()
      .add('a.example', 'TXT', 'one')
      .add('b.example', 'TXT', 'other')
      .add('a.example', 'A', '192.0.2.1')
      .add('a.example', 'TXT', 'two')
    expect(await zone.resolve('a.example', 'TXT')).toEqual(found('a.example', ['one', 'two']))
  })

  test('gives the least time to live [rfc2181 5.2]', async () => {
    const zone = new MemoryZone()
      .add('www.example', 'CNAME', 'host.example', { ttl: 200 })
      .add('host.example', 'A', '192.0.2.1', { ttl: 300 })
      .add('host.example', 'A', '192.0.2.2', { ttl: 400 })
    expect(await zone.resolve('host.example', 'A')).toEqual(found('host.example', ['192.0.2.1', '192.0.2.2'], 300))
    expect(await zone.resolve('www.example', 'A')).toEqual(found('host.example', ['192.0.2.1', '192.0.2.2'], 200))
  })

  test('carries the authenticated-data bit, on absence too [rfc4035 3.2.3]', async () => {
    const zone = new MemoryZone({ authenticated: true }).add('a.example', 'A', '192.0.2.1')
    expect(await zone.resolve('a.example', 'A')).toEqual(found('a.example', ['192.0.2.1'], 3600, true))
    expect(await zone.resolve('b.example', 'A')).toEqual({ ...absent('nxdomain', 'b.example'), authenticated: true })
  })

  test.each([
    ['a malformed owner', 'DNS_BAD_NAME', () => new MemoryZone().add('a b', 'A', '192.0.2.1')],
    ['a malformed name in the data', 'DNS_BAD_NAME', () => new MemoryZone().add('a', 'CNAME', 'b..c')],
    ['a malformed exchange', 'DNS_BAD_NAME', () => new MemoryZone().add('a', 'MX', { preference: 1, exchange: '' })],
    ['a text that is not of octets', 'DNS_BAD_RECORD', () => new MemoryZone().add('a', 'TXT', 'π')],
    ['a second CNAME', 'DNS_BAD_RECORD', () => new MemoryZone().add('a', 'CNAME', 'b').add('a', 'CNAME', 'c')],
    ['a malformed name to fail', 'DNS_BAD_NAME', () => new MemoryZone().fail('', 'timeout')],
  ])('refuses %s', async (_, code, action) => {
    expect(await rejectionOf(action)).toBe(code)
  })
})

describe('MemoryZone: what is not there', () => {
  const zone = new MemoryZone()
    .add('mail.example', 'A', '192.0.2.1')
    .add('sel._domainkey.sub.example', 'TXT', 'p=')
    .add('dangling.example', 'CNAME', 'gone.example.net')
    .add('bare.example', 'CNAME', 'mail.example')

  test.each<[string, string, 'nxdomain' | 'nodata', string, string]>([
    ['another type of an existing name', 'mail.example', 'nodata', 'mail.example', 'rfc2308 2.2'],
    ['a name that only has others below it', '_domainkey.sub.example', 'nodata', '_domainkey.sub.example', 'rfc8020 2'],
    ['one two levels up', 'sub.example', 'nodata', 'sub.example', 'rfc8020 2'],
    ['an unknown name', 'other.example', 'nxdomain', 'other.example', 'rfc2308 2.1'],
    ['a name below an existing one', 'a.mail.example', 'nxdomain', 'a.mail.example', 'rfc8020 2'],
    ['a name that ends alike', 'xmail.example', 'nxdomain', 'xmail.example', 'rfc1034 3.1'],
    ['a CNAME that leads nowhere', 'dangling.example', 'nxdomain', 'gone.example.net', 'rfc6604 3'],
    ['a CNAME to a name without the type', 'bare.example', 'nodata', 'mail.example', 'rfc2308 2.2'],
  ])('%s is $2 [$4]', async (_, name, status, last) => {
    expect(await zone.resolve(name, 'MX')).toEqual(absent(status, last))
  })
})

describe('MemoryZone: CNAMEs', () => {
  const chain = (length: number) => {
    const zone = new MemoryZone().add(`n${length}.example`, 'A', '192.0.2.1')
    for (let index = 0; index < length; index++) zone.add(`n${index}.example`, 'CNAME', `n${index + 1}.example`)
    return zone
  }

  test('follows eight, and gives up after that', async () => {
    expect(await chain(8).resolve('n0.example', 'A')).toEqual(found('n8.example', ['192.0.2.1']))
    expect(await chain(9).resolve('n0.example', 'A')).toEqual({ status: 'servfail' })
  })

  test('follows as many as it is told', async () => {
    const zone = new MemoryZone({ maxCnames: 0 })
      .add('a.example', 'CNAME', 'b.example')
      .add('b.example', 'A', '192.0.2.9')
    expect(await zone.resolve('a.example', 'A')).toEqual({ status: 'servfail' })
    expect(await zone.resolve('b.example', 'A')).toEqual(found('b.example', ['192.0.2.9']))
  })

  test('a loop ends', async () => {
    const zone = new MemoryZone().add('a.example', 'CNAME', 'b.example').add('b.example', 'CNAME', 'a.example')
    expect(await zone.resolve('a.example', 'TXT')).toEqual({ status: 'servfail' })
  })

  test('gives out the CNAME itself when asked for it [rfc1034 3.6.2]', async () => {
    const zone = new MemoryZone().add('a.example', 'CNAME', 'b.example')
    expect(await zone.resolve('a.example', 'CNAME')).toEqual(found('a.example', ['b.example']))
  })
})

describe('MemoryZone: failures', () => {
  test('fails for all types, or for one', async () => {
    const zone = new MemoryZone()
      .add('a.example', 'A', '192.0.2.1')
      .add('a.example', 'TXT', 'text')
      .fail('a.example', 'timeout', { type: 'TXT' })
      .fail('b.example', 'servfail')
    expect(await zone.resolve('a.example', 'A')).toEqual(found('a.example', ['192.0.2.1']))
    expect(await zone.resolve('a.example', 'TXT')).toEqual({ status: 'timeout' })
    expect(await zone.resolve('B.example', 'MX')).toEqual({ status: 'servfail' })
  })

  test('fails where a CNAME leads to', async () => {
    const zone = new MemoryZone().add('a.example', 'CNAME', 'b.example').fail('b.example', 'timeout')
    expect(await zone.resolve('a.example', 'TXT')).toEqual({ status: 'timeout' })
  })
})

describe('MemoryZone: queries', () => {
  test('remembers what it was asked, not what it followed', async () => {
    const zone = new MemoryZone().add('a.example', 'CNAME', 'b.example')
    await zone.resolve('A.example.', 'TXT')
    await zone.resolve('other.example', 'MX')
    expect(zone.queries).toEqual([
      { name: 'a.example', type: 'TXT' },
      { name: 'other.example', type: 'MX' },
    ])
  })

  test('rejects a malformed name, which is then no query', async () => {
    const zone = new MemoryZone()
    expect(await rejectionOf(() => zone.resolve('a\0.example', 'TXT'))).toBe('DNS_BAD_NAME')
    expect(zone.queries).toEqual([])
  })

  test("rejects with the reason of the caller's signal", async () => {
    const zone = new MemoryZone()
    const controller = new AbortController()
    controller.abort('enough')
    await expect(zone.resolve('a.example', 'A', { signal: controller.signal })).rejects.toBe('enough')
    expect(zone.queries).toEqual([])
  })
})
