/** The `tag=value; tag=value` text of signatures and key records: RFC 6376 section 3.2. */

import { clip, decodeUtf8, splitTags } from '@posthorn/core'
import type { RawField } from '@posthorn/mime'
import { fault } from './error.ts'

/** @internal */
export type TagList = ReadonlyMap<string, string>

// tag-name = ALPHA *ALNUMPUNC
const NAME = /^[A-Za-z]\w*$/
// VALCHAR = %x21-3A / %x3C-7E                     ; and UTF-8, after RFC 8616; each FWS is one SP here
const VALUE = /^[!-:<-~\u00a1-\u2027\u202a-\uffff ]*$/

// What a TXT record can hold, many times the length of a signature; the patterns below are good for so much.
const MAX_LENGTH = 65_535

/**
 * Parses a tag list; names keep their case, each run of folding white space in a value becomes one space.
 *
 * White space after a final semicolon is taken, which the grammar does not have but much of the mail does.
 *
 * @internal
 * @throws {MailError} `DKIM_BAD_TAG_LIST` for a part that is no tag, a name that comes twice, or too long a text.
 */
export function parseTagList(text: string): TagList {
  if (text.length > MAX_LENGTH) throw fault('DKIM_BAD_TAG_LIST', 'parse tag list: it is too long', '3.2')
  const tags = new Map<string, string>()
  const unfolded = text.replace(/\r\n(?=[ \t])/g, '').replace(/[ \t]{2,}|\t/g, ' ')
  for (const { text: part, name, value } of splitTags(unfolded)) {
    // RFC 6376 section 3.2: a name that comes twice makes the whole list invalid.
    if (!NAME.test(name) || !VALUE.test(value) || tags.has(name)) {
      throw fault('DKIM_BAD_TAG_LIST', `parse tag list: "${clip(part)}" is no tag, or comes twice`, '3.2')
    }
    tags.set(name, value)
  }
  return tags
}

const lists = /* @__PURE__ */ new WeakMap<RawField, TagList>()

/**
 * Parses the tag list of a field, once for all who ask.
 *
 * @internal
 * @throws {MailError} As {@link parseTagList}.
 */
export function tagsOf(field: RawField): TagList {
  const known = lists.get(field)
  if (known) return known
  const text = decodeUtf8(field.bytes)
  const tags = parseTagList(text.slice(text.indexOf(':') + 1))
  lists.set(field, tags)
  return tags
}

/**
 * Gives the value of a tag, or what its absence means.
 *
 * @internal
 * @throws {MailError} `DKIM_MISSING_TAG` when it must be there; `DKIM_BAD_TAG` when it does not match its pattern.
 */
export function readTag(tags: TagList, name: string, pattern: RegExp, absent?: string): string {
  const value = tags.get(name) ?? absent
  if (value === undefined) throw fault('DKIM_MISSING_TAG', `parse tag list: it has no tag "${name}"`, '3.2')
  return checkTag(name, value, pattern)
}

/**
 * Gives the members of a tag that is a list with colons; none when it is absent.
 *
 * @internal
 * @throws {MailError} `DKIM_BAD_TAG` when the list does not match its pattern.
 */
export function readList(tags: TagList, name: string, pattern: RegExp): string[] {
  return tags.has(name) ? readTag(tags, name, pattern).split(/ ?: ?/) : []
}

/** @internal */
export function checkTag(name: string, value: string, pattern: RegExp): string {
  if (pattern.test(value)) return value
  throw fault('DKIM_BAD_TAG', `take "${clip(value)}" as the tag "${name}"`, '3.2')
}

// base64string without its white space: whole groups, padding, and no stray bits in the last group
const BASE64 = /^(?=.)(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$/

/**
 * Gives the value of a tag that is Base64, without its white space.
 *
 * @internal
 * @throws {MailError} `DKIM_MISSING_TAG` when it is absent; `DKIM_BAD_TAG` when it is empty or no strict Base64.
 */
export function readBase64(tags: TagList, name: string): string {
  return checkTag(name, readTag(tags, name, /^/).replaceAll(' ', ''), BASE64)
}
