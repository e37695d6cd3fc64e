/** Which tickets were used: docs/bridge-protocol.md, section "Tickets". */

import { defaultPlatform } from '../platform.ts'
import { bridgeFault } from '../protocol/bridge-error.ts'

/** Remembers which tickets were used; bridges that take the same tickets share one. */
export interface UsedTickets {
  /**
   * Notes that a ticket is used.
   *
   * Of any number of calls for one ticket, at whichever bridge, exactly one gives `true`. Rejects where that cannot be
   * promised; the bridge then refuses the connection.
   *
   * @param jti The text that no other ticket has.
   * @param until When the ticket expires, in milliseconds since 1970; it may be forgotten then.
   * @returns Whether this is the first use.
   */
  use(jti: string, until: number): Promise<boolean>
}

/** How many tickets are remembered, and by which clock. */
export interface MemoryUsedTicketsOptions {
  /** Most tickets that are remembered; default 100,000, which is some ten megabytes. */
  readonly capacity?: number
  /** Gives the time, in milliseconds since 1970; default the clock of the runtime. */
  readonly now?: () => number
}

const DEFAULT_CAPACITY = 100_000
const SWEEP_MS = 1000

/**
 * Remembers used tickets in memory, for a bridge that is one process.
 *
 * @param options How many, and by which clock.
 * @returns The memory. Its `use` rejects with `BRIDGE_BUSY` while it is full of tickets that have not expired: to forget one
 * of them would let it be used again.
 * @example
 * const used = memoryUsedTickets()
 * const until = new Date().getTime() + 60_000
 * await used.use('one', until) // true
 * await used.use('one', until) // false
 */
export function memoryUsedTickets(options: MemoryUsedTicketsOptions = {}): UsedTickets {
  return new MemoryUsedTickets(options)
}

class MemoryUsedTickets implements UsedTickets {
  readonly #capacity: number
  readonly #now: () => number
  readonly #untils = new Map<string, number>()
  #swept = Number.NEGATIVE_INFINITY

  constructor({ capacity = DEFAULT_CAPACITY, now = defaultPlatform.now }: MemoryUsedTicketsOptions) {
    this.#capacity = capacity
    this.#now = now
  }

  async use(jti: string, until: number): Promise<boolean> {
    this.#sweep()
    if (this.#untils.has(jti)) return false
    if (this.#untils.size >= this.#capacity) throw bridgeFault('BRIDGE_BUSY', 'too many tickets are in use')
    this.#untils.set(jti, until)
    return true
  }

  // HAZARD: once a second at most, so that a flood does not pay for a walk over all with each ticket.
  #sweep(): void {
    const now = this.#now()
    if (Math.abs(now - this.#swept) < SWEEP_MS) return
    this.#swept = now
    for (const [jti, until] of this.#untils) if (until <= now) this.#untils.delete(jti)
  }
}
