/** A record as the character-strings of a TXT record: RFC 7208 section 3.3. */

import { formatSpf, type SpfRecord } from './record.ts'

// RFC 1035 section 3.3: a character-string has at most 255 octets.
const PIECE = /.{1,255}(?= |$)|.{1,255}/g

/**
 * Writes a record as the character-strings to publish, parted at spaces where it can be.
 *
 * @param record The record.
 * @returns Strings of at most 255 octets, which joined without anything between are the record.
 * @throws {MailError} As `formatSpf`.
 * @see {@link https://www.rfc-editor.org/rfc/rfc7208#section-3.3 | RFC 7208 section 3.3}
 * @example
 * formatSpfStrings(parseSpf('v=spf1 +mx -all')) // ['v=spf1 mx -all']
 */
export function formatSpfStrings(record: SpfRecord): readonly string[] {
  return formatSpf(record).match(PIECE) ?? []
}
