import { evaluateDmarc } from '@posthorn/dmarc'
import {
  AggregateCollector,
  type DkimReportResult,
  formatAggregateReport,
  parseAggregateReport,
  type ReportedMessageFacts,
} from '@posthorn/dmarc/report'
import { MemoryZone } from '@posthorn/dns'
import { describe, expect, test } from 'vitest'
import { failureOf } from '../../../../test/failure.ts'

const RUA = 'rua=mailto:d@example.com'
const zone = new MemoryZone()
  .add('_dmarc.example.com', 'TXT', `v=DMARC1; p=reject; sp=none; adkim=s; fo=1:d; ${RUA}`)
  .add('_dmarc.test.example', 'TXT', `v=DMARC1; p=reject; t=y; ${RUA}`)
  .add('_dmarc.none.example', 'TXT', `v=DMARC1; p=none; ${RUA}`)
  .add('_dmarc.quiet.example', 'TXT', 'v=DMARC1; p=reject')
  .add('_dmarc.odd.example', 'TXT', `v=DMARC1; p=reject; adkim=x; pct=5; ${RUA}`)

async function message(author: string, more: Partial<ReportedMessageFacts> = {}): Promise<ReportedMessageFacts> {
  const dkim = (more.dkim ?? []).map(({ domain, result = 'none' }) => ({ domain, result }))
  const spf = more.spf ? [{ identity: 'mailfrom' as const, domain: more.spf.domain, result: more.spf.result! }] : []
  const verdict = await evaluateDmarc({ authorDomains: [author], dkim, spf }, { resolver: zone })
  return { verdict, sourceIp: '192.0.2.1', ...more }
}

const FACTS = {
  organizationName: 'Receiver',
  email: 'd@mx.example',
  begin: 0,
  end: 86_399,
  reportId: (domain: string, index: number): string => `${index}.${domain}`,
}
const signature = (domain: string, result: 'pass' | 'fail'): DkimReportResult => ({ domain, selector: 's', result })

describe('AggregateCollector: messages that fared alike are one record [rfc9990 3.1]', () => {
  test('by all that is told of them', async () => {
    const collector = new AggregateCollector()
    const pass = { dkim: [signature('example.com', 'pass')] }
    for (const one of [
      await message('example.com', pass),
      await message('example.com', pass),
      await message('example.com'),
      await message('example.com', { ...pass, sourceIp: '2001:DB8::1' }),
      await message('example.com', { ...pass, envelopeFrom: '' }),
      await message('news.example.com', pass),
    ])
      expect(collector.add(one)).toBe(true)
    const [first, ...others] = collector.reports(FACTS)
    expect(others).toEqual([])
    const { report, record } = first!
    expect(record.rua.map(({ uri }) => uri)).toEqual(['mailto:d@example.com'])
    expect(
      report.records.map((one) => [
        one.count,
        one.sourceIp,
        one.headerFrom,
        one.disposition,
        one.dkim,
        one.envelopeFrom,
      ]),
    ).toEqual([
      [2, '192.0.2.1', 'example.com', 'pass', 'pass', undefined],
      [1, '192.0.2.1', 'example.com', 'reject', 'fail', undefined],
      [1, '2001:db8::1', 'example.com', 'pass', 'pass', undefined],
      [1, '192.0.2.1', 'example.com', 'pass', 'pass', ''],
      [1, '192.0.2.1', 'news.example.com', 'none', 'fail', undefined],
    ])
    expect(report.policy).toEqual({
      domain: 'example.com',
      p: 'reject',
      sp: 'none',
      adkim: 's',
      aspf: 'r',
      discoveryMethod: 'treewalk',
      fo: '1:d',
      testing: 'n',
    })
    expect(report.reportId).toBe('0.example.com')
    expect(parseAggregateReport(formatAggregateReport(report))).toEqual({ ...report, version: '1.0' })
  })

  test('one report for each policy', async () => {
    const collector = new AggregateCollector()
    for (const author of ['example.com', 'test.example', 'none.example']) collector.add(await message(author))
    expect(collector.reports(FACTS).map(({ report }) => report.reportId)).toEqual([
      '0.example.com',
      '1.test.example',
      '2.none.example',
    ])
    collector.clear()
    expect(collector.reports(FACTS)).toEqual([])
  })

  test('nothing where nobody asks for reports', async () => {
    const collector = new AggregateCollector()
    expect(collector.add(await message('quiet.example'))).toBe(false)
    expect(collector.add(await message('nothing.example'))).toBe(false)
    expect(collector.reports(FACTS)).toEqual([])
    const bad = await message('example.com', { sourceIp: 'mx.example' })
    expect(failureOf(() => collector.add(bad))).toBe('DMARC_REPORT_BAD_VALUE')
  })
})

describe('AggregateCollector: what was done, and why [rfc9990 3.1.6]', () => {
  test.each<[string, string, Partial<ReportedMessageFacts>, string, unknown]>([
    ['as asked', 'example.com', {}, 'reject', []],
    ['as the domain tests', 'test.example', {}, 'quarantine', [{ type: 'policy_test_mode' }]],
    ['something else', 'example.com', { disposition: 'quarantine' }, 'quarantine', [{ type: 'local_policy' }]],
    [
      'something else, for a reason',
      'example.com',
      { disposition: 'none', reasons: [{ type: 'mailing_list' }] },
      'none',
      [{ type: 'mailing_list' }],
    ],
    ['nothing asked', 'none.example', {}, 'none', []],
    ['passed where nothing is asked', 'none.example', { dkim: [signature('none.example', 'pass')] }, 'none', []],
  ])('%s', async (_, author, more, disposition, reasons) => {
    const collector = new AggregateCollector()
    collector.add(await message(author, more))
    const [record] = collector.reports(FACTS)[0]!.report.records
    expect(record).toMatchObject({ disposition, reasons })
  })

  test('what was wrong with the record [rfc9990 3.1.5]', async () => {
    const collector = new AggregateCollector()
    collector.add(await message('odd.example'))
    expect(collector.reports(FACTS)[0]!.report.errors).toEqual([{ text: 'DMARC record: bad-value in adkim' }])
  })
})

test('AggregateCollector: signatures in the order in which they count, and no more than 100 [rfc9990 3.1.3]', async () => {
  const collector = new AggregateCollector()
  const others = Array.from({ length: 200 }, (_, at) => signature(`d${at}.example`, 'fail'))
  const dkim = [
    ...others,
    signature('esp.example', 'pass'),
    signature('mail.none.example', 'pass'),
    signature('none.example', 'pass'),
  ]
  collector.add(await message('none.example', { dkim }))
  const [record] = collector.reports(FACTS)[0]!.report.records
  expect(record!.dkimResults.length).toBe(100)
  expect(record!.dkimResults.slice(0, 4).map(({ domain }) => domain)).toEqual([
    'none.example',
    'mail.none.example',
    'esp.example',
    'd0.example',
  ])
})

test('AggregateCollector: what would keep a report from being written is left out [rfc9990 A]', async () => {
  const collector = new AggregateCollector()
  const dkim: readonly DkimReportResult[] = [
    { domain: 'a.example', result: 'fail' },
    { domain: '', selector: 's', result: 'fail' },
    { domain: 'b.example', selector: 's' },
    signature('c.example', 'fail'),
  ]
  for (const spf of [
    { domain: '', result: 'none' },
    { domain: 'a.example', scope: 'helo', result: 'pass' },
  ] as const) {
    collector.add(await message('none.example', { dkim, spf }))
  }
  const [{ report }] = collector.reports(FACTS) as [ReturnType<AggregateCollector['reports']>[0]]
  expect(report.records.map(({ count, dkimResults, spfResults }) => [count, dkimResults, spfResults])).toEqual([
    [2, [signature('c.example', 'fail')], []],
  ])
  expect(parseAggregateReport(formatAggregateReport(report)).records.length).toBe(1)
})

test('AggregateCollector: what it keeps is bounded', async () => {
  const collector = new AggregateCollector({ maxRecords: 2 })
  const facts = { humanResult: { text: 'x'.repeat(9999) } }
  const from = (last: number) =>
    message('example.com', { sourceIp: `192.0.2.${last}`, spf: { domain: 'a.example', result: 'none', ...facts } })
  expect([await from(1), await from(2), await from(3), await from(1)].map((one) => collector.add(one))).toEqual([
    true,
    true,
    false,
    true,
  ])
  expect(collector.dropped).toBe(1)
  const [{ report }] = collector.reports(FACTS) as [ReturnType<AggregateCollector['reports']>[0]]
  expect(report.records.map(({ count }) => count)).toEqual([2, 1])
  expect(report.records[0]!.spfResults[0]!.humanResult!.text.length).toBe(255)
})
