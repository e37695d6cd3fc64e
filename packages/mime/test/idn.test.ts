import { isAscii } from '@posthorn/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toAsciiDomain, toUnicodeDomain } from '../src/address/idn.ts'
import { decodePunycode } from '../src/address/punycode.ts'

test.each([
  ['ihqwcrb4cv8a8dqg056pqjye', '他们为什么不说中文'],
  ['egbpdaj6bu4bxfgehfvwxn', 'ليهمابتكلموشعربي؟'],
  ['Proprostnemluvesky-uyb24dma41a', 'Pročprostěnemluvíčesky'],
  ['-> $1.00 <--', '-> $1.00 <-'],
  ['bcher-kva', 'bücher'],
  ['ls8h', '💩'],
  ['', ''],
])('decodePunycode: %j [rfc3492 7.1]', (text, expected) => {
  expect(decodePunycode(text)).toBe(expected)
})

test.each(['a!', 'é-a', '99999999', 'a'.repeat(64), '-a?', 'bcher-kv '])(
  'decodePunycode: refuses %j [rfc3492 6.2]',
  (text) => {
    expect(decodePunycode(text)).toBeUndefined()
  },
)

const NAMES = [
  ['bücher.example', 'xn--bcher-kva.example'],
  ['faß.example', 'xn--fa-hia.example'],
  ['βόλος.example', 'xn--nxasmm1c.example'],
  ['пример.рф', 'xn--e1afmkfd.xn--p1ai'],
  ['例え.テスト', 'xn--r8jz45g.xn--zckzah'],
  ['مثال.إختبار', 'xn--mgbh0fb.xn--kgbechtv'],
  ['실례.테스트', 'xn--9n2bp8q.xn--9t4b11yi5a'],
  ['उदाहरण.परीक्षा', 'xn--p1b6ci4b4b3a.xn--11b5bs3a9aj6g'],
] as const

describe('toAsciiDomain', () => {
  test.each(NAMES)('%s is %s [rfc5890 2.3.2.1]', (unicode, ascii) => {
    expect(toAsciiDomain(unicode)).toBe(ascii)
    expect(toUnicodeDomain(ascii)).toBe(unicode)
    expect(toUnicodeDomain(ascii.replaceAll('xn--', 'XN--'))).toBe(unicode)
  })

  test.each([
    ['letter case is mapped', 'BÜCHER.Example', 'xn--bcher-kva.example'],
    ['also of the sharp s', 'STRAẞE.example', 'xn--strae-oqa.example'],
    ['hyphens where A-labels have them', 'ab--ü.example', undefined],
    ['hyphens elsewhere', 'ü--ab.example', 'xn----ab-zra.example'],
    ['also of sigma', 'ΒΌΛΟΣ.example', 'xn--nxasmq6b.example'],
    ['US-ASCII stays', 'Mail.Example', 'Mail.Example'],
    ['A-labels beside U-labels', 'xn--bcher-kva.bücher', 'xn--bcher-kva.xn--bcher-kva'],
    ['a domain in NFD', 'bu\u0308cher.example', undefined],
    ['full-width letters', 'ｅvil.example', undefined],
    ['full-width digits', '１２７.0.0.1', undefined],
    ['an ideographic dot', 'bücher。example', undefined],
    ['a soft hyphen', 'bü\u00adcher.example', undefined],
    ['a zero-width space', 'bü\u200bcher.example', undefined],
    ['a joiner out of place', 'bü\u200dcher.example', undefined],
    ['what ends a host', 'bücher.example/x', undefined],
    ['an at sign', 'a@bücher.example', undefined],
    ['a percent sign', 'b%fccher.example', undefined],
    ['a number for its last label', 'bücher.1', undefined],
    ['an emoji', '💩.example', undefined],
    ['a label that is too long in US-ASCII', `${'ü'.repeat(60)}.example`, undefined],
    ['a direction that changes', 'אa.example', undefined],
    ['nothing', '', undefined],
  ])('%s [rfc5891 5]', (_name, domain, expected) => {
    expect(toAsciiDomain(domain)).toBe(expected)
  })

  test('what it gives is US-ASCII, and is the same domain again [rfc5891 5]', () => {
    const letters = fc.constantFrom(...'abXüÜßσςŁжЖ한字अ\u0301-.0ſﬁ', '\u00ad', '\u200d', '．', '😀')
    fc.assert(
      fc.property(fc.string({ unit: letters, maxLength: 20 }), (domain) => {
        const ascii = toAsciiDomain(domain)
        if (ascii === undefined) return
        expect(isAscii(ascii)).toBe(true)
        expect(toAsciiDomain(toUnicodeDomain(ascii))).toBe(ascii)
      }),
      { numRuns: 2000 },
    )
  })
})

test.each([
  ['xn--a', 'no digits that end'],
  ['xn--0049', 'no letters'],
  ['xn--', 'nothing in it'],
  ['xn--example-', 'US-ASCII in it'],
  ['xn--bcher-kva8445foa', 'a full-width letter in it'],
  ['xn--ab---3ra', 'hyphens in it where A-labels have them'],
  ['xn--ls8h', 'an emoji in it'],
  ['xn--x-ecb/../', 'what is no label'],
])('toUnicodeDomain: %s stays, as it has %s [rfc5891 5.4]', (label) => {
  expect(toUnicodeDomain(`${label}.example`)).toBe(`${label}.example`)
})

test('toUnicodeDomain: no label becomes one with what is syntax elsewhere [rfc5891 5.4]', () => {
  const digits = fc.string({ unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz0123456789-'), maxLength: 12 })
  fc.assert(
    fc.property(digits, (text) => {
      expect(toUnicodeDomain(`xn--${text}`)).toMatch(/^(?:[\p{L}\p{N}\p{M}·-]|\p{Cf})+$/u)
    }),
    { numRuns: 2000 },
  )
})
