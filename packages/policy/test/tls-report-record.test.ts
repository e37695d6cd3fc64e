import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { failureOf } from '../../../test/failure.ts'
import {
  formatTlsReportRecord,
  parseTlsReportRecord,
  selectTlsReportRecord,
  tlsReportRecordName,
} from '../src/index.ts'

const MAIL = 'mailto:reports@example.com'
const WEB = 'https://reports.example.com/v1/tlsrpt?a=1'

describe('parseTlsReportRecord', () => {
  test.each([
    ['an address', `v=TLSRPTv1;rua=${MAIL}`, [MAIL]],
    ['a page with an equals sign', `v=TLSRPTv1; rua=${WEB};`, [WEB]],
    ['both, with white space', `v=TLSRPTv1; rua=${MAIL} , ${WEB} ;`, [MAIL, WEB]],
    ['a scheme to be ignored', 'v=TLSRPTv1; rua=ftp:x', ['ftp:x']],
  ])('takes %s [rfc8460 3]', (_, text, rua) => {
    expect(parseTlsReportRecord(text)).toEqual({ rua, extensions: [] })
  })

  test.each([
    ['another version', `v=TLSRPTv2; rua=${MAIL}`, 'POLICY_BAD_VERSION'],
    ['no rua', 'v=TLSRPTv1;', 'POLICY_MISSING_FIELD'],
    ['an empty rua', 'v=TLSRPTv1; rua=', 'POLICY_BAD_RECORD'],
    ['two rua', `v=TLSRPTv1; rua=${MAIL}; rua=${WEB}`, 'POLICY_BAD_FIELD'],
    ['an address alone', 'v=TLSRPTv1; rua=a@example.com', 'POLICY_BAD_FIELD'],
    ['an empty place', `v=TLSRPTv1; rua=${MAIL},,${WEB}`, 'POLICY_BAD_FIELD'],
    ['an exclamation mark', `v=TLSRPTv1; rua=${MAIL}!10m`, 'POLICY_BAD_FIELD'],
    ['a space in a URI', 'v=TLSRPTv1; rua=mailto:a b@example.com', 'POLICY_BAD_FIELD'],
    ['a bare percent sign', 'v=TLSRPTv1; rua=mailto:a%2@example.com', 'POLICY_BAD_FIELD'],
  ])('refuses %s [rfc8460 3]', (_, text, code) => {
    expect(failureOf(() => parseTlsReportRecord(text))).toBe(code)
  })
})

describe('formatTlsReportRecord', () => {
  test('what it writes is read as the same', () => {
    const record = fc.record({
      rua: fc.array(fc.constantFrom(MAIL, WEB, 'mailto:a%2Cb@example.com'), { minLength: 1 }),
      extensions: fc.array(
        fc.record({
          name: fc.stringMatching(/^x[A-Za-z0-9_.-]{0,9}$/),
          value: fc.stringMatching(/^[!-:<>-~]{1,9}$/),
        }),
      ),
    })
    fc.assert(
      fc.property(record, (value) => {
        expect(parseTlsReportRecord(formatTlsReportRecord(value))).toEqual(value)
      }),
    )
  })

  test.each([
    ['two URIs in one', { rua: [`${MAIL},${WEB}`] }, 'POLICY_BAD_FIELD'],
    ['another field', { rua: [`${MAIL};x=1`] }, 'POLICY_BAD_FIELD'],
    ['another field in an extension', { rua: [MAIL], extensions: [{ name: 'x', value: '1;y=2' }] }, 'POLICY_BAD_FIELD'],
    ['no URI', { rua: [] }, 'POLICY_BAD_RECORD'],
  ])('refuses %s [rfc8460 3]', (_, record, code) => {
    expect(failureOf(() => formatTlsReportRecord(record))).toBe(code)
  })
})

test('selectTlsReportRecord: one record counts, several do not [rfc8460 3]', () => {
  const answer = { status: 'found', name: tlsReportRecordName('Example.com'), ttl: 1, authenticated: false } as const
  const one = `v=TLSRPTv1; rua=${MAIL}`
  expect(answer.name).toBe('_smtp._tls.example.com')
  expect(selectTlsReportRecord({ ...answer, records: ['v=STSv1; id=1', one] })).toMatchObject({ status: 'found' })
  expect(selectTlsReportRecord({ ...answer, records: [one, one] })).toEqual({ status: 'none', reason: 'several' })
})
