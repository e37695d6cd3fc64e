import { decodeUtf8, encodeBase64 } from '@posthorn/core'
import {
  type AggregateReport,
  aggregateReportMessage,
  parseAggregateReport,
  parseAggregateReportFileName,
  readAggregateReport,
  readAggregateReportMessage,
  readAggregateReportSubject,
} from '@posthorn/dmarc/report'
import { parseMessage } from '@posthorn/mime'
import { gzipSync, zipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import { failureOf } from '../../../../test/failure.ts'
import { newXml, oldXml, utf8 } from './values.ts'

const CONTEXT = { now: new Date(0), random: (length: number): Uint8Array => new Uint8Array(length).fill(7) }
const REPORT: AggregateReport = parseAggregateReport(newXml())
const INPUT = {
  report: REPORT,
  receiver: 'mx.example',
  from: 'dmarc@mx.example',
  to: ['d@example.com', 'r@example.net'],
}

describe('aggregateReportMessage [rfc9990 3.5.2]', () => {
  test('compressed', () => {
    const composed = aggregateReportMessage(INPUT, CONTEXT)
    expect(composed.envelope).toEqual({
      reversePath: 'dmarc@mx.example',
      forwardPaths: ['d@example.com', 'r@example.net'],
    })
    const message = parseMessage(composed.bytes())
    expect(message.subject).toBe('Report Domain: example.com Submitter: mx.example Report-ID: <r1>')
    expect(readAggregateReportSubject(message.subject!)?.reportId).toBe('r1')
    expect(message.header.text('auto-submitted')).toBe('auto-generated')
    expect(message.text).toBe('This is a DMARC aggregate report of mx.example for example.com.\n')
    expect(message.attachments.map(({ mediaType, filename }) => [mediaType, filename])).toEqual([
      ['application/gzip', 'mx.example!example.com!1700000000!1700086399!r1.xml.gz'],
    ])
    const { report, defects, fileName } = readAggregateReportMessage(message)
    expect(defects).toEqual([])
    expect(report).toEqual({ ...REPORT, version: '1.0' })
    expect(parseAggregateReportFileName(fileName!).uniqueId).toBe('r1')
  })

  test('plain, in own words, without an identifier in the name that cannot be there', () => {
    const report = { ...REPORT, reportId: 'a.b@mx.example' }
    const input = { ...INPUT, report, gzip: false, text: 'Hello\n', messageId: '<a.b@mx.example>' }
    const message = parseMessage(aggregateReportMessage(input, CONTEXT).bytes())
    expect(message.text).toBe('Hello\n')
    expect(message.messageId).toBe('<a.b@mx.example>')
    expect(message.attachments.map(({ mediaType, filename }) => [mediaType, filename])).toEqual([
      ['text/xml', 'mx.example!example.com!1700000000!1700086399.xml'],
    ])
    expect(readAggregateReportMessage(message).defects).toEqual([])
  })

  test('the same report is the same file', () => {
    const octetsOf = () => {
      const message = parseMessage(aggregateReportMessage(INPUT, CONTEXT).bytes())
      return message.contentOf(message.attachments[0]!.part).bytes
    }
    expect(octetsOf()).toEqual(octetsOf())
  })

  test.each<[string, Partial<typeof INPUT>, string]>([
    ['a receiver that is no domain', { receiver: 'a b' }, 'DMARC_REPORT_BAD_NAME'],
    ['an identifier that is none', { report: { ...REPORT, reportId: 'a b' } }, 'DMARC_REPORT_BAD_NAME'],
    ['a report that cannot be written', { report: { ...REPORT, records: [] } }, 'DMARC_REPORT_BAD_VALUE'],
    ['an address that is none', { from: 'x' }, 'MIME_BAD_ADDRESS'],
  ])('refuses %s', (_, change, code) => {
    expect(failureOf(() => aggregateReportMessage({ ...INPUT, ...change }, CONTEXT))).toBe(code)
  })
})

const part = (type: string, content: Uint8Array | string, more = ''): string =>
  typeof content === 'string'
    ? `Content-Type: ${type}\r\n${more}\r\n${content}`
    : `Content-Type: ${type}\r\nContent-Transfer-Encoding: base64\r\n${more}\r\n${encodeBase64(content)}`
const multipart = (...parts: readonly string[]): string =>
  `Content-Type: multipart/mixed; boundary=b\r\n\r\n${parts.map((one) => `--b\r\n${one}\r\n`).join('')}--b--\r\n`

describe('readAggregateReportMessage: wherever it is, and whatever it is called', () => {
  const xml = utf8(oldXml())
  const gzip = gzipSync(xml)
  const zip = zipSync({ 'a.xml': xml })
  const text = part('text/plain', 'See the file.')
  test.each<[string, string, string, string[]]>([
    ['gzip as the message', part('application/gzip', gzip), '1', []],
    ['zip as the message', part('application/zip', zip), '1', []],
    ['XML as the text of the message', part('text/plain', oldXml()), '1', ['wrong-media-type text/plain']],
    ['XML without a type', `\r\n${oldXml()}`, '1', ['wrong-media-type text/plain']],
    ['XML', multipart(text, part('text/xml', oldXml())), '1.2', []],
    ['zip that is called gzip', multipart(part('application/gzip', zip)), '1.1', ['wrong-media-type application/gzip']],
    ['gzip that is called zip', multipart(part('application/zip', gzip)), '1.1', ['wrong-media-type application/zip']],
    [
      'of no type',
      multipart(text, part('application/octet-stream', gzip)),
      '1.2',
      ['wrong-media-type application/octet-stream'],
    ],
    [
      'within a message that is forwarded',
      multipart(
        text,
        part('message/rfc822', multipart(part('text/xml', oldXml())).replaceAll('=b', '=c').replaceAll('--b', '--c')),
      ),
      '1.2.1.1',
      [],
    ],
    [
      'behind another archive',
      multipart(part('application/gzip', gzipSync(utf8('no'))), part('application/gzip', gzip)),
      '1.2',
      ['several-files undefined'],
    ],
    [
      'twice',
      multipart(part('application/gzip', gzip), part('text/xml', oldXml())),
      '1.1',
      ['several-files undefined'],
    ],
  ])('%s', (_, message, path, told) => {
    const read = readAggregateReportMessage(parseMessage(message))
    expect(read.part.path).toBe(path)
    expect(read.report).toEqual(readAggregateReport(oldXml()).report)
    expect(read.defects.map((one) => `${one.code} ${one.text}`)).toEqual(told)
  })

  test('its name is as it was sent', () => {
    const message = multipart(part('application/gzip', gzip, 'Content-Disposition: attachment; filename="../a!b"\r\n'))
    expect(readAggregateReportMessage(parseMessage(message)).fileName).toBe('../a!b')
    const old = multipart(part('application/gzip; name=x.xml.gz', gzip))
    expect(readAggregateReportMessage(parseMessage(old)).fileName).toBe('x.xml.gz')
  })

  test.each<[string, string, string]>([
    ['a message without one', multipart(text), 'DMARC_REPORT_UNREADABLE'],
    [
      'an archive of something else',
      multipart(part('application/gzip', gzipSync(utf8('no')))),
      'DMARC_REPORT_UNREADABLE',
    ],
    ['HTML', part('text/html', '<p>feedback</p>'), 'DMARC_REPORT_UNREADABLE'],
    ['a bomb', multipart(part('application/gzip', gzipSync(new Uint8Array(2 ** 25)))), 'DMARC_REPORT_TOO_LARGE'],
  ])('fails at %s', (_, message, code) => {
    expect(failureOf(() => readAggregateReportMessage(parseMessage(message)))).toBe(code)
  })

  test('a part that is too large is not decoded', () => {
    const limits = { maxSize: 1000 }
    const large = part('text/plain', `${'x'.repeat(2000)}`)
    expect(failureOf(() => readAggregateReportMessage(parseMessage(large), limits))).toBe('DMARC_REPORT_TOO_LARGE')
    const both = parseMessage(multipart(large, part('application/gzip', gzip)))
    expect(readAggregateReportMessage(both, { ...limits, maxSize: 1400 }).part.path).toBe('1.2')
    expect(decodeUtf8(gzip).length).toBeLessThan(1000)
  })

  test('no more than four archives are tried', () => {
    const no = part('application/gzip', gzipSync(utf8('no')))
    const last = part('application/gzip', gzip)
    expect(readAggregateReportMessage(parseMessage(multipart(no, no, no, last))).part.path).toBe('1.4')
    const message = parseMessage(multipart(no, no, no, no, last))
    expect(failureOf(() => readAggregateReportMessage(message))).toBe('DMARC_REPORT_UNREADABLE')
  })
})
