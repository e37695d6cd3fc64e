import type { Answer } from '@posthorn/dns'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { failureOf } from '../../../test/failure.ts'
import {
  bimiRecordName,
  checkBimiUrl,
  formatBimiRecord,
  isBimiDeclined,
  lintBimi,
  parseBimiRecord,
  selectBimiRecord,
} from '../src/bimi.ts'

const LOGO = 'https://example.com/logo.svg'
const MARK = 'https://example.com/mark.pem'
const nothing = { authority: '', avatar: 'brand', localPartSelectors: false, extensions: [], defects: [] }
const found = (...records: string[]): Answer<'TXT'> => ({
  status: 'found',
  name: 'default._bimi.example.com',
  records,
  ttl: 60,
  authenticated: false,
})

describe('parseBimiRecord', () => {
  test.each([
    ['an indicator', `v=BIMI1; l=${LOGO}`, { location: LOGO }],
    ['evidence', `v=BIMI1; l=${LOGO}; a=${MARK};`, { location: LOGO, authority: MARK }],
    ['any order', `v=BIMI1;a=${MARK};avp=personal;l=${LOGO}`, { location: LOGO, authority: MARK, avatar: 'personal' }],
    ['white space', `v = BIMI1 ;\t l\t= ${LOGO} ; a= ; `, { location: LOGO }],
    ['a declination', 'v=BIMI1; l=; a=;', { location: '' }],
    ['a declination for all but local parts', 'v=BIMI1; l=; a=; lps=true;', { location: '', localPartSelectors: true }],
    ['lps=false, avp=brand', `v=BIMI1; l=${LOGO}; lps=false; avp=brand`, { location: LOGO }],
    ['an unknown tag', `v=BIMI1; l=${LOGO}; x_1=a b`, { location: LOGO, extensions: [{ name: 'x_1', value: 'a b' }] }],
    ['a scheme in upper case', 'v=BIMI1; l=HTTPS://example.com/a.svg', { location: 'HTTPS://example.com/a.svg' }],
  ])('takes %s [bimi-14 assertion-record-definition]', (_, text, expected) => {
    expect(parseBimiRecord(text)).toEqual({ ...nothing, ...expected })
  })

  test.each([
    ['avp=me', 'bad-avatar'],
    ['avp=Personal', 'bad-avatar'],
    ['lps=yes', 'bad-local-part-selectors'],
    ['lps=', 'bad-local-part-selectors'],
  ])('tells that %s is left out [bimi-14 assertion-record-definition]', (tag, code) => {
    const text = `v=BIMI1; l=; ${tag}`
    const { defects, avatar, localPartSelectors } = parseBimiRecord(text)
    expect(defects).toEqual([{ code, start: 13, end: text.length }])
    expect([avatar, localPartSelectors]).toEqual(['brand', false])
  })

  test.each([
    ['nothing', '', 'POLICY_BAD_VERSION'],
    ['another version', `v=BIMI2; l=${LOGO}`, 'POLICY_BAD_VERSION'],
    ['a longer version', `v=BIMI11; l=${LOGO}`, 'POLICY_BAD_VERSION'],
    ['a version in lower case', `v=bimi1; l=${LOGO}`, 'POLICY_BAD_VERSION'],
    ['V in upper case', `V=BIMI1; l=${LOGO}`, 'POLICY_BAD_VERSION'],
    ['white space before it', ` v=BIMI1; l=${LOGO}`, 'POLICY_BAD_VERSION'],
    ['a version that is not first', `l=${LOGO}; v=BIMI1`, 'POLICY_BAD_VERSION'],
    ['no location', `v=BIMI1; a=${MARK}`, 'POLICY_MISSING_FIELD'],
    ['L in upper case', `v=BIMI1; L=${LOGO}`, 'POLICY_MISSING_FIELD'],
    ['the version alone', 'v=BIMI1', 'POLICY_MISSING_FIELD'],
    ['two locations', `v=BIMI1; l=${LOGO}; l=${LOGO}`, 'POLICY_BAD_FIELD'],
    ['two unknown tags', 'v=BIMI1; l=; x=1; x=1', 'POLICY_BAD_FIELD'],
    ['two versions', 'v=BIMI1; l=; v=BIMI1', 'POLICY_BAD_FIELD'],
    ['http', 'v=BIMI1; l=http://example.com/logo.svg', 'POLICY_BAD_FIELD'],
    ['http for evidence', `v=BIMI1; l=${LOGO}; a=http://example.com/a.pem`, 'POLICY_BAD_FIELD'],
    ['a comma', 'v=BIMI1; l=https://example.com/a,b.svg', 'POLICY_BAD_FIELD'],
    ['several addresses', `v=BIMI1; l=${LOGO},${LOGO}`, 'POLICY_BAD_FIELD'],
    ['an address literal', 'v=BIMI1; l=https://192.0.2.1/logo.svg', 'POLICY_BAD_FIELD'],
    ['an empty part', `v=BIMI1;; l=${LOGO}`, 'POLICY_BAD_RECORD'],
    ['a part without a sign', `v=BIMI1; l; l=${LOGO}`, 'POLICY_BAD_RECORD'],
    ['a name that is none', 'v=BIMI1; l=; 1=a', 'POLICY_BAD_RECORD'],
    ['a control', 'v=BIMI1; l=; x=\n', 'POLICY_BAD_RECORD'],
    ['more than ASCII', 'v=BIMI1; l=; x=é', 'POLICY_BAD_RECORD'],
    ['too long a text', `v=BIMI1; l=; x=${'a'.repeat(65_536)}`, 'POLICY_TOO_LARGE'],
  ])('refuses %s [bimi-14 assertion-record-definition]', (_, text, code) => {
    expect(failureOf(() => parseBimiRecord(text))).toBe(code)
  })

  test('any text is refused by a code, or read; the advice has places in it', () => {
    const unit = fc.constantFrom(
      ...[
        'v',
        '=',
        'BIMI1',
        ';',
        ' ',
        '\t',
        'l',
        'a',
        'avp',
        'lps',
        'true',
        LOGO,
        'v=BIMI1;',
        '__proto__',
        '\xff',
        '\n',
      ],
    )
    fc.assert(
      fc.property(fc.string({ unit }), (text) => {
        expect(failureOf(() => parseBimiRecord(text))).toMatch(/^(none|POLICY_[A-Z_]+)$/)
        for (const { start, end } of lintBimi(text)) {
          expect(start >= 0 && start <= end && end <= text.length).toBe(true)
        }
      }),
    )
  })
})

describe('formatBimiRecord', () => {
  test('what it writes is read as the same [bimi-14 assertion-record-definition]', () => {
    const url = fc.stringMatching(/^[a-z]{1,9}$/).map((name) => `https://${name}.example.com/${name}`)
    const extension = fc.record({
      name: fc.stringMatching(/^[A-Za-z][A-Za-z0-9_]{0,9}$/).filter((name) => !/^(v|l|a|avp|lps)$/.test(name)),
      value: fc.stringMatching(/^([!-:<-~]([ -:<-~]{0,5}[!-:<-~])?)?$/),
    })
    const record = fc.record({
      location: fc.oneof(fc.constant(''), url),
      authority: fc.oneof(fc.constant(''), url),
      avatar: fc.constantFrom('brand' as const, 'personal' as const),
      localPartSelectors: fc.boolean(),
      extensions: fc.uniqueArray(extension, { selector: ({ name }) => name, maxLength: 3 }),
    })
    fc.assert(
      fc.property(record, (value) => {
        expect(parseBimiRecord(formatBimiRecord(value))).toEqual({ ...value, defects: [] })
      }),
    )
  })

  test.each([
    ['another tag in the address', { location: `${LOGO}; a=${MARK}` }],
    ['http', { location: 'http://example.com/' }],
    ['a known tag among the others', { extensions: [{ name: 'avp', value: 'personal' }] }],
    ['another tag in a value', { extensions: [{ name: 'x', value: 'a;b=c' }] }],
    ['white space that would be lost', { extensions: [{ name: 'x', value: ' a' }] }],
    ['a preference that is none', { avatar: 'me' as never }],
  ])('refuses %s [bimi-14 assertion-record-definition]', (_, record) => {
    expect(failureOf(() => formatBimiRecord(record))).toBe('POLICY_BAD_FIELD')
  })
})

test('isBimiDeclined: only without both [bimi-14 declination-to-publish]', () => {
  const cases = ['l=; a=', 'l=', `l=${LOGO}`, `l=; a=${MARK}`].map((text) => parseBimiRecord(`v=BIMI1; ${text}`))
  expect(cases.map(isBimiDeclined)).toEqual([true, true, false, false])
})

describe('selectBimiRecord', () => {
  test.each([
    ['one among others', ['v=spf1 -all', 'v=BIMI1; l=;', 'v=BIMI2; l='], 'found', undefined],
    ['white space in the version', ['v = BIMI1 ; l=;'], 'found', undefined],
    ['two', ['v=BIMI1; l=;', 'v=BIMI1; l=;'], 'none', 'several'],
    ['none', ['v=bimi1; l=;', 'x v=BIMI1; l='], 'none', 'absent'],
    ['a wrong one', ['v=BIMI1; l=http://example.com/'], 'none', 'malformed'],
    ['the version alone', ['v=BIMI1'], 'none', 'malformed'],
  ])('%s [bimi-14 assertion-record-discovery]', (_, records, status, reason) => {
    const selection = selectBimiRecord(found(...records))
    expect([selection.status, 'reason' in selection ? selection.reason : undefined]).toEqual([status, reason])
  })

  test('absence is certain, failure is not [bimi-14 assertion-record-discovery]', () => {
    expect(selectBimiRecord({ status: 'nxdomain', name: 'x', ttl: 0, authenticated: false }).status).toBe('none')
    expect(selectBimiRecord({ status: 'timeout' })).toEqual({ status: 'failed' })
  })
})

test('bimiRecordName: a domain or selector that could be misread is refused [bimi-14 selectors]', () => {
  expect(bimiRecordName('EXAMPLE.com.', 'Brand')).toBe('brand._bimi.example.com')
  for (const text of ['a/b', 'a@b', '', 'a..b', 'a\0', '*']) {
    expect(failureOf(() => bimiRecordName(text))).toBe('DNS_BAD_NAME')
    expect(failureOf(() => bimiRecordName('example.com', text))).toBe('DNS_BAD_NAME')
  }
  expect(failureOf(() => bimiRecordName(`${'a'.repeat(60)}.`.repeat(4).concat('com')))).toBe('DNS_BAD_NAME')
})

describe('checkBimiUrl', () => {
  test.each([
    ['https://images.example.com/logo.svg', undefined],
    ['https://example.com', undefined],
    ['https://example.com:443/a', undefined],
    ['https://example.com/a?b=c&d#e', undefined],
    ['https://example.com/%2C', undefined],
    ['http://example.com/', 'not-https'],
    ['ftp://example.com/', 'not-https'],
    ['data:image/svg+xml', 'not-https'],
    ['javascript:alert(1)', 'not-https'],
    ['//example.com/', 'not-https'],
    ['https:example.com', 'malformed'],
    ['https:///example.com', 'malformed'],
    ['https://', 'malformed'],
    ['https://exa mple.com/', 'malformed'],
    ['https://example.com/\n', 'malformed'],
    ['https://example.com\\@evil.com/', 'malformed'],
    ['https://example.com/<a>', 'malformed'],
    ['https://éxample.com/', 'malformed'],
    [`https://example.com/${'a'.repeat(2048)}`, 'malformed'],
    ['https://example.com:65536/', 'malformed'],
    ['https://user@example.com/', 'credentials'],
    ['https://user:secret@example.com/', 'credentials'],
    ['https://@example.com/', 'credentials'],
    ['https://example.com:8443/', 'port'],
    ['https://192.0.2.1/', 'address'],
    ['https://127.1/', 'address'],
    ['https://0x7f000001/', 'address'],
    ['https://2130706433/', 'address'],
    ['https://[::1]/', 'address'],
    ['https://[::ffff:10.0.0.1]/', 'address'],
    ['https://localhost/', 'private-host'],
    ['https://localhost./', 'private-host'],
    ['https://a.localhost/', 'private-host'],
    ['https://intranet/', 'private-host'],
    ['https://printer.local/', 'private-host'],
    ['https://metadata.google.internal/', 'private-host'],
    ['https://router.home.arpa/', 'private-host'],
    ['https://abc.onion/', 'private-host'],
  ])('%s: %s [bimi-14 assertion-record-definition]', (url, expected) => {
    expect(checkBimiUrl(url)).toBe(expected)
  })

  test('any text has an answer', () => {
    const unit = fc.constantFrom('https:', '/', '@', ':', '.', '%', '[', ']', 'a', '0x', '1', '\\', '\0', 'é', '?', '#')
    fc.assert(fc.property(fc.string({ unit }), (url) => void checkBimiUrl(url)))
  })
})

describe('lintBimi', () => {
  test.each([
    ['a good record', `v=BIMI1; l=${LOGO}; a=${MARK}; avp=brand; lps=true;`, []],
    ['no evidence', `v=BIMI1; l=${LOGO}; a=;`, [['no-evidence', undefined]]],
    ['a declination', 'v=BIMI1; l=; a=', [['declined', undefined]]],
    ['evidence alone', `v=BIMI1; l=; a=${MARK}`, [['evidence-alone', undefined]]],
    ['no location', `v=BIMI1; a=${MARK}`, [['missing-location', undefined]]],
    ['http', `v=BIMI1; l=http://example.com/a.svg; a=${MARK}`, [['insecure', 'l=https://example.com/a.svg']]],
    ['http to an address', `v=BIMI1; l=http://192.0.2.1/; a=${MARK}`, [['insecure', undefined]]],
    ['a comma', `v=BIMI1; l=https://a.com/x,y.svg; a=${MARK}`, [['comma', 'l=https://a.com/x%2Cy.svg']]],
    ['a bad address', `v=BIMI1; l=https://localhost/a.svg; a=${MARK}`, [['bad-location', undefined]]],
    ['bad evidence', `v=BIMI1; l=${LOGO}; a=https://[::1]/a.pem`, [['bad-authority', undefined]]],
    ['another format', `v=BIMI1; l=https://a.com/x.PNG?y; a=${MARK}`, [['other-format', undefined]]],
    ['a repeated tag', `v=BIMI1; l=${LOGO}; l=${LOGO}; a=${MARK}`, [['repeated-tag', '']]],
    ['a tag in upper case', `v=BIMI1; l=${LOGO}; a=${MARK}; AVP=brand`, [['tag-case', 'avp=brand']]],
    ['a value in upper case', `v=BIMI1; l=${LOGO}; a=${MARK}; lps=TRUE`, [['value-case', 'lps=true']]],
    ['a bad preference', `v=BIMI1; l=${LOGO}; a=${MARK}; avp=me`, [['bad-avatar', '']]],
    ['a bad switch', `v=BIMI1; l=${LOGO}; a=${MARK}; lps=1`, [['bad-local-part-selectors', '']]],
    ['an unknown tag', `v=BIMI1; l=${LOGO}; a=${MARK}; z=1`, [['unknown-tag', '']]],
    ['no tag', `v=BIMI1; l=${LOGO}; a=${MARK}; what`, [['bad-tag', undefined]]],
    ['no version', `l=${LOGO}`, [['no-version', `v=BIMI1; l=${LOGO}`]]],
    ['a version behind', `l=${LOGO}; v=bimi1`, [['version-not-first', `v=BIMI1; l=${LOGO};`]]],
    ['a version in lower case', `v=bimi1; l=${LOGO}`, [['version-case', 'v=BIMI1']]],
    ['a blank first', ' v=BIMI1; l=', [['blank-start', '']]],
    ['quotation marks', `"v=BIMI1; " "l=${LOGO}"`, [['quoted', `v=BIMI1; l=${LOGO}`]]],
    ['too long a text', 'v'.repeat(65_536), [['too-long', undefined]]],
  ])('%s [bimi-14 assertion-record-definition]', (_, text, expected) => {
    expect(lintBimi(text).map(({ code, publish }) => [code, publish])).toEqual(expected)
  })

  test('what it says to publish mends what it found [bimi-14 assertion-record-definition]', () => {
    const texts = [
      ` v=BIMI1; L=http://example.com/a,b.svg; a=http://example.com/a.pem; AVP=Personal; z=1; a=`,
      `l=${LOGO}; v=bimi1; lps=TRUE`,
    ]
    for (const start of texts) {
      let text = start
      for (let round = 0; round < 20; round++) {
        const next = lintBimi(text).find(({ publish }) => publish !== undefined)
        if (!next) break
        text = `${text.slice(0, next.start)}${next.publish}${text.slice(next.end)}`.replace(/; *(?=;|$)/g, '')
      }
      expect(failureOf(() => parseBimiRecord(text))).toBe('none')
    }
  })
})
