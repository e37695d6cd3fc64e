/** Findings about a whole message: what breaks the RFCs, what readers take in different ways, and what is worth knowing. */

import { PARSE_LIMITS } from '../parse/limits.ts'
import { LineEnds } from '../parse/line-ends.ts'
import type { ParsedMessage } from '../parse/message.ts'
import { boundaryOf } from '../parse/outline.ts'
import { parseMessage } from '../parse/parse-message.ts'
import type { CharsetOptions } from '../text/charset-decoder.ts'
import { lintBoundary } from './boundary.ts'
import { lintContent, lintWhole } from './content.ts'
import { isMessagePart, type LintContext, type LintEntity } from './context.ts'
import { lintFields } from './fields.ts'
import { FindingList, type LintFinding } from './finding.ts'
import { lintCounts, lintMessageHeader } from './header.ts'
import { lintBodyLines, lintHeaderLines } from './lines.ts'
import { lintContentIds, lintMime, lintOutline } from './mime.ts'
import { lintMultipart } from './multipart.ts'
import { lintOneClick } from './one-click.ts'
import { lintRelated } from './related.ts'
import type { LintRule, LintSeverity } from './rule.ts'

/** What is looked for, and how the message is to travel. */
export interface LintOptions extends CharsetOptions {
  /** What the transport takes, `8bit` with 8BITMIME and `binary` with BINARYMIME; default `8bit`, as nearly every host does. */
  readonly encoding?: '7bit' | '8bit' | 'binary'
  /** Whether the transport takes UTF-8 in headers, by SMTPUTF8; default `false`. */
  readonly smtpUtf8?: boolean
  /** Whether bodies are decoded and looked at; default `true`. Without it lines and octets are looked at as they stand. */
  readonly content?: boolean
  /** Another severity for a rule, or `off`; default those of {@link LINT_RULES}. */
  readonly rules?: Readonly<Partial<Record<LintRule, LintSeverity | 'off'>>>
  /** Most findings; default 1,000. The rule `finding-limit` tells that there are more. */
  readonly maxFindings?: number
}

/**
 * Looks at a message for everything that breaks a rule. Nothing in it is an error: each finding has its rule, the section of
 * an RFC, and a range of octets. It reads by {@link parseMessage}, and within its limits.
 *
 * @param message The message, or one that was parsed; a string is taken as UTF-8.
 * @param options How it is to travel, which rules count, and limits.
 * @returns The findings by where they begin; none for a message without fault.
 * @see {@link https://www.rfc-editor.org/rfc/rfc5322 | RFC 5322}
 * @see {@link https://www.rfc-editor.org/rfc/rfc2045 | RFC 2045}
 * @example
 * const findings = lintMessage('From: a@b.example\r\nDate: Mon, 21 Nov 1997 09:55:06 -0600\r\nSubject: Hi\r\n\r\nHi\r\n')
 * findings.map(({ rule }) => rule) // ['missing-message-id', 'missing-recipients', 'date-wrong-day']
 * findings[2]?.spec // 'rfc5322#section-3.3'
 * findings[2]?.start // 25
 * lintMessage('Subject: Hi\r\n\r\n', { rules: { 'missing-date': 'off' } })[0]?.rule // 'missing-from'
 */
export function lintMessage(message: Uint8Array | string | ParsedMessage, options: LintOptions = {}): LintFinding[] {
  const { maxFindings = 1000, rules = {}, content = true } = options
  const context = contextOf(message, options, new FindingList(maxFindings, rules))
  const { findings } = context
  lintOutline(context)
  const entities = entitiesOf(context)
  for (const { entity, outer } of entities) {
    if (findings.isFull) break
    lintEntity(context, entity)
    lintBoundary(context, entity.part, outer)
    if (content) lintContent(context, entity.part)
  }
  const all = entities.map(({ entity }) => entity)
  lintContentIds(context, all)
  if (content) lintRelated(context, all)
  lintWhole(
    context,
    all.map(({ part }) => part),
  )
  return findings.list()
}

function lintEntity(context: LintContext, entity: LintEntity): void {
  lintHeaderLines(context, entity.part)
  lintCounts(context, entity)
  lintFields(context, entity)
  lintMessageHeader(context, entity)
  lintMime(context, entity)
  lintOneClick(context, entity)
  lintMultipart(context, entity)
  lintBodyLines(context, entity.part)
}

function contextOf(
  given: Uint8Array | string | ParsedMessage,
  options: LintOptions,
  findings: FindingList,
): LintContext {
  const maxDefects = Math.max(PARSE_LIMITS.maxDefects, options.maxFindings ?? 0)
  const message = isParsed(given) ? given : parseMessage(given, { ...options, maxDefects })
  const octets = message.octetsOf(message.root)
  const ends = new LineEnds()
  const [lines = octets] = [...ends.push(octets), ...ends.end()]
  const lf = octets.indexOf(10)
  const isByLf = lf >= 0 && octets[lf - 1] !== 13 && !hasCrlf(octets)
  if (isByLf) {
    const start = lf
    findings.add('lf-line-ends', { path: '1', start, end: start + 1 })
  }
  const { encoding = '8bit', smtpUtf8 = false } = options
  return {
    message,
    octets,
    lines,
    hasOtherLineEnds: isByLf || ends.isByCr,
    encoding,
    smtpUtf8,
    charsets: options,
    lists: new Map(),
    signedTo: 0,
    findings,
  }
}

// By what it has, as it may come from another copy of this package.
function isParsed(given: Uint8Array | string | ParsedMessage): given is ParsedMessage {
  return typeof given === 'object' && 'root' in given
}

function hasCrlf(octets: Uint8Array): boolean {
  for (let cr = octets.indexOf(13); cr >= 0; cr = octets.indexOf(13, cr + 1)) if (octets[cr + 1] === 10) return true
  return false
}

interface Visit {
  readonly entity: LintEntity
  /** The boundaries of the multiparts around it. */
  readonly outer: readonly string[]
}

// In the order of the octets; each before what it holds.
function entitiesOf({ message }: LintContext): Visit[] {
  const visits: Visit[] = []
  const waiting: Visit[] = [{ entity: { part: message.root, parent: undefined, isMessage: true }, outer: [] }]
  for (let visit = waiting.pop(); visit; visit = waiting.pop()) {
    visits.push(visit)
    const { part } = visit.entity
    const boundary = boundaryOf(part)
    const outer = boundary === undefined ? visit.outer : [...visit.outer, boundary]
    const isMessage = isMessagePart(part)
    for (let index = part.parts.length - 1; index >= 0; index--) {
      waiting.push({ entity: { part: part.parts[index]!, parent: part, isMessage }, outer })
    }
  }
  return visits
}
