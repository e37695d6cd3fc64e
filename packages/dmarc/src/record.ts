/**
 * The record of a policy: RFC 9989 section 4.7 and 4.8, and section 4.10.1 for a policy that cannot be read.
 * Out of scope: whether a destination of reports agreed to get them (RFC 9990 section 4).
 */

import { clip, trimBlanks } from '@posthorn/core'
import { fault } from './error.ts'
import { splitRecord, type TagPart } from './tag-list.ts'
import { type DmarcUri, formatUri, parseUriList } from './uri.ts'

/** What is asked for a message that fails; each is stricter than the one before. */
export type DmarcPolicy = 'none' | 'quarantine' | 'reject'

/** How alike an authenticated domain must be: `r` relaxed, the same organizational domain; `s` strict, the same. */
export type DmarcAlignment = 'r' | 's'

/** When a failure report is asked for: `0` all failed, `1` any failed, `d` a signature failed, `s` SPF failed. */
export type DmarcFailureOption = '0' | '1' | 'd' | 's'

/** A tag that has no meaning here. */
export interface DmarcTag {
  /** Its name, in its case. */
  readonly name: string
  /** Its value. */
  readonly value: string
}

/** What is doubtful in a record. */
export type DmarcDefectCode =
  | 'bad-policy'
  | 'bad-tag'
  | 'bad-uri'
  | 'bad-value'
  | 'empty-tag'
  | 'missing-policy'
  | 'repeated-tag'
  | 'retired-size'
  | 'retired-tag'
  | 'unknown-tag'

/** One doubt, and where it stands. */
export interface DmarcDefect {
  /** What it is. */
  readonly code: DmarcDefectCode
  /** The name of the tag; absent where there is none. */
  readonly tag?: string
  /** Where the tag begins, in UTF-16 units. */
  readonly start: number
  /** Where it ends. */
  readonly end: number
}

/** What a domain publishes at `_dmarc`; the keys are the names of the tags. */
export interface DmarcRecord {
  /**
   * What is asked of mail that fails. Absent when the record asks for nothing at all: it has no policy that can be
   * read, and no address for reports; with such an address it is `none`.
   */
  readonly p?: DmarcPolicy
  /** The same for subdomains that exist; absent when it is `p`. */
  readonly sp?: DmarcPolicy
  /** The same for subdomains that do not exist; absent when it is `sp`, or else `p`. */
  readonly np?: DmarcPolicy
  /** How the domain of a signature must align. */
  readonly adkim: DmarcAlignment
  /** How the domain of SPF must align. */
  readonly aspf: DmarcAlignment
  /** Where aggregate reports go. */
  readonly rua: readonly DmarcUri[]
  /** Where failure reports go. */
  readonly ruf: readonly DmarcUri[]
  /** When failure reports are asked for. */
  readonly fo: readonly DmarcFailureOption[]
  /** Whether the domain is a public suffix, below which others register: `y`, `n`, or `u` for not said. */
  readonly psd: 'y' | 'n' | 'u'
  /** Whether the domain only tests, so that one level less is asked. */
  readonly t: 'y' | 'n'
  /** Tags without meaning, in order: unknown ones, and those that RFC 9989 removed (`pct`, `rf`, `ri`). */
  readonly others: readonly DmarcTag[]
}

/** A record as it was read. */
export interface ParsedDmarc extends DmarcRecord {
  /** What is doubtful in it, in order. */
  readonly defects: readonly DmarcDefect[]
}

/**
 * The tags that RFC 9989 removed.
 *
 * @internal
 */
export const RETIRED: ReadonlySet<string> = new Set(['pct', 'rf', 'ri'])
/** @internal */
export const POLICIES: ReadonlySet<string> = new Set(['none', 'quarantine', 'reject'])

// dmarc-value = %x20-3A / %x3C-7E
const VALUE = /^[ -:<-~]+$/
// dmarc-fo: each option once, "0" and "1" not together
const OPTION = /^[01ds]$/
const KNOWN = new Set(['v', 'p', 'sp', 'np', 'adkim', 'aspf', 'rua', 'ruf', 'fo', 'psd', 't'])

/**
 * Parses a record, by the rules of a receiver: a value that cannot be read counts as absent, and is told.
 *
 * @param text The character-strings of the TXT record, joined.
 * @returns The record, and what is doubtful in it.
 * @throws {MailError} `DMARC_BAD_VERSION` for text that does not begin with `v=DMARC1`, in that case, as the whole of a
 * tag: it is not a record at all; `DMARC_TOO_LONG` over 65,535 characters.
 * @see {@link https://www.rfc-editor.org/rfc/rfc9989#section-4.7 | RFC 9989 section 4.7}
 * @example
 * const { p, rua, t, defects } = parseDmarc('v=DMARC1; p=reject; pct=50; rua=mailto:d@example.com')
 * p // 'reject'
 * rua // [{ type: 'mailto', uri: 'mailto:d@example.com', address: 'd@example.com' }]
 * t // 'n'
 * defects // [{ code: 'retired-tag', tag: 'pct', start: 20, end: 26 }]
 */
export function parseDmarc(text: string): ParsedDmarc {
  const defects: DmarcDefect[] = []
  const { tags, others } = gather(splitRecord(text), defects)
  const read = <T extends string>(name: string, values: string, absent: T): T => {
    const part = tags.get(name)
    if (!part) return absent
    const value = part.value.toLowerCase()
    if (value.length === 1 && values.includes(value)) return value as T
    defects.push(defectAt('bad-value', part))
    return absent
  }
  const rua = readUris(tags.get('rua'), defects)
  const ruf = readUris(tags.get('ruf'), defects)
  const record = {
    ...readPolicies(tags, { hasReports: rua.length > 0, defects }),
    adkim: read('adkim', 'rs', 'r' as DmarcAlignment),
    aspf: read('aspf', 'rs', 'r' as DmarcAlignment),
    rua,
    ruf,
    fo: readOptions(tags.get('fo'), defects),
    psd: read('psd', 'ynu', 'u' as 'y' | 'n' | 'u'),
    t: read('t', 'yn', 'n' as 'y' | 'n'),
    others,
  }
  return { ...record, defects: defects.sort((a, b) => a.start - b.start || a.end - b.end) }
}

function defectAt(code: DmarcDefectCode, { name, start, end }: TagPart): DmarcDefect {
  return name ? { code, tag: name, start, end } : { code, start, end }
}

interface Gathered {
  readonly tags: ReadonlyMap<string, TagPart>
  readonly others: readonly DmarcTag[]
}

// RFC 9989 section 4.8: syntax errors behind the version are ignored, or give way to the default.
function gather(parts: readonly TagPart[], defects: DmarcDefect[]): Gathered {
  const tags = new Map<string, TagPart>()
  const others: DmarcTag[] = []
  for (const part of parts) {
    const { name, value, start, end } = part
    const first = tags.get(name)
    if (!name || !VALUE.test(value)) defects.push(defectAt(start === end ? 'empty-tag' : 'bad-tag', part))
    if (!name) continue
    if (first) {
      defects.push(defectAt('repeated-tag', part))
      // RFC 6376 section 3.2: of two values none can be believed; the version has been seen already.
      if (name !== 'v') tags.set(name, { ...first, value: '' })
    } else if (KNOWN.has(name)) {
      tags.set(name, part)
    } else if (VALUE.test(value)) {
      others.push({ name, value })
      defects.push(defectAt(RETIRED.has(name) ? 'retired-tag' : 'unknown-tag', part))
    }
  }
  return { tags, others }
}

function readPolicy({ value }: TagPart): DmarcPolicy | undefined {
  const policy = value.toLowerCase()
  return POLICIES.has(policy) ? (policy as DmarcPolicy) : undefined
}

interface PolicyContext {
  readonly hasReports: boolean
  readonly defects: DmarcDefect[]
}

function readPolicies(tags: ReadonlyMap<string, TagPart>, { hasReports, defects }: PolicyContext) {
  const policies: { p?: DmarcPolicy; sp?: DmarcPolicy; np?: DmarcPolicy } = {}
  let isUsable = tags.has('p')
  for (const name of ['p', 'sp', 'np'] as const) {
    const part = tags.get(name)
    if (!part) continue
    const policy = readPolicy(part)
    if (policy) policies[name] = policy
    else {
      isUsable = false
      defects.push(defectAt('bad-policy', part))
    }
  }
  if (!tags.has('p')) defects.push(defectAt('missing-policy', tags.get('v')!))
  if (isUsable) return policies
  // RFC 9989 section 4.10.1: one policy that cannot be read voids them all; reports may still be wanted.
  return hasReports ? { p: 'none' as const } : {}
}

function readUris(part: TagPart | undefined, defects: DmarcDefect[]): readonly DmarcUri[] {
  if (!part?.value) return []
  const { uris, bad } = parseUriList(part.value)
  if (bad > 0) defects.push(defectAt('bad-uri', part))
  if (uris.some(({ size }) => size !== undefined)) defects.push(defectAt('retired-size', part))
  return uris
}

function readOptions(part: TagPart | undefined, defects: DmarcDefect[]): readonly DmarcFailureOption[] {
  if (!part) return ['0']
  const options = part.value.toLowerCase().split(':').map(trimBlanks)
  const once = new Set(options)
  const isValid = options.every((one) => OPTION.test(one)) && once.size === options.length
  if (isValid && !(once.has('0') && once.has('1'))) return options as DmarcFailureOption[]
  defects.push(defectAt('bad-value', part))
  return ['0']
}

/**
 * Formats a record; the inverse of {@link parseDmarc}, defects aside. What is a default is not written.
 *
 * @param record The record, or as much of it as is not the default.
 * @returns The text of the TXT record; over 255 octets it is published as several character-strings of one record.
 * @throws {MailError} `DMARC_BAD_TAG` for a value outside its grammar, or `sp` or `np` without `p`.
 * @see {@link https://www.rfc-editor.org/rfc/rfc9989#section-4.8 | RFC 9989 section 4.8}
 * @example
 * formatDmarc({ p: 'reject', sp: 'none', aspf: 's' }) // 'v=DMARC1; p=reject; sp=none; aspf=s'
 */
export function formatDmarc(record: Partial<DmarcRecord>): string {
  const { p, sp, np, adkim = 'r', aspf = 'r', rua = [], ruf = [], fo = ['0'], psd = 'u', t = 'n', others = [] } = record
  const policy = p ?? (rua.length > 0 ? 'none' : undefined)
  const tags: [string, string | undefined][] = [
    ['p', policy],
    ['sp', sp],
    ['np', np],
    ['adkim', adkim === 'r' ? undefined : adkim],
    ['aspf', aspf === 'r' ? undefined : aspf],
    ['rua', rua.length > 0 ? rua.map(formatUri).join(',') : undefined],
    ['ruf', ruf.length > 0 ? ruf.map(formatUri).join(',') : undefined],
    ['fo', fo.join(':') === '0' ? undefined : fo.join(':')],
    ['psd', psd === 'u' ? undefined : psd],
    ['t', t === 'n' ? undefined : t],
    ...others.map(({ name, value }): [string, string] => [name, value]),
  ]
  const written = tags.flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`]))
  const text = ['v=DMARC1', ...written].join('; ')
  if (!isFaithful(record, text)) {
    throw fault('DMARC_BAD_TAG', `format record "${clip(text)}": a tag is malformed`, '4.8')
  }
  return text
}

const HARMLESS: ReadonlySet<DmarcDefectCode> = new Set(['missing-policy', 'retired-size', 'retired-tag', 'unknown-tag'])

// HAZARD: a semicolon or a comma in a value would begin another tag or URI, so what was written is read back.
function isFaithful({ p, sp, np, rua = [], ruf = [], others = [] }: Partial<DmarcRecord>, text: string): boolean {
  const back = parseDmarc(text)
  if (back.defects.some(({ code }) => !HARMLESS.has(code))) return false
  if (p === undefined && (sp ?? np) !== undefined) return false
  if (back.rua.length !== rua.length || back.ruf.length !== ruf.length || back.others.length !== others.length)
    return false
  return back.others.every(({ name, value }, index) => others[index]!.name === name && others[index]!.value === value)
}
