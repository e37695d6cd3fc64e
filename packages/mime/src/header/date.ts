/** The date of a message: RFC 5322 section 3.3, always with the day's name and a numeric zone. */

import { MailError } from '@posthorn/core'
import type { MimeErrorCode } from '../error.ts'

/** How {@link formatDate} shows a moment. */
export interface FormatDateOptions {
  /** The zone in whole minutes east of UTC, less than a day; default 0, as the sender's zone is nobody's business. */
  readonly offset?: number
}

const MINUTE = 60_000
const DAY_MINUTES = 1440

/**
 * Formats a moment as `date-time`.
 *
 * @param date The moment, or its milliseconds since 1970.
 * @param options The zone to show it in.
 * @returns The date of the years 1900 to 9999, to the second.
 * @throws {MailError} `MIME_BAD_DATE` when it is no moment of these years, or the zone is none.
 * @see {@link https://www.rfc-editor.org/rfc/rfc5322#section-3.3 | RFC 5322 section 3.3}
 * @example
 * formatDate(880127706000) // 'Fri, 21 Nov 1997 15:55:06 +0000'
 * formatDate(880127706000, { offset: -360 }) // 'Fri, 21 Nov 1997 09:55:06 -0600'
 */
export function formatDate(date: Date | number, options: FormatDateOptions = {}): string {
  const { offset = 0 } = options
  if (!Number.isInteger(offset) || Math.abs(offset) >= DAY_MINUTES) throw fault(`zone ${offset}`)
  const local = new Date(Number(date) + offset * MINUTE)
  const year = local.getUTCFullYear()
  // date = day month year ; year = 4*DIGIT, 1900 or later
  if (!(year >= 1900 && year <= 9999)) throw fault(`date ${Number(date)}`)
  return local.toUTCString().slice(0, -'GMT'.length) + formatZone(offset)
}

// zone = ( "+" / "-" ) 4DIGIT                       ; hours and minutes
function formatZone(offset: number): string {
  if (offset === 0) return '+0000'
  const minutes = Math.abs(offset)
  const digits = Math.floor(minutes / 60) * 100 + (minutes % 60)
  return (offset < 0 ? '-' : '+') + String(digits).padStart(4, '0')
}

function fault(what: string): MailError<MimeErrorCode> {
  return new MailError('MIME_BAD_DATE', `Cannot format ${what}`, { spec: 'rfc5322#section-3.3' })
}
