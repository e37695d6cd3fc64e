/** How parts are held together: RFC 2046 section 5.1, RFC 1847 section 2, RFC 6522 section 3. */

import type { MimePart } from '../parse/part.ts'
import { findParameter } from '../type/content-type.ts'
import { addAtField, isMultipart, type LintContext, type LintEntity, mediaTypeOf } from './context.ts'
import type { Tally } from './finding.ts'
import { linesOf } from './lines.ts'
import { latin1Of } from './mime.ts'
import type { LintRule } from './rule.ts'

// What some writers put there to say that this is MIME is shorter.
const LONG_PREAMBLE = 500
const SIGNED_LEAVES = 100

/**
 * Looks at a multipart.
 *
 * @internal
 */
export function lintMultipart(context: LintContext, { part }: LintEntity): void {
  lintNarrow(context, part)
  if (!isMultipart(part)) return
  lintPreamble(context, part)
  if (isMultipart(part, 'alternative')) lintAlternative(context, part)
  if (isMultipart(part, 'signed')) lintSigned(context, part)
  if (isMultipart(part, 'encrypted')) lintEncrypted(context, part)
  if (isMultipart(part, 'report')) lintReport(context, part)
}

// RFC 2046 section 5.2.2 and 5.2.3: whatever a host takes, these two are 7bit.
function lintNarrow(context: LintContext, part: MimePart): void {
  const type = mediaTypeOf(part)
  const rule = type === 'message/partial' ? 'partial-not-7bit' : 'external-not-7bit'
  const isNarrow = type === 'message/partial' || type === 'message/external-body'
  if (isNarrow && part.encoding !== '7bit') addAtField(context, rule, { part, name: 'content-transfer-encoding' })
}

function lintPreamble(context: LintContext, { path, parts, preamble }: MimePart): void {
  if (!preamble || parts.length === 0) return
  const text = latin1Of(context, preamble)
  const isPart = /^(?:--\S|content-[a-z-]+\s*:)/im.test(text)
  if (isPart) context.findings.add('preamble-parts', { path, ...preamble })
  else if (text.trim().length > LONG_PREAMBLE) context.findings.add('preamble-long', { path, ...preamble })
}

// RFC 2046 section 5.1.4: the plainest first.
function lintAlternative({ findings }: LintContext, { parts }: MimePart): void {
  let isRicher = false
  for (const part of parts) {
    const place = { path: part.path, start: part.header.start, end: part.header.end }
    if (mediaTypeOf(part) === 'text/plain' && isRicher) findings.add('alternative-order', place)
    if (part.disposition?.type === 'attachment') findings.add('alternative-attachment', place)
    isRicher ||= mediaTypeOf(part) === 'text/html' || isMultipart(part, 'related')
  }
}

// RFC 1847 section 2.1
function lintSigned(context: LintContext, part: MimePart): void {
  const { contentType, parts } = part
  const protocol = findParameter(contentType.parameters, 'protocol')?.toLowerCase()
  const add = (rule: LintRule, other?: string) => addAtField(context, rule, { part, name: 'content-type', other })
  if (protocol === undefined) add('signed-without-protocol')
  if (findParameter(contentType.parameters, 'micalg') === undefined) add('signed-without-micalg')
  if (parts.length !== 2) add('signed-parts')
  const signature = parts[1] && mediaTypeOf(parts[1])
  if (protocol && signature && signature !== protocol) add('signed-protocol-differs', signature)
  if (parts[0]) lintSignedPart(context, parts[0])
}

function lintSignedPart(context: LintContext, signed: MimePart): void {
  const { findings, octets } = context
  const range = { start: signed.header.start, end: signed.body.end }
  // HAZARD: content signed within signed content would be looked at as often as it is signed.
  if (range.end <= context.signedTo) return
  context.signedTo = range.end
  const eightBit = octets.subarray(range.start, range.end).findIndex((octet) => octet > 127)
  const wide = leavesOf(signed).find(({ encoding }) => encoding === '8bit' || encoding === 'binary')
  if (eightBit >= 0) {
    const start = range.start + eightBit
    findings.add('signed-not-7bit', { path: signed.path, start, end: start + 1 })
  } else if (wide) addAtField(context, 'signed-not-7bit', { part: wide, name: 'content-transfer-encoding' })
  const tally: Tally = new Map()
  for (const line of linesOf(context.lines, range)) {
    const last = context.lines[line.end - 1]
    const place = { path: signed.path, start: line.start, end: line.end }
    const isBlank = line.end > line.start && (last === 32 || last === 9)
    if (isBlank) findings.count('signed-trailing-blank', tally, place)
    // "F", before more is compared.
    if (context.lines[line.start] === 70 && latin1Of(context, line).startsWith('From ')) {
      findings.count('signed-from-line', tally, place)
    }
  }
}

function leavesOf(root: MimePart): MimePart[] {
  const leaves: MimePart[] = []
  const stack = [root]
  for (let part = stack.pop(); part && leaves.length < SIGNED_LEAVES; part = stack.pop()) {
    if (part.parts.length === 0) leaves.push(part)
    else for (const one of part.parts) stack.push(one)
  }
  return leaves
}

function lintEncrypted(context: LintContext, part: MimePart): void {
  const isNamed = findParameter(part.contentType.parameters, 'protocol') !== undefined
  if (!isNamed) addAtField(context, 'encrypted-without-protocol', { part, name: 'content-type' })
}

// RFC 6522 section 3
function lintReport(context: LintContext, part: MimePart): void {
  const type = findParameter(part.contentType.parameters, 'report-type')?.toLowerCase()
  const add = (rule: LintRule, other?: string) => addAtField(context, rule, { part, name: 'content-type', other })
  if (type === undefined) add('report-without-type')
  if (part.parts.length !== 2 && part.parts.length !== 3) add('report-parts')
  const second = part.parts[1]
  if (!type || !second) return
  const found = mediaTypeOf(second)
  // RFC 6533 section 4.1: of an international report the type within has another name.
  const isSame = found === `message/${type}` || found === `message/global-${type}`
  if (!isSame) add('report-type-differs', found)
}
