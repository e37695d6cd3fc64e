import { gzipSync } from 'node:zlib'
import {
  type AggregateRecord,
  type AggregateReport,
  aggregateReportMessage,
  formatAggregateReport,
  parseAggregateReportFileName,
  readAggregateReport,
  readAggregateReportSubject,
} from '@posthorn/dmarc/report'
import { compose } from '@posthorn/mime'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { aggregateReport } from '../../packages/dmarc/test/report/values.ts'
import {
  type MailDmarcRecord,
  type PythonElement,
  readWithMailDmarc,
  readWithPython,
  validate,
} from './lib/report-readers.ts'

// What others make of the reports that we write, and we of theirs.
const COUNT = 100
const SAMPLE = { numRuns: COUNT, seed: 20_262 }
const CONTEXT = {
  now: new Date(),
  random: (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length)),
}
const reports: readonly AggregateReport[] = fc.sample(aggregateReport, SAMPLE)
// Identifiers that a subject takes.
const named = reports.map((report, index) => ({ ...report, reportId: `r${index}` }))

const ROUTE = { receiver: 'mx.example', from: 'dmarc@mx.example', to: 'd@example.com' }
const messageOf = (report: AggregateReport, gzip: boolean): Uint8Array =>
  aggregateReportMessage({ report, ...ROUTE, gzip }, CONTEXT).bytes()

const child = (element: PythonElement | undefined, name: string): PythonElement | undefined =>
  element?.[3].find((one) => one[0] === name)
const textAt = (element: PythonElement | undefined, ...names: readonly string[]): string | undefined =>
  names.reduce((one, name) => child(one, name), element)?.[2] ?? undefined
const withLanguage = (element: PythonElement | undefined, name: string): unknown => {
  const found = child(element, name)
  if (!found) return undefined
  const { lang } = found[1]
  return lang === undefined ? { text: found[2] } : { text: found[2], lang }
}

// A record as Python has read it, in the shape of ours.
function recordOf(element: PythonElement): unknown {
  const [row, identifiers, results] = ['row', 'identifiers', 'auth_results'].map((name) => child(element, name))
  const evaluated = child(row, 'policy_evaluated')
  const all = (one: PythonElement | undefined, name: string) => one?.[3].filter(([own]) => own === name) ?? []
  return {
    sourceIp: textAt(row, 'source_ip'),
    count: Number(textAt(row, 'count')),
    disposition: textAt(evaluated, 'disposition'),
    dkim: textAt(evaluated, 'dkim'),
    spf: textAt(evaluated, 'spf'),
    reasons: all(evaluated, 'reason').map((one) => ({
      type: textAt(one, 'type'),
      comment: withLanguage(one, 'comment'),
    })),
    headerFrom: textAt(identifiers, 'header_from'),
    envelopeTo: textAt(identifiers, 'envelope_to'),
    dkimResults: all(results, 'dkim').map((one) => ({ ...resultOf(one), selector: textAt(one, 'selector') })),
    spfResults: all(results, 'spf').map((one) => ({ ...resultOf(one), scope: textAt(one, 'scope') })),
  }
}

const resultOf = (one: PythonElement) => ({
  domain: textAt(one, 'domain'),
  result: textAt(one, 'result'),
  humanResult: withLanguage(one, 'human_result'),
})

// Python has no text where it is empty, and extensions are compared by their names.
const comparable = ({ extensions: _, envelopeFrom: __, ...record }: AggregateRecord): unknown => record

test(`aggregateReportMessage: ${COUNT} mails as Python reads them [rfc9990 3.5.2]`, async () => {
  const found = await readWithPython(named.map((report, index) => messageOf(report, index % 2 === 0)))
  for (const [index, report] of named.entries()) {
    const { tree, ...facts } = found[index]!
    const isPacked = index % 2 === 0
    expect(facts).toMatchObject({
      type: isPacked ? 'application/gzip' : 'text/xml',
      namespace: 'urn:ietf:params:xml:ns:dmarc-2.0',
      defects: [],
    })
    expect(parseAggregateReportFileName(facts.filename)).toEqual({
      receiver: 'mx.example',
      domain: report.policy.domain,
      begin: report.begin,
      end: report.end,
      uniqueId: report.reportId,
      extension: isPacked ? 'xml.gz' : 'xml',
    })
    expect(readAggregateReportSubject(facts.subject)).toEqual({
      domain: report.policy.domain,
      submitter: 'mx.example',
      reportId: report.reportId,
    })
    expect(textAt(tree, 'report_metadata', 'org_name')).toBe(report.organizationName)
    expect(textAt(tree, 'policy_published', 'np')).toBe(report.policy.np)
    const records = tree[3].filter(([name]) => name === 'record')
    expect(records.map(recordOf)).toEqual(report.records.map(comparable))
    const extensions = records.map((one) => one[3].slice(3).map(([name, attributes]) => [name, attributes]))
    expect(extensions).toEqual(
      report.records.map((record) =>
        record.extensions.map(({ name, attributes }) => [
          name,
          Object.fromEntries(attributes.map((one) => [one.name, one.value])),
        ]),
      ),
    )
  }
})

test(`formatAggregateReport: ${COUNT} reports are valid by the schema, to xmllint [rfc9990 A]`, async () => {
  expect(await validate(reports.map(formatAggregateReport))).toBe('')
  const xml = formatAggregateReport(reports[0]!)
  expect(await validate([xml.replace('<version>1.0</version>', '<version>2.0</version>')])).toContain(
    'fails to validate',
  )
  expect(await validate([xml.replace('<row>', '<row><weight/>')])).toContain('fails to validate')
})

// Mail::DMARC 1.20211209 knows RFC 7489 alone: no namespace, and what came with RFC 9990 is not there for it.
const NAMESPACE = ' xmlns="urn:ietf:params:xml:ns:dmarc-2.0"'
const OLD_RESULTS = new Set(['none', 'pass', 'fail', 'softfail', 'neutral', 'temperror', 'permerror'])

function oldReport(report: AggregateReport): AggregateReport {
  const records = report.records.map((record) => ({
    ...record,
    disposition: record.disposition === 'pass' ? ('none' as const) : record.disposition!,
    reasons: record.reasons.map((one) => ({ ...one, type: 'other' as const, comment: { text: 'why' } })),
    envelopeFrom: 'example.com',
    envelopeTo: 'mx.example',
    dkimResults: record.dkimResults.filter(({ result }) => OLD_RESULTS.has(result!)),
    spfResults: record.spfResults.filter(({ result }) => OLD_RESULTS.has(result!)),
    extensions: [],
  }))
  return { ...report, records, policy: { domain: 'example.com', p: report.policy.p! }, extensions: [] }
}

function oldMessage(report: AggregateReport): Uint8Array {
  const xml = formatAggregateReport(report).replace(NAMESPACE, '')
  const attachment = {
    content: new Uint8Array(gzipSync(xml)),
    contentType: 'application/gzip',
    filename: 'mx.example!example.com!1!2.xml.gz',
  }
  const subject = `Report Domain: example.com Submitter: mx.example Report-ID: <${report.reportId}>`
  return compose({ from: ROUTE.from, to: ROUTE.to, subject, text: '', attachments: [attachment] }, CONTEXT).bytes()
}

const asMailDmarc = (record: AggregateRecord): Partial<MailDmarcRecord> => ({
  row: {
    source_ip: record.sourceIp,
    count: String(record.count),
    policy_evaluated: {
      disposition: record.disposition,
      dkim: record.dkim,
      spf: record.spf,
      reason: record.reasons.map(({ type, comment }) => ({ type, comment: comment!.text })),
    },
  },
  identifiers: { header_from: record.headerFrom, envelope_from: record.envelopeFrom!, envelope_to: record.envelopeTo! },
})

test(`formatAggregateReport: ${COUNT} reports as Mail::DMARC reads them, and as we read what it writes [rfc7489 C]`, async () => {
  const old = named.map(oldReport)
  const found = await readWithMailDmarc(old.map(oldMessage))
  for (const [index, report] of old.entries()) {
    const { kind, metadata, policy, records, xml } = found[index]!
    expect(kind).toBe('aggregate')
    expect(metadata).toMatchObject({
      org_name: report.organizationName,
      email: report.email,
      report_id: report.reportId,
      date_range: { begin: String(report.begin), end: String(report.end) },
    })
    expect(policy).toMatchObject({ domain: 'example.com', p: report.policy.p })
    expect(records!.map(({ row, identifiers }) => ({ row, identifiers }))).toEqual(report.records.map(asMailDmarc))
    const read = readAggregateReport(xml!)
    expect(read.form).toBe('rfc7489')
    expect(read.report).toMatchObject({
      organizationName: report.organizationName,
      begin: report.begin,
      end: report.end,
      policy: { domain: 'example.com', p: report.policy.p },
    })
    expect(read.report.records.map(({ sourceIp, count }) => [sourceIp, count])).toEqual(
      report.records.map(({ sourceIp, count }) => [sourceIp, count]),
    )
  }
})
