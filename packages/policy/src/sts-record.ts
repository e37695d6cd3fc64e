/** The TXT record that tells of an MTA-STS policy: RFC 8461 section 3.1. */

import { clip } from '@posthorn/core'
import { type Answer, normalizeDnsName } from '@posthorn/dns'
import { fault } from './error.ts'
import { type ExtensionField, extensionsOf, formatFields, onlyField, parseFields } from './field-list.ts'
import { hasVersion, type RecordSelection, selectRecord } from './select-record.ts'

/** What is published at `_mta-sts.domain`. */
export interface StsRecord {
  /** Names the state of the policy: 1 to 32 letters and digits; another than before means another policy. */
  readonly id: string
  /** Fields of other names, in order. */
  readonly extensions: readonly ExtensionField[]
}

const GRAMMAR = { version: 'v=STSv1', spec: 'rfc8461#section-3.1' }
const ID = /^[A-Za-z0-9]{1,32}$/

/**
 * Parses a policy record.
 *
 * @param text The character-strings of the TXT record, joined.
 * @returns The record.
 * @throws {MailError} `POLICY_BAD_VERSION` when it does not begin with `v=STSv1`; `POLICY_BAD_RECORD` for a part that is
 * no field; `POLICY_MISSING_FIELD` without `id=`; `POLICY_BAD_FIELD` for a value outside its grammar, or a second `id=`;
 * `POLICY_TOO_LARGE` over 65,535 characters.
 * @see {@link https://www.rfc-editor.org/rfc/rfc8461#section-3.1 | RFC 8461 section 3.1}
 * @example
 * parseStsRecord('v=STSv1; id=20160831085700Z;') // { id: '20160831085700Z', extensions: [] }
 * parseStsRecord('v=STSv1; id=2016-08-31') // throws POLICY_BAD_FIELD
 */
export function parseStsRecord(text: string): StsRecord {
  const fields = parseFields(text, GRAMMAR)
  const id = onlyField(fields, 'id', GRAMMAR)
  if (!ID.test(id)) throw fault('POLICY_BAD_FIELD', `take "${clip(id)}" as id=`, GRAMMAR.spec)
  return { id, extensions: extensionsOf(fields, 'id', GRAMMAR) }
}

/**
 * Formats a policy record; the inverse of {@link parseStsRecord}.
 *
 * @param record The record, or its id alone.
 * @returns The text of the TXT record.
 * @throws {MailError} As {@link parseStsRecord}, for a value outside its grammar.
 * @see {@link https://www.rfc-editor.org/rfc/rfc8461#section-3.1 | RFC 8461 section 3.1}
 * @example
 * formatStsRecord({ id: '20160831085700Z' }) // 'v=STSv1; id=20160831085700Z;'
 */
export function formatStsRecord(record: Pick<StsRecord, 'id'> & Partial<StsRecord>): string {
  const { id, extensions = [] } = record
  // HAZARD: a semicolon in a value would begin another field.
  const bad = [id, ...extensions.flatMap(({ name, value }) => [name, value])].find((text) => text.includes(';'))
  if (bad !== undefined) throw fault('POLICY_BAD_FIELD', `take "${clip(bad)}" into a record`, GRAMMAR.spec)
  const text = formatFields(GRAMMAR.version, [{ name: 'id', value: id }, ...extensions])
  parseStsRecord(text)
  return text
}

/**
 * Gives the name whose TXT records tell of a policy.
 *
 * @param domain The domain of the recipient.
 * @throws {MailError} `DNS_BAD_NAME` for what is no name.
 * @see {@link https://www.rfc-editor.org/rfc/rfc8461#section-3.1 | RFC 8461 section 3.1}
 * @example
 * stsRecordName('Example.com') // '_mta-sts.example.com'
 */
export function stsRecordName(domain: string): string {
  return normalizeDnsName(`_mta-sts.${normalizeDnsName(domain)}`)
}

/**
 * Finds the policy record among the TXT records of its name. Where several are there, none counts.
 *
 * @param answer The answer for {@link stsRecordName}, type TXT.
 * @returns The record, why there is none, or that nobody could say.
 * @see {@link https://www.rfc-editor.org/rfc/rfc8461#section-3.1 | RFC 8461 section 3.1}
 * @example
 * const answer = { status: 'found', name: '_mta-sts.example.com', ttl: 60, authenticated: false } as const
 * selectStsRecord({ ...answer, records: ['v=STSv1; id=1;'] }) // { status: 'found', record: { id: '1', extensions: [] } }
 * selectStsRecord({ ...answer, records: ['v=STSv1; id=1;', 'v=STSv1; id=2;'] }) // { status: 'none', reason: 'several' }
 */
export function selectStsRecord(answer: Answer<'TXT'>): RecordSelection<StsRecord> {
  return selectRecord(answer, (text) => hasVersion(text, GRAMMAR.version), parseStsRecord)
}

/**
 * Gives the address of the policy file. It is fetched by HTTPS, with a certificate valid for the host; a redirect is
 * not followed, nothing comes from a cache of HTTP, and a minute is enough.
 *
 * @param domain The domain of the recipient: its own, however its records are aliased.
 * @throws {MailError} `DNS_BAD_NAME` for what is no name.
 * @see {@link https://www.rfc-editor.org/rfc/rfc8461#section-3.3 | RFC 8461 section 3.3}
 * @example
 * stsUrl('Example.com') // 'https://mta-sts.example.com/.well-known/mta-sts.txt'
 */
export function stsUrl(domain: string): string {
  return `https://${normalizeDnsName(`mta-sts.${normalizeDnsName(domain)}`)}/.well-known/mta-sts.txt`
}
