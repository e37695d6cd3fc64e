import fc from 'fast-check'
import { expect, test } from 'vitest'
import { failureOf } from '../../../test/failure.ts'
import { formatDate } from '../src/index.ts'

test.each([
  ['1997-11-21T15:55:06Z', -360, 'rfc5322 a.1.1', 'Fri, 21 Nov 1997 09:55:06 -0600'],
  ['1969-02-13T23:32:54Z', -210, 'rfc5322 a.5', 'Thu, 13 Feb 1969 20:02:54 -0330'],
  ['2003-07-01T08:52:37Z', 120, 'rfc5322 a.1.2', 'Tue, 01 Jul 2003 10:52:37 +0200'],
  ['2024-02-29T23:59:59.999Z', 0, 'rfc5322 3.3', 'Thu, 29 Feb 2024 23:59:59 +0000'],
  ['2024-12-31T23:30:00Z', 45, 'rfc5322 3.3', 'Wed, 01 Jan 2025 00:15:00 +0045'],
  ['1900-01-01T00:00:00Z', 0, 'rfc5322 3.3', 'Mon, 01 Jan 1900 00:00:00 +0000'],
  ['9999-12-31T23:59:59Z', 0, 'rfc5322 3.3', 'Fri, 31 Dec 9999 23:59:59 +0000'],
  ['2024-01-02T00:00:00Z', 1439, 'rfc5322 3.3', 'Tue, 02 Jan 2024 23:59:00 +2359'],
  ['2024-01-02T00:00:00Z', -1439, 'rfc5322 3.3', 'Mon, 01 Jan 2024 00:01:00 -2359'],
])('formatDate: %s at %d minutes [%s]', (moment, offset, _, expected) => {
  expect(formatDate(new Date(moment), { offset })).toBe(expected)
  expect(formatDate(Date.parse(moment), { offset })).toBe(expected)
})

test('formatDate: the zone is UTC unless it is given [rfc5322 3.3]', () => {
  expect(formatDate(0)).toBe('Thu, 01 Jan 1970 00:00:00 +0000')
})

test.each([
  ['no moment', Number.NaN, 0],
  ['an invalid date', new Date(Number.NaN), 0],
  ['an infinite one', Number.POSITIVE_INFINITY, 0],
  ['a year before 1900', Date.parse('1899-12-31T23:59:59Z'), 0],
  ['a year before 1900 by its zone', Date.parse('1900-01-01T00:00:00Z'), -1],
  ['a year of five digits', Date.parse('+010000-01-01T00:00:00Z'), 0],
  ['a year of five digits by its zone', Date.parse('9999-12-31T23:59:59Z'), 1],
  ['a zone of a day', 0, 1440],
  ['a zone of a day west', 0, -1440],
  ['a zone of half a minute', 0, 0.5],
  ['a zone that is no number', 0, Number.NaN],
])('formatDate: refuses %s [rfc5322 3.3]', (_, date, offset) => {
  expect(failureOf(() => formatDate(date, { offset }))).toBe('MIME_BAD_DATE')
})

test('formatDate: what it writes is the moment to the second', () => {
  const range = { min: -2208900000000, max: 253402200000000 }
  fc.assert(
    fc.property(fc.integer(range), fc.integer({ min: -1439, max: 1439 }), (milliseconds, offset) => {
      const text = formatDate(milliseconds, { offset })
      expect(text).toMatch(/^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z][a-z] \d{4} \d\d:\d\d:\d\d [+-]\d{4}$/)
      const zone = /([+-])(\d\d)(\d\d)$/.exec(text)
      const minutes = Number(`${zone?.[1]}1`) * (Number(zone?.[2]) * 60 + Number(zone?.[3]))
      expect(minutes).toBe(offset === 0 ? 0 : offset)
      const local = Date.parse(text.replace(/ [+-]\d{4}$/, ' GMT'))
      expect(local - minutes * 60000).toBe(Math.floor(milliseconds / 1000) * 1000)
    }),
  )
})

test('formatDate: throws nothing but MailError', () => {
  fc.assert(
    fc.property(fc.double(), fc.double(), (date, offset) => {
      expect(['none', 'MIME_BAD_DATE']).toContain(failureOf(() => formatDate(date, { offset })))
    }),
  )
})
