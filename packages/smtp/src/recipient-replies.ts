/**
 * The replies that follow a message where each recipient gets its own: LMTP (RFC 2033 section 4.2) and PRDR
 * (draft-hall-prdr).
 */

import type { Command } from '@posthorn/command'
import type { Reply } from '@posthorn/reply'

/** What one reply after a message is. */
export interface MessageReply {
  /** The position, among the recipients accepted so far, of the one that it is for; absent when it is for the message. */
  readonly recipient?: number
  /** Whether it is the last reply to the message. */
  readonly last: boolean
}

/**
 * Counts the replies to one message against the recipients of its transaction.
 *
 * @internal
 */
export class RecipientReplies {
  readonly #lmtp: boolean
  #accepted = 0
  #prdr = false
  #next: number | undefined

  constructor(lmtp: boolean) {
    this.#lmtp = lmtp
  }

  /** How many recipients the server has accepted in this transaction. */
  get accepted(): number {
    return this.#accepted
  }

  /** Notes that the server answered MAIL, which begins a transaction. */
  begin(command: Extract<Command, { verb: 'MAIL' }>): void {
    this.#accepted = 0
    this.#prdr = command.parameters?.prdr === true
    this.#next = undefined
  }

  /** Notes that the server accepted a recipient. */
  accept(): void {
    this.#accepted++
  }

  /** Tells what the next reply to the message is; `undefined` when no server may answer so. */
  place(reply: Reply): MessageReply | undefined {
    if (this.#next === undefined) {
      if (reply.code === 353) return this.#prdr ? this.#announce() : undefined
      if (!this.#lmtp || this.accepted === 0) return { last: true }
    }
    const recipient = this.#next ?? 0
    this.#next = recipient + 1
    // PRDR ends with a reply for the message as a whole.
    if (recipient >= this.accepted) return { last: true }
    return { recipient, last: this.#lmtp && this.#next === this.accepted }
  }

  #announce(): MessageReply {
    this.#next = 0
    return { last: false }
  }
}
