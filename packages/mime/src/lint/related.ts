/** What HTML shows by name, and the parts that are there for it: RFC 2387, RFC 2392. */

import { decodeLatin1 } from '@posthorn/core'
import type { MimePart } from '../parse/part.ts'
import { findParameter } from '../type/content-type.ts'
import { addAtField, fieldOf, isMultipart, type LintContext, type LintEntity, mediaTypeOf } from './context.ts'

// cid-url = "cid" ":" content-id                          ; where an attribute or a style has it
const CID = /["'(=\s]cid:([^"'\s<>)]+)/gi
const TEXTS = /* @__PURE__ */ new Set([
  'text/html',
  'text/css',
  'text/x-amp-html',
  'application/xhtml+xml',
  'image/svg+xml',
])

interface Reference {
  readonly part: MimePart
  readonly id: string
  /** Where it begins and ends in the content. */
  readonly start: number
  readonly end: number
}

/**
 * Looks at references between parts.
 *
 * @internal
 */
export function lintRelated(context: LintContext, entities: readonly LintEntity[]): void {
  const parts = entities.map(({ part }) => part)
  const ids = new Set(parts.flatMap(({ contentId }) => contentId ?? []))
  const references = parts.filter(isMarkup).flatMap((part) => referencesOf(context, part))
  const told = new Set<string>()
  for (const reference of references) {
    if (ids.has(reference.id) || told.has(reference.id)) continue
    told.add(reference.id)
    const { part, id } = reference
    context.findings.add('cid-unknown', { path: part.path, ...placeOf(reference), other: id })
  }
  const wanted = new Set(references.map(({ id }) => id))
  for (const part of parts) if (isMultipart(part, 'related')) lintParts(context, part, wanted)
}

function isMarkup(part: MimePart): boolean {
  return part.parts.length === 0 && TEXTS.has(mediaTypeOf(part))
}

function referencesOf({ message }: LintContext, part: MimePart): Reference[] {
  const text = decodeLatin1(message.contentOf(part).bytes)
  return Array.from(text.matchAll(CID), (match) => {
    const start = match.index + 1
    return { part, id: unescapeId(match[1]!), start, end: match.index + match[0].length }
  })
}

function unescapeId(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

// Where the body is encoded, all of it.
function placeOf({ part, start, end }: Reference): { start: number; end: number } {
  const { body, encoding } = part
  const isEncoded = encoding === 'base64' || encoding === 'quoted-printable'
  return isEncoded ? body : { start: body.start + start, end: body.start + end }
}

function lintParts(context: LintContext, part: MimePart, wanted: ReadonlySet<string>): void {
  const { parts, contentType } = part
  const start = findParameter(contentType.parameters, 'start')?.replace(/^<|>$/g, '')
  const type = findParameter(contentType.parameters, 'type')?.toLowerCase()
  const named = start === undefined ? undefined : parts.find(({ contentId }) => contentId === start)
  const root = named ?? parts[0]
  if (start !== undefined && !named) addAtField(context, 'related-start-unknown', { part, name: 'content-type' })
  if (type === undefined) addAtField(context, 'related-without-type', { part, name: 'content-type' })
  else if (root && mediaTypeOf(root) !== type) {
    addAtField(context, 'related-type-differs', { part, name: 'content-type', other: mediaTypeOf(root) })
  }
  // Of a root that is no HTML it is not known how it refers to others.
  if (!root || (mediaTypeOf(root) !== 'text/html' && !isMultipart(root, 'alternative'))) return
  for (const one of parts) {
    const isNamed = one.contentId !== undefined && wanted.has(one.contentId)
    if (one === root || isNamed || fieldOf(one, 'content-location')) continue
    context.findings.add('related-unused', { path: one.path, start: one.header.start, end: one.header.end })
  }
}
