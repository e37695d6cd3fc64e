/** How a sink misbehaves: whom it refuses, where it breaks off, how slow it is, what it lacks. */

import type { Decision, Exchange } from '@posthorn/smtp'

/**
 * Which addresses are meant: `*` for all, a whole address, `@example.com` for a domain, a pattern, a function, or a list of
 * these. Case does not matter in text. The null reverse-path is the empty text, and `postmaster` without a domain is that.
 */
export type AddressPattern = string | RegExp | ((address: string) => boolean) | readonly AddressPattern[]

/**
 * Where something happens: at the reply to a command (`EHLO` stands for HELO and LHLO too), at the `greeting`, at the reply
 * to a whole `message`; or within the `body`, when the first octets of it have come.
 */
export type SinkPoint = Exclude<Exchange, 'HELO' | 'LHLO' | 'response'> | 'body'

/** Something that goes wrong. */
export interface SinkFault {
  /** Where. */
  readonly at: SinkPoint
  /** Whether in place of the reply, or when it has been written; default `before`. */
  readonly when?: 'before' | 'after'
  /**
   * What: the connection is closed in good order (`drop`) or reset, the server says 421 and closes, or it says what is no
   * reply at all and goes on.
   */
  readonly do: 'drop' | 'reset' | '421' | 'garbage'
  /** What the garbage is; default octets that are no text, in a line. */
  readonly octets?: Uint8Array
  /** Only in transactions of one of these senders or recipients; default always. */
  readonly for?: AddressPattern
  /** How many times; default always. */
  readonly times?: number
}

/** What a sink is about to decide. */
export interface SinkQuestion {
  /** What the decision is about. */
  readonly at: 'MAIL' | 'RCPT' | 'message'
  /** The sender; empty for the null reverse-path. */
  readonly from: string
  /** The recipients so far, the one in question last. */
  readonly to: readonly string[]
}

/** How a sink behaves; without any of it, well. */
export interface SinkBehaviour {
  /** Recipients that are put off with 451 4.7.1 when a sender first names them, and taken later. */
  readonly greylist?: AddressPattern
  /** Senders that are refused with 550 5.7.1. */
  readonly refuseSenders?: AddressPattern
  /** Recipients that are refused with 550 5.1.1. */
  readonly refuseRecipients?: AddressPattern
  /** Recipients whose mailbox is full: 452 4.2.2. */
  readonly fullMailboxes?: AddressPattern
  /** Decides on all that the lists above leave open. */
  readonly answer?: (question: SinkQuestion) => Decision | Promise<Decision>
  /** What goes wrong; where several could, the first does. */
  readonly faults?: readonly SinkFault[]
  /** How long each reply is held back, in milliseconds; default 0. */
  readonly replyDelay?: number
  /** How fast octets are written and read; default as fast as can be. */
  readonly octetsPerSecond?: number
  /** Extensions that are not offered, as `PIPELINING` or `STARTTLS`, from the next session on. */
  readonly without?: readonly string[]
  /** Most octets of a message, from the next session on: 552 beyond. */
  readonly maxSize?: number
  /** Most recipients of a transaction, from the next session on: 452 4.5.3 beyond. */
  readonly maxRecipients?: number
}

/**
 * Tells whether an address is meant.
 *
 * @internal
 */
export function isMeant(address: string, pattern: AddressPattern | undefined): boolean {
  if (pattern === undefined) return false
  if (typeof pattern === 'function') return pattern(address)
  if (typeof pattern === 'string') return isMeantByText(address.toLowerCase(), pattern.toLowerCase())
  // A pattern that remembers where it stood would not be asked from the beginning.
  if (pattern instanceof RegExp) return new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, '')).test(address)
  return (pattern as readonly AddressPattern[]).some((one) => isMeant(address, one))
}

function isMeantByText(address: string, pattern: string): boolean {
  if (pattern === '*') return true
  return pattern.startsWith('@') ? address.endsWith(pattern) : address === pattern
}
