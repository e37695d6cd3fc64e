import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatDate } from '../src/header/date.ts'
import { readDate } from '../src/header/read-date.ts'

const show = (text: string) => {
  const { date, offsetMinutes } = readDate(text)
  return date && `${date.toISOString().slice(0, -5)} ${offsetMinutes ?? '?'}`
}
const codes = (text: string) => readDate(text).defects.map(({ code }) => code)

test.each([
  ['Fri, 21 Nov 1997 09:55:06 -0600', '1997-11-21T15:55:06 -360'],
  ['Tue, 1 Jul 2003 10:52:37 +0200', '2003-07-01T08:52:37 120'],
  ['1 Jul 2003 10:52 +0545', '2003-07-01T05:07:00 345'],
  ['Thu,\r\n 13\r\n Feb\r\n  1969\r\n 23:32\r\n  -0330 (Newfoundland Time)', '1969-02-14T03:02:00 -210'],
  ['(a) Tue(b), (c(d)) 1 Jul 2003 10 : 52 : 37 (e) +0000', '2003-07-01T10:52:37 0'],
  ['Sat, 31 Dec 2016 23:59:60 +0000', '2017-01-01T00:00:00 0'],
  ['Tue, 1 Jul 2003 10:52:37 -0000', '2003-07-01T10:52:37 ?'],
  ['tue, 29 FEB 2000 00:00:00 +2359', '2000-02-28T00:01:00 1439'],
])('readDate: %j is %s [rfc5322 3.3]', (text, expected) => {
  expect(show(text)).toBe(expected)
  expect(codes(text)).toEqual([])
})

test.each([
  ['21 Nov 97 09:55:06 GMT', '1997-11-21T09:55:06 0', ['obsolete-year', 'obsolete-zone']],
  ['21 Nov 49 09:55:06 +0000', '2049-11-21T09:55:06 0', ['obsolete-year']],
  ['21 Nov 50 09:55:06 +0000', '1950-11-21T09:55:06 0', ['obsolete-year']],
  ['21 Nov 103 09:55:06 +0000', '2003-11-21T09:55:06 0', ['obsolete-year']],
  ['Sun, 27 Oct 2002 23:57:07 est', '2002-10-28T04:57:07 -300', ['obsolete-zone']],
  ['27 Oct 2002 23:57:07 PDT', '2002-10-28T06:57:07 -420', ['obsolete-zone']],
  ['27 Oct 2002 23:57:07 Z', '2002-10-27T23:57:07 0', ['obsolete-zone']],
  ['10 Jul 1997 14:53:31 A', '1997-07-10T14:53:31 ?', ['unknown-zone']],
  ['10 Jul 1997 14:53:31 CEST', '1997-07-10T14:53:31 ?', ['unknown-zone']],
  ['10 Jul 1997 14:53:31 constructor', '1997-07-10T14:53:31 ?', ['unknown-zone']],
  ['10 Jul 1997 14:53:31 +2400', '1997-07-10T14:53:31 ?', ['unknown-zone']],
  ['10 Jul 1997 14:53:31 +0060', '1997-07-10T14:53:31 ?', ['unknown-zone']],
  ['10 Jul 1997 14:53:31 GMT+0200', '1997-07-10T12:53:31 120', ['obsolete-zone']],
  ['10 Jul 1997 14:53:31 +02:00', '1997-07-10T12:53:31 120', ['obsolete-zone']],
  ['10 Jul 1997 14:53:31+0200', '1997-07-10T12:53:31 120', []],
  ['10 Jul 1997 14:53:31', '1997-07-10T14:53:31 ?', ['missing-zone']],
  ['10 Jul 1997 +0200', '1997-07-09T22:00:00 120', ['missing-time']],
  ['10 Jul 1997', '1997-07-10T00:00:00 ?', ['missing-time', 'missing-zone']],
  ['10 July 1997 14.53.31 +0200', '1997-07-10T12:53:31 120', ['odd-date']],
  ['Sunday, 06-Nov-94 08:49:37 GMT', '1994-11-06T08:49:37 0', ['odd-date', 'obsolete-year', 'obsolete-zone']],
  ['Sunday, 06-Nov-1994 08:49:37 +0100', '1994-11-06T07:49:37 60', ['odd-date']],
  ['Sun Nov  6 08:49:37 1994', '1994-11-06T08:49:37 ?', ['odd-date', 'odd-date', 'missing-zone']],
  ['Sun Nov  6 08:49:37 EST 1994', '1994-11-06T13:49:37 -300', ['odd-date', 'odd-date', 'obsolete-zone']],
  ['Sun Nov  6 08:49:37 1994 +0100', '1994-11-06T07:49:37 60', ['odd-date', 'odd-date']],
  ['Nov 6, 1994 08:49:37 +0100', '1994-11-06T07:49:37 60', ['odd-date']],
  ['1994-11-06T08:49:37Z', '1994-11-06T08:49:37 0', ['odd-date']],
  [' 1994-11-06 08:49:37.123 +01:00', '1994-11-06T07:49:37 60', ['odd-date']],
  ['1994-11-06t08:49-0130', '1994-11-06T10:19:00 -90', ['odd-date']],
  ['1994-11-06T08:49:37', '1994-11-06T08:49:37 ?', ['odd-date', 'missing-zone']],
  ['1994-11-06', '1994-11-06T00:00:00 ?', ['odd-date', 'missing-time', 'missing-zone']],
  ['Mon, 6 Nov 1994 08:49:37 +0000', '1994-11-06T08:49:37 0', ['wrong-day']],
  ['6 Nov 1994 08:49:37 +0000 (a) b', '1994-11-06T08:49:37 0', ['trailing-text']],
  ['6 Nov 1994 08:49:37 +0000 (a', '1994-11-06T08:49:37 0', ['unclosed-comment']],
])('readDate: %j is %s, with defects [rfc5322 4.3]', (text, expected, defects) => {
  expect(show(text)).toBe(expected)
  expect(codes(text)).toEqual(defects)
})

test.each([
  '',
  'now',
  '2026',
  'Tue,',
  '1 Foo 2003 10:00:00 +0000',
  '1 Marble 2003 10:00:00 +0000',
  '31 Feb 2003 10:00:00 +0000',
  '29 Feb 1900 10:00:00 +0000',
  '0 Jul 2003 10:00:00 +0000',
  '1 Jul 2003 24:00:00 +0000',
  '1 Jul 2003 10:60:00 +0000',
  '1 Jul 2003 10:00:61 +0000',
  '1 Jul 2003 10: +0000',
  '1 Jul 0097 10:00:00 +0000',
  '1 Jul 20030 10:00:00 +0000',
  '1 Jul 10:00:00 +0000',
  '2003-13-01T10:00:00Z',
  '2003-02-29T10:00:00Z',
  '2003-07-01T25:00:00Z',
  '2003-07-01T10:00:00+24:00',
  'Jul 1 10:00:00',
])('readDate: %j is no date, and not now either', (text) => {
  expect(readDate(text)).not.toHaveProperty('date')
  expect(codes(text)).toContain('bad-date')
})

test('readDate: the day that should be named is told', () => {
  expect(readDate('Mon, 6 Nov 1994 08:49:37 +0000').defects).toEqual([
    { code: 'wrong-day', start: 0, end: 3, other: 'Sun' },
  ])
})

test('readDate: undoes formatDate', () => {
  const moment = fc.date({ min: new Date('1900-01-02'), max: new Date('9999-12-30'), noInvalidDate: true })
  fc.assert(
    fc.property(moment, fc.integer({ min: -1439, max: 1439 }), (date, offset) => {
      const seconds = Math.floor(date.getTime() / 1000) * 1000
      expect(readDate(formatDate(date, { offset }))).toEqual({
        date: new Date(seconds),
        offsetMinutes: offset,
        defects: [],
      })
    }),
  )
})

test('readDate: any text is read', () => {
  const piece = fc.constantFrom('Mon', ',', ' ', '1', '31', 'Feb', '-', '2003', ':', '+0100', 'GMT', '(', ')', '"', '.')
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
      const { date, defects } = readDate(pieces.join(''))
      expect(date === undefined).toBe(defects.some(({ code }) => code === 'bad-date'))
      expect(Number.isNaN(date?.getTime() ?? 0)).toBe(false)
    }),
  )
})

test.each(['1', 'a', '(', ':', '-', '+0000', ' ', '\\', '"', '[', '1 Jul 2003 10:00:00 +0000 '])(
  'readDate: a long run of %j is read to its end',
  (unit) => {
    expect(readDate(unit.repeat(300_000)).defects.length).toBeGreaterThan(0)
  },
)
