/** Findings in an indicator, with their places. */

import { SVG_DRAFT } from './draft.ts'
import { SVG_RULES, type SvgRule, type SvgSeverity } from './rules.ts'

/** Something in an indicator that is outside its profile, or worth knowing. */
export interface SvgFinding {
  /** What was looked for; stable across releases. */
  readonly code: SvgRule
  /** How much it matters. */
  readonly severity: SvgSeverity
  /** The name of the element; absent where it is the file. */
  readonly element?: string
  /** The name of the attribute; absent where it is the element. */
  readonly attribute?: string
  /** The line, from 1. */
  readonly line: number
  /** Where the element begins, in UTF-16 units. */
  readonly offset: number
  /** The draft and its section. */
  readonly spec: string
  /** What is wrong, and what to do about it. */
  readonly text: string
}

/** @internal */
export interface SvgPlace {
  readonly name?: string
  readonly attribute?: string
  readonly offset: number
}

/** @internal */
export type AddFinding = (code: SvgRule, place?: SvgPlace, options?: { readonly isLast: boolean }) => void

/** Thrown where nothing more is to be read. @internal */
export const STOP: unique symbol = Symbol('the rest is not read')

const MAX_FINDINGS = 100
const START: SvgPlace = { offset: 0 }

/** @internal */
export class FindingList {
  readonly findings: SvgFinding[] = []
  readonly text: string
  #line = 1
  #lineStart = 0

  constructor(text: string) {
    this.text = text
  }

  /** Adds one, and ends the reading after the last that is wanted. */
  readonly add: AddFinding = (code, { name, attribute, offset } = START, { isLast } = { isLast: false }) => {
    const { severity, text } = SVG_RULES[code]
    const names = { ...(name !== undefined && { element: name }), ...(attribute !== undefined && { attribute }) }
    const line = offset < this.#lineStart ? this.#lineOf(offset) : this.#nextLine(offset)
    this.findings.push({ code, severity, ...names, line, offset, spec: `${SVG_DRAFT}#section-2`, text })
    if (isLast || this.findings.length === MAX_FINDINGS) throw STOP
  }

  // Nearly all come in the order of the file, so that its lines are counted once.
  #nextLine(offset: number): number {
    for (let end = this.#lineEnd(); end >= 0 && end < offset; end = this.#lineEnd()) {
      this.#line++
      this.#lineStart = end + 1
    }
    return this.#line
  }

  #lineEnd(): number {
    return this.text.indexOf('\n', this.#lineStart)
  }

  #lineOf(offset: number): number {
    return this.text.slice(0, offset).split('\n').length
  }
}
