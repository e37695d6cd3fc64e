/** What most people want of a message: its text, its HTML, and what is attached. RFC 2046 section 5.1, RFC 2387. */

import { findParameter } from '../type/content-type.ts'
import type { MimePart } from './part.ts'

/** Which entities make up the view. */
export interface FlatView {
  /** Those whose texts are the message as plain text. */
  readonly text: readonly MimePart[]
  /** Those that are the message as HTML. */
  readonly html: readonly MimePart[]
  /** All others that hold something. */
  readonly attached: readonly AttachedPart[]
}

/** An entity that is not the text. */
export interface AttachedPart {
  /** The entity. */
  readonly part: MimePart
  /** Whether it belongs to the HTML, as an image does (RFC 2387), or is another form of the text (RFC 2046 section 5.1.4). */
  readonly role: 'attachment' | 'related' | 'alternative'
}

/**
 * Sorts the entities of a message.
 *
 * @internal
 */
export function flatten(root: MimePart): FlatView {
  const view = { text: [] as MimePart[], html: [] as MimePart[], attached: [] as AttachedPart[] }
  const visits: AttachedPart[] = [{ part: root, role: 'attachment' }]
  for (let visit = visits.pop(); visit; visit = visits.pop()) {
    const within = partsOf(visit)
    // One by one: there may be more of them than a call can have arguments.
    if (within) for (const one of within.reverse()) visits.push(one)
    else place(visit, root, view)
  }
  return view
}

// The parts of a multipart with what each is; none for what is shown or attached as one.
function partsOf({ part, role }: AttachedPart): AttachedPart[] | undefined {
  const { type, subtype } = part.contentType
  if (type !== 'multipart' || part.parts.length === 0) return undefined
  if (subtype === 'related') return relatedParts(part, role)
  if (subtype !== 'alternative') return part.parts.map((one) => ({ part: one, role }))
  return alternatives(part.parts)
}

function relatedParts({ contentType, parts }: MimePart, role: AttachedPart['role']): AttachedPart[] {
  const start = findParameter(contentType.parameters, 'start')?.replace(/^<|>$/g, '')
  const root = parts.find(({ contentId }) => contentId !== undefined && contentId === start) ?? parts[0]!
  return parts.map((part) => ({ part, role: part === root ? role : 'related' }))
}

// RFC 2046 section 5.1.4: the last of a kind is the best.
function alternatives(parts: readonly MimePart[]): AttachedPart[] {
  const last = (type: string): MimePart | undefined => parts.filter((part) => isText(part, type)).at(-1)
  const best = new Set([last('plain'), last('html')])
  return parts.map((part) => {
    const isBody = best.has(part) || part.contentType.type === 'multipart'
    return { part, role: isBody ? 'attachment' : 'alternative' }
  })
}

function place({ part, role }: AttachedPart, root: MimePart, view: Mutable<FlatView>): void {
  // RFC 2183 section 2.10: of the message itself too.
  const isShown = (part.disposition?.type ?? 'inline') === 'inline'
  const isNamed = part.disposition?.filename !== undefined && part !== root
  const isBody = isShown && !isNamed && role === 'attachment'
  if (isBody && isText(part, 'html')) view.html.push(part)
  else if (isBody && (isText(part, 'plain') || isContainer(part))) view.text.push(part)
  else view.attached.push({ part, role })
}

type Mutable<T> = { [Key in keyof T]: T[Key] extends readonly (infer One)[] ? One[] : T[Key] }

function isText({ contentType }: MimePart, subtype: string): boolean {
  return contentType.type === 'text' && contentType.subtype === subtype
}

// A multipart that could not be taken apart: what it holds is shown rather than lost.
function isContainer({ contentType }: MimePart): boolean {
  return contentType.type === 'multipart'
}
