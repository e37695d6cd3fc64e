import {
  type AggregateReportFile,
  aggregateReportFileName,
  aggregateReportSubject,
  parseAggregateReportFileName,
  readAggregateReportSubject,
} from '@posthorn/dmarc/report'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { failureOf } from '../../../../test/failure.ts'

const FILE: AggregateReportFile = { receiver: 'mx.example', domain: 'example.com', begin: 1, end: 2 }

describe('aggregateReportFileName and its inverse [rfc9990 3.5.2]', () => {
  test.each<[string, AggregateReportFile]>([
    ['mx.example!example.com!1!2.xml.gz', { ...FILE, extension: 'xml.gz' }],
    ['mx.example!example.com!1!2.xml', { ...FILE, extension: 'xml' }],
    ['mx.example!example.com!1!2!a7.xml', { ...FILE, extension: 'xml', uniqueId: 'a7' }],
  ])('%s', (name, file) => {
    expect(aggregateReportFileName(file)).toBe(name)
    expect(parseAggregateReportFileName(name)).toEqual(file)
  })

  test('as they come: zip, another case', () => {
    expect(parseAggregateReportFileName('google.com!Example.org!1!2.ZIP')).toEqual({
      receiver: 'google.com',
      domain: 'Example.org',
      begin: 1,
      end: 2,
      extension: 'zip',
    })
  })

  test.each<[string, Partial<AggregateReportFile>]>([
    ['a receiver that is no domain', { receiver: 'a!b' }],
    ['a path', { receiver: '../mx.example' }],
    ['a domain with a line end', { domain: 'example.com\r\nBcc: a@b.example' }],
    ['no time', { begin: -1 }],
    ['half a second', { end: 1.5 }],
    ['time that is none', { end: Number.NaN }],
    ['an identifier with a dot', { uniqueId: '1.2' }],
    ['an empty identifier', { uniqueId: '' }],
    ['zip', { extension: 'zip' }],
  ])('aggregateReportFileName: refuses %s', (_, change) => {
    expect(failureOf(() => aggregateReportFileName({ ...FILE, ...change }))).toBe('DMARC_REPORT_BAD_NAME')
  })

  test.each([
    '',
    'report.xml',
    'mx.example!example.com!1.xml',
    'mx.example!example.com!1!2!3!4.xml',
    'mx.example!example.com!x!2.xml',
    '/tmp/mx.example!example.com!1!2.xml',
    'mx.example!..!1!2.xml',
    'mx.example!example.com!1!2.xml.gz.exe',
  ])('parseAggregateReportFileName: refuses %j', (name) => {
    expect(failureOf(() => parseAggregateReportFileName(name))).toBe('DMARC_REPORT_BAD_NAME')
  })
})

describe('aggregateReportSubject [rfc9990 3.5.2]', () => {
  const names = { receiver: 'MX.example', domain: 'example.com' }

  test('with an identifier, in brackets or not', () => {
    const subject = 'Report Domain: example.com Submitter: mx.example Report-ID: <a.b@c>'
    expect(aggregateReportSubject(names, { reportId: 'a.b@c' })).toBe(subject)
    expect(aggregateReportSubject(names, { reportId: '<a.b@c>' })).toBe(subject)
    expect(readAggregateReportSubject(subject)).toEqual({
      domain: 'example.com',
      submitter: 'mx.example',
      reportId: 'a.b@c',
    })
  })

  test.each(['', 'a b', 'a@b@c', '.a', 'a\r\nBcc: x', 'é', '"a"', 'a'.repeat(513)])('refuses the id %j', (reportId) => {
    expect(failureOf(() => aggregateReportSubject(names, { reportId }))).toBe('DMARC_REPORT_BAD_NAME')
  })

  test('refuses what is no domain', () => {
    expect(failureOf(() => aggregateReportSubject({ ...names, domain: 'a b' }, { reportId: '1' }))).toBe(
      'DMARC_REPORT_BAD_NAME',
    )
  })
})

describe('readAggregateReportSubject: as they come', () => {
  test.each([
    ['Report domain: a.example Submitter: b.example Report-ID: 52', 'a.example', 'b.example', '52'],
    ['Report Domain: a.example; Submitter: Mail.Ru; Report-ID: 28', 'a.example', 'Mail.Ru', '28'],
    ['Report Domain: a.example\tSubmitter: b.example\tReport-ID: <x@y>', 'a.example', 'b.example', 'x@y'],
    ['[Preview] Report Domain: a.example Submitter: b.example', 'a.example', 'b.example', undefined],
    [
      'Dmarc Aggregate Report Domain: {a.example}  Submitter: {Some Org}  Date: {2022-09-19}  Report-ID: {6b}',
      'a.example',
      'Some Org',
      '6b',
    ],
  ])('%s', (subject, domain, submitter, reportId) => {
    expect(readAggregateReportSubject(subject)).toEqual({ domain, submitter, ...(reportId && { reportId }) })
  })

  test.each(['', 'Hello', 'Report Domain: a.example', 'Submitter: b.example Report Domain: a.example'])(
    'not %j',
    (text) => {
      expect(readAggregateReportSubject(text)).toBeUndefined()
    },
  )

  test('whatever the text, and however long', () => {
    fc.assert(
      fc.property(fc.string(), (text) => void readAggregateReportSubject(`Report Domain:${text} Submitter:${text}`)),
    )
    expect(readAggregateReportSubject(`Report Domain: ${'< '.repeat(1e6)}`)).toBeUndefined()
  })
})
