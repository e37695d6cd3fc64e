import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { failureOf } from '../../../test/failure.ts'
import { parseZone, type RecordType, zoneOf } from '../src/index.ts'

const recordsOf = async (text: string, name: string, type: RecordType, origin = 'a.example') => {
  const answer = await parseZone(text, { origin }).zone.resolve(name, type)
  return answer.status === 'found' ? answer.records : answer.status
}

describe('parseZone', () => {
  test.each<[string, string, string, RecordType, unknown]>([
    ['an address', 'mx IN A 192.0.2.1', 'mx.a.example', 'A', ['192.0.2.1']],
    ['the origin', '@ MX 10 mx', 'a.example', 'MX', [{ preference: 10, exchange: 'mx.a.example' }]],
    ['a whole name', 'b.example. MX 0 .', 'b.example', 'MX', [{ preference: 0, exchange: '.' }]],
    ['an IPv6 address', 'mx AAAA 2001:db8::1', 'mx.a.example', 'AAAA', ['2001:db8::1']],
    ['strings, which are one text', '@ TXT "v=spf1 " "-all"', 'a.example', 'TXT', ['v=spf1 -all']],
    ['a text without quotes', '@ TXT v=spf1', 'a.example', 'TXT', ['v=spf1']],
    ['a semicolon in quotes', '@ TXT "v=DKIM1; p=" ; a comment', 'a.example', 'TXT', ['v=DKIM1; p=']],
    ['escapes', '@ TXT "a\\"b\\255\\\\c"', 'a.example', 'TXT', ['a"b\xff\\c']],
    ['other than US-ASCII', '@ TXT "é"', 'a.example', 'TXT', ['Ã©']],
    ['the name before', 'b A 192.0.2.1\n  A 192.0.2.2', 'b.a.example', 'A', ['192.0.2.1', '192.0.2.2']],
    ['parentheses', '@ TXT ( "a" ; one\n "b" )', 'a.example', 'TXT', ['ab']],
    ['an origin of its own', '$ORIGIN b.example.\nc A 192.0.2.1', 'c.b.example', 'A', ['192.0.2.1']],
    ['an origin below the origin', '$ORIGIN b\nc A 192.0.2.1', 'c.b.a.example', 'A', ['192.0.2.1']],
    ['an alias', 'b CNAME mx\nmx A 192.0.2.1', 'b.a.example', 'A', ['192.0.2.1']],
    ['a name of an address', '1.2.0.192.in-addr.arpa. PTR mx', '1.2.0.192.in-addr.arpa', 'PTR', ['mx.a.example']],
    [
      'a certificate',
      '_25._tcp.mx TLSA 3 1 1 0a FF',
      '_25._tcp.mx.a.example',
      'TLSA',
      [{ usage: 3, selector: 1, matchingType: 1, data: Uint8Array.of(10, 255) }],
    ],
  ])('parseZone: %s [rfc1035 5.1]', async (_name, text, name, type, expected) => {
    expect(await recordsOf(text, name, type)).toEqual(expected)
    expect(await recordsOf(`${text.replaceAll('\n', '\r\n')}\r\n`, name, type)).toEqual(expected)
  })

  test.each([
    ['none: the option', 'b A 192.0.2.1', 3600],
    ['the record’s own', 'b 60 A 192.0.2.1', 60],
    ['with the class before', 'b IN 60 A 192.0.2.1', 60],
    ['with the class behind', 'b 60 IN A 192.0.2.1', 60],
    ['of $TTL', '$TTL 90\nb A 192.0.2.1', 90],
    ['in units', 'b 1h30m A 192.0.2.1', 5400],
    ['too large', 'b 9999999999 A 192.0.2.1', 2 ** 31 - 1],
  ])('parseZone: the time to live, %s [rfc2308 4]', async (_name, text, ttl) => {
    expect(await parseZone(text, { origin: 'a.example' }).zone.resolve('b.a.example', 'A')).toMatchObject({ ttl })
  })

  test('parseZone: records of other types are passed over, and told', async () => {
    const text = '@ SOA ns hostmaster ( 1 2 3 4 5 )\n@ NS ns\n@ NS ns2\nb CAA 0 issue "ca.example"\nb A 192.0.2.1\n'
    const { zone, passedOver } = parseZone(text, { origin: 'a.example.' })
    expect(passedOver).toEqual(['SOA', 'NS', 'CAA'])
    expect(await zone.resolve('a.example', 'A')).toMatchObject({ status: 'nodata' })
  })

  test.each([
    ['a relative name without origin', 'b A 192.0.2.1', {}, 'DNS_BAD_ZONE', 1],
    ['no name', '\n A 192.0.2.1', { origin: 'a.example' }, 'DNS_BAD_ZONE', 2],
    ['no type', 'b', { origin: 'a.example' }, 'DNS_BAD_ZONE', 1],
    ['another class', 'b CH A 192.0.2.1', { origin: 'a.example' }, 'DNS_BAD_ZONE', 1],
    ['an unknown directive', '; a\n$INCLUDE x', { origin: 'a.example' }, 'DNS_BAD_ZONE', 2],
    ['an open quote', 'b TXT "a\nc A 192.0.2.1', { origin: 'a.example' }, 'DNS_BAD_ZONE', 1],
    ['an open parenthesis', 'b TXT ( "a"\n"b"', { origin: 'a.example' }, 'DNS_BAD_ZONE', 1],
    ['a parenthesis too many', 'b TXT "a" )', { origin: 'a.example' }, 'DNS_BAD_ZONE', 1],
    ['an address that is none', 'b A 192.0.2.256', { origin: 'a.example' }, 'DNS_BAD_RECORD', undefined],
    ['two addresses', 'b A 192.0.2.1 192.0.2.2', { origin: 'a.example' }, 'DNS_BAD_RECORD', undefined],
    ['a preference that is none', 'b MX 70000 mx', { origin: 'a.example' }, 'DNS_BAD_RECORD', undefined],
    ['a TLSA of half an octet', 'b TLSA 3 1 1 abc', { origin: 'a.example' }, 'DNS_BAD_RECORD', undefined],
    ['a TXT of nothing', 'b TXT', { origin: 'a.example' }, 'DNS_BAD_RECORD', undefined],
    ['a name that is none', 'a..b A 192.0.2.1', { origin: 'a.example' }, 'DNS_BAD_NAME', undefined],
  ])('parseZone: refuses %s', (_name, text, options, code, line) => {
    expect(failureOf(() => parseZone(text, options))).toBe(code)
    if (line !== undefined) expect(() => parseZone(text, options)).toThrow(`line ${line} `)
  })

  test('parseZone: any text is a zone or a typed error', () => {
    const piece = fc.constantFrom(
      'a',
      '@',
      ' ',
      '\n',
      '"',
      '(',
      ')',
      ';',
      '\\',
      'A',
      'TXT',
      '$TTL',
      '60',
      '192.0.2.1',
      '\t',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        try {
          parseZone(pieces.join(''), { origin: 'a.example' })
        } catch (error) {
          expect((error as { code?: string }).code).toMatch(/^DNS_BAD_(?:ZONE|NAME|RECORD)$/)
        }
      }),
    )
  })

  test.each(['"', '(', ')', ';', '\\', ' ', '\n', 'a', '"a" ', '( '])('parseZone: a long run of %j ends', (unit) => {
    expect(['none', 'DNS_BAD_ZONE', 'DNS_BAD_NAME', 'DNS_BAD_RECORD']).toContain(
      failureOf(() => parseZone(`b TXT ${unit.repeat(200_000)}`, { origin: 'a.example' })),
    )
  })
})

describe('zoneOf', () => {
  test('zoneOf: the same data as of a file, and failures', async () => {
    const zone = zoneOf({
      'A.Example.': { TXT: 'v=spf1 -all', MX: ['10 mx.a.example', '20 mx2.a.example'], TLSA: '3 1 1 0aff' },
      'slow.example': { fail: 'timeout', A: '192.0.2.1' },
    })
    expect(await zone.resolve('a.example', 'TXT')).toMatchObject({ records: ['v=spf1 -all'] })
    expect(await zone.resolve('a.example', 'MX')).toMatchObject({
      records: [
        { preference: 10, exchange: 'mx.a.example' },
        { preference: 20, exchange: 'mx2.a.example' },
      ],
    })
    expect(await zone.resolve('a.example', 'TLSA')).toMatchObject({ records: [{ data: Uint8Array.of(10, 255) }] })
    expect(await zone.resolve('slow.example', 'A')).toEqual({ status: 'timeout' })
    expect(zone.queries).toHaveLength(4)
  })

  test.each([
    [{ 'a.example': { SRV: '1 2 3 b' } as never }, 'DNS_BAD_ZONE'],
    [{ 'a.example': { A: 'x' } }, 'DNS_BAD_RECORD'],
    [{ 'a b': { A: '192.0.2.1' } }, 'DNS_BAD_NAME'],
  ])('zoneOf: refuses %j', (json, code) => {
    expect(failureOf(() => zoneOf(json))).toBe(code)
  })
})
