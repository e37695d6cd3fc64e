/** The time in the mark of a line. */

const STAMP = /(?:(\d{4})[-/](\d\d)[-/](\d\d)[T ,]\s?)?(\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?(Z|[+-]\d\d:?\d\d)?(?!\d)/

/**
 * Reads a time.
 *
 * @returns Milliseconds since 1970, in UTC where no zone is told; since midnight where there is no full date.
 */
export function readTime(mark: string): number | undefined {
  const found = STAMP.exec(mark)
  if (!found) return undefined
  const [, year, month, day, hours, minutes, seconds, fraction, zone] = found
  const time = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000
  const withFraction = time + Math.floor(Number(`0.${fraction ?? 0}`) * 1000)
  if (year === undefined) return withFraction
  return Date.UTC(Number(year), Number(month) - 1, Number(day)) + withFraction - offsetOf(zone ?? 'Z')
}

function offsetOf(zone: string): number {
  if (zone === 'Z') return 0
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2))
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000
}
