import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { failureOf } from '../../../test/failure.ts'
import '../../../test/property.ts'
import { type DmarcRecord, formatDmarc, parseDmarc } from '../src/index.ts'

const EMPTY: DmarcRecord = { adkim: 'r', aspf: 'r', rua: [], ruf: [], fo: ['0'], psd: 'u', t: 'n', others: [] }
const A = { type: 'mailto', uri: 'mailto:a@b.example', address: 'a@b.example' } as const
const codes = (text: string) => parseDmarc(text).defects.map(({ code, tag }) => (tag ? `${code} ${tag}` : code))
const withoutDefects = (text: string): DmarcRecord => {
  const { defects: _, ...record } = parseDmarc(text)
  return record
}

describe('parseDmarc', () => {
  test.each<[string, string, Partial<DmarcRecord>, string]>([
    ['a policy', 'v=DMARC1; p=reject', { p: 'reject' }, 'rfc9989 4.7'],
    ['a policy in any case', 'v=DMARC1;p=ReJect', { p: 'reject' }, 'rfc9989 4.8'],
    ['white space around everything', 'v\t= DMARC1 \t;  p =\tnone  ', { p: 'none' }, 'rfc9989 4.8'],
    ['the name of the version in upper case', 'V=DMARC1; p=none', { p: 'none' }, 'rfc9989 4.8'],
    ['a final semicolon', 'v=DMARC1; p=none; ', { p: 'none' }, 'rfc9989 4.8'],
    [
      'policies for subdomains',
      'v=DMARC1; p=none; np=reject; sp=quarantine',
      { p: 'none', sp: 'quarantine', np: 'reject' },
      'rfc9989 4.7',
    ],
    ['modes', 'v=DMARC1; p=none; adkim=s; aspf=S', { p: 'none', adkim: 's', aspf: 's' }, 'rfc9989 4.7'],
    ['flags', 'v=DMARC1; p=none; t=y; psd=n', { p: 'none', t: 'y', psd: 'n' }, 'rfc9989 4.7'],
    ['the policy anywhere', 'v=DMARC1; t=y; p=reject', { p: 'reject', t: 'y' }, 'rfc9989 4.7'],
    ['options', 'v=DMARC1; p=none; fo=1:d : s', { p: 'none', fo: ['1', 'd', 's'] }, 'rfc9989 4.8'],
    ['an address', 'v=DMARC1; p=none; rua=mailto:a@b.example', { p: 'none', rua: [A] }, 'rfc9989 4.8'],
    [
      'a list',
      'v=DMARC1; p=none; ruf=mailto:a@b.example , https://c.example/x',
      { p: 'none', ruf: [A, { type: 'other', uri: 'https://c.example/x', scheme: 'https' }] },
      'rfc9989 4.8',
    ],
    [
      'a percent-encoded address',
      'v=DMARC1; p=none; rua=MAILTO:a%21b@c.example?subject=x',
      { p: 'none', rua: [{ type: 'mailto', uri: 'MAILTO:a%21b@c.example?subject=x', address: 'a!b@c.example' }] },
      'rfc6068 2',
    ],
    ['no policy with an address', 'v=DMARC1; rua=mailto:a@b.example', { p: 'none', rua: [A] }, 'rfc9989 4.10.1'],
    ['no policy without one', 'v=DMARC1', {}, 'rfc9989 4.10.1'],
    [
      'a bad policy with an address',
      'v=DMARC1; p=rejct; rua=mailto:a@b.example',
      { p: 'none', rua: [A] },
      'rfc9989 4.10.1',
    ],
    ['a bad policy without one', 'v=DMARC1; p=rejct; sp=reject', {}, 'rfc9989 4.10.1'],
    ['a bad sp', 'v=DMARC1; p=reject; sp=x; rua=mailto:a@b.example', { p: 'none', rua: [A] }, 'rfc9989 4.10.1'],
    ['a bad np', 'v=DMARC1; p=reject; np=', {}, 'rfc9989 4.10.1'],
    ['a bad policy and no address that can be read', 'v=DMARC1; p=x; rua=b.example', {}, 'rfc9989 4.10.1'],
    ['bad values', 'v=DMARC1; p=none; adkim=strict; aspf=; psd=yes; t=1; fo=0:1', { p: 'none' }, 'rfc9989 4.8'],
    ['a tag twice', 'v=DMARC1; p=none; adkim=s; adkim=s', { p: 'none' }, 'rfc6376 3.2'],
    ['the policy twice', 'v=DMARC1; p=reject; p=reject', {}, 'rfc6376 3.2'],
    ['the version twice', 'v=DMARC1; v=DMARC1; p=none', { p: 'none' }, 'rfc6376 3.2'],
    [
      'tags without meaning',
      'v=DMARC1; p=none; pct=5; x=y z',
      {
        p: 'none',
        others: [
          { name: 'pct', value: '5' },
          { name: 'x', value: 'y z' },
        ],
      },
      'rfc9989 4.7',
    ],
    ['a tag in another case', 'v=DMARC1; P=none', { others: [{ name: 'P', value: 'none' }] }, 'rfc6376 3.2'],
    [
      'names of prototypes',
      'v=DMARC1; p=none; constructor=1; __proto__=1',
      { p: 'none', others: [{ name: 'constructor', value: '1' }] },
      'security',
    ],
  ])('takes %s [$3]', (_, text, expected) => {
    expect(withoutDefects(text)).toEqual({ ...EMPTY, ...expected })
  })

  test.each<[string, string, readonly string[]]>([
    ['nothing', 'v=DMARC1; p=none; rua=mailto:a@b.example', []],
    ['no policy', 'v=DMARC1', ['missing-policy v']],
    ['bad policies', 'v=DMARC1; p=; np=x', ['bad-tag p', 'bad-policy p', 'bad-policy np']],
    ['an empty tag', 'v=DMARC1;; p=none', ['empty-tag']],
    ['what is no tag', 'v=DMARC1; p=none; reject; 1=2', ['bad-tag', 'bad-tag']],
    ['other characters', 'v=DMARC1; p=none; x=\u00e9', ['bad-tag x']],
    ['retired tags', 'v=DMARC1; p=none; pct=1; rf=afrf; ri=1', ['retired-tag pct', 'retired-tag rf', 'retired-tag ri']],
    ['a size', 'v=DMARC1; p=none; rua=mailto:a@b.example!10m', ['retired-size rua']],
    ['a size that is none', 'v=DMARC1; p=none; rua=mailto:a@b.example!ten', ['bad-uri rua']],
    ['an address without domain', 'v=DMARC1; p=none; rua=mailto:a', ['bad-uri rua']],
    ['an encoding that is no UTF-8', 'v=DMARC1; p=none; rua=mailto:%ff@b.example', ['bad-uri rua']],
    ['one bad address of two', 'v=DMARC1; p=none; rua=mailto:a@b.example,,', ['bad-uri rua']],
    ['an option twice', 'v=DMARC1; p=none; fo=d:d', ['bad-value fo']],
  ])('tells of %s [rfc9989 4.8]', (_, text, expected) => {
    expect(codes(text)).toEqual(expected)
  })

  test('says where a tag stands [rfc9989 4.8]', () => {
    const text = 'v=DMARC1;  p=none ; \t pct = 5 ; x=1'
    expect(parseDmarc(text).defects.map(({ start, end }) => text.slice(start, end))).toEqual(['pct = 5', 'x=1'])
  })

  test.each([
    ['nothing', '', 'DMARC_BAD_VERSION', 'rfc9989 4.7'],
    ['lower case', 'v=dmarc1; p=none', 'DMARC_BAD_VERSION', 'rfc9989 4.8'],
    ['another version', 'v=DMARC2; p=none', 'DMARC_BAD_VERSION', 'rfc9989 4.7'],
    ['a longer version', 'v=DMARC1.0; p=none', 'DMARC_BAD_VERSION', 'rfc9989 4.7'],
    ['a comma for a semicolon', 'v=DMARC1, p=none', 'DMARC_BAD_VERSION', 'rfc9989 4.8'],
    ['the version behind', 'p=none; v=DMARC1', 'DMARC_BAD_VERSION', 'rfc9989 4.7'],
    ['white space before', ' v=DMARC1; p=none', 'DMARC_BAD_VERSION', 'rfc9989 4.8'],
    ['quotes', '"v=DMARC1; p=none"', 'DMARC_BAD_VERSION', 'rfc9989 4.8'],
    ['SPF', 'v=spf1 -all', 'DMARC_BAD_VERSION', 'rfc9989 4.7'],
    ['too much', `v=DMARC1;${' '.repeat(65_527)}`, 'DMARC_TOO_LONG', 'rfc1035 3.3.14'],
  ])('refuses %s [$3]', (_, text, code) => {
    expect(failureOf(() => parseDmarc(text))).toBe(code)
  })

  test.each([';', 'x=1;', 'rua=,', ' ', 'rua=mailto:a@b.example!', 'fo=0: ', 'p=n;', '=', '%'])(
    'reads 65 kB of %j [linear]',
    (unit) => {
      const text = `v=DMARC1;fo=${unit.repeat(Math.floor(65_500 / unit.length))}`
      expect(parseDmarc(text).fo).toEqual(['0'])
    },
  )
})

const PIECES = [
  'v=DMARC1',
  ';',
  ' ',
  'p=',
  'sp=',
  'np=none',
  'reject',
  'none',
  'rua=mailto:a@b.example',
  ',',
  '!5m',
  'ruf=',
  'https:x',
  'fo=1:d',
  'adkim=s',
  't=y',
  'psd=',
  'n',
  'pct=1',
  'é',
  '=',
  '\0',
]
const records = fc.array(fc.constantFrom(...PIECES), { maxLength: 14 }).map((pieces) => `v=DMARC1;${pieces.join('')}`)

test('parseDmarc: any text is a record or DMARC_BAD_VERSION [property]', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), records), (text) => {
      expect(['none', 'DMARC_BAD_VERSION']).toContain(failureOf(() => parseDmarc(text)))
    }),
  )
})

test('formatDmarc: inverts parseDmarc [property]', () => {
  fc.assert(
    fc.property(records, (text) => {
      const record = withoutDefects(text)
      expect(withoutDefects(formatDmarc(record))).toEqual(record)
    }),
  )
})

describe('formatDmarc', () => {
  test.each<[Partial<DmarcRecord>, string]>([
    [{}, 'v=DMARC1'],
    [{ p: 'none', rua: [A, { ...A, size: '5m' }] }, 'v=DMARC1; p=none; rua=mailto:a@b.example,mailto:a@b.example!5m'],
    [{ rua: [A] }, 'v=DMARC1; p=none; rua=mailto:a@b.example'],
    [
      {
        p: 'reject',
        sp: 'none',
        np: 'reject',
        adkim: 's',
        aspf: 's',
        ruf: [A],
        fo: ['1', 's'],
        psd: 'y',
        t: 'y',
        others: [{ name: 'pct', value: '5' }],
      },
      'v=DMARC1; p=reject; sp=none; np=reject; adkim=s; aspf=s; ruf=mailto:a@b.example; fo=1:s; psd=y; t=y; pct=5',
    ],
  ])('writes %j [rfc9989 4.8]', (record, text) => {
    expect(formatDmarc(record)).toBe(text)
  })

  test.each<[string, Partial<DmarcRecord>]>([
    ['a semicolon in a value', { p: 'none', others: [{ name: 'x', value: '1; np=none' }] }],
    ['a comma in a URI', { p: 'none', rua: [{ ...A, uri: 'mailto:a@b.example,mailto:c@d.example' }] }],
    ['an unknown policy', { p: 'maybe' as 'none' }],
    ['sp without p', { sp: 'none' }],
    ['a known tag among the others', { p: 'none', others: [{ name: 't', value: 'y' }] }],
    ['a name that is none', { p: 'none', others: [{ name: 'a b', value: 'y' }] }],
    ['blanks around a value', { p: 'none', others: [{ name: 'a', value: ' y' }] }],
    ['no options', { p: 'none', fo: [] }],
    ['both 0 and 1', { p: 'none', fo: ['0', '1'] }],
  ])('refuses %s [rfc9989 4.8]', (_, record) => {
    expect(failureOf(() => formatDmarc(record))).toBe('DMARC_BAD_TAG')
  })
})
