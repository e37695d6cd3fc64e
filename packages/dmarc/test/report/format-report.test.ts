import { decodeUtf8, encodeUtf8 } from '@posthorn/core'
import {
  type AggregateRecord,
  type AggregateReport,
  encodeAggregateReport,
  formatAggregateReport,
  parseAggregateReport,
  readAggregateReport,
} from '@posthorn/dmarc/report'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { failureOf } from '../../../../test/failure.ts'
import { aggregateReport } from './values.ts'

const RECORD: AggregateRecord = {
  sourceIp: '192.0.2.1',
  count: 1,
  disposition: 'none',
  dkim: 'pass',
  spf: 'fail',
  reasons: [],
  headerFrom: 'example.com',
  dkimResults: [],
  spfResults: [],
  extensions: [],
}
const REPORT: AggregateReport = {
  organizationName: 'Receiver',
  email: 'd@mx.example',
  reportId: '1',
  begin: 0,
  end: 86_399,
  errors: [],
  policy: { domain: 'example.com', p: 'none' },
  records: [RECORD],
  extensions: [],
}
const withRecord = (change: Partial<AggregateRecord>): AggregateReport => ({
  ...REPORT,
  records: [RECORD, { ...RECORD, ...change }],
})

test('formatAggregateReport: all elements in the order of the schema [rfc9990 A]', () => {
  const report: AggregateReport = {
    ...REPORT,
    extraContactInfo: { text: 'https://mx.example/?a&b', lang: 'de' },
    errors: [{ text: 'two records' }],
    generator: 'Posthorn',
    policy: {
      domain: 'example.com',
      p: 'reject',
      sp: 'none',
      np: 'reject',
      adkim: 's',
      aspf: 'r',
      discoveryMethod: 'treewalk',
      fo: '1',
      testing: 'y',
    },
    records: [
      {
        ...RECORD,
        reasons: [{ type: 'other', comment: { text: 'a < b' } }],
        envelopeFrom: '',
        envelopeTo: 'mx.example',
        dkimResults: [{ domain: 'example.com', selector: 's', result: 'pass', humanResult: { text: 'ok' } }],
        spfResults: [{ domain: 'example.net', scope: 'mfrom', result: 'none' }],
        extensions: [
          { name: 'x', namespace: 'urn:x', attributes: [{ name: 'a', value: '"' }], text: 't', children: [] },
        ],
      },
    ],
    extensions: [{ name: 'y', namespace: 'urn:y', attributes: [], text: '', children: [] }],
  }
  const lines = formatAggregateReport(report).trim().split('\n')
  expect(lines.map((line) => line.trim())).toEqual([
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<feedback xmlns="urn:ietf:params:xml:ns:dmarc-2.0">',
    '<version>1.0</version>',
    '<report_metadata>',
    '<org_name>Receiver</org_name>',
    '<email>d@mx.example</email>',
    '<extra_contact_info lang="de">https://mx.example/?a&amp;b</extra_contact_info>',
    '<report_id>1</report_id>',
    '<date_range>',
    '<begin>0</begin>',
    '<end>86399</end>',
    '</date_range>',
    '<error>two records</error>',
    '<generator>Posthorn</generator>',
    '</report_metadata>',
    '<policy_published>',
    '<domain>example.com</domain>',
    '<p>reject</p>',
    '<sp>none</sp>',
    '<np>reject</np>',
    '<adkim>s</adkim>',
    '<aspf>r</aspf>',
    '<discovery_method>treewalk</discovery_method>',
    '<fo>1</fo>',
    '<testing>y</testing>',
    '</policy_published>',
    '<extension>',
    '<y xmlns="urn:y"></y>',
    '</extension>',
    '<record>',
    '<row>',
    '<source_ip>192.0.2.1</source_ip>',
    '<count>1</count>',
    '<policy_evaluated>',
    '<disposition>none</disposition>',
    '<dkim>pass</dkim>',
    '<spf>fail</spf>',
    '<reason>',
    '<type>other</type>',
    '<comment>a &lt; b</comment>',
    '</reason>',
    '</policy_evaluated>',
    '</row>',
    '<identifiers>',
    '<header_from>example.com</header_from>',
    '<envelope_from></envelope_from>',
    '<envelope_to>mx.example</envelope_to>',
    '</identifiers>',
    '<auth_results>',
    '<dkim>',
    '<domain>example.com</domain>',
    '<selector>s</selector>',
    '<result>pass</result>',
    '<human_result>ok</human_result>',
    '</dkim>',
    '<spf>',
    '<domain>example.net</domain>',
    '<scope>mfrom</scope>',
    '<result>none</result>',
    '</spf>',
    '</auth_results>',
    '<x xmlns="urn:x" a="&quot;">t</x>',
    '</record>',
    '</feedback>',
  ])
})

describe('formatAggregateReport: what a receiver would refuse [rfc9990 A]', () => {
  const element = { name: 'x', namespace: 'urn:x', attributes: [], text: '', children: [] }
  const extended = (change: object) => ({ ...REPORT, extensions: [{ ...element, ...change }] })
  test.each<[string, AggregateReport]>([
    ['no record', { ...REPORT, records: [] }],
    ['no organization', { ...REPORT, organizationName: '' }],
    ['no address', { ...REPORT, email: '' }],
    ['no identifier', { ...REPORT, reportId: '' }],
    ['half a second', { ...REPORT, begin: 0.5 }],
    ['before 1970', { ...REPORT, begin: -1 }],
    ['ends before it begins', { ...REPORT, begin: 5, end: 4 }],
    ['two errors', { ...REPORT, errors: [{ text: 'a' }, { text: 'b' }] }],
    ['no domain', { ...REPORT, policy: { domain: '', p: 'none' } }],
    ['a domain that is none', { ...REPORT, policy: { domain: 'a b', p: 'none' } }],
    ['no policy', { ...REPORT, policy: { domain: 'example.com' } }],
    ['pct', { ...REPORT, policy: { domain: 'example.com', p: 'none', pct: 50 } }],
    ['no IP address', withRecord({ sourceIp: '192.0.2' })],
    ['a zone', withRecord({ sourceIp: 'fe80::1%eth0' })],
    ['no message', withRecord({ count: 0 })],
    ['half a message', withRecord({ count: 1.5 })],
    ['no author domain', withRecord({ headerFrom: '' })],
    ['a reason of old', withRecord({ reasons: [{ type: 'sampled_out' }] })],
    ['a reason of no type', withRecord({ reasons: [{}] })],
    ['a signature without selector', withRecord({ dkimResults: [{ domain: 'a.example', result: 'pass' }] })],
    ['a signature without result', withRecord({ dkimResults: [{ domain: 'a.example', selector: 's' }] })],
    ['SPF without domain', withRecord({ spfResults: [{ domain: '', result: 'pass' }] })],
    ['SPF of HELO', withRecord({ spfResults: [{ domain: 'a.example', scope: 'helo', result: 'pass' }] })],
    [
      'SPF twice',
      withRecord({
        spfResults: [
          { domain: 'a.example', result: 'pass' },
          { domain: 'b.example', result: 'pass' },
        ],
      }),
    ],
    [
      'an extension in no namespace',
      { ...REPORT, extensions: [{ name: 'x', attributes: [], text: '', children: [] }] },
    ],
    ['an extension in ours', extended({ namespace: 'urn:ietf:params:xml:ns:dmarc-2.0' })],
    ['a name that is markup', extended({ name: 'x><y' })],
    ['a name with a prefix', extended({ name: 'a:x' })],
    ['an attribute that declares', extended({ attributes: [{ name: 'xmlns', value: 'urn:y' }] })],
    ['an attribute that is markup', extended({ attributes: [{ name: 'a="" b', value: '' }] })],
    [
      'an attribute twice',
      extended({
        attributes: [
          { name: 'a', value: '' },
          { name: 'a', value: '' },
        ],
      }),
    ],
    ['text beside elements', extended({ text: 't', children: [element] })],
  ])('%s', (_, report) => {
    expect(failureOf(() => formatAggregateReport(report))).toBe('DMARC_REPORT_BAD_VALUE')
  })
})

test('formatAggregateReport: characters that no XML can hold are replaced [xml 2.2]', () => {
  const record = { envelopeFrom: 'a\0b\u001b\ud800c\uffffd', envelopeTo: ']]>&<' }
  const { records } = parseAggregateReport(formatAggregateReport(withRecord(record)))
  expect(records[1]).toMatchObject({ envelopeFrom: 'a\ufffdb\ufffd\ufffdc\ufffdd', envelopeTo: ']]>&<' })
})

test('encodeAggregateReport: gzip that says nothing of the time or machine [rfc9990 3.5.2]', () => {
  const octets = encodeAggregateReport(REPORT)
  expect([...octets.subarray(0, 8)]).toEqual([0x1f, 0x8b, 8, 0, 0, 0, 0, 0])
  expect(encodeAggregateReport(REPORT)).toEqual(octets)
  expect(readAggregateReport(octets).packing).toBe('gzip')
  expect(decodeUtf8(encodeAggregateReport(REPORT, { gzip: false }))).toBe(formatAggregateReport(REPORT))
})

test('formatAggregateReport and parseAggregateReport invert each other [rfc9990 3.1.1]', () => {
  fc.assert(
    fc.property(aggregateReport, fc.boolean(), (report, gzip) => {
      const { defects, form, ...read } = readAggregateReport(encodeAggregateReport(report, { gzip }))
      expect(defects).toEqual([])
      expect(form).toBe('rfc9990')
      expect(read.report).toEqual(report)
    }),
  )
})

test('formatAggregateReport: whatever the texts are, what is written is a report', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const report = withRecord({ envelopeFrom: text, reasons: [{ type: 'other', comment: { text, lang: text } }] })
      const { records } = readAggregateReport(encodeUtf8(formatAggregateReport(report))).report
      expect(records.length).toBe(2)
      expect(records[1]!.reasons[0]!.type).toBe('other')
    }),
  )
})
