/** Where the client end of a session stands: the table of transitions, moved by what each reply answers. */

import type { Reply } from '@posthorn/reply'
import { type Pending, PendingExchanges } from './pending.ts'
import { type MessageReply, RecipientReplies } from './recipient-replies.ts'
import { outcomeOf, type SessionState, TRANSITIONS, type Trigger, triggerOf } from './state.ts'

/** What a reply turned out to be. */
export type Answer =
  | { readonly type: 'exchange'; readonly pending: Exclude<Pending, { readonly exchange: 'message' }> }
  | { readonly type: 'message'; readonly place: MessageReply }
  | { readonly type: 'unsolicited' }
  | { readonly type: 'unexpected'; readonly exchange: Pending['exchange'] }

/**
 * The state of a client, and the exchanges whose replies are awaited.
 *
 * @internal
 */
export class ClientState {
  readonly pending: PendingExchanges = new PendingExchanges()
  readonly #lmtp: boolean
  readonly #replies: RecipientReplies
  #current: SessionState = 'connected'

  constructor(lmtp: boolean) {
    this.#lmtp = lmtp
    this.#replies = new RecipientReplies(lmtp)
  }

  get current(): SessionState {
    return this.#current
  }

  /** Ends the session. */
  close(): void {
    this.#current = 'closed'
  }

  /** Moves by a trigger; false when the table does not have it here. */
  move(trigger: Trigger): boolean {
    const next = TRANSITIONS[this.#current][trigger]
    if (next) this.#current = next
    return next !== undefined
  }

  /** Takes the next reply, and moves by it. */
  answer(reply: Reply): Answer {
    const pending = this.pending.oldest
    if (!pending) return { type: 'unsolicited' }
    if (pending.exchange === 'message') return this.#answerMessage(reply)
    this.pending.take()
    return this.#advance(pending, reply)
      ? { type: 'exchange', pending }
      : { type: 'unexpected', exchange: pending.exchange }
  }

  // False when no server may answer so.
  #advance(pending: Pending, reply: Reply): boolean {
    const outcome = outcomeOf(reply.code)
    const { exchange } = pending
    if ('command' in pending && pending.command.verb === 'MAIL') this.#replies.begin(pending.command)
    if (exchange === 'RCPT' && outcome === 'ok') this.#replies.accept()
    const isVoid = exchange === 'DATA' && outcome === 'more' && this.#replies.accepted === 0
    // RFC 2033 section 4.2: LMTP has no reply to a message without recipients, so DATA must be refused.
    if (isVoid && this.#lmtp) return false
    const moved = this.move(isVoid ? 'DATA void' : triggerOf(exchange, outcome))
    // In a pipelined group RCPT may succeed though MAIL has failed; the transaction is dead all the same.
    return moved || outcome === 'no' || (exchange === 'RCPT' && outcome === 'ok')
  }

  #answerMessage(reply: Reply): Answer {
    const outcome = outcomeOf(reply.code)
    const place = this.#replies.place(reply)
    const expected = place !== undefined && (outcome === 'more') === (reply.code === 353)
    if (!expected) return { type: 'unexpected', exchange: 'message' }
    if (!place.last) return { type: 'message', place }
    this.pending.take()
    // A chunk that came in one group with recipients that were all refused is refused without a transaction.
    const moved = this.move(triggerOf('message', outcome))
    return moved || outcome === 'no' ? { type: 'message', place } : { type: 'unexpected', exchange: 'message' }
  }
}
