/** What every check is given: the message, how it is to travel, and where findings go. */

import { readAddressList } from '../address/address-list.ts'
import type { AddressListReading } from '../address/entry.ts'
import type { ParsedField } from '../parse/fields.ts'
import type { ParsedMessage } from '../parse/message.ts'
import type { ByteRange, MimePart } from '../parse/part.ts'
import type { CharsetOptions } from '../text/charset-decoder.ts'
import type { FindingList } from './finding.ts'
import type { LintRule } from './rule.ts'

/** @internal */
export interface LintContext {
  readonly message: ParsedMessage
  /** The octets that were given. */
  readonly octets: Uint8Array
  /** The same with LF where CR alone ends lines. */
  readonly lines: Uint8Array
  /** Whether each line ends by LF alone, or by CR alone, which is told once. */
  readonly hasOtherLineEnds: boolean
  readonly encoding: '7bit' | '8bit' | 'binary'
  readonly smtpUtf8: boolean
  readonly charsets: CharsetOptions
  readonly findings: FindingList
  /** Lists of addresses that were read, by their fields. */
  readonly lists: Map<ParsedField, AddressListReading>
  /** Up to where signed content was looked at, as it may hold more of it. */
  signedTo: number
}

/**
 * An entity, and what it stands in.
 *
 * @internal
 */
export interface LintEntity {
  readonly part: MimePart
  readonly parent: MimePart | undefined
  /** Whether it is a message, the whole or one within. */
  readonly isMessage: boolean
}

/** @internal */
export function isMultipart({ contentType }: MimePart, subtype?: string): boolean {
  return contentType.type === 'multipart' && (subtype === undefined || contentType.subtype === subtype)
}

/** @internal */
export function isMessagePart({ contentType: { type, subtype } }: MimePart): boolean {
  return type === 'message' && (subtype === 'rfc822' || subtype === 'global')
}

/** @internal */
export function mediaTypeOf({ contentType }: MimePart): string {
  return `${contentType.type}/${contentType.subtype}`
}

/**
 * The first field of a name, which is in lower case.
 *
 * @internal
 */
export function fieldOf({ fields }: MimePart, name: string): ParsedField | undefined {
  return fields.find((field) => field.name.length === name.length && field.name.toLowerCase() === name)
}

/**
 * Adds what is wrong with a whole field, or with the header where there is none.
 *
 * @internal
 */
export function addAtField(
  { findings }: LintContext,
  rule: LintRule,
  { part, name, other }: { readonly part: MimePart; readonly name: string; readonly other?: string | undefined },
): void {
  const field = fieldOf(part, name)
  const { start, end }: ByteRange = field ?? part.header
  findings.add(rule, { path: part.path, field: field?.name, start, end, other })
}

/**
 * Reads a field of addresses once.
 *
 * @internal
 */
export function addressesOf({ lists }: LintContext, field: ParsedField): AddressListReading {
  const known = lists.get(field)
  if (known) return known
  const reading = readAddressList(field.value)
  lists.set(field, reading)
  return reading
}
