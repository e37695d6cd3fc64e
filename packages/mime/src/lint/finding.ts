/** What was found in a message, and the list of it: bounded, and in the order of the octets. */

import type { LintRule, LintSeverity } from './rule.ts'
import { LINT_RULES } from './rules.ts'

/** Something that is wrong with a message, or worth knowing. */
export interface LintFinding {
  /** What was looked for; stable across releases. */
  readonly rule: LintRule
  /** How much it matters. */
  readonly severity: LintSeverity
  /** The path of the entity: `1` is the message, `1.2` its second part. */
  readonly path: string
  /** The name of the field, as it is written. */
  readonly field?: string
  /** Where it begins, in octets of the message. */
  readonly start: number
  /** Where it ends, the octet behind its last. */
  readonly end: number
  /** The RFC and its section. */
  readonly spec: string
  /** What is wrong and what to do, in one sentence. */
  readonly text: string
  /** The other reading, of what can be read in two ways. */
  readonly other?: string
  /** How many there are in this header or body, where lines or octets are counted; the range is of the first. */
  readonly count?: number
}

/** @internal */
export interface FindingPlace {
  readonly path: string
  readonly field?: string | undefined
  readonly start: number
  readonly end: number
  readonly other?: string | undefined
}

/** @internal */
export type RuleChoices = Readonly<Partial<Record<LintRule, LintSeverity | 'off'>>>

type Counted = { -readonly [Key in keyof LintFinding]: LintFinding[Key] }

/**
 * What was counted in one header or body, by rule; nothing for what is off, or beyond the limit.
 *
 * @internal
 */
export type Tally = Map<LintRule, Counted | undefined>

/**
 * Gathers findings, no more than so many.
 *
 * @internal
 */
export class FindingList {
  readonly #findings: Counted[] = []
  readonly #max: number
  readonly #choices: RuleChoices
  #firstLost: FindingPlace | undefined

  constructor(max: number, choices: RuleChoices) {
    this.#max = max
    this.#choices = choices
  }

  /** Whether no more are taken. */
  get isFull(): boolean {
    return this.#firstLost !== undefined
  }

  add(rule: LintRule, place: FindingPlace): Counted | undefined {
    const { severity, spec, text } = LINT_RULES[rule]
    const chosen = this.#choices[rule] ?? severity
    if (chosen === 'off') return undefined
    if (this.#findings.length >= this.#max) {
      this.#firstLost ??= place
      return undefined
    }
    const { path, field, start, end, other } = place
    const finding: Counted = {
      rule,
      severity: chosen,
      path,
      ...(field !== undefined && { field }),
      start,
      end,
      spec,
      text,
      ...(other !== undefined && { other }),
    }
    this.#findings.push(finding)
    return finding
  }

  /** Adds the first that breaks a rule, and counts those that follow. */
  count(rule: LintRule, tally: Tally, place: FindingPlace): void {
    const known = tally.get(rule)
    if (known) known.count = (known.count ?? 1) + 1
    else if (!tally.has(rule)) tally.set(rule, this.add(rule, place))
  }

  /** Adds what was counted by others. */
  addAll(rule: LintRule, count: number, place: FindingPlace): void {
    const added = this.add(rule, place)
    if (added && count > 1) added.count = count
  }

  /** All, by where they begin. */
  list(): LintFinding[] {
    const sorted = this.#findings.sort((a, b) => a.start - b.start || a.end - b.end)
    const lost = this.#firstLost
    if (lost && this.#choices['finding-limit'] !== 'off') {
      const { severity, spec, text } = LINT_RULES['finding-limit']
      const { path, start, end } = lost
      const rule = 'finding-limit'
      sorted.push({ rule, severity: this.#choices[rule] ?? severity, path, start, end, spec, text } as LintFinding)
    }
    return sorted
  }
}
