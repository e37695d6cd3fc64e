import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type FeedbackInput, formatFeedbackReport, readFeedbackReport } from '../src/index.ts'
import { feedback } from './report-values.ts'

const NONE = {
  rcptTo: [],
  authenticationResults: [],
  reportedDomains: [],
  reportedUris: [],
  spfDns: [],
  extensions: [],
}
const ABUSE: FeedbackInput = { ...NONE, feedbackType: 'abuse', userAgent: 'Loop/1.0', version: 1 }
const FAILURE: FeedbackInput = {
  ...ABUSE,
  feedbackType: 'auth-failure',
  authenticationResults: ['mx.example; dkim=fail'],
  reportedDomains: ['example.org'],
  authFailure: 'bodyhash',
  dkimDomain: 'example.org',
  dkimIdentity: '@example.org',
  dkimSelector: 's',
}
const FIELDS = 'Feedback-Type: abuse\r\nUser-Agent: Loop/1.0\r\nVersion: 1\r\n'
const codesOf = (text: string): string[] =>
  readFeedbackReport(text).defects.map(({ code, other }) => (other === undefined ? code : `${code} ${other}`))

test('readFeedbackReport: all fields [rfc5965 3, rfc6591 3, rfc6692 3]', () => {
  const { feedback: read, defects } = readFeedbackReport(
    'Feedback-Type: AUTH-FAILURE\r\nUser-Agent: A/1 (b)\r\nVersion: 1 (one)\r\nOriginal-Envelope-Id: e\r\n' +
      'Original-Mail-From: <>\r\nOriginal-Rcpt-To: <a@b.example>\r\nOriginal-Rcpt-To: <c@d.example>\r\n' +
      'Arrival-Date: Fri, 21 Nov 1997 09:55:06 -0600\r\nReporting-MTA: dns; mx.example\r\nSource-IP: IPv6:2001:db8::1\r\n' +
      'Source-Port: 1024\r\nIncidents: 3\r\nAuthentication-Results: mx.example;\r\n dkim=fail\r\n' +
      'Reported-Domain: b.example\r\nReported-URI: http://b.example/(x)\r\nAuth-Failure: Signature\r\n' +
      'Delivery-Result: REJECT\r\nIdentity-Alignment: dkim , spf\r\nDKIM-Domain: b.example\r\nDKIM-Identity: @b.example\r\n' +
      'DKIM-Selector: s\r\nDKIM-Selector-DNS: "k=rsa; p=\\"A\\""\r\nDKIM-ADSP-DNS: "dkim=all"\r\n' +
      'DKIM-Canonicalized-Header: QUJD\r\n REVG\r\nDKIM-Canonicalized-Body: QQ==\r\n' +
      'SPF-DNS: txt : b.example : "v=spf1 -all"\r\nSPF-DNS: spf:c.example:"v=spf1"\r\nX-Foo: bar\r\n',
  )
  expect(read).toEqual({
    feedbackType: 'auth-failure',
    userAgent: 'A/1 (b)',
    version: 1,
    envelopeId: 'e',
    mailFrom: '',
    rcptTo: ['a@b.example', 'c@d.example'],
    arrivalDate: new Date('1997-11-21T15:55:06Z'),
    reportingMta: { type: 'dns', name: 'mx.example' },
    sourceIp: '2001:db8::1',
    sourcePort: 1024,
    incidents: 3,
    authenticationResults: ['mx.example; dkim=fail'],
    reportedDomains: ['b.example'],
    reportedUris: ['http://b.example/(x)'],
    authFailure: 'signature',
    deliveryResult: 'reject',
    identityAlignment: ['dkim', 'spf'],
    dkimDomain: 'b.example',
    dkimIdentity: '@b.example',
    dkimSelector: 's',
    dkimSelectorDns: 'k=rsa; p="A"',
    dkimAdspDns: 'dkim=all',
    dkimCanonicalizedHeader: 'QUJDREVG',
    dkimCanonicalizedBody: 'QQ==',
    spfDns: [
      { type: 'txt', domain: 'b.example', record: 'v=spf1 -all' },
      { type: 'spf', domain: 'c.example', record: 'v=spf1' },
    ],
    extensions: [{ name: 'X-Foo', value: 'bar' }],
  })
  expect(defects).toEqual([])
})

describe('readFeedbackReport: in doubt', () => {
  const DATE = 'Fri, 21 Nov 1997 09:55:06 -0600'
  test.each([
    ['nothing', '', ['missing-field Feedback-Type', 'missing-field User-Agent', 'missing-field Version']],
    ['an older name of the date', `${FIELDS}Received-Date: ${DATE}\r\n`, []],
    [
      'both names of the date',
      `${FIELDS}Received-Date: ${DATE}\r\nArrival-Date: ${DATE}\r\n`,
      [`duplicate-field ${DATE}`],
    ],
    ['a version twice', `${FIELDS}Version: 2\r\n`, ['duplicate-field 2']],
    ['a version that is no number', FIELDS.replace('1\r', 'one\r'), ['bad-number']],
    ['an older version', FIELDS.replace('1\r\n', '0.1\r\n').replace('Loop/0.1', 'Loop/1.0'), ['bad-number']],
    ['a port over 65535', `${FIELDS}Source-Port: 65536\r\n`, ['bad-number']],
    ['an address that is none', `${FIELDS}Source-IP: 192.0.2.256\r\n`, ['bad-value']],
    ['an address with a comment', `${FIELDS}Source-IP: 192.0.2.1 (mx.example)\r\n`, []],
    ['an address in brackets', `${FIELDS}Source-IP: [192.0.2.1]\r\n`, []],
    ['an IPv6 address as it is', `${FIELDS}Source-IP: 2001:db8::1\r\n`, []],
    ['a path without brackets', `${FIELDS}Original-Mail-From: a@b\r\n`, ['missing-brackets']],
    ['Base64 that is none', `${FIELDS}DKIM-Canonicalized-Body: QQ=\r\n`, ['bad-base64']],
    ['a record without quotes', `${FIELDS}DKIM-Selector-DNS: k=rsa\r\n`, ['unquoted-value']],
    ['an SPF record of another form', `${FIELDS}SPF-DNS: b.example\r\n`, ['bad-value']],
    ['no alignment', `${FIELDS}Identity-Alignment: None\r\n`, []],
    ['another alignment', `${FIELDS}Identity-Alignment: dkim, dkim\r\n`, ['bad-value']],
    [
      'a failed signature of nobody',
      `${FIELDS.replace('abuse', 'auth-failure')}Auth-Failure: revoked\r\nAuthentication-Results: a; b\r\nReported-Domain: c\r\n`,
      ['missing-field DKIM-Domain', 'missing-field DKIM-Identity', 'missing-field DKIM-Selector'],
    ],
    [
      'a failure without what it needs',
      FIELDS.replace('abuse', 'auth-failure'),
      ['missing-field Auth-Failure', 'missing-field Authentication-Results', 'missing-field Reported-Domain'],
    ],
  ])('readFeedbackReport: %s [rfc5965 3, rfc6591 3]', (_name, text, codes) => {
    expect(codesOf(text)).toEqual(codes)
  })
})

test('readFeedbackReport: the older name of the date, and Arrival-Date before it [rfc5965 3.2]', () => {
  const dateOf = (text: string) => readFeedbackReport(text).feedback.arrivalDate?.toISOString()
  const older = 'Received-Date: Fri, 21 Nov 1997 09:55:06 -0600\n'
  expect(dateOf(older)).toBe('1997-11-21T15:55:06.000Z')
  expect(dateOf(`${older}Arrival-Date: Sat, 22 Nov 1997 09:55:06 +0000\n`)).toBe('1997-11-22T09:55:06.000Z')
})

test('readFeedbackReport: an older version is a number too [rfc5965 3.1]', () => {
  expect(readFeedbackReport('Version: 0.1').feedback.version).toBe(0.1)
  expect(readFeedbackReport('Version: 1.x').feedback).not.toHaveProperty('version')
})

test('formatFeedbackReport: Base64 in lines, the null path, an IPv6 address as readers take it [rfc5965 3.5]', () => {
  const body = 'QUJD'.repeat(60)
  const text = formatFeedbackReport({ ...FAILURE, sourceIp: '2001:db8::1', mailFrom: '', dkimCanonicalizedBody: body })
  expect(text).toContain('\r\nSource-IP: 2001:db8::1\r\n')
  expect(text).toContain('\r\nOriginal-Mail-From: <>\r\n')
  expect(Math.max(...text.split('\r\n').map(({ length }) => length))).toBeLessThanOrEqual(78)
  expect(readFeedbackReport(text).feedback.dkimCanonicalizedBody).toBe(body)
})

describe('formatFeedbackReport: refuses', () => {
  test.each<[string, FeedbackInput]>([
    ['no type', { ...ABUSE, feedbackType: undefined as never }],
    ['no program', { ...ABUSE, userAgent: undefined as never }],
    ['no version', { ...ABUSE, version: undefined as never }],
    ['version 0', { ...ABUSE, version: 0 }],
    ['a type that is no token', { ...ABUSE, feedbackType: 'a b' }],
    ['a path in brackets', { ...ABUSE, mailFrom: '<a@b>' }],
    ['a path that is not US-ASCII', { ...ABUSE, mailFrom: 'δ@b' }],
    ['an address that is none', { ...ABUSE, sourceIp: 'x' }],
    ['a port that is none', { ...ABUSE, sourcePort: 65_536 }],
    ['a number of incidents that is none', { ...ABUSE, incidents: 1.5 }],
    ['a domain that is none', { ...ABUSE, reportedDomains: ['a b'] }],
    ['a URI that is none', { ...ABUSE, reportedUris: ['a b'] }],
    ['Base64 that is none', { ...ABUSE, dkimCanonicalizedHeader: 'QQ=' }],
    ['a result that is none', { ...ABUSE, deliveryResult: 'lost' }],
    ['a method twice', { ...ABUSE, identityAlignment: ['spf', 'spf'] }],
    ['an extension of a known name', { ...ABUSE, extensions: [{ name: 'Received-Date', value: 'x' }] }],
    ['a failure of no kind', { ...FAILURE, authFailure: undefined as never }],
    ['a failure without results', { ...FAILURE, authenticationResults: [] }],
    ['a failure with several results', { ...FAILURE, authenticationResults: ['a; b', 'c; d'] }],
    ['a failure without a domain', { ...FAILURE, reportedDomains: [] }],
    ['a failed signature of nobody', { ...FAILURE, dkimDomain: undefined as never }],
    ['a failure of SPF without records', { ...FAILURE, authFailure: 'spf' }],
    ['a failure of ADSP without its record', { ...FAILURE, authFailure: 'adsp' }],
    ['a failure of DMARC without alignment', { ...FAILURE, authFailure: 'dmarc' }],
  ])('formatFeedbackReport: %s [rfc5965 3, rfc6591 3, rfc9991 4]', (_name, report) => {
    expect(() => formatFeedbackReport(report)).toThrowError(expect.objectContaining({ code: 'MIME_BAD_REPORT' }))
  })
})

test('formatFeedbackReport: what is written is read as the same value [rfc5965, rfc6591]', () => {
  fc.assert(
    fc.property(feedback, (report) => {
      const { feedback: read, defects } = readFeedbackReport(formatFeedbackReport(report))
      expect(read).toEqual(report)
      expect(defects).toEqual([])
    }),
  )
})

test('readFeedbackReport: anything is read', () => {
  const word = fc.constantFrom(
    'SPF-DNS',
    'Source-IP',
    'DKIM-Selector-DNS',
    ':',
    '"',
    '\\',
    '(',
    ')',
    ' ',
    '\r\n',
    'txt',
    '::',
  )
  fc.assert(
    fc.property(
      fc.array(word).map((words) => words.join('')),
      (text) => {
        for (const { start, end } of readFeedbackReport(text).defects) {
          expect(start).toBeLessThanOrEqual(end)
          expect(end).toBeLessThanOrEqual(text.length)
        }
      },
    ),
  )
})
