/** The `tag=value; tag=value` text of a record, with the place of each tag: RFC 9989 section 4.8. */

import { clip, splitTags } from '@posthorn/core'
import { fault } from './error.ts'

/**
 * What stands between two semicolons.
 *
 * @internal
 */
export interface TagPart {
  /** The name, empty where no tag can be read. */
  readonly name: string
  /** The value, without the white space around it. */
  readonly value: string
  /** Where it begins, without white space. */
  readonly start: number
  /** Where it ends. */
  readonly end: number
}

// What a TXT record can hold.
const MAX_LENGTH = 65_535
// dmarc-version = "v" equals %s"DMARC1"          ; the name is not case-sensitive, the value is
const VERSION = /^[vV][ \t]*=[ \t]*DMARC1[ \t]*(?:;|$)/
// tag-name = ALPHA *ALNUMPUNC                    ; RFC 6376 section 3.2; dmarc-tag has 1*ALPHA
const NAME = /^[A-Za-z]\w*$/

/**
 * Tells whether text is a record of the version known here, or only something else at the same name.
 *
 * @internal
 */
export function isRecord(text: string): boolean {
  return text.length <= MAX_LENGTH && VERSION.test(text)
}

/**
 * Cuts a record into its tags; whatever is between two semicolons is one, even if empty.
 *
 * @internal
 * @throws {MailError} `DMARC_TOO_LONG` over 65,535 characters; `DMARC_BAD_VERSION` when the first tag is not the version.
 */
export function splitRecord(text: string): TagPart[] {
  if (text.length > MAX_LENGTH) throw fault('DMARC_TOO_LONG', 'parse record: it is too long', '4.8')
  // RFC 9989 section 4.7: without the version at the front, in its exact case, the whole record is ignored.
  if (!isRecord(text)) throw fault('DMARC_BAD_VERSION', `parse record "${clip(text)}": v=DMARC1 is not first`, '4.7')
  const [version, ...rest] = splitParts(text)
  return [{ ...version!, name: 'v' }, ...rest]
}

/**
 * Cuts any text into its tags; the empty rest behind a final semicolon is left out.
 *
 * @internal
 */
export function splitParts(text: string): TagPart[] {
  return splitTags(text).map((part) => (NAME.test(part.name) ? part : { ...part, name: '', value: '' }))
}
