/** Explains a reply: what it means at the server that gave it, whether to try again, who must act, and what to do. */

import {
  classifyReply,
  describeReply,
  type EnhancedStatus,
  type Reply,
  type ReplyActor,
  type ReplyCategory,
} from '@posthorn/reply'
import { anatomyOf, type CodeAnatomy, type CodeCollision, collisionOf } from './anatomy.ts'
import { findBlocklist, type NamedBlocklist } from './blocklist.ts'
import { matchRules, REPLY_CAUSES, type RuleLevel, type RuleMatch } from './matching.ts'
import { providerOf, type ReplyProvider, recogniseProvider } from './provider.ts'
import { type Reading, readReplyText } from './reading.ts'
import type { ReplyReporter } from './reporter.ts'
import type { NextAttempt, ReplyTopic } from './rule.ts'

/**
 * By what a reply was explained, the best first: a tag that means one thing; words or the enhanced status code of the provider;
 * words of any server; the name of a blocklist; what words usually mean; the enhanced status code; the basic code and what it
 * answers; its first digit; or by nothing.
 */
export type ExplanationLevel = RuleLevel | 'blocklist' | 'wording' | 'status' | 'code' | 'class' | 'none'

/** What {@link explainReply} knows beside the reply. */
export interface ExplainReplyOptions {
  /** The provider, as `google`; default: found by the signature of the reply, else by what follows. */
  readonly provider?: string
  /** The name of the server that answers, as its MX record has it. */
  readonly host?: string
  /** The domain of the recipient. */
  readonly recipientDomain?: string
  /** What the reply answers: a verb, `greeting`, or `message` for what follows the final dot; default: not known. */
  readonly answers?: string
}

/** What a reply means. */
export interface ReplyExplanation {
  /** By what it was explained. */
  readonly level: ExplanationLevel
  /** How sure that is. */
  readonly confidence: 'high' | 'medium' | 'low'
  /** The rule, as `google/spf-fail`; absent from `wording` on. */
  readonly rule?: string
  /** What it is about. */
  readonly topic: ReplyTopic
  /** When to try again. */
  readonly retry: NextAttempt
  /** Who must act. */
  readonly actor: ReplyActor
  /** What it means, as a sentence without its full stop. */
  readonly meaning: string
  /** What to do, likewise. */
  readonly remedy: string
  /** The basic code. */
  readonly code?: number
  /** The enhanced status code. */
  readonly status?: EnhancedStatus
  /** The parts of the code in words. */
  readonly anatomy?: CodeAnatomy
  /** Where the enhanced status code means another thing by the registry than it does here. */
  readonly collision?: CodeCollision
  /** Who answered, or whose words they are. */
  readonly provider?: ReplyProvider
  /** The blocklist that it names: its usual name, else its domain. */
  readonly blocklist?: string
  /** Who passed the reply on, where one was inside another. */
  readonly reportedBy?: ReplyReporter
  /** Whether the words are those of the sender's own server, and no reply of another. */
  readonly local: boolean
  /** Whether the text was longer than 8,192 characters, and was read up to there. */
  readonly clipped: boolean
  /** What the rule was made from. */
  readonly sources?: readonly string[]
  /** The month in which that was last read, as `2026-11`. */
  readonly checked?: string
}

/**
 * Explains a reply to whoever sent the mail.
 *
 * Nothing of the reply comes out but its codes, the name of the host that a report gives, and the domain of a blocklist. Text is
 * read up to 8,192 characters. No text makes it throw.
 *
 * @param reply The reply, its text with the code, or a line of a log or of a report that quotes it.
 * @param options What is known beside it.
 * @see {@link https://www.rfc-editor.org/rfc/rfc3463 | RFC 3463}
 * @example
 * const said = '550 5.7.27 Gmail requires bulk senders to authenticate with SPF. a1-2 - gsmtp'
 * const { level, meaning, collision } = explainReply(said)
 * level // 'provider-phrase'
 * meaning // 'SPF did not pass, and this receiver requires it'
 * collision?.registered // 'the domain of the sender says that it takes no mail (null MX)'
 */
export function explainReply(reply: string | Reply, options: ExplainReplyOptions = {}): ReplyExplanation {
  const reading = readReplyText(reply)
  const answers = options.answers ?? reading.answers
  const provider = recogniseProvider(reading.words, {
    ...options,
    host: reading.reportedBy?.host ?? options.host,
  })
  const list = isFailure(reading) ? findBlocklist(reading.words) : undefined
  const finding = isFailure(reading) ? findRule(reading, provider, list) : undefined
  const { code, status, reportedBy, clipped } = reading
  const anatomy = anatomyOf(code, status)
  return {
    ...(finding ?? fallBack(reading, answers, provider)),
    ...(code !== undefined && { code }),
    ...(status && { status }),
    ...(anatomy && { anatomy }),
    ...(list?.name && { blocklist: list.name }),
    ...(reportedBy && { reportedBy }),
    clipped,
  }
}

type Finding = Omit<ReplyExplanation, 'anatomy' | 'blocklist' | 'clipped' | 'code' | 'reportedBy' | 'status'>

function isFailure({ code, status }: Reading): boolean {
  return code === undefined ? status?.class !== 2 : code >= 400
}

function findRule(
  reading: Reading,
  provider: ReplyProvider | undefined,
  list: NamedBlocklist | undefined,
): Finding | undefined {
  const match = matchRules(reading, provider?.id)
  if (match && match.agreement > 0) return ruleFinding(match, reading, provider)
  if (list) {
    const confidence = list.known ? 'high' : 'medium'
    const { name, ...told } = REPLY_CAUSES.get(list.cause)!
    return {
      level: 'blocklist',
      confidence,
      rule: `blocklist/${name}`,
      ...told,
      ...withProvider(provider),
      local: false,
    }
  }
  return match && ruleFinding(match, reading, provider)
}

function ruleFinding(match: RuleMatch, reading: Reading, provider: ReplyProvider | undefined): Finding {
  const { rule, level, agreement } = match
  const { name: _, ...told } = REPLY_CAUSES.get(rule.cause)!
  const collision = reading.status && collisionOf(reading.status, told.topic)
  return {
    level,
    confidence: confidenceOf(match),
    rule: rule.id,
    ...told,
    retry: agreement === 0 ? retryOfClass(told.retry, reading) : told.retry,
    ...(collision && { collision }),
    ...withProvider(
      level === 'phrase' ? providerOf(rule.group.provider) : (provider ?? providerOf(rule.group.provider)),
    ),
    local: rule.group.local === true,
    sources: rule.group.sources,
    checked: rule.group.checked,
  }
}

function confidenceOf({ level, agreement, rule }: RuleMatch): ReplyExplanation['confidence'] {
  if (agreement === 0) return 'low'
  if (level === 'tag' || level === 'provider-phrase') return 'high'
  return level === 'phrase' && (agreement > 1 || rule.group.local) ? 'high' : 'medium'
}

// RFC 5321 section 4.2.1: the first digit says whether to come back.
function retryOfClass(retry: NextAttempt, { code = 500 }: Reading): NextAttempt {
  if (code >= 500) return retry === 'after-fix' ? retry : 'never'
  return retry === 'never' ? 'later' : retry
}

function withProvider(provider: ReplyProvider | undefined): { readonly provider?: ReplyProvider } {
  return provider ? { provider } : {}
}

/** The cause whose remedy fits a category in general. */
const GENERAL: Readonly<Record<ReplyCategory, string>> = {
  accepted: '',
  continue: '',
  address: 'user-unknown',
  authentication: 'auth-both',
  content: 'content-spam',
  credentials: 'login-wrong',
  greylisting: 'greylist',
  loop: 'loop',
  'mailbox-disabled': 'user-disabled',
  'mailbox-full': 'full',
  network: 'net-timeout',
  'no-mail': 'domain-nomail',
  policy: 'policy-closed',
  protocol: 'command-bad',
  rate: 'rate-sender',
  relay: 'relay-denied',
  reputation: 'reputation-bad',
  'reverse-dns': 'ptr-missing',
  'sender-address': 'sender-dns',
  size: 'size-message',
  smtputf8: 'utf8-needed',
  system: 'system-fault',
  tls: 'tls-required',
  'too-many-recipients': 'recipients-many',
  other: 'unexplained',
}

function fallBack(reading: Reading, answers: string | undefined, provider: ReplyProvider | undefined): Finding {
  const { status } = reading
  const code = reading.code ?? (status ? status.class * 100 + 99 : undefined)
  if (code === undefined) {
    const { name: _, ...told } = REPLY_CAUSES.get('unexplained')!
    return { level: 'none', confidence: 'low', ...told, ...withProvider(provider), local: false }
  }
  const reply: Reply = { code, lines: [reading.words], ...(status && { enhanced: status }) }
  const context = answers === undefined ? {} : { answers }
  const { category, retry, actor } = classifyReply(reply, context)
  const cause = REPLY_CAUSES.get(GENERAL[category])
  const byWords = classifyReply({ ...reply, lines: [] }, context).category !== category
  const level = byWords ? 'wording' : levelOfCode(reply, context)
  return {
    level,
    confidence: level === 'status' ? 'medium' : 'low',
    topic: category,
    retry:
      retry === 'never' && cause?.retry === 'after-fix' ? 'after-fix' : retry === 'may-duplicate' ? 'later' : retry,
    actor,
    meaning: byWords && cause ? cause.meaning : sentence(describeReply(reply, context)),
    remedy: cause?.remedy ?? 'Nothing needs to be done',
    ...withProvider(provider),
    local: false,
  }
}

function levelOfCode(reply: Reply, context: { readonly answers?: string }): ExplanationLevel {
  const { enhanced, code } = reply
  const digit = Math.floor(code / 100)
  const told = describeReply(reply, context)
  if (enhanced && enhanced.subject + enhanced.detail > 0 && told !== describeReply({ code, lines: [] }, context))
    return 'status'
  return told === describeReply({ code: digit * 100 + 98, lines: [] }) ? 'class' : 'code'
}

// `refused for good: the mailbox is full` without its class, which `anatomy` has.
function sentence(text: string): string {
  const at = text.indexOf(': ')
  const words = at < 0 ? text : text.slice(at + 2)
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`
}
