/** What a session comes to for people: what went wrong, why, who must act, and what to do. */

import type { ReplyActor } from '@posthorn/reply'
import type { ReplyExplanation } from '../catalogue/explain.ts'
import type { NextAttempt } from '../catalogue/rule.ts'
import type { SourceRange } from '../session.ts'

/** How much a finding matters: mail was lost by an `error`, may be by a `warning`, and `info` is worth knowing. */
export type FindingSeverity = 'error' | 'warning' | 'info'

/** The worst first. */
export const SEVERITIES: readonly FindingSeverity[] = ['error', 'warning', 'info']

/** What is looked for in a session, beside what its replies say. */
export type SessionFindingId =
  | 'accepted-on-retry'
  | 'altered-in-transit'
  | 'auth-before-tls'
  | 'auth-line-legacy'
  | 'auth-not-tried'
  | 'bare-line-feed'
  | 'class-mismatch'
  | 'codes-missing'
  | 'connection-lost'
  | 'consequence'
  | 'credentials-guessable'
  | 'credentials-visible'
  | 'dot-stuffing'
  | 'early-talker'
  | 'envelope-differs'
  | 'hello-fallback'
  | 'hello-name'
  | 'lost-after-dot'
  | 'no-connection'
  | 'no-greeting'
  | 'no-hello-after-tls'
  | 'not-offered'
  | 'partial-delivery'
  | 'plain-on-tls-port'
  | 'provider'
  | 'queued-not-delivered'
  | 'quoted-reply'
  | 'said-locally'
  | 'server-closed'
  | 'silence'
  | 'slow-phase'
  | 'starttls-unused'
  | 'tls-failed'
  | 'tls-not-offered'
  | 'tls-on-plain-port'
  | 'tls-required'
  | 'too-big'
  | 'vrfy-only'

/** One finding. */
export interface Finding {
  /**
   * What was found; stable across releases. `reply/` is followed by the rule of the catalogue, as `reply/google/spf-fail`, or by
   * code and topic where no rule fits, as `reply/553/address`. No two findings of a session have the same one, but `consequence`.
   */
  readonly id: SessionFindingId | `reply/${string}`
  /** How much it matters. */
  readonly severity: FindingSeverity
  /** What happened, as a sentence without its full stop. */
  readonly what: string
  /** What that comes from or leads to, likewise. */
  readonly why: string
  /** Who must act. */
  readonly actor: ReplyActor
  /** When to try again; `may-duplicate` where a second copy may come of it; absent where there is nothing to try. */
  readonly retry?: NextAttempt | 'may-duplicate'
  /** What to do, step by step. */
  readonly remedy: readonly string[]
  /** The events that show it, by their index, in order. */
  readonly evidence: readonly number[]
  /** Where it stands in the text, for what is no event: usable secrets. */
  readonly places?: readonly SourceRange[]
  /** Where it is written: an RFC and its section, as `rfc5321#section-4.2`, or an address. */
  readonly documents: readonly string[]
  /** The `id` of the finding that it follows from: to mend that one mends this one. */
  readonly consequenceOf?: Finding['id']
  /** How the catalogue explains the reply. */
  readonly explanation?: ReplyExplanation
}
