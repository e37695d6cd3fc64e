/** The one form of a date that nearly all mail has, read at once: RFC 5322 section 3.3. Every other is left to others. */

// date-time = [ day-of-week "," ] date time              ; one blank between, no comments, a zone that is known
const PLAIN =
  /^(?:(Sun|Mon|Tue|Wed|Thu|Fri|Sat), )?(\d{1,2}) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) (\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)([0-5]\d)$/
const DAYS = 'SunMonTueWedThuFriSat'
const MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec'

/**
 * Reads a date of that form that is right in every part.
 *
 * @internal
 * @returns The moment and the zone in minutes; nothing for all else.
 */
export function readPlainDate(text: string): { readonly date: Date; readonly offsetMinutes: number } | undefined {
  const match = PLAIN.exec(text)
  if (!match || text.endsWith('-0000')) return undefined
  const [, name, day, month, year, hour, minute, second, sign, hours, minutes] = match
  const moment = Date.UTC(
    Number(year),
    MONTHS.indexOf(month!) / 3,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  )
  const local = new Date(moment)
  const isRight =
    local.getUTCDate() === Number(day) &&
    local.getUTCHours() === Number(hour) &&
    local.getUTCMinutes() === Number(minute) &&
    Number(year) >= 1900 &&
    Number(hours) < 24
  if (!isRight || (name !== undefined && DAYS.indexOf(name) / 3 !== local.getUTCDay())) return undefined
  const offset = (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes))
  return { date: new Date(moment - offset * 60_000), offsetMinutes: offset }
}
