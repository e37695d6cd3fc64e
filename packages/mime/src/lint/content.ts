/** What bodies say once their encoding is undone: RFC 2045 section 6.7 and 6.8, RFC 2046 section 4.1.2, RFC 3676. */

import { type Base64Anomaly, isUtf8, type QuotedPrintableAnomaly } from '@posthorn/core'
import type { MimePart } from '../parse/part.ts'
import { isBlankOctet } from '../syntax/character.ts'
import { charsetDoubt, decodeCharset } from '../text/charset-decoder.ts'
import { charsetName } from '../text/charset-name.ts'
import { findParameter } from '../type/content-type.ts'
import { addAtField, type LintContext, mediaTypeOf } from './context.ts'
import type { Tally } from './finding.ts'
import { linesOf } from './lines.ts'
import type { LintRule } from './rule.ts'

const MAX_BASE64_LINE = 76
const MAX_FLOWED_LINE = 78
const ESCAPE = 27
const LF = 10
const CR = 13

type Told = Exclude<Base64Anomaly | QuotedPrintableAnomaly, 'QP_BARE_LF' | 'QP_BARE_CR' | 'QP_LINE_OVER_998'>

// What is left out is told with the lines.
const ANOMALY_RULES: Readonly<Record<Told, LintRule>> = {
  BASE64_AFTER_PADDING: 'base64-after-padding',
  BASE64_CUT_GROUP: 'base64-cut',
  BASE64_FOREIGN_CHARACTER: 'base64-character',
  BASE64_MISSING_PADDING: 'base64-missing-padding',
  BASE64_STRAY_BITS: 'base64-stray-bits',
  BASE64_STRAY_PADDING: 'base64-stray-padding',
  BASE64_URL_CHARACTER: 'base64-url-character',
  QP_BAD_ESCAPE: 'qp-bad-escape',
  QP_CUT_SOFT_BREAK: 'qp-cut-soft-break',
  QP_LINE_OVER_76: 'qp-line-over-76',
  QP_LOWER_CASE: 'qp-lower-case',
  QP_PADDED_SOFT_BREAK: 'qp-padded-soft-break',
  QP_RAW_OCTET: 'qp-raw-octet',
  QP_TRAILING_BLANK: 'qp-trailing-blank',
}

/**
 * Looks at the content of a leaf.
 *
 * @internal
 */
export function lintContent(context: LintContext, part: MimePart): void {
  if (part.parts.length > 0 || part.contentType.type === 'multipart') return
  const { bytes, anomalies } = context.message.contentOf(part)
  const { start, end } = part.body
  for (const { code, offset, count } of anomalies) {
    if (!Object.hasOwn(ANOMALY_RULES, code)) continue
    const at = Math.min(start + offset, end)
    const place = { path: part.path, start: at, end: Math.min(at + 1, end) }
    context.findings.addAll(ANOMALY_RULES[code as Told], count, place)
  }
  if (part.encoding === 'base64') lintBase64Lines(context, part)
  if (part.contentType.type !== 'text') return
  lintCharset(context, part, bytes)
  if (part.encoding === 'base64') lintTextLines(context, part, bytes)
  if (findParameter(part.contentType.parameters, 'format')?.toLowerCase() === 'flowed') lintFlowed(context, part, bytes)
}

function lintBase64Lines({ lines, findings }: LintContext, { path, body }: MimePart): void {
  const tally: Tally = new Map()
  for (const { start, end } of linesOf(lines, body)) {
    if (end - start > MAX_BASE64_LINE) findings.count('base64-line-over-76', tally, { path, start, end })
  }
}

// RFC 2046 section 4.1.1: lines of text end by CRLF before they are encoded.
function lintTextLines({ findings }: LintContext, { path, body, contentType }: MimePart, bytes: Uint8Array): void {
  const charset = charsetName(findParameter(contentType.parameters, 'charset') ?? 'us-ascii') ?? ''
  if (charset.startsWith('utf-16')) return
  let count = 0
  for (let lf = bytes.indexOf(LF); lf >= 0; lf = bytes.indexOf(LF, lf + 1)) {
    if (bytes[lf - 1] !== CR) count++
  }
  for (let cr = bytes.indexOf(CR); cr >= 0; cr = bytes.indexOf(CR, cr + 1)) {
    if (bytes[cr + 1] !== LF) count++
  }
  if (count > 0) findings.addAll('base64-line-ends', count, { path, ...body })
}

function lintCharset(context: LintContext, part: MimePart, bytes: Uint8Array): void {
  const label = findParameter(part.contentType.parameters, 'charset')
  const isWide = bytes.some((octet) => octet > 127)
  const rule = label ? charsetRule(context, label, { bytes, isWide }) : isWide ? 'charset-missing' : undefined
  if (rule) addAtField(context, rule, { part, name: 'content-type' })
}

interface Text {
  readonly bytes: Uint8Array
  readonly isWide: boolean
}

function charsetRule({ charsets }: LintContext, label: string, { bytes, isWide }: Text): LintRule | undefined {
  const doubt = charsetDoubt(label, charsets)
  if (doubt === 'unknown-charset') return 'charset-unknown'
  if (doubt === 'refused-charset') return 'charset-refused'
  const name = charsetName(label)
  if (name === 'us-ascii') return isWide ? 'charset-ascii' : undefined
  if (name === 'utf-8') return isWide && !isUtf8(bytes) ? 'charset-malformed' : undefined
  // What runtimes decode differently is not told by one of them.
  if (doubt === 'runtime-charset' || (!isWide && !bytes.includes(ESCAPE))) return undefined
  const { defects } = decodeCharset(bytes, label, charsets)
  return defects.some(({ code }) => code === 'malformed-octets') ? 'charset-malformed' : undefined
}

// RFC 3676 section 4.2: lines are of at most 78 characters, blanks and quote marks counted.
function lintFlowed({ findings }: LintContext, { path, body, encoding }: MimePart, bytes: Uint8Array): void {
  const isEncoded = encoding === 'base64' || encoding === 'quoted-printable'
  const tally: Tally = new Map()
  for (const { start, end } of linesOf(bytes, { start: 0, end: bytes.length })) {
    if (end - start <= MAX_FLOWED_LINE || countCharacters(bytes.subarray(start, end)) <= MAX_FLOWED_LINE) continue
    const place = isEncoded ? body : { start: body.start + start, end: body.start + end }
    findings.count('flowed-line-over-78', tally, { path, ...place })
  }
}

function countCharacters(bytes: Uint8Array): number {
  return bytes.reduce((count, octet) => count + Number((octet & 0xc0) !== 0x80), 0)
}

/**
 * Looks at what the message says as a whole.
 *
 * @internal
 */
export function lintWhole(context: LintContext, parts: readonly MimePart[]): void {
  const { root } = context.message
  const leaves = parts.filter((part) => part.parts.length === 0)
  const html = leaves.find((part) => mediaTypeOf(part) === 'text/html' && part.disposition?.type !== 'attachment')
  const hasText = leaves.some((part) => mediaTypeOf(part) === 'text/plain' && part.disposition?.type !== 'attachment')
  if (html && !hasText) addAtField(context, 'html-without-text', { part: html, name: 'content-type' })
  const isEmpty = root.parts.length === 0 && context.octets.subarray(root.body.start, root.body.end).every(isBlankOctet)
  if (isEmpty) context.findings.add('empty-body', { path: root.path, ...root.body })
}
