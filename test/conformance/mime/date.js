/** Dates. */
import { readDate } from '@posthorn/mime'
import { unfolded } from './address.js'

export const table = 'date'

/** @param {string} header A field's value, its lines ended by LF. */
export function read(header) {
  const { date, offsetMinutes = 0 } = readDate(unfolded(header))
  if (!date) return null
  const local = new Date(date.getTime() + offsetMinutes * 60_000)
  const zone = Math.abs(offsetMinutes)
  return {
    year: local.getUTCFullYear(),
    month: local.getUTCMonth() + 1,
    day: local.getUTCDate(),
    hour: local.getUTCHours(),
    minute: local.getUTCMinutes(),
    second: local.getUTCSeconds(),
    tz_before_gmt: offsetMinutes < 0,
    tz_hour: Math.floor(zone / 60),
    tz_minute: zone % 60,
  }
}
