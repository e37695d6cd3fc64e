/** The elements of an indicator, one after the other, held against its profile. */

import type { AddFinding } from './finding.ts'
import { ELEMENTS, REFUSED } from './profile.ts'
import type { SvgRule } from './rules.ts'
import { UseCounter } from './uses.ts'

/** @internal */
export interface SvgTag {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly offset: number
}

const NAMESPACE = 'http://www.w3.org/2000/svg'
const MAX_TITLE = 64
const MAX_DEPTH = 100
const ROOT: ReadonlySet<string> = new Set(['xmlns', 'x', 'y'])
// Attributes whose value is a reference as a whole.
const REFERENCE = /^(?:xlink:)?href$/
// HAZARD: attributes of paint may load a file by url(…), written in any case.
const PAINT_URL = /url\(\s*["']?\s*([^#\s"']?)/gi

/** @internal */
export class SvgReader {
  readonly #add: AddFinding
  readonly #open: SvgTag[] = []
  readonly #uses = new UseCounter()
  #root: SvgTag | undefined
  #titles = 0
  #title = ''
  #hasDescription = false

  constructor(add: AddFinding) {
    this.#add = add
  }

  open(tag: SvgTag): void {
    this.#open.push(tag)
    const depth = this.#open.length
    if (depth > MAX_DEPTH) this.#add('too-deep', tag, { isLast: true })
    if (depth === 1) this.#openRoot(tag)
    if (depth === 2 && tag.name === 'title' && ++this.#titles === 2) this.#add('several-titles', tag)
    if (tag.name === 'desc') this.#hasDescription = true
    const { id, 'xml:id': xmlId, href, 'xlink:href': xlinkHref } = tag.attributes
    this.#uses.open(id ?? xmlId, tag.name === 'use' ? (href ?? xlinkHref) : undefined)
    // An image inside the image is outside the profile.
    const rule = depth > 1 && tag.name === 'svg' ? 'unknown-element' : ruleOf(tag.name)
    if (rule) this.#add(rule, tag)
    else for (const [name, value] of Object.entries(tag.attributes)) this.#attribute(tag, name, value)
  }

  text(content: string): void {
    if (this.#open.length === 2 && this.#open[1]?.name === 'title' && this.#titles === 1) {
      if (this.#title.length <= MAX_TITLE * 4) this.#title += content
    }
  }

  close(): void {
    this.#open.pop()
    this.#uses.close()
  }

  /** Tells what only the whole shows. */
  finish(): void {
    const root = this.#root
    if (!root) return
    const title = this.#title.trim()
    if (this.#titles === 0) this.#add('missing-title', root)
    else if (title === '') this.#add('empty-title', root)
    else if ([...title].length > MAX_TITLE) this.#add('long-title', root)
    if (!this.#hasDescription) this.#add('no-description', root)
    if (this.#uses.isExcessive()) this.#add('too-many-uses', root)
  }

  #openRoot(tag: SvgTag): void {
    if (tag.name !== 'svg') this.#add('not-svg', tag, { isLast: true })
    this.#root = tag
    const { xmlns, version, baseProfile, viewBox, width, height, x, y } = tag.attributes
    if (xmlns !== NAMESPACE) this.#add('namespace', tag)
    if (version !== '1.2') this.#add('version', tag)
    if (baseProfile !== 'tiny-ps') this.#add('base-profile', tag)
    if (x !== undefined) this.#add('root-position', { ...tag, attribute: 'x' })
    if (y !== undefined) this.#add('root-position', { ...tag, attribute: 'y' })
    const box = viewBox === undefined ? undefined : boxOf(viewBox)
    if (!box) this.#add('missing-view-box', tag)
    else if (box.width !== box.height || isOblong(width, height)) this.#add('not-square', tag)
  }

  #attribute(tag: SvgTag, attribute: string, value: string): void {
    const rule = attributeRule(tag.name, { attribute, value, isRoot: this.#open.length === 1 })
    if (rule) this.#add(rule, { name: tag.name, attribute, offset: tag.offset })
  }
}

interface Attribute {
  readonly attribute: string
  readonly value: string
  readonly isRoot: boolean
}

function attributeRule(element: string, { attribute, value, isRoot }: Attribute): SvgRule | undefined {
  // The root's own were looked at as a whole.
  if (isRoot && ROOT.has(attribute)) return undefined
  if (attribute === 'xmlns') return value === NAMESPACE ? undefined : 'namespace'
  if (attribute.startsWith('xmlns:')) return undefined
  if (/^on/i.test(attribute) || attribute.startsWith('ev:')) return 'event-attribute'
  if (attribute === 'style') return 'style'
  if (attribute === 'xml:base') return 'external-reference'
  if (REFERENCE.test(attribute) ? !value.trim().startsWith('#') : isExternal(value)) return 'external-reference'
  const plain = attribute === 'xlink:href' ? 'href' : attribute
  return ELEMENTS.get(element)?.has(plain) ? undefined : 'unknown-attribute'
}

function ruleOf(name: string): SvgRule | undefined {
  if (ELEMENTS.has(name)) return undefined
  return REFUSED.get(name) ?? (name.includes(':') ? 'foreign-element' : 'unknown-element')
}

function isExternal(value: string): boolean {
  for (const [, first] of value.matchAll(PAINT_URL)) if (first !== '') return true
  // A backslash can spell any of it in another way.
  return /^\s*(?:data|file|https?|javascript|vbscript):|\\|@import/i.test(value)
}

// viewBox = min-x, min-y, width and height, with white space or a comma between them
function boxOf(text: string): { readonly width: number; readonly height: number } | undefined {
  const numbers = text
    .trim()
    .split(/[\s,]+/)
    .map(Number)
  const [, , width = 0, height = 0] = numbers
  return numbers.length === 4 && numbers.every(Number.isFinite) && width > 0 && height > 0
    ? { width, height }
    : undefined
}

function isOblong(width: string | undefined, height: string | undefined): boolean {
  return width !== undefined && height !== undefined && width.trim() !== height.trim()
}
