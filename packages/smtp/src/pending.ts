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
  #list: Pending[] = [{ exchange: 'greeting' }]

  /** How many replies are awaited. */
  get length(): number {
    return this.#list.length
  }

  /** The exchange that the next reply answers. */
  get oldest(): Pending | undefined {
    return this.#list[0]
  }

  /** Whether one more command may stand in the same group. */
  get groupIsOpen(): boolean {
    return this.#list.every((pending) => 'command' in pending && !ENDS_GROUP.has(pending.exchange))
  }

  add(pending: Pending): void {
    this.#list.push(pending)
  }

  take(): Pending | undefined {
    return this.#list.shift()
  }

  /** The state after all that is awaited, if each succeeds; `undefined` when no command may come behind it. */
  project(from: SessionState): SessionState | undefined {
    let state = from
    for (const pending of this.#list) {
      if (!('command' in pending)) return undefined
      state = stateAfter(state, pending.exchange) ?? state
    }
    return state
  }
}
