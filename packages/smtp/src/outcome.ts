/** What became of a message, recipient by recipient, and whether to try again: RFC 5321 section 4.2.1, 4.5.4.1, 6.1. */

import type { ForwardPath } from '@posthorn/command'
import type { MailError } from '@posthorn/core'
import { type Reply, replyClass } from '@posthorn/reply'

/** Whether to try again: not at all, with another host now, after a while, or only if a second copy does no harm. */
export type RetryAdvice = 'never' | 'now-on-another-host' | 'later' | 'may-duplicate'

/** What became of the message for one recipient. */
export interface RecipientOutcome {
  /** The recipient. */
  readonly recipient: ForwardPath
  /**
   * `accepted`: the server is responsible now; `rejected`: it never will be; `deferred`: it is not, try again;
   * `unknown`: the connection was lost after the final dot, so it may be.
   */
  readonly status: 'accepted' | 'rejected' | 'deferred' | 'unknown'
  /** The reply that decided, where there was one. */
  readonly reply?: Reply
  /** Whether to try again. */
  readonly retry: RetryAdvice
}

/** What became of a message. */
export interface SendOutcome {
  /** All recipients accepted, some of them, none, or some not known. */
  readonly type: 'accepted' | 'partial' | 'refused' | 'unknown'
  /** Each recipient in the order given. */
  readonly recipients: readonly RecipientOutcome[]
  /** What broke the session; absent when it can go on. */
  readonly error?: MailError
}

/** @internal */
export function outcomeOfReply(recipient: ForwardPath, reply: Reply): RecipientOutcome {
  const kind = replyClass(reply)
  if (kind === 2) return { recipient, status: 'accepted', reply, retry: 'never' }
  if (reply.code === 421) return { recipient, status: 'deferred', reply, retry: 'now-on-another-host' }
  // RFC 5321 section 4.5.3.1.10: 552 for too many recipients is to be taken as 452.
  const tooMany = reply.code === 552 && reply.enhanced?.subject === 5 && reply.enhanced.detail === 3
  if (kind === 4 || tooMany) return { recipient, status: 'deferred', reply, retry: 'later' }
  return { recipient, status: 'rejected', reply, retry: 'never' }
}

/** @internal */
export function sumUp(recipients: readonly RecipientOutcome[], error?: MailError): SendOutcome {
  const accepted = recipients.filter(({ status }) => status === 'accepted').length
  const unknown = recipients.some(({ status }) => status === 'unknown')
  const type = unknown ? 'unknown' : accepted === recipients.length ? 'accepted' : accepted > 0 ? 'partial' : 'refused'
  return { type, recipients, ...(error && { error }) }
}
