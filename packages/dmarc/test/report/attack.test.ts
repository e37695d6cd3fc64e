import { concatBytes, encodeUtf8 } from '@posthorn/core'
import { type AggregateReportLimits, readAggregateReport } from '@posthorn/dmarc/report'
import { gzipSync, zipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import { failureOf } from '../../../../test/failure.ts'
import { workOf } from '../../../../test/work.ts'
import { oldXml } from './values.ts'

const codeOf = (input: Uint8Array | string, limits: AggregateReportLimits = {}): string =>
  failureOf(() => readAggregateReport(input, limits))
const within = (xml: string): string => oldXml([['</feedback>', `${xml}</feedback>`]])
const codesOf = (xml: string, limits: AggregateReportLimits = {}): string[] => [
  ...new Set(readAggregateReport(xml, limits).defects.map(({ code }) => code)),
]

function expectLinear(inputOf: (size: number) => string, limits: AggregateReportLimits): void {
  const [small, large] = [48_000, 96_000].map((size) => {
    const input = inputOf(size)
    return workOf(() => readAggregateReport(input, limits))
  })
  expect(large).toBeLessThanOrEqual(2.2 * small! + 5000)
}

describe('readAggregateReport: what explodes ends at a limit [rfc9990 8.1]', () => {
  const zeros = new Uint8Array(2 ** 26)
  test('a gzip bomb: 64 MiB of one octet ends by its ratio, at some MiB', () => {
    const bomb = gzipSync(zeros)
    expect(bomb.length).toBeLessThan(70_000)
    expect(codeOf(bomb)).toBe('DMARC_REPORT_TOO_LARGE')
  })

  test('a zip bomb, whatever its directory says of its size', () => {
    const bomb = zipSync({ 'a.xml': zeros })
    new DataView(bomb.buffer).setUint32(bomb.length - 22 - 46 - 5 + 24, 10, true)
    expect(codeOf(bomb)).toBe('DMARC_REPORT_TOO_LARGE')
  })

  test('a bomb in a bomb', () => {
    expect(codeOf(gzipSync(gzipSync(zeros)))).toBe('DMARC_REPORT_TOO_LARGE')
  })

  test('gzip of very many members, each of nothing', () => {
    const member = gzipSync(new Uint8Array(0))
    const members = (count: number) => concatBytes(Array.from({ length: count }, () => member))
    const report = gzipSync(encodeUtf8(oldXml()))
    expect(codeOf(concatBytes([members(60), report]))).toBe('none')
    expect(codeOf(concatBytes([members(100_000), report]))).toBe('DMARC_REPORT_TOO_LARGE')
  })

  test('by size, where the ratio is none', () => {
    const octets = gzipSync(encodeUtf8(within(' '.repeat(10_000))))
    expect(codeOf(octets, { maxXmlSize: 10_000 })).toBe('DMARC_REPORT_TOO_LARGE')
    expect(codeOf(octets, { maxXmlSize: 20_000 })).toBe('none')
    expect(codeOf(octets, { maxSize: octets.length - 1 })).toBe('DMARC_REPORT_TOO_LARGE')
    expect(codeOf(oldXml(), { maxSize: 100 })).toBe('DMARC_REPORT_TOO_LARGE')
    expect(codeOf(encodeUtf8(oldXml()), { maxXmlSize: 100 })).toBe('DMARC_REPORT_TOO_LARGE')
    expect(codeOf(zipSync({ a: [encodeUtf8(oldXml()), { level: 0 }] }), { maxXmlSize: 100 })).toBe(
      'DMARC_REPORT_TOO_LARGE',
    )
  })

  test('by ratio, over 1 MiB alone', () => {
    const limits = { maxRatio: 10 }
    expect(codeOf(gzipSync(encodeUtf8(within(' '.repeat(1_000_000)))), limits)).toBe('none')
    expect(codeOf(gzipSync(encodeUtf8(within(' '.repeat(1_100_000)))), limits)).toBe('DMARC_REPORT_TOO_LARGE')
  })

  test('an archive of many files', () => {
    const files = Object.fromEntries(Array.from({ length: 17 }, (_, at) => [`${at}.xml`, encodeUtf8(oldXml())]))
    expect(codeOf(zipSync(files))).toBe('DMARC_REPORT_TOO_LARGE')
    expect(codeOf(zipSync(files), { maxFiles: 17 })).toBe('none')
  })
})

describe('readAggregateReport: XML made to explode [rfc9990 8.1]', () => {
  test('entities that refer to entities are refused before they are read', () => {
    const entities = Array.from({ length: 9 }, (_, at) => `<!ENTITY l${at + 1} "${`&l${at};`.repeat(10)}">`).join('')
    const bomb = `<?xml version="1.0"?><!DOCTYPE f [<!ENTITY l0 "lol">${entities}]><feedback>&l9;</feedback>`
    expect(codeOf(bomb)).toBe('DMARC_REPORT_UNREADABLE')
    expect(codeOf(within(`<!ENTITY a "b">`))).toBe('DMARC_REPORT_UNREADABLE')
  })

  test('an entity without a definition is but text', () => {
    const { report } = readAggregateReport(oldXml([['Receiver', '&l9;&lt;']]))
    expect(report.organizationName).toBe('&l9;<')
  })

  test('elements nested deep', () => {
    expect(codeOf('<feedback>'.repeat(1e5))).toBe('DMARC_REPORT_TOO_LARGE')
    expect(codeOf(within('<a>'.repeat(31) + '</a>'.repeat(31)))).toBe('none')
    expect(codeOf(within('<a>'.repeat(32) + '</a>'.repeat(32)))).toBe('DMARC_REPORT_TOO_LARGE')
    expect(codeOf(within('<xs:schema>'.repeat(1e5)))).toBe('DMARC_REPORT_TOO_LARGE')
  })

  test('a million attributes', () => {
    const attributes = Array.from({ length: 1e6 }, (_, at) => ` a${at}="1"`).join('')
    expect(codeOf(within(`<x${attributes}/>`), { maxSize: 2 ** 25 })).toBe('DMARC_REPORT_TOO_LARGE')
    expect(codeOf(`<?xml version="1.0"${attributes}?><feedback/>`, { maxSize: 2 ** 25 })).toBe(
      'DMARC_REPORT_UNREADABLE',
    )
  })

  test('elements and records beyond what is read are left out, and told', () => {
    const xml = oldXml([['</auth_results>', '<spf/>'.repeat(5000)]])
    const { report, defects } = readAggregateReport(xml)
    expect(defects.map(({ code, path }) => `${code} ${path}`)).toContain('too-many record[0].auth_results')
    expect(report.records[0]!.spfResults.length).toBeLessThan(2000)
    const records = readAggregateReport(within('<record/>'.repeat(9)), { maxRecords: 4 })
    expect(records.report.records.length).toBe(4)
    expect(records.defects.map(({ code, path }) => `${code} ${path}`)).toContain('too-many record[4]')
  })

  test('other parts beyond what is read are left out too', () => {
    const { report, defects } = readAggregateReport(within('<x/>'.repeat(5000)))
    expect(report.extensions.length).toBeLessThan(2000)
    expect(defects.map(({ code, path }) => `${code} ${path}`)).toContain('too-many ')
  })

  test('texts are cut, between characters', () => {
    const { report, defects } = readAggregateReport(oldXml([['Receiver', `${'a'.repeat(4095)}😀`]]))
    expect(report.organizationName).toBe('a'.repeat(4095))
    expect(defects).toEqual([{ code: 'text-too-long', path: 'report_metadata.org_name' }])
  })

  test('faults beyond 1,000 end it, with what was read', () => {
    const xml = within('</x>'.repeat(1e6))
    const { report, defects } = readAggregateReport(xml)
    expect(report.records.length).toBe(1)
    expect(defects.length).toBeLessThanOrEqual(1000)
    expect(defects.map(({ code }) => code)).toContain('too-malformed')
  })

  test('characters that begin nothing beyond 100,000 end it, with what was read', () => {
    const { report, defects } = readAggregateReport(within('&'.repeat(100_001)))
    expect(report.records.length).toBe(1)
    expect(defects.map(({ code }) => code)).toContain('too-malformed')
    expect(codesOf(within('&'.repeat(100_000)))).toEqual(['unescaped-character'])
  })

  test('names that are in every object', () => {
    const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty']
    const xml = within(names.map((name) => `<${name} ${name}="1">x</${name}>`).join(''))
    const { report } = readAggregateReport(xml)
    expect(report.extensions.map(({ name }) => name)).toEqual(names)
    expect(report.extensions[0]!.attributes).toEqual([{ name: '__proto__', value: '1' }])
    expect(codesOf(oldXml([['<dkim>pass', '<dkim>constructor']]))).toEqual(['bad-value'])
    expect(({} as Record<string, unknown>)['x']).toBeUndefined()
  })
})

describe('readAggregateReport: the work is linear in what comes', () => {
  const limits = { maxSize: 2 ** 26, maxXmlSize: 2 ** 26 }
  test.each<[string, (size: number) => string]>([
    ['records', (size) => within('<record><row><count>1</count></row></record>'.repeat(size / 40))],
    [
      'results, one after the other',
      (size) =>
        within(`<record><auth_results>${'<dkim/><spf/>'.repeat(900)}</auth_results></record>`.repeat(size / 12_000)),
    ],
    ['stray signs', (size) => within('<'.repeat(size))],
    ['ampersands', (size) => within('&'.repeat(size))],
    ['tags that nothing ends', (size) => within('<a '.repeat(size / 3))],
    ['one name', (size) => within(`<${'a'.repeat(size)}`)],
    ['comments that nothing ends', (size) => within('<!--'.repeat(size / 4))],
    ['sections that nothing ends', (size) => within('<![CDATA['.repeat(size / 9))],
    ['instructions that nothing ends', (size) => within('<?a '.repeat(size / 4))],
    ['blanks', (size) => within(`<a>${' '.repeat(size)}</a>`)],
    ['text in pieces', (size) => oldXml([['Receiver', '<!---->a'.repeat(size / 8)]])],
    ['controls', (size) => within('\u0001'.repeat(size))],
    ['roots', (size) => `${oldXml()}${'<feedback/>'.repeat(size / 11)}`],
    ['a front that is none', (size) => `<?xml ${' a'.repeat(size / 2)}`],
  ])('%s', (_, xmlOf) => {
    expectLinear(xmlOf, limits)
  })
})
