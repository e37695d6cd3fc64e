import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import '../../../test/property.ts'
import { lintDmarc } from '../src/index.ts'
import { DMARC_RULES } from '../src/lint-rules.ts'

const RUA = 'rua=mailto:a@b.example'

const CASES: [code: string, text: string, place: string, publish: string | undefined][] = [
  ['bad-policy', `v=DMARC1; p=rejct; ${RUA}`, 'p=rejct', undefined],
  ['bad-tag', `v=DMARC1; p=none; reject; ${RUA}`, 'reject', undefined],
  ['bad-uri', 'v=DMARC1; p=none; rua=a@b.example', 'rua=a@b.example', ''],
  ['bad-uri', `v=DMARC1; p=none; ${RUA},b`, `${RUA},b`, RUA],
  ['bad-value', `v=DMARC1; p=none; adkim=x; ${RUA}`, 'adkim=x', ''],
  ['blank-start', ' v=DMARC1; p=none', ' v=DMARC1; p=none', 'v=DMARC1; p=none'],
  ['empty-tag', `v=DMARC1;; p=none; ${RUA}`, '', ''],
  ['escaped-semicolon', 'v=DMARC1\\; p=none\\;', 'v=DMARC1\\; p=none\\;', 'v=DMARC1; p=none;'],
  ['missing-policy', `v=DMARC1; ${RUA}`, 'v=DMARC1', 'v=DMARC1; p=none'],
  ['no-effect', 'v=DMARC1; p=none', 'v=DMARC1', undefined],
  ['no-version', 'p=none', 'p=none', 'v=DMARC1; p=none'],
  ['other-scheme', 'v=DMARC1; p=none; rua=https://b.example/', 'rua=https://b.example/', undefined],
  ['policy-not-second', `v=DMARC1; ${RUA}; p=none`, 'p=none', undefined],
  ['psd-failure-reports', 'v=DMARC1; p=none; psd=y; ruf=mailto:a@b.example', 'ruf=mailto:a@b.example', ''],
  ['quoted', '"v=DMARC1; " "p=none"', '"v=DMARC1; " "p=none"', 'v=DMARC1; p=none'],
  ['repeated-tag', `v=DMARC1; p=none; t=n; t=y; ${RUA}`, 't=y', undefined],
  ['repeated-uri', `v=DMARC1; p=none; ${RUA},mailto:a@b.example`, `${RUA},mailto:a@b.example`, RUA],
  ['retired-size', `v=DMARC1; p=none; ${RUA}!5m`, `${RUA}!5m`, RUA],
  ['retired-tag', `v=DMARC1; p=none; pct=0; ${RUA}`, 'pct=0', 't=y'],
  ['retired-tag', `v=DMARC1; p=none; pct=50; ${RUA}`, 'pct=50', ''],
  ['retired-tag', `v=DMARC1; p=none; ri=0; ${RUA}`, 'ri=0', ''],
  ['tag-case', `v=DMARC1; p=none; ADKIM=s; ${RUA}`, 'ADKIM=s', 'adkim=s'],
  ['test-without-policy', `v=DMARC1; p=none; t=y; ${RUA}`, 't=y', ''],
  ['unknown-tag', `v=DMARC1; p=none; x=s; ${RUA}`, 'x=s', ''],
  ['unused-options', `v=DMARC1; p=none; fo=1; ${RUA}`, 'fo=1', ''],
  ['version-case', `V=DMARC1; p=none; ${RUA}`, 'V=DMARC1', 'v=DMARC1'],
  ['version-case', 'v=Dmarc1; p=none', 'v=Dmarc1', 'v=DMARC1'],
  ['version-not-first', `p=none; v=DMARC1; ${RUA}`, `p=none; v=DMARC1; ${RUA}`, `v=DMARC1; p=none; ${RUA}`],
  ['weak-subdomains', 'v=DMARC1; p=reject; np=none', 'np=none', 'np=reject'],
  ['weak-subdomains', 'v=DMARC1; p=quarantine; sp=none', 'sp=none', 'sp=quarantine'],
]

describe('lintDmarc', () => {
  test.each(CASES)('finds %s in %j [rfc9989 4.7]', (code, text, place, publish) => {
    const found = lintDmarc(text).filter((finding) => finding.code === code)
    expect(found.map(({ start, end }) => text.slice(start, end))).toEqual([place])
    expect(found[0]?.publish).toBe(publish)
    expect(found[0]?.text).toBe(DMARC_RULES[found[0]!.code].text)
  })

  test.each([
    `v=DMARC1; p=reject; ${RUA}`,
    `v=DMARC1; p=reject; sp=reject; np=reject; t=y; ${RUA}; ruf=mailto:a@b.example; fo=1:d:s`,
    'v=DMARC1; p=quarantine',
    `v=DMARC1; p=none; sp=reject; ${RUA}`,
    'v=DMARC1; p=none; psd=y',
  ])('finds nothing in %j [rfc9989 B.2]', (text) => {
    expect(lintDmarc(text)).toEqual([])
  })

  test('has a case for each rule', () => {
    expect([...new Set([...CASES.map(([code]) => code), 'too-long'])].sort()).toEqual(Object.keys(DMARC_RULES).sort())
  })

  test('says that a text is too long, and no more [rfc1035 3.3.14]', () => {
    expect(lintDmarc('x'.repeat(65_536)).map(({ code }) => code)).toEqual(['too-long'])
  })

  test('finds what it finds in order, within the text, whatever that is [property]', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.boolean(), (rest, isRecord) => {
        const text = isRecord ? `v=DMARC1;${rest}` : rest
        const starts = lintDmarc(text).map(({ start }) => start)
        expect(starts).toEqual([...starts].sort((a, b) => a - b))
        for (const { start, end } of lintDmarc(text)) expect(start <= end && end <= text.length).toBe(true)
      }),
    )
  })
})

/** Puts what is to be published in the place of what was found, from the end, so that places stay true. */
function published(text: string): string {
  let [edited, from] = [text, text.length]
  for (const { start, end, publish } of [...lintDmarc(text)].reverse()) {
    if (publish === undefined || end > from) continue
    edited = edited.slice(0, start) + publish + edited.slice(end)
    from = start
  }
  return edited
}

describe('publish of a finding', () => {
  test.each(CASES.filter(([, , , publish]) => publish !== undefined))('mends %s in %j [rfc9989 4.7]', (code, text) => {
    // What is left out leaves two semicolons side by side, which is said in turn.
    const left = lintDmarc(published(text)).map((finding) => finding.code)
    expect(left.filter((one) => one === code && one !== 'empty-tag')).toEqual([])
    expect(left.filter((one) => DMARC_RULES[one].severity === 'error')).toEqual([])
  })
})
