/**
 * The fields that a report for machines is made of, in groups parted by empty lines: RFC 3464 section 2.1, with whichever
 * line ends. Lines that are no fields are left out and told of.
 */

import { decodeLatin1, decodeUtf8, encodeUtf8, isUtf8 } from '@posthorn/core'
import { type ParsedField, readFields } from '../parse/fields.ts'
import { LineEnds } from '../parse/line-ends.ts'
import type { ReportDefects } from './defect.ts'

/** How much of a report for machines is read, and as what. */
export interface ReadReportOptions {
  /** Most recipients of a delivery status; default 10,000. */
  readonly maxRecipients?: number
  /** Most fields in all; default 200,000, twenty for each recipient. */
  readonly maxFields?: number
  /** Most defects that are told of; default 1,000. */
  readonly maxDefects?: number
  /** Whether UTF-8 is right in it, as in `message/global-delivery-status`; default `false`, so that it is a defect. */
  readonly utf8?: boolean
}

/** @internal */
export const REPORT_LIMITS: Required<ReadReportOptions> = {
  maxRecipients: 10_000,
  maxFields: 200_000,
  maxDefects: 1000,
  utf8: false,
}

/**
 * The groups of fields, and the octets that they stand in.
 *
 * @internal
 */
export interface FieldBlocks {
  readonly octets: Uint8Array
  readonly blocks: readonly (readonly ParsedField[])[]
}

interface BlockOptions {
  readonly maxFields: number
  readonly utf8: boolean
  readonly defects: ReportDefects
}

const [TAB, LF, CR, SPACE] = [9, 10, 13, 32]

/**
 * Reads the groups; those without a field are none.
 *
 * @internal
 */
export function readBlocks(content: Uint8Array | string, { maxFields, utf8, defects }: BlockOptions): FieldBlocks {
  const given = typeof content === 'string' ? encodeUtf8(content) : content
  const ends = new LineEnds()
  const [octets = given] = [...ends.push(given), ...ends.end()]
  const blocks: ParsedField[][] = []
  let left = maxFields
  for (const { start, end } of blockRanges(octets)) {
    const read = readFields(octets.subarray(start, end), start, left)
    for (const { code, ...place } of read.defects) {
      if (code !== 'eight-bit' || !utf8) defects.add(code, place)
    }
    left -= read.fields.length
    if (read.fields.length > 0) blocks.push([...read.fields])
    if (read.defects.at(-1)?.code === 'too-many-fields') break
  }
  return { octets, blocks }
}

function* blockRanges(octets: Uint8Array): Generator<{ readonly start: number; readonly end: number }> {
  let start = 0
  for (let at = 0; at < octets.length; ) {
    const lf = octets.indexOf(LF, at)
    const next = lf < 0 ? octets.length : lf + 1
    if (isBlank(octets, at, next)) {
      if (at > start) yield { start, end: at }
      start = next
    }
    at = next
  }
  if (octets.length > start) yield { start, end: octets.length }
}

function isBlank(octets: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    const octet = octets[at]
    if (octet !== SPACE && octet !== TAB && octet !== CR && octet !== LF) return false
  }
  return true
}

/**
 * Gives the lines of a field behind its name, without the blanks at their ends.
 *
 * @internal
 */
export function linesOf(octets: Uint8Array, { start, end }: ParsedField): string[] {
  const raw = octets.subarray(start, end)
  const text = isUtf8(raw) ? decodeUtf8(raw) : decodeLatin1(raw)
  return text
    .slice(text.indexOf(':') + 1)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}
