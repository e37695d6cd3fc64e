/** Zones of dates: RFC 5322 section 3.3 and 4.3. */

import type { DefectList } from '../syntax/defect.ts'
import type { DateItems } from './date-items.ts'

// obs-zone = "UT" / "GMT" / "EST" / "EDT" / "CST" / "CDT" / "MST" / "MDT" / "PST" / "PDT" / … ; in hours
const NAMED: Readonly<Record<string, number>> = {
  UT: 0,
  UTC: 0,
  GMT: 0,
  Z: 0,
  EST: -5,
  EDT: -4,
  CST: -6,
  CDT: -5,
  MST: -7,
  MDT: -6,
  PST: -8,
  PDT: -7,
}

/**
 * Takes a zone, if there is one.
 *
 * @internal
 * @returns Its minutes east of UTC, or that nobody knows them.
 */
export function takeZone(items: DateItems, defects: DefectList): number | 'unknown' | undefined {
  const item = items.peek()
  if (item?.type === 'zone') {
    items.take()
    return readNumeric(item.text, { range: item, defects })
  }
  const hours = items.peek(1)
  // QUIRK: +02:00 and +2, as other formats have it.
  if (item?.type === 'sign' && /[+-]/.test(item.text) && hours?.type === 'number' && hours.text.length <= 2) {
    return takeLoose(items, defects)
  }
  if (item?.type !== 'name') return undefined
  items.take()
  const name = item.text.toUpperCase()
  const named = Object.hasOwn(NAMED, name) ? NAMED[name]! : undefined
  // QUIRK: GMT+0200, as in other formats.
  const next = items.peek()
  if (named === 0 && next?.type === 'zone' && next.start === item.end) {
    defects.add('obsolete-zone', { start: item.start, end: next.end })
    return takeZone(items, defects)
  }
  // RFC 5322 section 4.3: any other name, the military ones among them, says as much as "-0000".
  defects.add(named === undefined ? 'unknown-zone' : 'obsolete-zone', item)
  return named === undefined ? 'unknown' : named * 60
}

interface Place {
  readonly range: { readonly start: number; readonly end: number }
  readonly defects: DefectList
}

// zone = ( "+" / "-" ) 4DIGIT
function readNumeric(text: string, { range, defects }: Place): number | 'unknown' {
  const hours = Number(text.slice(1, 3))
  const minutes = Number(text.slice(3))
  if (hours > 23 || minutes > 59) {
    defects.add('unknown-zone', range)
    return 'unknown'
  }
  if (text === '-0000') return 'unknown'
  return (text.startsWith('-') ? -1 : 1) * (hours * 60 + minutes)
}

function takeLoose(items: DateItems, defects: DefectList): number | 'unknown' {
  const sign = items.take()!
  const hours = items.take()!
  const isSplit = items.peek()?.text === ':' && items.peek(1)?.type === 'number'
  if (isSplit) items.take()
  const minutes = isSplit ? items.take()!.text : '00'
  const range = { start: sign.start, end: items.end }
  defects.add('obsolete-zone', range)
  return readNumeric(`${sign.text}${hours.text.padStart(2, '0')}${minutes.padStart(2, '0').slice(0, 3)}`, {
    range,
    defects,
  })
}
