/**
 * The record that names an indicator: "Assertion Record Definition" of BIMI draft 14.
 * Out of scope: what is at the addresses, which `checkBimiResponse`, `lintSvg` and `verifyMark` look at.
 */

import { clip, splitTags, type TagPart } from '@posthorn/core'
import { type Answer, normalizeDnsName } from '@posthorn/dns'
import { fault } from '../error.ts'
import type { ExtensionField } from '../field-list.ts'
import { type RecordSelection, selectRecord } from '../select-record.ts'
import { BIMI_DRAFT } from './draft.ts'
import { isTag } from './tag.ts'
import { checkBimiUrl } from './url.ts'

/** What is published at `selector._bimi.domain`. */
export interface BimiRecord {
  /** The address of the indicator, `l=`; empty where there is none. */
  readonly location: string
  /** The address of the evidence, `a=`: a chain of certificates; empty where there is none. */
  readonly authority: string
  /** What to show of a sender who has a picture too, `avp=`: the indicator, which is the default, or the picture. */
  readonly avatar: 'brand' | 'personal'
  /** Whether the local part of the sender's address names another record, `lps=`; default `false`. */
  readonly localPartSelectors: boolean
  /** Tags of other names, in order; they have no meaning. */
  readonly extensions: readonly ExtensionField[]
}

/** A value that counts as absent. */
export interface BimiDefect {
  /** `bad-avatar`: `avp=` is neither brand nor personal; `bad-local-part-selectors`: `lps=` is neither true nor false. */
  readonly code: 'bad-avatar' | 'bad-local-part-selectors'
  /** Where the tag begins, in UTF-16 units. */
  readonly start: number
  /** Where it ends. */
  readonly end: number
}

/** A record as it was read. */
export interface ParsedBimiRecord extends BimiRecord {
  /** What is left out of it, in order. */
  readonly defects: readonly BimiDefect[]
}

/** @internal */
export const MAX_RECORD = 65_535
/** @internal */
export const RECORD_SPEC: string = `${BIMI_DRAFT}#assertion-record-definition`
/** @internal */
export const KNOWN_TAGS: ReadonlySet<string> = new Set(['v', 'l', 'a', 'avp', 'lps'])
// bimi-version = "v" *WSP "=" *WSP "BIMI1"
const VERSION = /^v[ \t]*=[ \t]*BIMI1[ \t]*(?:;|$)/

/**
 * Tells whether text is meant for a record of this version.
 *
 * @internal
 */
export function isBimiRecord(text: string): boolean {
  return VERSION.test(text)
}

/**
 * Parses a record.
 *
 * @param text The character-strings of the TXT record, joined.
 * @returns The record, and what is left out of it.
 * @throws {MailError} `POLICY_BAD_VERSION` when it does not begin with `v=BIMI1`, in that case; `POLICY_BAD_RECORD` for
 * a part that is no tag; `POLICY_MISSING_FIELD` without `l=`; `POLICY_BAD_FIELD` for an address that is not asked, and
 * for a tag that comes twice; `POLICY_TOO_LARGE` over 65,535 characters.
 * @see {@link https://datatracker.ietf.org/doc/html/draft-brand-indicators-for-message-identification-14 | Draft 14, "Assertion Record Definition"}
 * @example
 * parseBimiRecord('v=BIMI1; l=https://example.com/logo.svg; avp=personal').avatar // 'personal'
 * parseBimiRecord('v=BIMI1; l=http://example.com/logo.svg') // throws POLICY_BAD_FIELD
 */
export function parseBimiRecord(text: string): ParsedBimiRecord {
  if (text.length > MAX_RECORD) throw fault('POLICY_TOO_LARGE', 'parse record: it is too long', RECORD_SPEC)
  if (!isBimiRecord(text)) {
    throw fault('POLICY_BAD_VERSION', `parse record "${clip(text)}": it does not begin with v=BIMI1`, RECORD_SPEC)
  }
  const tags = gather(splitTags(text))
  const defects: BimiDefect[] = []
  const choose = (name: string, values: readonly [string, string], code: BimiDefect['code']): boolean => {
    const tag = tags.get(name)
    if (tag && !values.includes(tag.value)) defects.push({ code, start: tag.start, end: tag.end })
    return tag?.value === values[0]
  }
  const location = urlOf(tags.get('l'), 'l')
  if (!tags.has('l')) throw fault('POLICY_MISSING_FIELD', 'parse record: it has no l=', RECORD_SPEC)
  const record = {
    location,
    authority: urlOf(tags.get('a'), 'a'),
    avatar: choose('avp', ['personal', 'brand'], 'bad-avatar') ? ('personal' as const) : ('brand' as const),
    localPartSelectors: choose('lps', ['true', 'false'], 'bad-local-part-selectors'),
    extensions: [...tags.values()]
      .filter(({ name }) => !KNOWN_TAGS.has(name))
      .map(({ name, value }) => ({ name, value })),
  }
  return { ...record, defects: defects.sort((one, other) => one.start - other.start) }
}

// RFC 6376 section 3.2: a list that has a tag twice is not valid.
function gather(list: readonly TagPart[]): ReadonlyMap<string, TagPart> {
  const tags = new Map<string, TagPart>()
  for (const tag of list) {
    if (!isTag(tag)) throw fault('POLICY_BAD_RECORD', 'parse record: a part of it is no tag', RECORD_SPEC)
    if (tags.has(tag.name)) throw fault('POLICY_BAD_FIELD', `parse record: ${clip(tag.name)}= comes twice`, RECORD_SPEC)
    tags.set(tag.name, tag)
  }
  return tags
}

function urlOf(tag: TagPart | undefined, name: string): string {
  const value = tag?.value ?? ''
  const problem = value === '' ? undefined : checkBimiUrl(value)
  if (!problem) return value
  throw fault('POLICY_BAD_FIELD', `take "${clip(value)}" as ${name}=: ${problem}`, RECORD_SPEC)
}

/**
 * Formats a record; the inverse of {@link parseBimiRecord}. Without any address it declines.
 *
 * @param record The record; what is left out has its default.
 * @returns The text of the TXT record.
 * @throws {MailError} As {@link parseBimiRecord}, for a value outside its grammar.
 * @see {@link https://datatracker.ietf.org/doc/html/draft-brand-indicators-for-message-identification-14 | Draft 14, "Assertion Record Definition"}
 * @example
 * formatBimiRecord({ location: 'https://example.com/logo.svg' }) // 'v=BIMI1; l=https://example.com/logo.svg;'
 * formatBimiRecord({}) // 'v=BIMI1; l=; a=;'
 */
export function formatBimiRecord(record: Partial<BimiRecord>): string {
  const { location = '', authority = '', avatar = 'brand', localPartSelectors = false, extensions = [] } = record
  const tags = [
    ['l', location],
    ...(authority !== '' || location === '' ? [['a', authority]] : []),
    ...(avatar === 'brand' ? [] : [['avp', avatar]]),
    ...(localPartSelectors ? [['lps', 'true']] : []),
    ...extensions.map(({ name, value }) => [name, value]),
  ]
  // HAZARD: a semicolon in a value would begin another tag; white space around it would be lost.
  const bad = tags.flat().find((text) => text.includes(';') || text.trim() !== text)
  const known = extensions.find(({ name }) => KNOWN_TAGS.has(name))?.name
  if (bad !== undefined || known !== undefined) {
    throw fault('POLICY_BAD_FIELD', `take "${clip(bad ?? known ?? '')}" into a record`, RECORD_SPEC)
  }
  const text = `v=BIMI1; ${tags.map(([name, value]) => `${name}=${value}`).join('; ')};`
  if (parseBimiRecord(text).defects.length === 0) return text
  throw fault('POLICY_BAD_FIELD', `take "${clip(avatar)}" as avp=`, RECORD_SPEC)
}

/**
 * Tells whether a record says that no indicator is to be shown: it has neither an indicator nor evidence.
 *
 * @param record The record.
 * @see {@link https://datatracker.ietf.org/doc/html/draft-brand-indicators-for-message-identification-14 | Draft 14, "Declination to Publish"}
 * @example
 * isBimiDeclined(parseBimiRecord('v=BIMI1; l=; a=;')) // true
 */
export function isBimiDeclined({ location, authority }: Pick<BimiRecord, 'location' | 'authority'>): boolean {
  return location === '' && authority === ''
}

/**
 * Gives the name whose TXT records tell of an indicator.
 *
 * @param domain The author domain, or its organizational domain.
 * @param selector Which of its records; default `default`.
 * @throws {MailError} `DNS_BAD_NAME` for what is no name, and for one of over 253 characters in all.
 * @see {@link https://datatracker.ietf.org/doc/html/draft-brand-indicators-for-message-identification-14 | Draft 14, "Selectors"}
 * @example
 * bimiRecordName('Example.com') // 'default._bimi.example.com'
 * bimiRecordName('example.com', 'spring.brand') // 'spring.brand._bimi.example.com'
 */
export function bimiRecordName(domain: string, selector = 'default'): string {
  return normalizeDnsName(`${selector}._bimi.${normalizeDnsName(domain)}`)
}

/**
 * Finds the record among the TXT records of its name. Where several are there, none counts.
 *
 * @param answer The answer for {@link bimiRecordName}, type TXT.
 * @returns The record, why there is none, or that nobody could say.
 * @see {@link https://datatracker.ietf.org/doc/html/draft-brand-indicators-for-message-identification-14 | Draft 14, "Assertion Record Discovery"}
 * @example
 * const answer = { status: 'found', name: 'default._bimi.example.com', ttl: 60, authenticated: false } as const
 * selectBimiRecord({ ...answer, records: ['v=BIMI1; l=;'] }).status // 'found'
 * selectBimiRecord({ ...answer, records: ['v=bimi1; l=;'] }) // { status: 'none', reason: 'absent' }
 */
export function selectBimiRecord(answer: Answer<'TXT'>): RecordSelection<ParsedBimiRecord> {
  return selectRecord(answer, isBimiRecord, parseBimiRecord)
}
