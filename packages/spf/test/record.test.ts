import { MailError } from '@posthorn/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { failureOf } from '../../../test/failure.ts'
import { formatSpf, type MacroString, parseSpf, type SpfTerm } from '../src/index.ts'

const literal = (text: string) => ({ type: 'literal', text }) as const
const macro = (letter: 'd' | 'i' | 'l', more = {}) =>
  ({ type: 'macro', letter, urlEscape: false, reverse: false, delimiters: '', ...more }) as const

describe('parseSpf: terms', () => {
  test.each<[string, SpfTerm, string]>([
    ['all', { type: 'all', qualifier: '+' }, 'rfc7208 5.1'],
    ['-ALL', { type: 'all', qualifier: '-' }, 'rfc7208 4.6.1'],
    ['include:a.example', { type: 'include', qualifier: '+', domain: [literal('a.example')] }, 'rfc7208 5.2'],
    ['~a', { type: 'a', qualifier: '~' }, 'rfc7208 5.3'],
    ['a/24//64', { type: 'a', qualifier: '+', ip4Length: 24, ip6Length: 64 }, 'rfc7208 5.3'],
    ['a//0', { type: 'a', qualifier: '+', ip6Length: 0 }, 'rfc7208 5.3'],
    [
      '?mx:a/b.example/0',
      { type: 'mx', qualifier: '?', domain: [literal('a/b.example')], ip4Length: 0 },
      'rfc7208 5.4',
    ],
    ['a:%{d/}', { type: 'a', qualifier: '+', domain: [macro('d', { delimiters: '/' })] }, 'rfc7208 7.1'],
    ['ptr:a.example.', { type: 'ptr', qualifier: '+', domain: [literal('a.example.')] }, 'rfc7208 5.5'],
    ['ip4:192.0.2.0/24', { type: 'ip4', qualifier: '+', network: '192.0.2.0', length: 24 }, 'rfc7208 5.6'],
    ['ip6:::ffff:192.0.2.1', { type: 'ip6', qualifier: '+', network: '::ffff:192.0.2.1' }, 'rfc7208 5.6'],
    ['ip6:2001:DB8::/32', { type: 'ip6', qualifier: '+', network: '2001:DB8::', length: 32 }, 'rfc7208 5.6'],
    [
      'exists:%{ir}.%{L1r-+}.%%x%_%-.example',
      {
        type: 'exists',
        qualifier: '+',
        domain: [
          macro('i', { reverse: true }),
          literal('.'),
          macro('l', { urlEscape: true, parts: 1, reverse: true, delimiters: '-+' }),
          literal('.'),
          { type: 'escape', character: '%' },
          literal('x'),
          { type: 'escape', character: '_' },
          { type: 'escape', character: '-' },
          literal('.example'),
        ],
      },
      'rfc7208 5.7',
    ],
    ['Redirect=%{d}', { type: 'redirect', domain: [macro('d')] }, 'rfc7208 6.1'],
    ['exp=e.example', { type: 'exp', domain: [literal('e.example')] }, 'rfc7208 6.2'],
    ['A=b', { type: 'unknown', name: 'A', value: [literal('b')] }, 'rfc7208 6'],
    ['x-1_.y=', { type: 'unknown', name: 'x-1_.y', value: [] }, 'rfc7208 6'],
  ])('takes %s [$2]', (text, term) => {
    expect(parseSpf(`v=spf1 ${text}`).terms).toEqual([term])
  })

  test('takes a version in any case, runs of spaces, and spaces at the end [rfc7208 4.5]', () => {
    expect(parseSpf('V=Spf1   a  -all ').terms.map(({ type }) => type)).toEqual(['a', 'all'])
    expect(parseSpf('v=spf1')).toEqual({ terms: [] })
  })
})

describe('parseSpf: refuses', () => {
  test.each([
    ['', 'SPF_BAD_VERSION', 0, 'rfc7208 4.5'],
    ['v=spf10', 'SPF_BAD_VERSION', 0, 'rfc7208 4.5'],
    ['v=spf1\ta', 'SPF_BAD_VERSION', 0, 'rfc7208 4.5'],
    [' v=spf1', 'SPF_BAD_VERSION', 0, 'rfc7208 4.5'],
    ['v=spf1 a\tmx', 'SPF_BAD_TERM', 7, 'rfc7208 4.6.1'],
    ['v=spf1 -all.', 'SPF_BAD_TERM', 7, 'rfc7208 5.1'],
    ['v=spf1 a -all:x', 'SPF_BAD_TERM', 13, 'rfc7208 5.1'],
    ['v=spf1 ++a', 'SPF_BAD_TERM', 7, 'rfc7208 4.6.1'],
    ['v=spf1 a -moo', 'SPF_UNKNOWN_MECHANISM', 10, 'rfc7208 4.6.1'],
    ['v=spf1 redirect:a.example', 'SPF_UNKNOWN_MECHANISM', 7, 'rfc7208 4.6.1'],
    ['v=spf1 constructor', 'SPF_UNKNOWN_MECHANISM', 7, 'security'],
    ['v=spf1 1up=foo', 'SPF_BAD_TERM', 7, 'rfc7208 6'],
    ['v=spf1 include', 'SPF_BAD_DOMAIN', 14, 'rfc7208 5.2'],
    ['v=spf1 a:', 'SPF_BAD_DOMAIN', 9, 'rfc7208 5.3'],
    ['v=spf1 a:museum', 'SPF_BAD_DOMAIN', 9, 'rfc7208 7.1'],
    ['v=spf1 a:a.123', 'SPF_BAD_DOMAIN', 9, 'rfc7208 7.1'],
    ['v=spf1 a:a.-b', 'SPF_BAD_DOMAIN', 9, 'rfc7208 7.1'],
    ['v=spf1 a:a.example/24/64', 'SPF_BAD_DOMAIN', 9, 'rfc7208 5.3'],
    ['v=spf1 ptr/24', 'SPF_BAD_DOMAIN', 10, 'rfc7208 5.5'],
    ['v=spf1 a/33', 'SPF_BAD_CIDR', 8, 'rfc7208 5.3'],
    ['v=spf1 a//129', 'SPF_BAD_CIDR', 8, 'rfc7208 5.3'],
    ['v=spf1 a/08', 'SPF_BAD_CIDR', 8, 'rfc7208 5.6'],
    ['v=spf1 ip4:192.0.2.1/00', 'SPF_BAD_CIDR', 21, 'rfc7208 5.6'],
    ['v=spf1 ip4:192.0.2', 'SPF_BAD_NETWORK', 11, 'rfc7208 5.6'],
    ['v=spf1 ip4:192.0.2.01', 'SPF_BAD_NETWORK', 11, 'rfc7208 5.6'],
    ['v=spf1 ip4:192.0.2.1//32', 'SPF_BAD_CIDR', 21, 'rfc7208 5.6'],
    ['v=spf1 ip6:1::2::3', 'SPF_BAD_NETWORK', 11, 'rfc4291 2.2'],
    ['v=spf1 ip6:1:2:3:4:5:6:7', 'SPF_BAD_NETWORK', 11, 'rfc4291 2.2'],
    ['v=spf1 ip6:1:2:3:4:5:6:7:8::', 'SPF_BAD_NETWORK', 11, 'rfc4291 2.2'],
    ['v=spf1 a:%{x}.example', 'SPF_BAD_MACRO', 9, 'rfc7208 7.2'],
    ['v=spf1 a:x%{c}', 'SPF_BAD_MACRO', 10, 'rfc7208 7.2'],
    ['v=spf1 a:%{d0}', 'SPF_BAD_MACRO', 9, 'rfc7208 7.3'],
    ['v=spf1 a:%{d', 'SPF_BAD_MACRO', 9, 'rfc7208 7.1'],
    ['v=spf1 a:a%', 'SPF_BAD_MACRO', 10, 'rfc7208 7.1'],
    ['v=spf1 a:\u00e4.example', 'SPF_BAD_MACRO', 9, 'rfc7208 3.1'],
    ['v=spf1 a:a\0.example', 'SPF_BAD_MACRO', 10, 'security'],
    ['v=spf1 x=%', 'SPF_BAD_MACRO', 9, 'rfc7208 6'],
    ['v=spf1 exp=-all', 'SPF_BAD_DOMAIN', 11, 'rfc7208 6.2'],
    ['v=spf1 exp=a.example exp=a.example', 'SPF_DUPLICATE_MODIFIER', 21, 'rfc7208 6'],
  ])('%s [$3]', (text, code, offset) => {
    expect(failureOf(() => parseSpf(text))).toBe(code)
    try {
      parseSpf(text)
    } catch (error) {
      expect((error as MailError).offset).toBe(offset)
    }
  })
})

describe('formatSpf', () => {
  test('writes small letters, single spaces and no plus [rfc7208 4.6.1]', () => {
    const text = 'V=SPF1  +A/24//64 IP4:192.0.2.0/24  ~Exists:%{I2R-}.example RediRect=%{d} '
    const formatted = 'v=spf1 a/24//64 ip4:192.0.2.0/24 ~exists:%{I2r-}.example redirect=%{d}'
    expect(formatSpf(parseSpf(text))).toBe(formatted)
  })

  test.each<[string, SpfTerm, string]>([
    ['a network that is none', { type: 'ip4', qualifier: '+', network: 'x' }, 'SPF_BAD_NETWORK'],
    ['a second term in a value', { type: 'ip4', qualifier: '+', network: '192.0.2.1 +all' }, 'SPF_BAD_TERM'],
    ['a length out of range', { type: 'a', qualifier: '+', ip4Length: 33 }, 'SPF_BAD_CIDR'],
    ['a name without a top label', { type: 'exists', qualifier: '+', domain: [literal('a')] }, 'SPF_BAD_DOMAIN'],
    [
      'a name that ends like a length',
      { type: 'a', qualifier: '+', domain: [literal('a.example/24')] },
      'SPF_BAD_TERM',
    ],
    [
      'one that ends like a length for IPv6',
      { type: 'mx', qualifier: '+', domain: [macro('d'), literal('//64')] },
      'SPF_BAD_TERM',
    ],
    [
      'one that ends like a length before a length',
      { type: 'mx', qualifier: '+', domain: [macro('d'), literal('/24')], ip6Length: 64 },
      'SPF_BAD_TERM',
    ],
    ['a network that has a length', { type: 'ip4', qualifier: '+', network: '192.0.2.0/24' }, 'SPF_BAD_TERM'],
    [
      'text that reads as a macro',
      { type: 'exists', qualifier: '+', domain: [literal('%{d}.example')] },
      'SPF_BAD_TERM',
    ],
    ['text that reads as an escape', { type: 'unknown', name: 'x', value: [literal('%%')] }, 'SPF_BAD_TERM'],
    [
      'delimiters that read as something else',
      { type: 'exists', qualifier: '+', domain: [macro('d', { delimiters: 'r' })] },
      'SPF_BAD_TERM',
    ],
    [
      'an unknown modifier that is known',
      { type: 'unknown', name: 'exp', value: [literal('a.example')] },
      'SPF_BAD_TERM',
    ],
  ])('refuses %s', (_, term, code) => {
    expect(failureOf(() => formatSpf({ terms: [term] }))).toBe(code)
  })

  test('takes what a length may follow, and texts side by side', () => {
    const ptr: SpfTerm = { type: 'ptr', qualifier: '+', domain: [macro('d'), literal('/24'), literal('.a.example')] }
    const a: SpfTerm = {
      type: 'a',
      qualifier: '+',
      domain: [literal(''), literal('a/24.'), literal('example')],
      ip4Length: 0,
    }
    expect(formatSpf({ terms: [ptr, a] })).toBe('v=spf1 ptr:%{d}/24.a.example a:a/24.example/0')
  })
})

const pieces = [
  'a',
  'mx',
  '-',
  '~',
  ':',
  '/',
  '//',
  '24',
  '%{',
  'd',
  'r',
  '}',
  '%{d}',
  '%%',
  '.example',
  ' ',
  '=',
  'exp',
  'ip4:192.0.2.0',
  'ip6:::',
  'include:',
  'all',
  '\0',
  'é',
]
// Texts side by side are read back as one.
function joined(parts: MacroString): MacroString {
  const all: MacroString[number][] = []
  for (const part of parts) {
    const last = all.at(-1)
    if (part.type === 'literal' && last?.type === 'literal') all[all.length - 1] = literal(last.text + part.text)
    else if (part.type !== 'literal' || part.text !== '') all.push(part)
  }
  return all
}

function attempt(work: () => string): string | undefined {
  try {
    return work()
  } catch (error) {
    if (error instanceof MailError) return undefined
    throw error
  }
}

const anyRecord = fc.array(fc.constantFrom(...pieces), { maxLength: 24 }).map((parts) => `v=spf1 ${parts.join('')}`)

describe('parseSpf: properties', () => {
  test('any text parses or gives an error with its place', () => {
    fc.assert(
      fc.property(fc.oneof(anyRecord, fc.string({ unit: 'binary' })), (text) => {
        try {
          parseSpf(text)
        } catch (error) {
          expect(error).toBeInstanceOf(MailError)
          expect((error as MailError).code).toMatch(/^SPF_/)
          expect((error as MailError).offset).toBeLessThanOrEqual(text.length)
        }
      }),
      { numRuns: 3000 },
    )
  })

  test('what parses is formatted to the same', () => {
    let parsed = 0
    fc.assert(
      fc.property(anyRecord, (text) => {
        if (failureOf(() => parseSpf(text)) !== 'none') return
        parsed++
        const record = parseSpf(text)
        expect(parseSpf(formatSpf(record))).toEqual(record)
      }),
      { numRuns: 3000 },
    )
    expect(parsed).toBeGreaterThan(100)
  })

  test('what is formatted is read back as the same, whatever texts it has', () => {
    const texts = fc.array(
      fc.constantFrom('a', '.example', '/24', '//64', '/', '%', '{d}', '%{d}', '%%', ' ', ':', '='),
    )
    const part = fc.oneof(
      texts.map((text) => literal(text.join(''))),
      fc.constant(macro('d')),
      fc.constantFrom('/', 'r', '}', '2').map((delimiters) => macro('d', { delimiters })),
    )
    const length = fc.option(fc.constantFrom(0, 24), { nil: undefined })
    const term = fc.record({
      domain: fc.array(part, { minLength: 1, maxLength: 3 }),
      ip4Length: length,
      ip6Length: length,
    })
    let written = 0
    fc.assert(
      fc.property(fc.constantFrom('a' as const, 'mx' as const), term, (type, { domain, ip4Length, ip6Length }) => {
        const lengths = { ...(ip4Length !== undefined && { ip4Length }), ...(ip6Length !== undefined && { ip6Length }) }
        const text = attempt(() => formatSpf({ terms: [{ type, qualifier: '+', domain, ...lengths }] }))
        if (text === undefined) return
        written++
        expect(parseSpf(text).terms).toEqual([{ type, qualifier: '+', domain: joined(domain), ...lengths }])
      }),
      { numRuns: 3000 },
    )
    expect(written).toBeGreaterThan(100)
  })

  test('a record of thousands of terms parses', () => {
    expect(parseSpf(`v=spf1${' ip4:192.0.2.1'.repeat(4500)}`).terms).toHaveLength(4500)
    expect(failureOf(() => parseSpf(`v=spf1 a:${'/1'.repeat(32_000)}x`))).toBe('SPF_BAD_DOMAIN')
    expect(failureOf(() => parseSpf(`v=spf1 a:%{d${'1'.repeat(65_000)}x}`))).toBe('SPF_BAD_MACRO')
    const [term] = parseSpf(`v=spf1 a:%{d${'1'.repeat(65_000)}}`).terms
    expect(formatSpf({ terms: [term!] })).toBe(`v=spf1 a:%{d${Number.MAX_SAFE_INTEGER}}`)
  })
})
