/**
 * Zones from the text of a master file: RFC 1035 section 5, with `$TTL` of RFC 2308 section 4. Out of scope: `$INCLUDE`,
 * `$GENERATE`, classes other than IN; records of types that mail does not ask for are passed over, and told.
 */

import { clip, MailError } from '@posthorn/core'
import type { DnsErrorCode } from './error.ts'
import { parseData, RECORD_TYPES } from './record.ts'
import type { RecordType } from './resolver.ts'
import { MemoryZone, type MemoryZoneOptions } from './zone.ts'
import { type ZoneLine, ZoneLines } from './zone-lines.ts'

/** How {@link parseZone} reads. */
export interface ParseZoneOptions extends MemoryZoneOptions {
  /** What relative names are below, until `$ORIGIN` says it; default: there are none. */
  readonly origin?: string
  /** For how many seconds records hold that do not say it, until `$TTL` does; default 3,600. */
  readonly ttl?: number
}

/** A zone, and what of its text is not in it. */
export interface ParsedZone {
  /** The zone. */
  readonly zone: MemoryZone
  /** The types of records that were passed over, each once, as `SOA`. */
  readonly passedOver: readonly string[]
}

// TTL of BIND: 1w2d3h4m5s
const TTL = /^(?:\d{1,10}|(?:\d{1,6}[wdhms])+)$/i
const UNITS: Readonly<Record<string, number>> = { w: 604_800, d: 86_400, h: 3600, m: 60, s: 1 }
const MAX_TTL = 2 ** 31 - 1
const TYPE = /^[A-Z][A-Z0-9-]*$/

/**
 * Reads a zone from the text of a master file.
 *
 * @param text The file.
 * @param options What its names are relative to, and how the zone answers.
 * @returns The zone, and the types of records that it has no use for.
 * @throws {MailError} `DNS_BAD_ZONE` for a line that is none, with its number; `DNS_BAD_NAME` and `DNS_BAD_RECORD` for a name
 * or data that is none.
 * @see {@link https://www.rfc-editor.org/rfc/rfc1035#section-5.1 | RFC 1035 section 5.1}
 * @example
 * const { zone } = parseZone('@ 300 IN TXT "v=spf1 mx -all"\n@ MX 10 mx ; the only one\nmx A 192.0.2.1\n', { origin: 'a.example' })
 * const answer = await zone.resolve('a.example', 'MX')
 * answer.status === 'found' && answer.records // [{ preference: 10, exchange: 'mx.a.example' }]
 */
export function parseZone(text: string, options: ParseZoneOptions = {}): ParsedZone {
  const reader = new ZoneReader(options)
  const lines = new ZoneLines(text)
  for (let line = lines.next(); line; line = lines.next()) reader.take(line)
  return { zone: reader.zone, passedOver: [...reader.passedOver] }
}

class ZoneReader {
  readonly zone: MemoryZone
  readonly passedOver = new Set<string>()
  #origin: string | undefined
  #ttl: number
  #owner: string | undefined

  constructor({ origin, ttl = 3600, ...options }: ParseZoneOptions) {
    this.zone = new MemoryZone(options)
    this.#origin = origin?.replace(/\.$/, '')
    this.#ttl = ttl
  }

  take(line: ZoneLine): void {
    const [first] = line.words
    if (first?.text.startsWith('$') && !line.isIndented && !first.isQuoted) this.#direct(line)
    else this.#takeRecord(line)
  }

  #direct(line: ZoneLine): void {
    const [name = '', value = ''] = line.words.map(({ text }) => text)
    const directive = name.toUpperCase()
    if (directive === '$ORIGIN') this.#origin = this.#name(value, line)
    else if (directive === '$TTL' && TTL.test(value)) this.#ttl = secondsOf(value)
    else throw fault(line, `"${clip(name)}" is not known`)
  }

  // <domain-name><rr> and <blank><rr>; TTL and class in either order
  #takeRecord(line: ZoneLine): void {
    const words = [...line.words]
    const owner = line.isIndented ? undefined : words.shift()
    if (owner) this.#owner = this.#name(owner.text, line)
    let ttl = this.#ttl
    for (let word = words[0]; word && !word.isQuoted && /^(?:\d.*|in|ch|hs)$/i.test(word.text); word = words[0]) {
      if (TTL.test(word.text)) ttl = secondsOf(word.text)
      else if (word.text.toUpperCase() !== 'IN') throw fault(line, `"${clip(word.text)}" is no TTL, and no class IN`)
      words.shift()
    }
    const type = words.shift()?.text.toUpperCase() ?? ''
    if (!TYPE.test(type)) throw fault(line, 'it has no type')
    if (this.#owner === undefined) throw fault(line, 'it has no name')
    if (!RECORD_TYPES.includes(type as RecordType)) this.passedOver.add(type)
    else this.#add(type as RecordType, { line, words: words.map(({ text }) => text), ttl })
  }

  #add(type: RecordType, { line, words, ttl }: { line: ZoneLine; words: readonly string[]; ttl: number }): void {
    this.zone.add(
      this.#owner!,
      type,
      parseData(type, words, (name) => this.#name(name, line)),
      { ttl },
    )
  }

  #name(text: string, line: ZoneLine): string {
    if (text === '.') return text
    if (text.endsWith('.')) return text.slice(0, -1)
    if (this.#origin === undefined) throw fault(line, `"${clip(text)}" is relative, and to nothing`)
    return text === '@' ? this.#origin : `${text}.${this.#origin}`
  }
}

function secondsOf(text: string): number {
  const parts = text.match(/\d+[a-z]?/gi) ?? []
  const seconds = parts.reduce(
    (sum, part) => sum + Number.parseInt(part, 10) * (UNITS[part.slice(-1).toLowerCase()] ?? 1),
    0,
  )
  return Math.min(seconds, MAX_TTL)
}

function fault({ number }: ZoneLine, why: string): MailError<DnsErrorCode> {
  return new MailError('DNS_BAD_ZONE', `Cannot read line ${number} of a zone: ${why}`, { spec: 'rfc1035#section-5.1' })
}
