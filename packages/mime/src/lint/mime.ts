/** The fields that say what an entity is, beyond their own grammar: RFC 2045 section 4 to 7, RFC 2183. */

import { decodeLatin1, findControl } from '@posthorn/core'
import type { MimePart } from '../parse/part.ts'
import { withoutComments } from '../syntax/comment.ts'
import { findParameter } from '../type/content-type.ts'
import { addAtField, fieldOf, isMessagePart, isMultipart, type LintContext, type LintEntity } from './context.ts'
import { ENTITY_RULES } from './defects.ts'
import { fieldAt } from './lines.ts'
import type { LintRule } from './rule.ts'

const BIDI = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/
// mime-version = "MIME-Version" ":" 1*DIGIT "." 1*DIGIT      ; with comments
const VERSION = /^1\s*\.\s*0$/
const COLON = 58

/**
 * Adds what the parser doubts of the outline.
 *
 * @internal
 */
export function lintOutline(context: LintContext): void {
  const { message, octets, findings } = context
  for (const { code, part: path, start, end, other } of message.defects) {
    const rule = Object.hasOwn(ENTITY_RULES, code) ? ENTITY_RULES[code as keyof typeof ENTITY_RULES] : undefined
    const part = message.find(path)
    if (!rule || !part) continue
    const isNameless = rule === 'no-field' && octets.subarray(start, end).includes(COLON)
    if (rule === 'encoded-container') addAtField(context, rule, { part, name: 'content-transfer-encoding' })
    else
      findings.add(isNameless ? 'bad-field-name' : rule, { path, field: fieldAt(part, start)?.name, start, end, other })
  }
}

/**
 * Looks at what an entity says of itself.
 *
 * @internal
 */
export function lintMime(context: LintContext, entity: LintEntity): void {
  lintVersion(context, entity)
  lintNames(context, entity.part)
  lintLabel(context, entity.part)
}

function lintVersion(context: LintContext, { part, parent, isMessage }: LintEntity): void {
  const field = fieldOf(part, 'mime-version')
  const add = (rule: LintRule) => addAtField(context, rule, { part, name: 'mime-version' })
  if (!isMessage) {
    if (field) add('mime-version-in-part')
  } else if (!field) {
    // A message within need not be of MIME.
    if (!parent && part.fields.some(({ name }) => /^content-(?:type|transfer-encoding|disposition|id)$/i.test(name))) {
      add('mime-version-missing')
    }
  } else if (!VERSION.test(withoutComments(field.value))) add('mime-version-bad')
}

// Those of one level, as no one writes others there.

function lintNames(context: LintContext, part: MimePart): void {
  const { disposition, contentType } = part
  // Of message/external-body the name is where it lies.
  const name = contentType.type === 'message' ? undefined : findParameter(contentType.parameters, 'name')
  const filename = disposition?.filename
  const place = filename === undefined ? 'content-type' : 'content-disposition'
  const add = (rule: LintRule, other?: string) => addAtField(context, rule, { part, name: place, other })
  const shown = filename ?? name
  if (shown !== undefined) {
    if (/[/\\]/.test(shown)) add('filename-path', disposition?.safeFilename)
    if (findControl(shown) >= 0) add('filename-control')
    if (BIDI.test(shown)) add('filename-bidi')
  }
  if (filename !== undefined && name !== undefined && filename !== name) add('filename-differs', name)
  const type = disposition?.type
  const isKnown = type === undefined || type === 'inline' || type === 'attachment'
  if (!isKnown) addAtField(context, 'disposition-unknown', { part, name: 'content-disposition' })
}

const WIDTHS = ['7bit', '8bit', 'binary']

// RFC 2045 section 6.4: what holds others is labelled as the widest of them.
function lintLabel(context: LintContext, part: MimePart): void {
  if (!isMultipart(part) && !isMessagePart(part)) return
  const own = WIDTHS.indexOf(part.encoding)
  if (own < 0) return
  const wider = part.parts.find(({ encoding }) => WIDTHS.indexOf(encoding) > own)
  const name = fieldOf(part, 'content-transfer-encoding') ? 'content-transfer-encoding' : 'content-type'
  if (wider) addAtField(context, 'container-label', { part, name, other: wider.encoding })
}

/**
 * Finds Content-IDs that are there twice; alternatives may share one, as RFC 2046 section 5.1.4 has it.
 *
 * @internal
 */
export function lintContentIds(context: LintContext, entities: readonly LintEntity[]): void {
  const seen = new Map<string, LintEntity>()
  for (const entity of entities) {
    const { part, parent } = entity
    const known = part.contentId === undefined ? undefined : seen.get(part.contentId)
    const isAlternative = known && parent && known.parent === parent && isMultipart(parent, 'alternative')
    if (known && !isAlternative) {
      addAtField(context, 'content-id-repeated', { part, name: 'content-id', other: known.part.path })
    } else if (part.contentId !== undefined) seen.set(part.contentId, entity)
  }
}

/**
 * A body as text of one character an octet.
 *
 * @internal
 */
export function latin1Of(
  { octets }: LintContext,
  { start, end }: { readonly start: number; readonly end: number },
): string {
  return decodeLatin1(octets.subarray(start, end))
}
