/** Days and times that exist: RFC 5322 section 3.3. */

/** @internal */
export interface CalendarDay {
  readonly day: number
  /** From 0. */
  readonly month: number
  readonly year: number
}

/** @internal */
export interface ClockTime {
  readonly hour: number
  readonly minute: number
  /** To 60, which is a leap second. */
  readonly second: number
}

/**
 * Gives the moment of a day and a time in UTC: the day exists in the month, the year is 1900 or later, and a leap second is
 * the one after it.
 *
 * @internal
 */
export function momentOf({ day, month, year }: CalendarDay, { hour, minute, second }: ClockTime): number | undefined {
  if (year < 1900 || hour > 23 || minute > 59 || second > 60) return undefined
  const start = new Date(Date.UTC(year, month, day))
  return start.getUTCDate() === day && start.getUTCMonth() === month
    ? Date.UTC(year, month, day, hour, minute, second)
    : undefined
}
