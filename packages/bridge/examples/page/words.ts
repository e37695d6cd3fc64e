/** What became of a mail, in words for the person who wrote it. */

import { adviseBridgeError, type BridgeErrorCode } from '@posthorn/bridge'
import { MailError } from '@posthorn/core'
import { describeReply, type RetryAdvice } from '@posthorn/reply'
import type { RecipientOutcome, SendOutcome } from '@posthorn/smtp'

const SUMMARIES: Readonly<Record<SendOutcome['type'], string>> = {
  accepted: 'Sent',
  partial: 'Sent to some, not to all',
  refused: 'Not sent',
  unknown: 'Perhaps sent',
}

const STATES: Readonly<Record<RecipientOutcome['status'], string>> = {
  accepted: 'The mail server has taken it.',
  rejected: 'It was refused.',
  deferred: 'It was not taken.',
  unknown: 'The connection broke after the whole message was out, before the server answered.',
}

const ADVICE: Readonly<Record<RetryAdvice, string>> = {
  never: 'Sending it again as it is will not help.',
  later: 'Send it again in a while.',
  'now-in-another-transaction': 'Send it again now.',
  'now-on-another-host': 'Send it again now.',
  'may-duplicate': 'It may have arrived: ask, before you send it twice.',
}

const BRIDGE_ADVICE = {
  never: 'Trying again will not help.',
  'with-new-ticket': 'Try again; a new ticket is asked for.',
  later: 'Try again in a while.',
  now: 'Try again now.',
} as const

/** Says what became of the whole. */
export function summarize({ type }: SendOutcome): string {
  return SUMMARIES[type]
}

/** Says what became of it for one recipient, and what to do. */
export function describeRecipient({ status, reply, retry }: RecipientOutcome): string {
  if (status === 'accepted') return STATES.accepted
  const why = reply ? ` The server says “${reply.lines.join(' ')}”, which means: ${describeReply(reply)}.` : ''
  return `${STATES[status]}${why} ${ADVICE[retry]}`
}

/** Says what went wrong before anything was sent, and what to do. */
export function describeError(error: unknown): string {
  if (!(error instanceof MailError)) return error instanceof Error ? error.message : String(error)
  if (error.code === 'BRIDGE_ABORTED' || error.code === 'SMTP_ABORTED') return 'You cancelled it.'
  if (error.code === 'SMTP_AUTH_FAILED') return 'The mail server does not take this address and password.'
  if (!error.code.startsWith('BRIDGE_')) return `${error.message}.`
  const { text, retry } = adviseBridgeError(error.code as BridgeErrorCode)
  return `${text[0]!.toUpperCase()}${text.slice(1)}. ${BRIDGE_ADVICE[retry]}`
}
