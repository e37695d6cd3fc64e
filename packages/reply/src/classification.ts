/** What a reply can mean for whoever sends, as values. */

import type { ReplyClass } from './reply.ts'

/**
 * Whether to try again: not at all, now in another transaction, now with another host, after a while, or only if a second
 * copy does no harm.
 */
export type RetryAdvice = 'never' | 'now-in-another-transaction' | 'now-on-another-host' | 'later' | 'may-duplicate'

/** Who must act before it can succeed; `client` is the software that holds the session. */
export type ReplyActor = 'nobody' | 'client' | 'sender' | 'sender-admin' | 'recipient' | 'receiver-admin'

/** What a reply is about. */
export type ReplyCategory =
  | 'accepted'
  | 'continue'
  | 'address'
  | 'authentication'
  | 'content'
  | 'credentials'
  | 'greylisting'
  | 'loop'
  | 'mailbox-disabled'
  | 'mailbox-full'
  | 'network'
  | 'no-mail'
  | 'policy'
  | 'protocol'
  | 'rate'
  | 'relay'
  | 'reputation'
  | 'reverse-dns'
  | 'sender-address'
  | 'size'
  | 'smtputf8'
  | 'system'
  | 'tls'
  | 'too-many-recipients'
  | 'other'

/** What {@link classifyReply} finds. */
export interface ReplyClassification {
  /** The class of the reply, by its first digit alone. */
  readonly class: ReplyClass
  /** What it is about. */
  readonly category: ReplyCategory
  /** Whether to try again; never `may-duplicate`, which only a lost connection gives. */
  readonly retry: RetryAdvice
  /** Who must act. */
  readonly actor: ReplyActor
}
