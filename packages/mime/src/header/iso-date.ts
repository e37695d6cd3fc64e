/** Dates of RFC 3339, a profile of ISO 8601, which some programs write where RFC 5322 section 3.3 has another form. */

import type { DefectList } from '../syntax/defect.ts'
import { momentOf } from './calendar.ts'

// date-time = full-date "T" partial-time time-offset      ; also with a blank, without seconds, without what follows
const ISO =
  /^\s*(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,]\d{1,9})?)?[ \t]?(?:(Z)|([+-])(\d\d):?([0-5]\d))?)?\s*$/i

/**
 * Reads a date of that form, with the defect `odd-date`.
 *
 * @internal
 * @returns The moment; nothing for all else, and for what is no date.
 */
export function readIsoDate(text: string, defects: DefectList): { date: Date; offsetMinutes?: number } | undefined {
  const match = ISO.exec(text)
  if (!match) return undefined
  const [, year, month, day, hour, minute, second, utc, sign, hours, minutes] = match
  const time = { hour: Number(hour ?? 0), minute: Number(minute ?? 0), second: Number(second ?? 0) }
  const moment = momentOf({ day: Number(day), month: Number(month) - 1, year: Number(year) }, time)
  if (moment === undefined || Number(hours ?? 0) > 23) return undefined
  const [start, end] = [text.search(/\S/), text.trimEnd().length]
  defects.add('odd-date', { start, end })
  if (hour === undefined) defects.add('missing-time', { start: end, end })
  if (utc === undefined && sign === undefined) {
    defects.add('missing-zone', { start: end, end })
    return { date: new Date(moment) }
  }
  const offset = utc ? 0 : (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes))
  return { date: new Date(moment - offset * 60_000), offsetMinutes: offset }
}
