import { type Answer, MemoryZone } from '@posthorn/dns'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { failureOf } from '../../../test/failure.ts'
import {
  type BimiSender,
  type BimiStep,
  chooseBimiSelector,
  formatBimiSelector,
  localPartSelector,
  nextBimiStep,
  parseBimiSelector,
} from '../src/bimi.ts'

const record = (name: string): string => `v=BIMI1; l=https://example.com/${name}.svg;`
const SUB = { domain: 'mail.example.com', organizationalDomain: 'example.com' }

async function lookUp(sender: BimiSender, zone: Record<string, string | string[]>) {
  const resolver = new MemoryZone()
  for (const [name, texts] of Object.entries(zone)) for (const text of [texts].flat()) resolver.add(name, 'TXT', text)
  const answers = new Map<string, Answer<'TXT'>>()
  for (let questions = 0; ; questions++) {
    const step: BimiStep = nextBimiStep(sender, answers)
    if (step.type !== 'ask') return { step, asked: [...answers.keys()] }
    expect(answers.has(step.name) || questions > 4).toBe(false)
    answers.set(
      step.name,
      zone[step.name] === 'FAIL' ? { status: 'timeout' } : await resolver.resolve(step.name, 'TXT'),
    )
  }
}

describe('nextBimiStep', () => {
  const own = 'default._bimi.mail.example.com'
  const above = 'default._bimi.example.com'
  const news = 'news._bimi.mail.example.com'
  const newsAbove = 'news._bimi.example.com'
  const lps = (name: string): string => `${record(name)} lps=true`

  test.each<[string, Partial<BimiSender>, Record<string, string | string[]>, string, string[]]>([
    ['the author domain first', {}, { [own]: record('a'), [above]: record('b') }, 'found a', [own]],
    ['then the organizational domain', {}, { [above]: record('b') }, 'found b', [own, above]],
    ['nothing anywhere', {}, {}, 'none absent', [own, above]],
    ['a declination holds', {}, { [own]: 'v=BIMI1; l=; a=;', [above]: record('b') }, 'declined', [own]],
    ['other texts are passed over', {}, { [own]: 'v=spf1 -all', [above]: record('b') }, 'found b', [own, above]],
    ['of several none', {}, { [own]: [record('a'), record('c')], [above]: record('b') }, 'none several', [own]],
    ['a wrong one', {}, { [own]: 'v=BIMI1; l=http://a.com/', [above]: record('b') }, 'none malformed', [own]],
    ['a failure', {}, { [own]: 'FAIL', [above]: record('b') }, 'failed', [own]],
    ['a failure above', {}, { [above]: 'FAIL' }, 'failed', [own, above]],
    ['a selector', { selector: 'News' }, { [news]: record('n'), [own]: record('a') }, 'found n', [news]],
    ['a selector above', { selector: 'news' }, { [newsAbove]: record('m') }, 'found m', [news, newsAbove]],
    ['a selector that is nowhere', { selector: 'news' }, { [own]: record('a') }, 'none absent', [news, newsAbove]],
    ['a selector that is no name', { selector: '../x' }, { [own]: record('a') }, 'none bad-name', []],
    ['too long a selector', { selector: `${'a'.repeat(60)}.`.repeat(4).concat('b') }, {}, 'none bad-name', []],
    ['one domain, asked once', { organizationalDomain: 'Mail.Example.COM.' }, {}, 'none absent', [own]],
    ['a local part', { localPart: 'News' }, { [own]: lps('a'), [news]: record('n') }, 'found n', [own, news]],
    [
      'a local part without a record',
      { localPart: 'x' },
      { [own]: lps('a') },
      'found a',
      [own, 'x._bimi.mail.example.com'],
    ],
    ['a local part without lps', { localPart: 'news' }, { [own]: record('a'), [news]: record('n') }, 'found a', [own]],
    ['no local part', {}, { [own]: lps('a'), [news]: record('n') }, 'found a', [own]],
    ['a local part that is no selector', { localPart: 'né' }, { [own]: lps('a') }, 'found a', [own]],
    ['a local part asked before', { localPart: 'default' }, { [own]: lps('a') }, 'found a', [own]],
    [
      'a local part above',
      { localPart: 'news' },
      { [above]: lps('b'), [newsAbove]: record('m'), [news]: record('n') },
      'found m',
      [own, above, newsAbove],
    ],
    ['a wrong record for it', { localPart: 'news' }, { [own]: lps('a'), [news]: 'v=BIMI1;' }, 'found a', [own, news]],
    ['a failure for it', { localPart: 'news' }, { [own]: lps('a'), [news]: 'FAIL' }, 'failed', [own, news]],
    [
      'a declination for it',
      { localPart: 'news' },
      { [own]: lps('a'), [news]: 'v=BIMI1; l=' },
      'declined',
      [own, news],
    ],
    [
      'a declination but for it',
      { localPart: 'news' },
      { [own]: 'v=BIMI1; l=; lps=true', [news]: record('n') },
      'found n',
      [own, news],
    ],
  ])('%s [bimi-14 assertion-record-discovery]', async (_, sender, zone, expected, asked) => {
    const result = await lookUp({ ...SUB, ...sender }, zone)
    const { step } = result
    const logo =
      step.type === 'found' ? ` ${step.record.location.at(-5)}` : step.type === 'none' ? ` ${step.reason}` : ''
    expect([step.type + logo, result.asked]).toEqual([expected, asked])
  })

  test('tells whose record it is [bimi-14 bimi-results]', async () => {
    const { step } = await lookUp({ ...SUB, selector: 'NEWS' }, { [newsAbove]: record('m') })
    expect(step).toMatchObject({ type: 'found', domain: 'example.com', selector: 'news' })
  })

  test('a domain that is no name is refused', () => {
    expect(failureOf(() => nextBimiStep({ domain: 'a\0b' }, new Map()))).toBe('DNS_BAD_NAME')
  })
})

describe('localPartSelector', () => {
  test.each([
    ['news', 'news'],
    ['News.Letter', 'news-letter'],
    ['a_.-_b', 'a-b'],
    ['a--b', 'a-b'],
    ['news+spring+x', 'news'],
    ['_.news._', 'news'],
    ['a'.repeat(63), 'a'.repeat(63)],
    [`${'a'.repeat(63)}+x`, 'a'.repeat(63)],
    ['a'.repeat(64), undefined],
    ['', undefined],
    ['+x', undefined],
    ['._-', undefined],
    ['né', undefined],
    ['a b', undefined],
    ['a*', undefined],
    ['a\0', undefined],
  ])('%j: %s [bimi-14 local-part-selectors]', (localPart, expected) => {
    expect(localPartSelector(localPart)).toBe(expected)
  })

  test('what it gives is a selector', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', 'B', '0', '.', '-', '_', '+', 'é', '\0') }), (localPart) => {
        const selector = localPartSelector(localPart)
        if (selector !== undefined) expect(parseBimiSelector(formatBimiSelector(selector))).toBe(selector)
      }),
    )
  })
})

describe('parseBimiSelector', () => {
  test.each([
    ['v=BIMI1; s=brand;', 'brand'],
    [' v=BIMI1;\r\n s=Spring.Brand', 'spring.brand'],
    ['v = BIMI1 ; s = a-1 ', 'a-1'],
  ])('%j [bimi-14 bimi-selector]', (value, expected) => {
    expect(parseBimiSelector(value)).toBe(expected)
  })

  test.each([
    ['', 'POLICY_BAD_VERSION'],
    ['s=brand', 'POLICY_BAD_VERSION'],
    ['s=brand; v=BIMI1', 'POLICY_BAD_VERSION'],
    ['v=BIMI2; s=brand', 'POLICY_BAD_VERSION'],
    ['v=bimi1; s=brand', 'POLICY_BAD_VERSION'],
    ['v=BIMI1', 'POLICY_MISSING_FIELD'],
    ['v=BIMI1; x=1', 'POLICY_BAD_RECORD'],
    ['v=BIMI1; s=a; s=b', 'POLICY_BAD_RECORD'],
    ['v=BIMI1; s=', 'POLICY_BAD_FIELD'],
    ['v=BIMI1; s=a..b', 'POLICY_BAD_FIELD'],
    ['v=BIMI1; s=_dmarc', 'POLICY_BAD_FIELD'],
    ['v=BIMI1; s=a\0b', 'POLICY_BAD_FIELD'],
    ['v=BIMI1; s=é', 'POLICY_BAD_FIELD'],
    ['v=BIMI1; s=a\r\nb', 'POLICY_BAD_FIELD'],
    [`v=BIMI1; s=${'a'.repeat(64)}`, 'POLICY_BAD_FIELD'],
    [`v=BIMI1; s=a;${' '.repeat(1000)}`, 'POLICY_TOO_LARGE'],
  ])('refuses %j [bimi-14 bimi-selector]', (value, code) => {
    expect(failureOf(() => parseBimiSelector(value))).toBe(code)
  })

  test('formatBimiSelector: refuses what is none [bimi-14 bimi-selector]', () => {
    for (const text of ['', 'a;b', 'a b', 'a\r\nX: y', '.']) {
      expect(failureOf(() => formatBimiSelector(text))).toBe('POLICY_BAD_FIELD')
    }
  })
})

describe('chooseBimiSelector', () => {
  const field = 'v=BIMI1; s=spring;'
  const signed = (result: string, domain: string, ...signedFields: string[]) => ({
    result,
    signature: { domain, signedFields },
  })

  test.each([
    ['no field', [], [signed('pass', 'example.com', 'BIMI-Selector')], 'default', 'absent'],
    ['a signed one', [field], [signed('pass', 'example.com', 'From', 'BIMI-Selector')], 'spring', 'named'],
    [
      'signed second',
      [field],
      [{ result: 'permerror' }, signed('pass', 'example.com', 'bimi-selector')],
      'spring',
      'named',
    ],
    ['two', [field, field], [signed('pass', 'example.com', 'bimi-selector')], 'default', 'several'],
    ['unsigned', [field], [signed('pass', 'example.com', 'from')], 'default', 'unsigned'],
    ['a failed signature', [field], [signed('fail', 'example.com', 'bimi-selector')], 'default', 'unsigned'],
    ['another domain', [field], [signed('pass', 'example.net', 'bimi-selector')], 'default', 'unsigned'],
    ['no signature', [field], [], 'default', 'unsigned'],
    ['a malformed one', ['v=BIMI1'], [signed('pass', 'example.com', 'bimi-selector')], 'default', 'malformed'],
  ])('%s [bimi-14 header-signing]', (_, fields, signatures, selector, reason) => {
    expect(chooseBimiSelector(fields, { signatures, alignedDomain: 'Example.com' })).toEqual({ selector, reason })
  })

  test('counts unsigned only where something else vouches for it [bimi-14 header-signing]', () => {
    expect(chooseBimiSelector([field], { trusted: true })).toEqual({ selector: 'spring', reason: 'named' })
    expect(chooseBimiSelector([field], { signatures: [{ result: 'pass' }] }).reason).toBe('unsigned')
  })
})
