/** Which rule fits best: unique tags, then the words and codes of the provider, then the words of anyone. */

import { CAUSES } from './causes.ts'
import type { Reading } from './reading.ts'
import { type CodePattern, type ReplyCause, type ReplyRule, readCauses, readRules } from './rule.ts'
import { GATEWAYS } from './rules/gateways.ts'
import { GOOGLE } from './rules/google.ts'
import { MAILBOXES } from './rules/mailboxes.ts'
import { MICROSOFT } from './rules/microsoft.ts'
import { SERVERS } from './rules/servers.ts'
import { hasPhrase } from './words.ts'

/** The causes by their names. */
export const REPLY_CAUSES: ReadonlyMap<string, ReplyCause> = /* @__PURE__ */ readCauses(CAUSES)

/** The rules, one for each phrase. */
export const REPLY_RULES: readonly ReplyRule[] = /* @__PURE__ */ [
  GOOGLE,
  ...MICROSOFT,
  ...MAILBOXES,
  ...GATEWAYS,
  ...SERVERS,
].flatMap(readRules)

/** How a rule came to fit. */
export type RuleLevel = 'tag' | 'provider-phrase' | 'provider-status' | 'phrase'

/** A rule that fits. */
export interface RuleMatch {
  readonly rule: ReplyRule
  readonly level: RuleLevel
  /** How far the codes agree: 0 not even in the first digit, 1 in it, 2 in as much as the rule says, 3 in the enhanced status code. */
  readonly agreement: number
}

const LEVELS: readonly RuleLevel[] = ['tag', 'provider-phrase', 'provider-status', 'phrase']

/** Finds the rule that fits best; one whose codes are of another class only where no other does. */
export function matchRules(reading: Reading, provider: string | undefined): RuleMatch | undefined {
  const matches = REPLY_RULES.flatMap((rule) => tryRule(rule, reading, provider) ?? [])
  let best = matches[0]
  for (const match of matches) if (best && isBetter(match, best)) best = match
  return best
}

function isBetter(one: RuleMatch, other: RuleMatch): boolean {
  const [mine, theirs] = [one, other].map(({ rule, level, agreement }) => [
    Math.min(agreement, 1),
    -LEVELS.indexOf(level),
    rule.pieces.join('').length,
    agreement,
  ])
  const differs = mine!.findIndex((value, index) => value !== theirs![index])
  return differs >= 0 && mine![differs]! > theirs![differs]!
}

function tryRule(rule: ReplyRule, reading: Reading, provider: string | undefined): RuleMatch | undefined {
  const level = levelOf(rule, provider)
  if (!level) return undefined
  const agreement = Math.max(...rule.codes.map((pattern) => agree(pattern, reading)))
  const fits = level === 'provider-status' ? agreement === 3 : hasPhrase(reading.words, rule.pieces)
  return fits ? { rule, level, agreement } : undefined
}

function levelOf({ kind, group }: ReplyRule, provider: string | undefined): RuleLevel | undefined {
  if (kind === 'tag') return 'tag'
  const own = group.provider === provider
  if (kind === 'status') return own ? 'provider-status' : undefined
  return own ? 'provider-phrase' : kind === 'anyone' ? 'phrase' : undefined
}

function agree(pattern: CodePattern, { code, status }: Reading): number {
  const { subject, from = 0, to = 0 } = pattern
  if (status && subject === `${status.class}.${status.subject}` && status.detail >= from && status.detail <= to)
    return 3
  if (code === undefined || pattern.digit === 0) return 1
  if (Math.floor(code / 100) !== pattern.digit) return 0
  return pattern.code === undefined || pattern.code === code ? 2 : 1
}
