/** What the three fields of a set have in common: RFC 8617 section 4.1 and 4.2.1. */

import { clip } from '@posthorn/core'
import { MAX_SETS } from '../hash-kinds.ts'
import { fold } from '../signature.ts'
import { readTag, type TagList } from '../tag-list.ts'
import { arcFault } from './error.ts'

/**
 * Gives what stands after the colon of a field.
 *
 * @internal
 * @throws {MailError} `ARC_BAD_FIELD` for another field.
 */
export function contentOf(field: string, name: string): string {
  const colon = field.indexOf(':')
  const own = field.slice(0, Math.max(colon, 0)).replace(/[ \t]/g, '')
  if (own.toLowerCase() === name) return field.slice(colon + 1)
  throw arcFault('ARC_BAD_FIELD', `parse "${clip(field)}": it is another field than ${name}`, '4.1')
}

/**
 * Checks the number of a set.
 *
 * @internal
 * @throws {MailError} `ARC_BAD_INSTANCE` for anything but 1 to 50.
 */
export function toInstance(text: string): number {
  // instance = [CFWS] %s"i" [CFWS] "=" [CFWS] instance-value [CFWS]     ; instance-value = 1*2DIGIT, 1 to 50
  const instance = /^\d{1,2}$/.test(text) ? Number(text) : 0
  if (instance >= 1 && instance <= MAX_SETS) return instance
  throw arcFault('ARC_BAD_INSTANCE', `take "${clip(text)}" as the number of a set`, '4.2.1')
}

/** @internal */
export function readInstance(tags: TagList): number {
  return toInstance(readTag(tags, 'i', /^/))
}

/** How a field is written. */
export interface FormatArcOptions {
  /** How many columns a line may have, from 78, the default that RFC 5322 section 2.1.1 asks for, to 998. */
  readonly lineLength?: number
}

/** @internal */
export function foldField(pieces: readonly string[], { lineLength = 78 }: FormatArcOptions): string {
  return fold(pieces, Math.min(Math.max(lineLength, 78), 998))
}

/**
 * Formats the tags of a signature, its value in lines of its own, so that no other line depends on its length.
 *
 * @internal
 * @param rest The other tags, each with a blank before and a semicolon after it.
 */
export function formatTags(
  { name, algorithm, value }: { readonly name: string; readonly algorithm: string; readonly value: string },
  rest: readonly string[],
  options: FormatArcOptions,
): string {
  const pieces = ` b=${value};`.match(/^.{1,73}|.{1,72}/g) ?? []
  const lines = [`${name}: a=${algorithm};`, foldField(pieces, options), foldField(rest, options)]
  return lines.join('\r\n').slice(0, -1)
}
