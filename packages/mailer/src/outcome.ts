/** What became of a message that the mailer was given, over all the sessions that it took. */

import type { ForwardPath } from '@posthorn/command'
import type { MailError } from '@posthorn/core'
import type { RecipientOutcome, SendOutcome } from '@posthorn/smtp'
import { fault } from './error.ts'

/** What became of a message. */
export interface MailOutcome extends SendOutcome {
  /** The identifier of the message, where the mailer composed it. */
  readonly messageId?: string
  /** How many sessions it was begun in; 0 when none could be had. */
  readonly attempts: number
  /**
   * A server that accepted it for some recipients offers no DSN, so its parameters were left off: the sender who asked for
   * a report of success is owed one that says `relayed` (RFC 3461 section 5.2.2).
   */
  readonly withoutDsn?: true
}

/**
 * Gives an outcome back if every recipient was accepted, and throws otherwise, for callers who want no third way.
 *
 * @param outcome What `send` gave.
 * @returns The same.
 * @throws {MailError} `MAILER_NOT_ACCEPTED`, whose cause is the error of the session where there was one.
 * @example
 * const outcome = { type: 'refused', attempts: 1, recipients: [] } as const
 * requireAccepted(outcome) // throws MAILER_NOT_ACCEPTED
 */
export function requireAccepted<T extends SendOutcome>(outcome: T): T {
  if (outcome.type === 'accepted') return outcome
  const count = (status: RecipientOutcome['status']): string =>
    `${outcome.recipients.filter((recipient) => recipient.status === status).length} ${status}`
  const counts = (['accepted', 'rejected', 'deferred', 'unknown'] as const).map(count).join(', ')
  throw fault('MAILER_NOT_ACCEPTED', `count message as sent: of its recipients ${counts}`, outcome.error)
}

/**
 * Sums up the recipients of a message.
 *
 * @internal
 */
export function sumUp(recipients: readonly RecipientOutcome[]): SendOutcome['type'] {
  if (recipients.some(({ status }) => status === 'unknown')) return 'unknown'
  const accepted = recipients.filter(({ status }) => status === 'accepted').length
  if (accepted > 0) return accepted === recipients.length ? 'accepted' : 'partial'
  return 'refused'
}

/**
 * The outcome for a recipient of whom no session could say anything.
 *
 * @internal
 */
export function unsent(recipient: ForwardPath, rejected: boolean): RecipientOutcome {
  return { recipient, status: rejected ? 'rejected' : 'deferred', retry: rejected ? 'never' : 'later' }
}

/**
 * Tells whether an error says that this server will never take this message.
 *
 * @internal
 */
export function isLasting({ code }: MailError): boolean {
  return LASTING.test(code)
}

const LASTING = /^(?:SMTP_(?:LINE_TOO_LONG|MESSAGE_TOO_LARGE|NEEDS_\w+|NOT_OFFERED)|COMMAND_\w+)$/
