import { concatBytes } from '@posthorn/core'
import { type AggregateReportDefectCode, parseAggregateReport, readAggregateReport } from '@posthorn/dmarc/report'
import fc from 'fast-check'
import { gzipSync, zipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import { failureOf } from '../../../../test/failure.ts'
import { newXml, oldXml, utf8 } from './values.ts'

type Change = readonly [string | RegExp, string]
const tell = (input: Uint8Array | string): string[] =>
  readAggregateReport(input).defects.map(({ code, path }) => `${code} ${path}`)

test('readAggregateReport: a report of RFC 7489 [rfc7489 C]', () => {
  expect(readAggregateReport(oldXml())).toEqual({
    report: {
      organizationName: 'Receiver',
      email: 'd@mx.example',
      reportId: 'r1',
      begin: 1_700_000_000,
      end: 1_700_086_399,
      errors: [],
      policy: { domain: 'example.com', p: 'none', sp: 'none', adkim: 'r', aspf: 's', pct: 100 },
      records: [
        {
          sourceIp: '192.0.2.1',
          count: 2,
          disposition: 'none',
          dkim: 'pass',
          spf: 'fail',
          reasons: [],
          headerFrom: 'example.com',
          dkimResults: [{ domain: 'example.com', selector: 's1', result: 'pass' }],
          spfResults: [{ domain: 'example.net', scope: 'mfrom', result: 'softfail' }],
          extensions: [],
        },
      ],
      extensions: [],
    },
    form: 'rfc7489',
    packing: 'xml',
    defects: [],
  })
})

describe('readAggregateReport: which standard a report goes by [rfc9990 3.1.1.1]', () => {
  test.each<[string, string, 'rfc7489' | 'rfc9990', string[]]>([
    ['no namespace', oldXml(), 'rfc7489', []],
    [
      'the namespace of old',
      oldXml([['<feedback>', '<feedback xmlns="http://dmarc.org/dmarc-xml/0.1">']]),
      'rfc7489',
      [],
    ],
    ['the namespace', newXml(), 'rfc9990', []],
    [
      'the namespace with a prefix',
      newXml()
        .replace(/<(\/?)(?=[a-z])/g, '<$1d:')
        .replace('xmlns=', 'xmlns:d='),
      'rfc9990',
      [],
    ],
    ['fields of RFC 9990 without it', oldXml([['<pct>100</pct>', '<np>none</np>']]), 'rfc9990', ['missing-namespace ']],
    ['another', oldXml([['<feedback>', '<feedback xmlns="urn:x">']]), 'rfc7489', ['unknown-namespace ']],
    [
      'pct in a new one',
      newXml([['<testing>n</testing>', '<pct>5</pct>']]),
      'rfc9990',
      ['retired-element policy_published.pct'],
    ],
  ])('%s', (_, xml, form, told) => {
    const read = readAggregateReport(xml)
    expect(read.form).toBe(form)
    expect(tell(xml)).toEqual(told)
    expect(read.report.records).toEqual(readAggregateReport(oldXml()).report.records)
  })
})

describe('readAggregateReport: what is wrong is told, and the rest read', () => {
  test.each<[AggregateReportDefectCode, Change, string, (xml: string) => unknown, unknown]>([
    ['wrong-case', ['<dkim>pass', '<dkim>Pass'], 'record[0].row.policy_evaluated.dkim', first('dkim'), 'pass'],
    ['bad-value', ['<dkim>pass', '<dkim>unused'], 'record[0].row.policy_evaluated.dkim', first('dkim'), undefined],
    ['empty', ['<dkim>pass', '<dkim>'], 'record[0].row.policy_evaluated.dkim', first('dkim'), undefined],
    ['missing', ['<dkim>pass</dkim>', ''], 'record[0].row.policy_evaluated.dkim', first('dkim'), undefined],
    ['bad-address', ['192.0.2.1', '192.0.2.256'], 'record[0].row.source_ip', first('sourceIp'), '192.0.2.256'],
    ['bad-address', ['192.0.2.1', '[::1]'], 'record[0].row.source_ip', first('sourceIp'), '[::1]'],
    ['bad-count', ['<count>2', '<count>-2'], 'record[0].row.count', first('count'), 0],
    ['bad-count', ['<count>2', '<count>2.5'], 'record[0].row.count', first('count'), 0],
    ['bad-count', ['<count>2', '<count>99999999999999999999'], 'record[0].row.count', first('count'), 0],
    ['missing', ['<count>2</count>', ''], 'record[0].row.count', first('count'), 0],
    ['old-word', ['softfail', 'unknown'], 'record[0].auth_results.spf[0].result', spfResult, 'temperror'],
    ['old-word', ['softfail', 'hardfail'], 'record[0].auth_results.spf[0].result', spfResult, 'fail'],
    [
      'empty',
      ['<spf>fail</spf>', '<spf>fail</spf><reason><type>other</type></reason><reason/>'],
      'record[0].row.policy_evaluated.reason[1]',
      first('reasons'),
      [{ type: 'other' }],
    ],
    [
      'repeated-element',
      ['<count>2</count>', '<count>2</count><count>3</count>'],
      'record[0].row.count',
      first('count'),
      2,
    ],
    [
      'misplaced-element',
      [
        /(<row>[\s\S]*<\/row>)\s*(<identifiers>.*<\/identifiers>)/,
        '<identifiers><header_from>a.example</header_from></identifiers><row><source_ip>::1</source_ip><count>1</count><policy_evaluated><disposition>none</disposition><dkim>fail</dkim><spf>fail</spf></policy_evaluated></row>',
      ],
      'record[0].row',
      first('headerFrom'),
      'a.example',
    ],
    ['unknown-element', ['<count>', '<weight/><count>'], 'record[0].row.weight', first('count'), 2],
    ['bad-date', ['1700000000', '2023-11-14T22:13:20Z'], 'report_metadata.date_range.begin', begin, 1_700_000_000],
    ['bad-date', ['1700000000', '1700000000.5'], 'report_metadata.date_range.begin', begin, 1_700_000_000],
    ['bad-date', ['1700000000', 'yesterday'], 'report_metadata.date_range.begin', begin, 0],
    ['bad-date', ['1700000000', '9999999999999'], 'report_metadata.date_range.begin', begin, 0],
    ['bad-date', ['1700000000', '1700086400'], 'report_metadata.date_range', begin, 1_700_086_400],
    ['missing', [/<date_range>.*<\/date_range>/, ''], 'report_metadata.date_range', begin, 0],
    ['missing', [/<report_metadata>[\s\S]*<\/report_metadata>/, ''], 'report_metadata', organization, ''],
    ['missing', [/<record>[\s\S]*<\/record>/, ''], 'record', (xml) => readAggregateReport(xml).report.records, []],
    [
      'unescaped-character',
      ['Receiver', 'A & B <a@b.example> 1 < 2 &nbsp;'],
      '',
      organization,
      'A & B <a@b.example> 1 < 2 &nbsp;',
    ],
    ['bad-character', ['Receiver', 'A\u0001B'], '', organization, 'A\ufffdB'],
    ['malformed-xml', ['Receiver', '&#0;'], 'report_metadata.org_name', organization, '&#0;'],
    ['malformed-xml', ['</org_name>', ''], 'report_metadata', organization, 'Receiver'],
    ['misplaced-element', ['</org_name>', ''], 'report_metadata.org_name.date_range', begin, 1_700_000_000],
    ['misplaced-element', ['</dkim>\n', ''], 'record[0].auth_results.dkim[0].spf', spfResult, 'softfail'],
    ['wrapped-report', ['<feedback>', '<r><feedback>'], '', organization, 'Receiver'],
    [
      'wrapped-report',
      ['<feedback>', '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><feedback>'],
      '',
      organization,
      'Receiver',
    ],
    [
      'wrapped-report',
      ['<report_metadata>', '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><report_metadata>'],
      '',
      organization,
      'Receiver',
    ],
    [
      'several-reports',
      ['</feedback>', '</feedback><feedback><report_metadata/></feedback>'],
      '',
      organization,
      'Receiver',
    ],
  ])('%s: %j', (code, change, path, of, value) => {
    const xml = oldXml([change])
    expect(tell(xml)).toContain(`${code} ${path}`)
    expect(of(xml)).toEqual(value)
  })

  test('only what is wrong', () => {
    expect(tell(oldXml([['<dkim>pass', '<dkim>Pass']]))).toEqual(['wrong-case record[0].row.policy_evaluated.dkim'])
    expect(tell(oldXml([['Receiver', '<![CDATA[A & B <c>]]>']]))).toEqual([])
    expect(tell(oldXml([['Receiver', 'A<!-- & < -->B']]))).toEqual([])
    expect(tell(oldXml([['Receiver', '<![CDATA[A\u0001]]>']]))).toEqual(['bad-character '])
    expect(readAggregateReport(oldXml([['softfail', 'unknown']])).defects).toEqual([
      { code: 'old-word', path: 'record[0].auth_results.spf[0].result', text: 'unknown' },
    ])
  })

  test('a record that is cut off is read as far as it goes', () => {
    const xml = oldXml().slice(0, oldXml().indexOf('<header_from>'))
    const { report, defects } = readAggregateReport(xml)
    expect(report.records.map(({ count, headerFrom }) => [count, headerFrom])).toEqual([[2, '']])
    expect(defects.map(({ code }) => code)).toContain('malformed-xml')
  })
})

function first(key: 'count' | 'dkim' | 'headerFrom' | 'reasons' | 'sourceIp'): (xml: string) => unknown {
  return (xml) => readAggregateReport(xml).report.records[0]![key]
}

function spfResult(xml: string): unknown {
  return readAggregateReport(xml).report.records[0]!.spfResults[0]!.result
}

function begin(xml: string): unknown {
  return readAggregateReport(xml).report.begin
}

function organization(xml: string): unknown {
  return readAggregateReport(xml).report.organizationName
}

describe('readAggregateReport: what RFC 9990 took away is told of new reports alone [rfc9990 3.1.1]', () => {
  test.each<[Change, string]>([
    [['<scope>mfrom', '<scope>helo'], 'retired-value record[0].auth_results.spf[0].scope'],
    [
      ['<spf>fail</spf>', '<spf>fail</spf><reason><type>sampled_out</type></reason>'],
      'retired-value record[0].row.policy_evaluated.reason[0].type',
    ],
    [['<selector>s1</selector>', ''], 'missing record[0].auth_results.dkim[0].selector'],
    [
      ['</spf>\n    </auth', '</spf><spf><domain>a.example</domain><result>none</result></spf>\n    </auth'],
      'repeated-element record[0].auth_results.spf[1]',
    ],
  ])('%j', (change, told) => {
    expect(tell(oldXml([change]))).toEqual([])
    expect(tell(newXml([change]))).toEqual([told])
  })
})

test('readAggregateReport: languages and extensions are kept [rfc9990 5]', () => {
  const { report, defects } = readAggregateReport(
    newXml([
      ['</email>', '</email><extra_contact_info lang="de">Fragen</extra_contact_info>'],
      ['</policy_published>', '</policy_published><extension><e:a xmlns:e="urn:e" x="1">t<e:b/></e:a></extension>'],
      ['</record>', '<arc xmlns="urn:arc">fail</arc></record>'],
    ]),
  )
  expect(defects).toEqual([])
  expect(report.extraContactInfo).toEqual({ text: 'Fragen', lang: 'de' })
  const b = { name: 'b', namespace: 'urn:e', attributes: [], text: '', children: [] }
  expect(report.extensions).toEqual([
    { name: 'a', namespace: 'urn:e', attributes: [{ name: 'x', value: '1' }], text: 't', children: [b] },
  ])
  expect(report.records[0]!.extensions).toEqual([
    { name: 'arc', namespace: 'urn:arc', attributes: [], text: 'fail', children: [] },
  ])
})

describe('readAggregateReport: what it is packed in is told by its octets alone', () => {
  const xml = utf8(oldXml())
  const gzip = gzipSync(xml)
  const zip = zipSync({ 'a.xml': xml })
  const stored = zipSync({ 'a.xml': [xml, { level: 0 }] })
  test.each<[string, Uint8Array, string, string[]]>([
    ['XML', xml, 'xml', []],
    ['XML behind a mark and blanks', concatBytes([new Uint8Array([0xef, 0xbb, 0xbf]), xml]), 'xml', []],
    ['gzip', gzip, 'gzip', []],
    ['gzip in two members', concatBytes([gzipSync(xml.subarray(0, 99)), gzipSync(xml.subarray(99))]), 'gzip', []],
    ['gzip with more behind it', concatBytes([gzip, utf8('more')]), 'gzip', ['damaged-archive ']],
    ['zip', zip, 'zip', []],
    ['zip, stored', stored, 'zip', []],
    ['zip with a comment', withComment(zip), 'zip', []],
    [
      'zip with a folder',
      zipSync({ 'x/': new Uint8Array(0), '__MACOSX/a.xml': utf8('no'), 'x/a.xml': xml }),
      'zip',
      [],
    ],
    ['zip with two files', zipSync({ 'readme.txt': utf8('no'), 'a.XML': xml }), 'zip', ['several-files ']],
    ['zip with a path', zipSync({ '../../etc/passwd': xml }), 'zip', []],
    ['zip without its directory', zip.subarray(0, zip.length - 60), 'zip', ['damaged-archive ']],
    ['zip of gzip', zipSync({ 'a.xml.gz': gzip }), 'zip', ['nested-archive ']],
    ['gzip of gzip', gzipSync(gzip), 'gzip', ['nested-archive ']],
  ])('%s', (_, octets, packing, told) => {
    const read = readAggregateReport(octets)
    expect(read.packing).toBe(packing)
    expect(tell(octets)).toEqual(told)
    expect(read.report).toEqual(readAggregateReport(oldXml()).report)
  })

  test('gzip that is cut off is read as far as it goes', () => {
    // What cannot be compressed, so that most of it is there.
    const noise = Array.from({ length: 300 }, (_, at) => `<record><row><count>${at}</count></row></record>`).join('')
    const octets = gzipSync(utf8(oldXml([['</feedback>', `${noise}</feedback>`]])))
    const { report, defects } = readAggregateReport(octets.subarray(0, octets.length - 100))
    expect(defects[0]).toEqual({ code: 'damaged-archive', path: '', text: 'gzip' })
    expect(report.records.length).toBeGreaterThan(1)
  })
})

function withComment(zip: Uint8Array): Uint8Array {
  const octets = concatBytes([zip, utf8('made by hand')])
  octets[zip.length - 2] = 12
  return octets
}

describe('readAggregateReport: charsets [xml 4.3.3]', () => {
  const utf16 = (text: string): Uint8Array =>
    concatBytes([...`\ufeff${text}`].map((one) => new Uint8Array([one.charCodeAt(0) & 255, one.charCodeAt(0) >> 8])))
  const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (one) => one.charCodeAt(0))
  const named = oldXml([['Receiver', 'Empfänger']])
  test.each<[string, Uint8Array, string, string[]]>([
    ['UTF-8', utf8(named), 'Empfänger', []],
    ['UTF-16', utf16(named), 'Empfänger', []],
    ['UTF-16 without a mark', utf16(named).subarray(2), 'Empfänger', []],
    ['ISO-8859-1', latin1(named.replace('UTF-8', 'iso-8859-1')), 'Empfänger', []],
    ['UTF-16 that is none', utf8(named.replace('UTF-8', 'utf-16')), 'Empfänger', []],
    ['invalid UTF-8', latin1(named), 'Empf\ufffdnger', ['bad-charset ']],
    ['no such charset', utf8(named.replace('UTF-8', 'x-none')), 'Empfänger', ['bad-charset ']],
  ])('%s', (_, octets, name, told) => {
    expect(readAggregateReport(octets).report.organizationName).toBe(name)
    expect(tell(octets)).toEqual(told)
  })
})

describe('readAggregateReport: what is no report', () => {
  const zip = zipSync({ 'a.xml': utf8(oldXml()) })
  const patched = (changes: readonly (readonly [at: number, octet: number])[]): Uint8Array => {
    const octets = zip.slice()
    for (const [at, octet] of changes) octets[at] = octet
    return octets
  }
  const central = zip.length - 22 - 46 - 5
  test.each<[string, Uint8Array | string]>([
    ['nothing', ''],
    ['no octet', new Uint8Array(0)],
    ['text', 'Hello'],
    ['HTML', '<html><body>No</body></html>'],
    ['other XML', '<?xml version="1.0"?><report/>'],
    ['octets', new Uint8Array([0, 1, 2, 255])],
    ['gzip of nothing', gzipSync(new Uint8Array(0))],
    ['the front of gzip', new Uint8Array([0x1f, 0x8b])],
    ['gzip of what is none', new Uint8Array([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 255, 255, 255])],
    ['an empty zip', zipSync({})],
    ['a zip of a folder', zipSync({ 'a/': new Uint8Array(0) })],
    ['an encrypted zip', patched([[central + 8, 1]])],
    ['another method', patched([[central + 10, 12]])],
    ['a place outside', patched([[central + 44, 255]])],
    ['packed three times', gzipSync(gzipSync(gzipSync(utf8(oldXml()))))],
    ['a document type', oldXml([['<feedback>', '<!DOCTYPE feedback SYSTEM "http://a.example/"><feedback>']])],
    ['an entity', oldXml([['<feedback>', '<!DOCTYPE f [<!ENTITY a SYSTEM "file:///etc/passwd">]><feedback>']])],
    ['a document type within', oldXml([['Receiver', '<!doctype a>']])],
  ])('%s', (_, input) => {
    expect(failureOf(() => readAggregateReport(input))).toBe('DMARC_REPORT_UNREADABLE')
  })
})

describe('parseAggregateReport: what is as either RFC has it, and nothing else', () => {
  test.each([oldXml(), newXml(), oldXml([['<count>', '<weight/><count>']])])('takes it', (xml) => {
    expect(parseAggregateReport(xml)).toEqual(readAggregateReport(xml).report)
  })

  test.each<Change>([
    ['<dkim>pass', '<dkim>Pass'],
    ['192.0.2.1', '192.0.2'],
    ['Receiver', 'A & B'],
    ['<p>none</p>', ''],
  ])('refuses %j', (...change) => {
    expect(failureOf(() => parseAggregateReport(oldXml([change])))).toBe('DMARC_REPORT_DEFECTIVE')
  })
})

test('readAggregateReport: whatever comes is read or a MailError', () => {
  const codes = new Set(['none', 'DMARC_REPORT_UNREADABLE', 'DMARC_REPORT_TOO_LARGE'])
  const piece = fc.constantFrom(
    '<feedback>',
    '</feedback>',
    '<record>',
    '</record>',
    '<row>',
    '<count>1',
    '&',
    '<',
    '>',
  )
  fc.assert(
    fc.property(fc.array(fc.oneof(piece, fc.string({ unit: 'binary' }))), fc.boolean(), (pieces, isPacked) => {
      const octets = utf8(pieces.join(''))
      expect(codes).toContain(failureOf(() => readAggregateReport(isPacked ? gzipSync(octets) : octets)))
    }),
  )
  const heads = fc.constantFrom([], [0x1f, 0x8b, 8, 0], [0x50, 0x4b, 3, 4], [0x50, 0x4b, 5, 6], [0xff, 0xfe])
  fc.assert(
    fc.property(heads, fc.uint8Array({ maxLength: 200 }), (head, rest) => {
      expect(codes).toContain(failureOf(() => readAggregateReport(new Uint8Array([...head, ...rest]))))
    }),
  )
})
