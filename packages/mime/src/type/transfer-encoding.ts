/** Content-Transfer-Encoding as it is received: RFC 2045 section 6. */

import { type Defect, DefectList } from '../syntax/defect.ts'
import { Scanner, type Token } from '../syntax/scanner.ts'
import { lowerCase } from './parameter-scanner.ts'

/** How the octets of a part are encoded; what is `unknown` is not to be decoded, RFC 2045 section 6.4. */
export type TransferEncodingName = '7bit' | '8bit' | 'binary' | 'base64' | 'quoted-printable' | 'unknown'

/** What the field says. */
export interface TransferEncoding {
  /** The encoding. */
  readonly encoding: TransferEncodingName
  /** What was doubted, with offsets in the text. */
  readonly defects: readonly Defect[]
}

const NAMES: ReadonlySet<string> = new Set(['7bit', '8bit', 'binary', 'base64', 'quoted-printable'])

/**
 * Reads the value of Content-Transfer-Encoding. Nothing in it is an error.
 *
 * The first token counts, comments aside: `(c) base64`, `base64;` and `base64 foo` are `base64`, the latter two with the
 * defect `trailing-text`, and so is `"base64"`, with `bad-encoding`. A name that is none of the five, such as `x-base64`,
 * `base-64` or `8-bit`, is `unknown`, with `bad-encoding`, as is an empty field. In each, `other` is what some readers
 * take it for.
 *
 * @param text The value of the field, folded or not.
 * @returns The encoding.
 * @see {@link https://www.rfc-editor.org/rfc/rfc2045#section-6.1 | RFC 2045 section 6.1}
 * @example
 * readTransferEncoding('Base64').encoding // 'base64'
 * readTransferEncoding('"base64"') // { encoding: 'base64', defects: [{ code: 'bad-encoding', start: 0, end: 8, other: 'unknown' }] }
 * readTransferEncoding('x-base64').encoding // 'unknown'
 */
export function readTransferEncoding(text: string): TransferEncoding {
  const defects = new DefectList()
  const scanner = new Scanner(text, defects, { grammar: 'rfc2045' })
  const first = scanner.next()
  const encoding = first ? nameOf(first) : 'unknown'
  const { start, end } = first ?? { start: 0, end: text.length }
  if (encoding === 'unknown') defects.add('bad-encoding', { start, end }, likeness(first?.value ?? ''))
  else if (first?.type === 'quoted-string') defects.add('bad-encoding', { start, end }, 'unknown')
  const comment = text.slice(0, start).includes('(')
  if (comment) defects.add('comment-in-value', { start: 0, end: start }, 'unknown')
  let last = first
  for (let token = scanner.next(); token; token = scanner.next()) last = token
  if (last && last !== first) defects.add('trailing-text', { start: end, end: last.end }, 'unknown')
  return { encoding, defects: defects.defects }
}

function nameOf({ type, value }: Token): TransferEncodingName {
  const name = lowerCase(type === 'quoted-string' ? value.trim() : value)
  return NAMES.has(name) && type !== 'special' ? (name as TransferEncodingName) : 'unknown'
}

// What a reader that looks for the names within the value finds.
function likeness(value: string): string | undefined {
  const text = lowerCase(value)
  return Array.from(NAMES).find((name) => text.includes(name))
}
