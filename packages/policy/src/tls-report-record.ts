/** The TXT record that says where reports on TLS go: RFC 8460 section 3. */

import { clip, trimBlanks } from '@posthorn/core'
import { type Answer, normalizeDnsName } from '@posthorn/dns'
import { fault } from './error.ts'
import { type ExtensionField, extensionsOf, formatFields, onlyField, parseFields } from './field-list.ts'
import { hasVersion, type RecordSelection, selectRecord } from './select-record.ts'

/** What is published at `_smtp._tls.domain`. */
export interface TlsReportRecord {
  /** `rua=`, where reports go, in order: URIs of `mailto:` or `https:`, and of schemes that are to be ignored. */
  readonly rua: readonly string[]
  /** Fields of other names, in order. */
  readonly extensions: readonly ExtensionField[]
}

const GRAMMAR = { version: 'v=TLSRPTv1', spec: 'rfc8460#section-3' }
// tlsrpt-uri = URI ; with "!", "," and ";" percent-encoded
const URI = /^[A-Za-z][A-Za-z0-9+.-]*:(?:[A-Za-z0-9._~:/?#[\]@$&'()*+=-]|%[0-9A-Fa-f]{2})+$/

/**
 * Parses a record for reports on TLS.
 *
 * @param text The character-strings of the TXT record, joined.
 * @returns The record.
 * @throws {MailError} `POLICY_BAD_VERSION` when it does not begin with `v=TLSRPTv1`; `POLICY_BAD_RECORD` for a part that
 * is no field; `POLICY_MISSING_FIELD` without `rua=`; `POLICY_BAD_FIELD` for a value outside its grammar, or a second
 * `rua=`; `POLICY_TOO_LARGE` over 65,535 characters.
 * @see {@link https://www.rfc-editor.org/rfc/rfc8460#section-3 | RFC 8460 section 3}
 * @example
 * const { rua } = parseTlsReportRecord('v=TLSRPTv1;rua=mailto:tls@example.com,https://reports.example.com/v1')
 * rua // ['mailto:tls@example.com', 'https://reports.example.com/v1']
 * parseTlsReportRecord('v=TLSRPTv1;rua=tls@example.com') // throws POLICY_BAD_FIELD
 */
export function parseTlsReportRecord(text: string): TlsReportRecord {
  const fields = parseFields(text, GRAMMAR)
  const rua = onlyField(fields, 'rua', GRAMMAR).split(',').map(trimBlanks)
  const bad = rua.find((uri) => !URI.test(uri))
  if (bad !== undefined) throw fault('POLICY_BAD_FIELD', `take "${clip(bad)}" into rua=`, GRAMMAR.spec)
  return { rua, extensions: extensionsOf(fields, 'rua', GRAMMAR) }
}

/**
 * Formats a record for reports on TLS; the inverse of {@link parseTlsReportRecord}.
 *
 * @param record The record; `extensions` may be left out.
 * @returns The text of the TXT record; over 255 octets it is published as several character-strings of one record.
 * @throws {MailError} As {@link parseTlsReportRecord}, for a value outside its grammar.
 * @see {@link https://www.rfc-editor.org/rfc/rfc8460#section-3 | RFC 8460 section 3}
 * @example
 * formatTlsReportRecord({ rua: ['mailto:tls@example.com'] }) // 'v=TLSRPTv1; rua=mailto:tls@example.com;'
 */
export function formatTlsReportRecord(record: Pick<TlsReportRecord, 'rua'> & Partial<TlsReportRecord>): string {
  const { rua, extensions = [] } = record
  // HAZARD: a semicolon in a value would begin another field, a comma another URI.
  const bad =
    rua.find((uri) => !URI.test(uri)) ??
    extensions.flatMap(({ name, value }) => [name, value]).find((text) => text.includes(';'))
  if (bad !== undefined) throw fault('POLICY_BAD_FIELD', `take "${clip(bad)}" into a record`, GRAMMAR.spec)
  const text = formatFields(GRAMMAR.version, [{ name: 'rua', value: rua.join(',') }, ...extensions])
  parseTlsReportRecord(text)
  return text
}

/**
 * Gives the name whose TXT records say where reports go.
 *
 * @param domain The domain of the policy.
 * @throws {MailError} `DNS_BAD_NAME` for what is no name.
 * @see {@link https://www.rfc-editor.org/rfc/rfc8460#section-3 | RFC 8460 section 3}
 * @example
 * tlsReportRecordName('Example.com') // '_smtp._tls.example.com'
 */
export function tlsReportRecordName(domain: string): string {
  return normalizeDnsName(`_smtp._tls.${normalizeDnsName(domain)}`)
}

/**
 * Finds the record among the TXT records of its name. Where several are there, none counts.
 *
 * @param answer The answer for {@link tlsReportRecordName}, type TXT.
 * @returns The record, why there is none, or that nobody could say.
 * @see {@link https://www.rfc-editor.org/rfc/rfc8460#section-3 | RFC 8460 section 3}
 * @example
 * const absent = { status: 'nodata', name: '_smtp._tls.example.com', ttl: 60, authenticated: false } as const
 * selectTlsReportRecord(absent) // { status: 'none', reason: 'absent' }
 */
export function selectTlsReportRecord(answer: Answer<'TXT'>): RecordSelection<TlsReportRecord> {
  return selectRecord(answer, (text) => hasVersion(text, GRAMMAR.version), parseTlsReportRecord)
}
