/** What a reply means for whoever sends: what it is about, whether to try again, and who must act. */

import type { ReplyClassification, RetryAdvice } from './classification.ts'
import { AT_CONNECT, CLASSIFICATION_RULES, type ClassificationRule } from './classification-rules.ts'
import { type Reply, replyClass } from './reply.ts'

/** What {@link classifyReply} knows beside the reply. */
export interface ClassifyReplyOptions {
  /** What the reply answers: a verb, `greeting`, or `message` for what follows the final dot; default: not known. */
  readonly answers?: string
}

// Texts are looked at up to here, which is more than any server needs to say why.
const MAX_TEXT = 2000

/**
 * Says what a reply is about, whether to try again, and who must act.
 *
 * A 4xx reply is to be tried again and a 5xx reply is not (RFC 5321 section 4.2.1), except where senders know better: too
 * many recipients go in another transaction, 421 and a refusal at the greeting send to the next host, and 503 says that
 * the session is out of step.
 *
 * @param reply The reply.
 * @param options What it answers.
 * @see {@link https://www.rfc-editor.org/rfc/rfc5321#section-4.2.1 | RFC 5321 section 4.2.1}
 * @example
 * classifyReply({ code: 451, enhanced: { class: 4, subject: 7, detail: 1 }, lines: ['Greylisted, come back later'] })
 * // { class: 4, category: 'greylisting', retry: 'later', actor: 'nobody' }
 * classifyReply({ code: 554, lines: ['No SMTP service here'] }, { answers: 'greeting' })
 * // { class: 5, category: 'policy', retry: 'now-on-another-host', actor: 'sender-admin' }
 */
export function classifyReply(reply: Reply, options: ClassifyReplyOptions = {}): ReplyClassification {
  const kind = replyClass(reply)
  if (kind === 2) return { class: kind, category: 'accepted', retry: 'never', actor: 'nobody' }
  if (kind === 3) return { class: kind, category: 'continue', retry: 'never', actor: 'client' }
  const facts = factsOf(reply, kind, options.answers)
  // The last rules fit every reply of their class.
  const rule = CLASSIFICATION_RULES.find((candidate) => fits(candidate, facts))!
  return {
    class: kind,
    category: rule.category,
    retry: rule.retry ?? usualRetry(facts),
    actor: rule.actor,
  }
}

// RFC 5321 section 5.1: a host that does not serve the client leaves the others to be tried.
function usualRetry({ kind, answers }: Facts): RetryAdvice {
  if (answers !== undefined && AT_CONNECT.includes(answers)) return 'now-on-another-host'
  return kind === 4 ? 'later' : 'never'
}

interface Facts {
  readonly code: number
  readonly kind: 4 | 5
  readonly status: string
  readonly answers: string | undefined
  readonly text: string
}

function factsOf({ code, enhanced, lines }: Reply, kind: 4 | 5, answers: string | undefined): Facts {
  const told = enhanced && (enhanced.subject > 0 || enhanced.detail > 0)
  const status = told ? `${enhanced.subject}.${enhanced.detail}` : ''
  return { code, kind, status, answers, text: lines.join(' ').slice(0, MAX_TEXT) }
}

function fits(rule: ClassificationRule, { code, kind, status, answers, text }: Facts): boolean {
  if (rule.class && rule.class !== kind) return false
  if (rule.codes && !rule.codes.includes(code)) return false
  if (rule.status && !rule.status.includes(status)) return false
  if (rule.answers && !(answers && rule.answers.includes(answers))) return false
  return !rule.text || rule.text.test(text)
}
