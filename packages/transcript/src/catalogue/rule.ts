/** The form in which the rules are written, and how it is read. */

import type { ReplyActor, ReplyCategory, RetryAdvice } from '@posthorn/reply'

/** What an explanation is about: the categories of a reply, and what only a rule can tell apart. */
export type ReplyTopic =
  | ReplyCategory
  | 'account'
  | 'blocklist'
  | 'configuration'
  | 'message-format'
  | 'recipient-domain'

/** When to try again: as a reply says, more slowly and over hours, or once something has been changed. */
export type NextAttempt = Exclude<RetryAdvice, 'may-duplicate'> | 'slower' | 'after-fix'

/** What a rule comes to. */
export interface ReplyCause {
  /** Its name. */
  readonly name: string
  readonly topic: ReplyTopic
  readonly retry: NextAttempt
  readonly actor: ReplyActor
  readonly meaning: string
  readonly remedy: string
}

/**
 * Rules of one provider. A line is `cause codes phrase | phrase`.
 *
 * The codes are separated by commas, each a first digit, a code, or a code with an enhanced status code, whose last number may
 * be a range; `*` is for texts without a code. `#` before a phrase says that it is unique to its meaning, `!` that it means this
 * only at this provider, ` * ` in it stands for any words. Without a phrase the enhanced status code of the provider is enough.
 */
export interface RuleGroup {
  readonly provider: string
  /** Whether the texts are those that the sender's own server writes. */
  readonly local?: boolean
  /** The month in which the sources were last read. */
  readonly checked: string
  readonly sources: readonly string[]
  readonly rules: string
}

/** The codes that a rule is for. */
export interface CodePattern {
  /** The first digit; 0 for any. */
  readonly digit: number
  readonly code?: number
  /** `class.subject`. */
  readonly subject?: string
  readonly from?: number
  readonly to?: number
}

/** One phrase of a rule, or its enhanced status code alone. */
export interface ReplyRule {
  /** `provider/cause`. */
  readonly id: string
  readonly group: RuleGroup
  readonly cause: string
  readonly codes: readonly CodePattern[]
  /** The pieces of the phrase in lower case, in order; none where the status code is enough. */
  readonly pieces: readonly string[]
  readonly kind: 'tag' | 'provider' | 'anyone' | 'status'
}

/** Reads the lines of the causes. */
export function readCauses(text: string): ReadonlyMap<string, ReplyCause> {
  return new Map(
    linesOf(text).map((line) => {
      const [name = '', topic, retry, actor, ...rest] = line.split(' ')
      const [meaning = '', remedy = ''] = rest.join(' ').split(' | ')
      return [name, { name, topic, retry, actor, meaning, remedy } as ReplyCause]
    }),
  )
}

/** Reads the rules of a group, in order. */
export function readRules(group: RuleGroup): ReplyRule[] {
  return linesOf(group.rules).flatMap((line) => {
    const [cause = '', codes = '', ...rest] = line.split(' ')
    const common = { id: `${group.provider}/${cause}`, group, cause, codes: codes.split(',').map(readCode) }
    if (rest.length === 0) return [{ ...common, pieces: [], kind: 'status' as const }]
    const phrases = rest.join(' ').split(' | ')
    return phrases.map((phrase) => ({ ...common, ...readPhrase(phrase) }))
  })
}

function readPhrase(phrase: string): Pick<ReplyRule, 'pieces' | 'kind'> {
  const kind = phrase.startsWith('#') ? 'tag' : phrase.startsWith('!') ? 'provider' : 'anyone'
  const text = kind === 'anyone' ? phrase : phrase.slice(1)
  return { kind, pieces: text.toLowerCase().split(' * ') }
}

function readCode(text: string): CodePattern {
  const [code = '', status] = text.split('/')
  const digit = code === '*' ? 0 : Number(code[0])
  if (code.length < 3) return { digit }
  if (!status) return { digit, code: Number(code) }
  const [kind, subject, details = ''] = status.split('.')
  const [from = '', to = from] = details.split('-')
  return { digit, code: Number(code), subject: `${kind}.${subject}`, from: Number(from), to: Number(to) }
}

/** The lines of a table that are not empty. */
export function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line !== '')
}
