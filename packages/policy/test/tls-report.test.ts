import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { failureOf } from '../../../test/failure.ts'
import {
  formatTlsReport,
  parseTlsReport,
  readTlsReport,
  TLS_RESULT_TYPES,
  type TlsReport,
  tlsReportFileName,
  tlsReportSubject,
} from '../src/index.ts'

const REPORT: TlsReport = {
  organizationName: 'Sender',
  start: '2026-01-01T00:00:00Z',
  end: '2026-01-01T23:59:59Z',
  contactInfo: 'tls@sender.example',
  reportId: '2026-01-01_example.com',
  policies: [
    {
      policyType: 'sts',
      policyString: ['version: STSv1', 'mode: testing'],
      policyDomain: 'example.com',
      mxHosts: ['*.example.com'],
      successfulSessions: 5,
      failedSessions: 3,
      failures: [
        { resultType: 'certificate-expired', failedSessions: 1, receivingIp: '192.0.2.1' },
        { resultType: 'validation-failure', failedSessions: 2, failureReasonCode: 'X509_V_ERR' },
      ],
    },
  ],
}

interface Json {
  [name: string]: Json | Json[] | string | string[] | number | null
}
const written = (change: (json: Json) => void): string => {
  const json = JSON.parse(formatTlsReport(REPORT))
  change(json)
  return JSON.stringify(json)
}
const policyOf = (json: Json): Json => (json.policies as Json[])[0] as Json

describe('readTlsReport', () => {
  test.each<[string, (json: Json) => void, object[], string]>([
    ['nothing wrong', () => undefined, [], '4.4'],
    [
      'no date range',
      (json) => {
        delete json['date-range']
      },
      [{ code: 'missing', path: 'date-range' }],
      '4.4',
    ],
    [
      'a number for a name',
      (json) => {
        json['organization-name'] = 1
      },
      [{ code: 'wrong-type', path: 'organization-name' }],
      '4.4',
    ],
    [
      'a date without a time',
      (json) => {
        ;(json['date-range'] as Json)['end-datetime'] = '2026-01-01'
      },
      [{ code: 'bad-date', path: 'date-range.end-datetime' }],
      '4.4',
    ],
    [
      'a day that does not exist',
      (json) => {
        ;(json['date-range'] as Json)['end-datetime'] = '2026-02-29T00:00:00Z'
      },
      [{ code: 'bad-date', path: 'date-range.end-datetime' }],
      '4.4',
    ],
    [
      'a policy type that is not known',
      (json) => {
        ;(policyOf(json).policy as Json)['policy-type'] = 'other'
      },
      [{ code: 'unknown-policy-type', path: 'policies[0].policy.policy-type' }],
      '4.4',
    ],
    [
      'no domain',
      (json) => {
        delete (policyOf(json).policy as Json)['policy-domain']
      },
      [{ code: 'missing', path: 'policies[0].policy.policy-domain' }],
      '4.4',
    ],
    [
      'a negative count',
      (json) => {
        ;(policyOf(json).summary as Json)['total-successful-session-count'] = -1
      },
      [{ code: 'bad-count', path: 'policies[0].summary.total-successful-session-count' }],
      '4.4',
    ],
    [
      'failures that do not add up',
      (json) => {
        ;(policyOf(json).summary as Json)['total-failure-session-count'] = 2
      },
      [{ code: 'count-mismatch', path: 'policies[0]' }],
      '4.4',
    ],
    [
      'a result type by the name of a built-in',
      (json) => {
        ;(policyOf(json)['failure-details'] as Json[])[0]!['result-type'] = 'constructor'
      },
      [{ code: 'unknown-result-type', path: 'policies[0].failure-details[0].result-type' }],
      '4.3',
    ],
    [
      'a member that is not known',
      (json) => {
        policyOf(json).x = 1
      },
      [{ code: 'unknown-member', path: 'policies[0].x' }],
      '4.4',
    ],
    [
      'policies that are no list',
      (json) => {
        json.policies = 'x'
      },
      [{ code: 'wrong-type', path: 'policies' }],
      '4.4',
    ],
  ])('tells of %s [rfc8460 $3]', (_, change, defects) => {
    expect(readTlsReport(written(change)).defects).toEqual(defects)
  })

  test('a single text is taken for a list of one', () => {
    const text = written((json) => {
      ;(policyOf(json).policy as Json)['mx-host'] = 'mx.example.com'
    })
    expect(readTlsReport(text)).toMatchObject({ report: { policies: [{ mxHosts: ['mx.example.com'] }] }, defects: [] })
  })

  test.each([
    ['nothing', '', 'not-json'],
    ['half a report', '{"report-id":', 'not-json'],
    ['a deep list', '['.repeat(100_000), 'too-deep'],
    ['deep objects', '{"a":'.repeat(100_000), 'too-deep'],
    ['brackets behind a quoted quote', `["\\"", ${'['.repeat(40)}`, 'too-deep'],
    ['null', 'null', 'wrong-type'],
    ['a list', '[]', 'wrong-type'],
  ])('reads nothing from %s', (_, text, code) => {
    expect(readTlsReport(text).defects).toEqual([{ code, path: '' }])
  })

  test('brackets in a text are no depth', () => {
    const text = written((json) => {
      json['contact-info'] = `\\"${'['.repeat(100)}`
    })
    expect(readTlsReport(text).defects).toEqual([])
  })

  test('limits hold and are told', () => {
    const text = formatTlsReport(REPORT)
    expect(readTlsReport(text, { maxLength: text.length - 1 }).defects).toEqual([{ code: 'too-large', path: '' }])
    const few = readTlsReport(text, { maxEntries: 4 })
    expect(few.defects).toEqual([{ code: 'too-many', path: 'policies[0].failure-details' }])
    expect(few.report.policies[0]?.failures).toEqual([])
    const short = readTlsReport(text, { maxText: 20 })
    expect(short.defects[0]).toEqual({ code: 'text-too-long', path: 'report-id' })
    expect(short.report.reportId).toBe('2026-01-01_example.c')
    const hostile = `{"policies":[${Array(5000).fill('1').join()}]}`
    expect(readTlsReport(hostile).defects).toHaveLength(1000)
  })

  test('any JSON is read, and what parses is written as it was', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
        expect(readTlsReport(text).defects.length).toBeGreaterThan(0)
        expect(failureOf(() => parseTlsReport(text))).toMatch(/^POLICY_/)
      }),
    )
  })
})

describe('formatTlsReport', () => {
  test('what it writes is read as the same', () => {
    const text = fc.string({ minLength: 1, maxLength: 30 })
    const failure = fc.record(
      {
        resultType: fc.constantFrom(...Object.keys(TLS_RESULT_TYPES)),
        failedSessions: fc.nat(1000),
        sendingMtaIp: text,
        receivingMxHostname: text,
        receivingMxHelo: text,
        receivingIp: text,
        additionalInformation: text,
        failureReasonCode: text,
      },
      { requiredKeys: ['resultType', 'failedSessions'] },
    )
    const policy = fc.record({
      policyType: fc.constantFrom('sts', 'tlsa', 'no-policy-found'),
      policyString: fc.array(text, { maxLength: 3 }),
      policyDomain: text,
      mxHosts: fc.array(text, { maxLength: 3 }),
      successfulSessions: fc.nat(),
      failedSessions: fc.integer({ min: 3000, max: 9000 }),
      failures: fc.array(failure, { maxLength: 3 }),
    })
    const report = fc.record({
      organizationName: text,
      start: fc.constant(REPORT.start),
      end: fc.constant('2026-01-02T00:59:60.5+01:00'),
      contactInfo: text,
      reportId: text,
      policies: fc.array(policy, { maxLength: 3 }),
    })
    fc.assert(
      fc.property(report, (value) => {
        expect(parseTlsReport(formatTlsReport(value))).toEqual(value)
      }),
    )
  })

  const policy = REPORT.policies[0]!
  test.each<[string, Partial<TlsReport>, string]>([
    ['no name', { organizationName: '' }, 'POLICY_MISSING_FIELD'],
    ['no id', { reportId: '' }, 'POLICY_MISSING_FIELD'],
    ['a bad date', { start: '2026-01-01' }, 'POLICY_BAD_FIELD'],
    ['no domain', { policies: [{ ...policy, policyDomain: '' }] }, 'POLICY_MISSING_FIELD'],
    ['another policy type', { policies: [{ ...policy, policyType: 'x' }] }, 'POLICY_BAD_FIELD'],
    ['half a session', { policies: [{ ...policy, successfulSessions: 0.5 }] }, 'POLICY_BAD_FIELD'],
    ['a sum too small', { policies: [{ ...policy, failedSessions: 2 }] }, 'POLICY_BAD_FIELD'],
    [
      'another result type',
      { policies: [{ ...policy, failures: [{ resultType: 'x', failedSessions: 1 }] }] },
      'POLICY_BAD_FIELD',
    ],
    ['too long a text', { contactInfo: 'x'.repeat(5000) }, 'POLICY_TOO_LARGE'],
  ])('refuses %s [rfc8460 4.4]', (_, change, code) => {
    expect(failureOf(() => formatTlsReport({ ...REPORT, ...change }))).toBe(code)
  })
})

const names = { submitter: 'mail.sender.example', domain: 'example.com' }

test('tlsReportFileName: is made of names and times [rfc8460 5.1]', () => {
  const file = { ...names, start: 1470013207, end: 1470186007 }
  expect(tlsReportFileName({ ...file, uniqueId: 'a1', gzip: false })).toBe(
    'mail.sender.example!example.com!1470013207!1470186007!a1.json',
  )
  expect(failureOf(() => tlsReportFileName({ ...file, uniqueId: '../a' }))).toBe('POLICY_BAD_FIELD')
  expect(failureOf(() => tlsReportFileName({ ...file, start: 1.5 }))).toBe('POLICY_BAD_FIELD')
  expect(failureOf(() => tlsReportFileName({ ...file, domain: 'a/b' }))).toBe('DNS_BAD_NAME')
})

test('tlsReportSubject: takes nothing that could begin another field [rfc8460 5.3]', () => {
  for (const reportId of ['a@b\r\nBcc: c@d', '<a@b>', 'a', 'a b@c', 'a@b@c', '@b']) {
    expect(failureOf(() => tlsReportSubject(names, { reportId }))).toBe('POLICY_BAD_FIELD')
  }
  expect(failureOf(() => tlsReportSubject({ ...names, domain: 'a\r\nb' }, { reportId: 'a@b' }))).toBe('DNS_BAD_NAME')
})
