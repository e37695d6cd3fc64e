/** What a client has sent and not yet had a reply to, in order: RFC 5321 section 4.5.3.2, RFC 2920 section 3.1. */

import type { Command } from '@posthorn/command'
import { ENDS_GROUP, type Exchange, type SessionState, stateAfter } from './state.ts'

/** One exchange whose reply is awaited. */
export type Pending =
  | { readonly exchange: Exclude<Exchange, 'greeting' | 'response' | 'message'>; readonly command: Command }
  | { readonly exchange: 'greeting' | 'response' | 'message' }

/**
 * The exchanges whose replies are awaited; replies come in this order.
 *
 * @internal
 */
export class PendingExchanges {
  readonly #list: Pending[] = [{ exchange: 'greeting' }]

  /** How many exchanges await replies. */
  get length(): number {
    return this.#list.length
  }

  /** The exchange that the next reply answers. */
  get oldest(): Pending | undefined {
    return this.#list[0]
  }

  /**
   * Whether one more command may stand in the same group.
   *
   * @param acrossMessages Whether it may follow the end of a message whose reply is awaited.
   */
  groupIsOpen(acrossMessages: boolean): boolean {
    return this.#list.every((pending) => {
      if (pending.exchange === 'message') return acrossMessages
      return 'command' in pending && !ENDS_GROUP.has(pending.exchange)
    })
  }

  add(pending: Pending): void {
    this.#list.push(pending)
  }

  /** Takes the oldest off, when its last reply has come. */
  take(): void {
    this.#list.shift()
  }

  /** The state after all that is awaited, if each succeeds; `undefined` when no command may come behind it. */
  project(from: SessionState): SessionState | undefined {
    let state = from
    for (const pending of this.#list) {
      if (pending.exchange === 'message') state = 'ready'
      else if ('command' in pending) state = stateAfter(state, pending.exchange) ?? state
      else return undefined
    }
    return state
  }
}
