/** The elements of one part of a report, each read by what it holds, with what is wrong told: RFC 9990 section 3.1.1. */

import { parseIpAddress } from '@posthorn/core'
import type { ReportDefects } from './defect.ts'
import { type Layout, RETIRED_ELEMENTS, type Words } from './layout.ts'
import type { ReportElement, ReportText } from './model.ts'
import type { XmlElement } from './xml-tree.ts'

/** @internal What holds for the whole of a report. */
export interface ReportContext {
  readonly defects: ReportDefects
  readonly maxText: number
  /** The namespace of the report itself. */
  namespace: string
  /** Whether the report is of RFC 9990, so that what only RFC 7489 has is told. */
  isNew: boolean
}

const COUNT = /^\+?\d{1,15}$/
// Some write the seconds with a fraction, or a date and time.
const SECONDS = /^\+?(\d{1,13})(?:\.\d{0,9})?$/
const DATE = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d))?Z?)?$/
// The end of the year 9999.
const MAX_SECONDS = 253_402_300_799

/**
 * Reads one element whose children have a layout.
 *
 * @internal
 */
export class PartReader {
  readonly #context: ReportContext
  readonly #element: XmlElement | undefined
  readonly #children = new Map<string, XmlElement[]>()
  readonly #others: XmlElement[] = []

  /** @param element Nothing where it is missing, which has been told. */
  constructor(element: XmlElement | undefined, layout: Layout, context: ReportContext) {
    this.#context = context
    this.#element = element
    if (element) this.#sort(element, layout)
  }

  #sort(element: XmlElement, { children, ordered }: Layout): void {
    const { defects } = this.#context
    const names = [...children.keys()]
    let furthest = 0
    for (const child of this.#childrenOf(element, children)) {
      const often = children.get(child.name)
      const isForeign = child.namespace !== '' && child.namespace !== this.#context.namespace
      if (often === undefined || isForeign) {
        this.#others.push(child)
        continue
      }
      const place = names.indexOf(child.name)
      if (ordered && place < furthest) defects.tell('misplaced-element', child.path)
      furthest = Math.max(furthest, place)
      if (RETIRED_ELEMENTS.has(child.name) && this.#context.isNew) defects.tell('retired-element', child.path)
      this.#add(child, often)
    }
    for (const [name, often] of children) {
      if (often !== '?' && often !== '*' && !this.#children.has(name)) this.#lacks(name)
    }
  }

  // Where an element was not closed, those that follow it are in it.
  #childrenOf(element: XmlElement, known: Layout['children']): XmlElement[] {
    return element.children.flatMap((child) => {
      if (!known.has(child.name) || !child.children.some(({ name }) => known.has(name))) return [child]
      const within = this.#childrenOf(child, known).filter(({ name }) => known.has(name))
      for (const one of within) this.#context.defects.tell('misplaced-element', one.path)
      const own = child.children.filter(({ name }) => !known.has(name))
      child.children.splice(0, Number.POSITIVE_INFINITY, ...own)
      return [child, ...within]
    })
  }

  #add(child: XmlElement, often: '' | '?' | '*' | '+'): void {
    const known = this.#children.get(child.name)
    if (!known) this.#children.set(child.name, [child])
    else if (often === '*' || often === '+') known.push(child)
    else this.#context.defects.tell('repeated-element', child.path, child.text)
  }

  #lacks(name: string): void {
    if (name === 'selector' && !this.#context.isNew) return
    this.#context.defects.tell('missing', this.#pathOf(name))
  }

  #pathOf(name: string): string {
    const above = this.#element?.path ?? ''
    return above === '' ? name : `${above}.${name}`
  }

  /** Children that are extensions, or stand where only those may. */
  extensions(within: readonly XmlElement[] = []): readonly ReportElement[] {
    const { defects, namespace } = this.#context
    for (const one of this.#others) {
      if (one.namespace === '' || one.namespace === namespace) defects.tell('unknown-element', one.path)
    }
    return [...within, ...this.#others].map((one) => this.#extension(one))
  }

  /** Tells of the children that nothing was made of. */
  refuseOthers(): void {
    for (const child of this.#others) this.#context.defects.tell('unknown-element', child.path)
  }

  one(name: string): XmlElement | undefined {
    return this.#children.get(name)?.[0]
  }

  all(name: string): readonly XmlElement[] {
    return this.#children.get(name) ?? []
  }

  /** Text, empty where there is none. */
  text(name: string): string {
    const child = this.one(name)
    if (!child) return ''
    const text = this.leaf(child)
    if (text === '') this.#context.defects.tell('empty', child.path)
    return text
  }

  /** Text that may be absent. */
  optional(name: string): string | undefined {
    return this.one(name) === undefined ? undefined : this.text(name) || undefined
  }

  /** Text that may be absent, or empty. */
  blank(name: string): string | undefined {
    const child = this.one(name)
    return child && this.leaf(child)
  }

  forPeople(name: string): ReportText | undefined {
    const child = this.one(name)
    return child && this.peopleText(child)
  }

  peopleText(child: XmlElement): ReportText | undefined {
    const text = this.leaf(child)
    const lang = child.attributes.find((one) => one.name === 'lang' || one.name === 'xml:lang')?.value.slice(0, 64)
    if (text === '') return undefined
    return lang === undefined || lang === 'en' || lang === '' ? { text } : { text, lang }
  }

  /** A word of a list; nothing where it is none. */
  word<T extends string>(name: string, { words, retired, aliases }: Words<T>): T | undefined {
    const { defects, isNew } = this.#context
    const written = this.optional(name)
    if (written === undefined) return undefined
    const path = this.one(name)!.path
    const lower = written.toLowerCase()
    const found = words.has(lower as T) ? (lower as T) : aliases.get(lower)
    if (found === undefined) defects.tell('bad-value', path, written)
    else if (found !== lower) defects.tell('old-word', path, written)
    else if (lower !== written) defects.tell('wrong-case', path, written)
    if (found !== undefined && retired.has(found) && isNew) defects.tell('retired-value', path, written)
    return found
  }

  /** A whole number; 0 where it is none. */
  count(name: string): number {
    const written = this.optional(name)
    if (written === undefined) return 0
    if (COUNT.test(written)) return Number(written)
    this.#context.defects.tell('bad-count', this.one(name)!.path, written)
    return 0
  }

  /** A time in seconds since 1970; 0 where it is none. */
  seconds(name: string): number {
    const written = this.optional(name)
    if (written === undefined) return 0
    const whole = SECONDS.exec(written)?.[1]
    const seconds = whole === undefined ? secondsOfDate(written) : Number(whole)
    const isTime = seconds >= 0 && seconds <= MAX_SECONDS
    if (whole !== written || !isTime) this.#context.defects.tell('bad-date', this.one(name)!.path, written)
    return isTime ? seconds : 0
  }

  /** An address, as it is written. */
  address(name: string): string {
    const written = this.text(name)
    if (written !== '' && parseIpAddress(written) === undefined)
      this.#context.defects.tell('bad-address', this.one(name)!.path, written)
    return written
  }

  /** The text of an element that should have no other. */
  leaf(element: XmlElement): string {
    const { defects, maxText } = this.#context
    for (const child of element.children) defects.tell('unknown-element', child.path)
    const text = element.text.trimEnd()
    if (text.length <= maxText) return text
    defects.tell('text-too-long', element.path)
    return text.slice(0, maxText).replace(/[\ud800-\udbff]$/, '')
  }

  #extension(element: XmlElement): ReportElement {
    const { name, namespace, attributes, children } = element
    return {
      name,
      ...(namespace !== '' && { namespace }),
      attributes,
      text: element.text.trimEnd().slice(0, this.#context.maxText),
      children: children.map((one) => this.#extension(one)),
    }
  }
}

function secondsOfDate(text: string): number {
  const match = DATE.exec(text)
  if (!match) return Number.NaN
  const [, year, month, day, hour = 0, minute = 0, second = 0] = match.map((one) =>
    one === undefined ? undefined : Number(one),
  )
  return Date.UTC(year!, month! - 1, day, hour, minute, second) / 1000
}
