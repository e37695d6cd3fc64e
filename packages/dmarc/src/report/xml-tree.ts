/** XML to elements, one part of a report at a time: the parser's events, held to limits. */

import { MailError } from '@posthorn/core'
import { type SaxesAttributeNS, SaxesParser, type SaxesTagNS } from 'saxes'
import type { ReportDefects } from './defect.ts'
import { reportFault } from './error.ts'
import type { AggregateReportLimits } from './limits.ts'
import type { ReportAttribute } from './model.ts'

/**
 * An element as it is read.
 *
 * @internal
 */
export class XmlElement {
  readonly name: string
  readonly namespace: string
  readonly attributes: readonly ReportAttribute[]
  readonly children: XmlElement[] = []
  /** How many of its name stand before it in its parent. */
  index = 0
  readonly parent: XmlElement | undefined
  text = ''

  constructor(
    tag: { readonly local: string; readonly uri: string },
    parent?: XmlElement,
    attributes: ReportAttribute[] = [],
  ) {
    this.name = tag.local
    this.namespace = tag.uri
    this.parent = parent
    this.attributes = attributes
  }

  /** Where it stands in the report, as `record[3].row`. */
  get path(): string {
    if (!this.parent) return ''
    const own = mayRepeat(this.name, this.parent) ? `${this.name}[${this.index}]` : this.name
    const above = this.parent.path
    return above === '' ? own : `${above}.${own}`
  }
}

// The elements that may come often, by what they are in.
const REPEATED: ReadonlyMap<string, readonly string[]> = new Map([
  ['feedback', ['record']],
  ['report_metadata', ['error']],
  ['policy_evaluated', ['reason']],
  ['auth_results', ['dkim', 'spf']],
])

function mayRepeat(name: string, parent: XmlElement): boolean {
  return REPEATED.get(parent.name)?.includes(name) ?? false
}

/**
 * What is told of a report as it is read.
 *
 * @internal
 */
export interface TreeHandler {
  /** The report begins. */
  begin(report: XmlElement): void
  /** One of its parts is complete. */
  part(part: XmlElement): void
}

/** @internal */
export interface TreeOptions {
  readonly limits: Required<AggregateReportLimits>
  readonly defects: ReportDefects
  readonly handler: TreeHandler
}

const CHUNK = 65_536
const MAX_FAULTS = 1000
const SCHEMA = 'http://www.w3.org/2001/XMLSchema'
const STOP: unique symbol = Symbol('the rest is not read')

/**
 * Reads the first report in a text.
 *
 * @internal
 * @returns Whether there is one.
 * @throws {MailError} `DMARC_REPORT_TOO_LARGE` where elements or attributes go beyond what they may.
 */
export function readTree(text: string, options: TreeOptions): boolean {
  const builder = new TreeBuilder(options)
  const parser = new SaxesParser({ xmlns: true, position: true })
  parser.on('error', (error) => builder.fault(error.message))
  parser.on('attribute', () => builder.attribute())
  parser.on('opentag', (tag) => builder.open(tag))
  parser.on('closetag', () => builder.close())
  parser.on('text', (piece) => builder.text(piece))
  parser.on('cdata', (piece) => builder.text(piece))
  try {
    for (let at = 0; at < text.length; at += CHUNK) parser.write(text.slice(at, at + CHUNK))
    parser.close()
  } catch (error) {
    if (error !== STOP) throw error instanceof MailError ? error : unreadable(error)
  }
  builder.end()
  return builder.found
}

function unreadable(cause: unknown): MailError {
  const fault = reportFault('DMARC_REPORT_UNREADABLE', 'read report: it is no XML', 'rfc9990#section-3.1.1')
  return new MailError(fault.code, fault.message, { spec: fault.spec!, cause })
}

function tooLarge(what: string): MailError {
  return reportFault('DMARC_REPORT_TOO_LARGE', `read report: ${what}`, 'rfc9990#section-8.1')
}

// What stands between the elements of a report: nothing of it is read.
type Ignored = 'around' | 'schema' | 'behind' | 'beyond'

class TreeBuilder {
  found = false
  readonly #options: TreeOptions
  readonly #open: (XmlElement | Ignored)[] = []
  #report: XmlElement | undefined
  #isRead = false
  #attributes = 0
  #elements = 0
  #records = 0
  #others = 0
  #faults = 0
  #told = new Set<string>()

  constructor(options: TreeOptions) {
    this.#options = options
  }

  fault(message: string): void {
    const { defects } = this.#options
    defects.tell('malformed-xml', this.#current?.path ?? '', message)
    this.#faults++
    if (this.#faults < MAX_FAULTS) return
    defects.all.pop()
    defects.tell('too-malformed', this.#current?.path ?? '')
    throw STOP
  }

  attribute(): void {
    this.#attributes++
    if (this.#attributes > this.#options.limits.maxAttributes) throw tooLarge('an element has too many attributes')
  }

  open(tag: SaxesTagNS): void {
    this.#attributes = 0
    if (this.#open.length >= this.#options.limits.maxDepth) throw tooLarge('its elements are nested too deep')
    this.#open.push(this.#make(tag))
  }

  #make(tag: SaxesTagNS): XmlElement | Ignored {
    if (tag.uri === SCHEMA || /^xsd?$/.test(tag.prefix)) {
      this.#once('wrapped-report', tag.name)
      return 'schema'
    }
    const parent = this.#current
    if (parent) return this.#child(tag, parent)
    if (tag.local !== 'feedback') return 'around'
    if (this.#isRead) {
      this.#once('several-reports', tag.name)
      return 'behind'
    }
    if (this.#open.includes('around')) this.#once('wrapped-report', tag.name)
    const report = new XmlElement(tag)
    this.found = true
    this.#isRead = true
    this.#report = report
    this.#options.handler.begin(report)
    return report
  }

  #child(tag: SaxesTagNS, parent: XmlElement): XmlElement | Ignored {
    const element = new XmlElement(tag, parent, attributesOf(tag.attributes))
    if (parent === this.#report) this.#elements = 0
    if (this.#isBeyond(element, parent)) return 'beyond'
    if (parent !== this.#report && mayRepeat(tag.local, parent)) element.index = nextIndex(tag.local, parent.children)
    return element
  }

  // HAZARD: each takes its room, whatever is in it.
  #isBeyond(element: XmlElement, parent: XmlElement): boolean {
    const { maxRecords, maxElements } = this.#options.limits
    if (parent !== this.#report) return this.#isOver(this.#elements++, maxElements, parent)
    if (element.name !== 'record') return this.#isOver(this.#others++, maxElements, parent)
    element.index = this.#records++
    return this.#isOver(element.index, maxRecords, element)
  }

  #isOver(count: number, max: number, place: XmlElement): boolean {
    if (count === max) this.#options.defects.tell('too-many', place.path)
    return count >= max
  }

  close(): void {
    const closed = this.#open.pop()
    if (closed instanceof XmlElement) this.#complete(closed)
  }

  #complete(element: XmlElement): void {
    const { parent } = element
    if (!parent) this.#report = undefined
    else if (parent === this.#report) this.#options.handler.part(element)
    else parent.children.push(element)
  }

  text(piece: string): void {
    const element = this.#open.at(-1)
    const { maxText } = this.#options.limits
    if (!(element instanceof XmlElement) || element === this.#report || element.text.length > maxText) return
    // White space at the front does not count; what is over the limit by one shows that there was more.
    const more = element.text === '' ? piece.trimStart() : piece
    element.text = (element.text + more).slice(0, maxText + 1)
  }

  /** Completes what the XML left open. */
  end(): void {
    for (let open = this.#open.pop(); open; open = this.#open.pop()) {
      if (open instanceof XmlElement) this.#complete(open)
    }
  }

  // The element that children belong to: fragments of schemas are seen through, what else is ignored is not.
  get #current(): XmlElement | undefined {
    for (let at = this.#open.length - 1; at >= 0; at--) {
      const one = this.#open[at]!
      if (one instanceof XmlElement) return one
      if (one !== 'schema') return undefined
    }
    return undefined
  }

  #once(code: 'several-reports' | 'wrapped-report', text: string): void {
    if (this.#told.has(code)) return
    this.#told.add(code)
    this.#options.defects.tell(code, '', text)
  }
}

// Those of a name are near each other, so the one before is looked for from behind.
function nextIndex(name: string, siblings: readonly XmlElement[]): number {
  for (let at = siblings.length - 1; at >= 0; at--) if (siblings[at]!.name === name) return siblings[at]!.index + 1
  return 0
}

function attributesOf(attributes: Readonly<Record<string, SaxesAttributeNS>>): ReportAttribute[] {
  return Object.values(attributes)
    .filter(({ name }) => name !== 'xmlns' && !name.startsWith('xmlns:'))
    .map(({ name, value }) => ({ name, value }))
}
