import { describe, expect, test } from 'vitest'
import { failureOf } from '../../../test/failure.ts'
import { formatTlsReport, parseTlsReport, TlsReportCollector } from '../src/index.ts'

const FACTS = {
  organizationName: 'Sender',
  contactInfo: 'tls@sender.example',
  start: '2026-01-01T00:00:00Z',
  end: '2026-01-01T23:59:59Z',
  reportId: (domain: string) => `2026-01-01_${domain}`,
}
const NONE = { type: 'no-policy-found' } as const
const STS = { type: 'sts', text: ['version: STSv1', 'mode: enforce'], mxHosts: ['*.example.com'] } as const

describe('TlsReportCollector', () => {
  test('one report a domain, one part a policy, failures of a kind together [rfc8460 4.3]', () => {
    const collector = new TlsReportCollector()
    const failure = { resultType: 'certificate-expired', receivingMxHostname: 'mx.example.com' } as const
    collector.add({ domain: 'example.com', policy: NONE })
    collector.add({ domain: 'Example.com.', policy: STS })
    collector.add({ domain: 'example.com', policy: { ...STS }, failure })
    collector.add({ domain: 'example.com', policy: STS, failure: { ...failure } })
    collector.add({ domain: 'example.com', policy: STS, failure: { ...failure, receivingMxHostname: 'b.example.com' } })
    collector.add({ domain: 'example.net', policy: { type: 'tlsa', domain: 'mx.example.net', text: ['3 1 1 00'] } })
    const reports = collector.reports(FACTS)
    expect(reports.map(({ domain, report }) => [domain, report.reportId])).toEqual([
      ['example.com', '2026-01-01_example.com'],
      ['example.net', '2026-01-01_example.net'],
    ])
    const [none, sts] = reports[0]!.report.policies
    expect(none).toMatchObject({
      policyType: 'no-policy-found',
      successfulSessions: 1,
      failedSessions: 0,
      failures: [],
    })
    expect(sts).toMatchObject({
      policyType: 'sts',
      policyDomain: 'example.com',
      policyString: STS.text,
      mxHosts: STS.mxHosts,
      successfulSessions: 1,
      failedSessions: 3,
    })
    expect(sts!.failures.map(({ failedSessions }) => failedSessions)).toEqual([2, 1])
    expect(reports[1]!.report.policies).toMatchObject([{ policyType: 'tlsa', policyDomain: 'mx.example.net' }])
    for (const { report } of reports) expect(parseTlsReport(formatTlsReport(report))).toEqual(report)
  })

  test('what has no room is dropped, and what is known is still counted', () => {
    const collector = new TlsReportCollector({ maxEntries: 2 })
    const failure = { resultType: 'validation-failure' } as const
    expect(collector.add({ domain: 'example.com', policy: NONE, failure })).toBe(true)
    expect(collector.add({ domain: 'example.net', policy: NONE })).toBe(false)
    expect(collector.add({ domain: 'example.com', policy: NONE, failure: { resultType: 'tlsa-invalid' } })).toBe(false)
    expect(collector.add({ domain: 'example.com', policy: NONE, failure })).toBe(true)
    expect(collector.dropped).toBe(2)
    const [one, ...others] = collector.reports(FACTS)
    expect(others).toEqual([])
    expect(one!.report.policies[0]!.failures).toEqual([{ ...failure, failedSessions: 2 }])
    collector.clear()
    expect([collector.reports(FACTS), collector.dropped]).toEqual([[], 0])
    expect(collector.add({ domain: 'example.net', policy: NONE })).toBe(true)
  })

  test('what is no domain: DNS_BAD_NAME', () => {
    expect(failureOf(() => new TlsReportCollector().add({ domain: 'a b', policy: NONE }))).toBe('DNS_BAD_NAME')
  })
})
