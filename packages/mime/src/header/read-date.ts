/**
 * Dates as they are received: RFC 5322 section 3.3 with the obsolete forms of section 4.3, those of RFC 850, of RFC 3339
 * and of asctime, and dates of which parts lack.
 */

import { type Defect, DefectList } from '../syntax/defect.ts'
import { type ClockTime, momentOf } from './calendar.ts'
import { DateItems } from './date-items.ts'
import { readIsoDate } from './iso-date.ts'
import { readPlainDate } from './plain-date.ts'
import { takeZone } from './zone.ts'

/** A date that was received. */
export interface DateReading {
  /** The moment; absent where the text is no date, never that of the call. */
  readonly date?: Date
  /** The sender's zone in minutes east of UTC; absent where nobody knows it, and the date is taken as of UTC. */
  readonly offsetMinutes?: number
  /** What was doubted, with offsets in the text. */
  readonly defects: readonly Defect[]
}

interface Day {
  readonly day: number
  /** From 0. */
  readonly month: number
  /** Absent where it stands behind the time. */
  readonly year?: number
}

interface Context {
  readonly items: DateItems
  readonly defects: DefectList
}

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const NAME = /^(?:sun(?:day)?|mon(?:day)?|tue(?:s|sday)?|wed(?:nesday)?|thu(?:r|rs|rsday)?|fri(?:day)?|sat(?:urday)?)$/i
const MONTH =
  /^(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)$/i

/**
 * Reads a `date-time`. Nothing in it is an error: without day, month and year there is no date, and the defect
 * `bad-date`; without a time it is midnight, and without a zone it is UTC, each with a defect. Two digits of a year are of
 * 1950 to 2049. Zones of one letter, and names of which RFC 5322 has no offset, are not known.
 *
 * @param text The value of the field, folded or not.
 * @returns The moment and the sender's zone; defects as {@link DefectCode} lists them for characters and dates.
 * @see {@link https://www.rfc-editor.org/rfc/rfc5322#section-4.3 | RFC 5322 section 4.3}
 * @example
 * readDate('Fri, 21 Nov 1997 09:55:06 -0600') // { date: new Date(880127706000), offsetMinutes: -360, defects: [] }
 * readDate('21 Nov 97 09:55:06 PST').date?.toISOString() // '1997-11-21T17:55:06.000Z'
 * readDate('yesterday').date // undefined
 */
export function readDate(text: string): DateReading {
  const plain = readPlainDate(text)
  if (plain) return { date: plain.date, offsetMinutes: plain.offsetMinutes, defects: [] }
  const defects = new DefectList()
  const iso = readIsoDate(text, defects)
  if (iso) return { ...iso, defects: defects.defects }
  const items = new DateItems(text, defects)
  const context = { items, defects }
  const name = takeDayName(context)
  const date = takeDay(context)
  const time = date && takeTime(context)
  let zone = date && takeZone(items, defects)
  const year = date?.year ?? takeYear(context)
  if (zone === undefined && date) zone = takeZone(items, defects)
  const day = date && year !== undefined ? { ...date, year } : undefined
  const moment = day && time && momentOf(day, time)
  if (!day || moment === undefined) return refuse(text, defects)
  if (name) checkDayName(name, { day, defects })
  return finish({ text, moment, zone, items, defects })
}

function refuse(text: string, defects: DefectList): DateReading {
  defects.add('bad-date', { start: 0, end: text.length })
  return { defects: defects.defects }
}

interface Parts extends Context {
  readonly text: string
  readonly moment: number
  readonly zone: number | 'unknown' | undefined
}

function finish({ text, moment, zone, items, defects }: Parts): DateReading {
  const { end } = items
  if (zone === undefined) defects.add('missing-zone', { start: end, end })
  if (items.peek()) defects.add('trailing-text', { start: end, end: text.length })
  const offset = typeof zone === 'number' ? zone : undefined
  const date = new Date(moment - (offset ?? 0) * 60_000)
  return { date, ...(offset !== undefined && { offsetMinutes: offset }), defects: defects.defects }
}

interface DayName {
  readonly text: string
  readonly start: number
  readonly end: number
}

// [ day-of-week "," ]
function takeDayName({ items, defects }: Context): DayName | undefined {
  const name = items.takeIf('name', NAME)
  if (name && !items.takeIf('sign', /,/)) defects.add('odd-date', { start: name.end, end: name.end })
  return name
}

interface DayContext {
  readonly day: Required<Day>
  readonly defects: DefectList
}

function checkDayName(name: DayName, { day, defects }: DayContext): void {
  const meant = DAYS[new Date(Date.UTC(day.year, day.month, day.day)).getUTCDay()]!
  if (name.text.slice(0, 3).toLowerCase() !== meant.toLowerCase()) defects.add('wrong-day', name, meant)
}

// date = day month year, or of asctime: month day
function takeDay({ items, defects }: Context): Day | undefined {
  const first = items.take()
  const isMonthFirst = first?.type === 'name'
  const dash = items.takeIf('sign', /-/)
  const second = items.take()
  const [day, month] = isMonthFirst ? [second, first] : [first, second]
  if (day?.type !== 'number' || !/^\d{1,2}$/.test(day.text)) return undefined
  if (month?.type !== 'name' || !MONTH.test(month.text)) return undefined
  const read = { day: Number(day.text), month: MONTHS.indexOf(month.text.slice(0, 3).toLowerCase()) }
  const comma = isMonthFirst && items.takeIf('sign', /,/)
  if (isMonthFirst || dash) defects.add('odd-date', { start: first!.start, end: items.end })
  if (isMonthFirst && !comma && items.peek(1)?.text === ':') return read
  const year = takeYear({ items, defects })
  return year === undefined ? undefined : { ...read, year }
}

// year = 4*DIGIT ; obs-year = 2*DIGIT                    ; "-1994" and "-" "94" in the form of RFC 850
function takeYear({ items, defects }: Context): number | undefined {
  items.takeIf('sign', /-/)
  // An hour is no year.
  if (items.peek(1)?.text === ':') return undefined
  const item = items.takeIf('number', /^\d{2,4}$/) ?? items.takeIf('zone', /^-/)
  if (!item) return undefined
  const digits = item.text.replace('-', '')
  const year = Number(digits)
  if (digits.length === 4) return year
  defects.add('obsolete-year', item)
  return year + (digits.length === 2 && year < 50 ? 2000 : 1900)
}

// time-of-day = hour ":" minute [ ":" second ]
function takeTime({ items, defects }: Context): ClockTime | undefined {
  const next = items.peek()
  const colon = items.peek(1)
  if (next?.type !== 'number' || !colon || !/^[:.]$/.test(colon.text)) {
    defects.add('missing-time', { start: items.end, end: items.end })
    return { hour: 0, minute: 0, second: 0 }
  }
  const fields = [Number(items.take()!.text)]
  while (fields.length < 3 && items.takeIf('sign', /[:.]/)) {
    const field = items.takeIf('number', /^\d{1,2}$/)
    if (!field) return undefined
    fields.push(Number(field.text))
  }
  if (colon.text === '.') defects.add('odd-date', colon)
  const [hour = 0, minute = 0, second = 0] = fields
  return { hour, minute, second }
}
