/** The public key in the DNS: RFC 6376 section 3.6.1, with RFC 8463 section 4. Out of scope: `g=` of RFC 4871. */

import { fault } from './error.ts'
import { parseTagList, readBase64, readList, readTag } from './tag-list.ts'

/** What is published at `selector._domainkey.domain`. */
export interface DkimRecord {
  /** `k=`, the type of the key: `rsa` or `ed25519`. */
  readonly keyType: string
  /** `p=`, the key in Base64: SubjectPublicKeyInfo or RSAPublicKey, or the 32 octets of Ed25519; empty when revoked. */
  readonly publicKey: string
  /** `h=`, the hashes that may be used with it; empty when all may. */
  readonly hashes: readonly string[]
  /** `s=`, what it may sign: `*` all, `email` mail; empty when all. */
  readonly services: readonly string[]
  /** `t=`, `y` while the domain tests, `s` when `i=` may not name a subdomain. */
  readonly flags: readonly string[]
  /** `n=`, a note for people, in the quoting of RFC 6376 section 2.11; empty when there is none. */
  readonly notes: string
}

// key-k-tag-type, key-h-tag-alg, key-s-tag-type, key-t-tag-flag = hyphenated-word / "*"
const WORDS = /^(?:[A-Za-z][A-Za-z0-9-]*|\*)(?: ?: ?(?:[A-Za-z][A-Za-z0-9-]*|\*))*$/

/**
 * Parses a key record.
 *
 * @param text The character-strings of the TXT record, joined.
 * @returns The record; the key in it has not been looked at.
 * @throws {MailError} `DKIM_BAD_TAG_LIST` for text that is no tag list, a tag that comes twice, or over 65,535
 * characters; `DKIM_MISSING_TAG` without `p=`; `DKIM_BAD_TAG` for a value outside its grammar, or a `v=` that is not
 * the first tag or not `DKIM1`.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6376#section-3.6.1 | RFC 6376 section 3.6.1}
 * @example
 * const { keyType, publicKey, flags } = parseDkimRecord('v=DKIM1; k=ed25519; t=y:s; p=AAAA')
 * keyType // 'ed25519'
 * publicKey // 'AAAA'
 * flags // ['y', 's']
 * parseDkimRecord('p=AAAA; v=DKIM1') // throws DKIM_BAD_TAG
 */
export function parseDkimRecord(text: string): DkimRecord {
  const tags = parseTagList(text)
  readTag(tags, 'v', /^DKIM1$/, 'DKIM1')
  // RFC 6376 section 3.6.1: the version may be absent, but not later than first.
  if ([...tags.keys()].indexOf('v') > 0) throw fault('DKIM_BAD_TAG', 'take a version that is not first', '3.6.1')
  return {
    keyType: readTag(tags, 'k', WORDS, 'rsa'),
    publicKey: tags.get('p') === '' ? '' : readBase64(tags, 'p'),
    hashes: readList(tags, 'h', WORDS),
    services: readList(tags, 's', WORDS),
    flags: readList(tags, 't', WORDS),
    notes: tags.get('n') ?? '',
  }
}

// RFC 1035 section 3.3: a character-string has at most 255 octets.
const STRING = /.{1,255}/g

/**
 * Formats a key record as the character-strings to publish; one of 2,048 bits has two.
 *
 * @param record The record, or no more of it than the key.
 * @returns Strings of at most 255 octets, which joined without anything between are the record.
 * @throws {MailError} As {@link formatDkimRecord}.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6376#section-3.6.2.2 | RFC 6376 section 3.6.2.2}
 * @example
 * formatDkimRecordStrings({ keyType: 'rsa', publicKey: 'AAAA' }) // ['v=DKIM1; k=rsa; p=AAAA']
 */
export function formatDkimRecordStrings(
  record: Pick<DkimRecord, 'keyType' | 'publicKey'> & Partial<DkimRecord>,
): readonly string[] {
  return formatDkimRecord(record).match(STRING) ?? []
}

/**
 * Formats a key record; the inverse of {@link parseDkimRecord}.
 *
 * @param record The record, or no more of it than the key.
 * @returns The text of the TXT record; over 255 octets it is published as several character-strings of one record.
 * @throws {MailError} `DKIM_BAD_TAG` or `DKIM_BAD_TAG_LIST` for a value outside its grammar.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6376#section-3.6.1 | RFC 6376 section 3.6.1}
 * @example
 * formatDkimRecord({ keyType: 'rsa', publicKey: 'AAAA', services: ['email'] }) // 'v=DKIM1; k=rsa; s=email; p=AAAA'
 */
export function formatDkimRecord(record: Pick<DkimRecord, 'keyType' | 'publicKey'> & Partial<DkimRecord>): string {
  const { hashes = [], services = [], flags = [], notes = '' } = record
  const tags = [
    'v=DKIM1',
    `k=${record.keyType}`,
    ...(hashes.length > 0 ? [`h=${hashes.join(':')}`] : []),
    ...(services.length > 0 ? [`s=${services.join(':')}`] : []),
    ...(flags.length > 0 ? [`t=${flags.join(':')}`] : []),
    ...(notes ? [`n=${notes}`] : []),
    `p=${record.publicKey}`,
  ]
  // HAZARD: a semicolon in a value would begin another tag.
  if (tags.some((tag) => tag.includes(';'))) throw fault('DKIM_BAD_TAG', 'take a value with a semicolon', '3.6.1')
  const text = tags.join('; ')
  parseDkimRecord(text)
  return text
}
