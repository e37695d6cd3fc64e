/** Zones from JSON, as tests and settings hold them. */

import { clip, MailError } from '@posthorn/core'
import type { DnsErrorCode } from './error.ts'
import { parseDataText, RECORD_TYPES } from './record.ts'
import type { FailedAnswer, RecordType } from './resolver.ts'
import { MemoryZone, type MemoryZoneOptions } from './zone.ts'

/**
 * What stands at a name: the data of its records by their type, in the text form of a master file with whole names, as
 * `10 mx.example`, a TXT as the text itself; and how questions for it fail.
 */
export type ZoneJsonEntry = { readonly [Type in RecordType]?: string | readonly string[] } & {
  /** How all questions for it fail. */
  readonly fail?: FailedAnswer['status']
}

/** The names of a zone with what stands at each. */
export type ZoneJson = Readonly<Record<string, ZoneJsonEntry>>

/**
 * Makes a zone of plain values.
 *
 * @param json By names.
 * @param options How it answers.
 * @returns The zone.
 * @throws {MailError} `DNS_BAD_NAME` and `DNS_BAD_RECORD` for a name or data that is none; `DNS_BAD_ZONE` for another type.
 * @example
 * const zone = zoneOf({ 'a.example': { TXT: 'v=spf1 -all', MX: ['10 mx.a.example'] }, 'slow.example': { fail: 'timeout' } })
 * await zone.resolve('slow.example', 'A') // { status: 'timeout' }
 */
export function zoneOf(json: ZoneJson, options: MemoryZoneOptions = {}): MemoryZone {
  const zone = new MemoryZone(options)
  for (const [name, entry] of Object.entries(json)) {
    for (const [type, values] of Object.entries(entry)) {
      if (type === 'fail') zone.fail(name, values as FailedAnswer['status'])
      else addAll(zone, { name, type, values: values as string | readonly string[] })
    }
  }
  return zone
}

interface Values {
  readonly name: string
  readonly type: string
  readonly values: string | readonly string[]
}

function addAll(zone: MemoryZone, { name, type, values }: Values): void {
  if (!RECORD_TYPES.includes(type as RecordType)) {
    throw new MailError<DnsErrorCode>('DNS_BAD_ZONE', `Cannot add records of type "${clip(type)}": it is not known`)
  }
  for (const value of typeof values === 'string' ? [values] : values) {
    zone.add(name, type as RecordType, parseDataText(type as RecordType, value))
  }
}
