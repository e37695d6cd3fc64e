/** How many connections are open: in all, for a subject, and for an address. */

import { ipLimitKey } from '@posthorn/core'

/** Most connections at a time. */
export interface SlotLimits {
  /** In all; default 1,000. */
  readonly total?: number
  /** For one subject of tickets; default 8. */
  readonly perSubject?: number
  /** For one IPv4 address, or the first 64 bits of an IPv6 address; default 32, since many may share one. */
  readonly perAddress?: number
}

/**
 * Which limit is reached.
 *
 * @internal
 */
export type FullSlots = 'total' | 'subject' | 'address'

/**
 * A slot, or which limit is reached.
 *
 * @internal
 */
export type SlotResult =
  | { readonly type: 'taken'; readonly release: () => void }
  | { readonly type: 'full'; readonly of: FullSlots }

const DEFAULT_TOTAL = 1000
const DEFAULT_PER_SUBJECT = 8
const DEFAULT_PER_ADDRESS = 32

/**
 * Counts open connections. What it holds is bounded by how many may be open.
 *
 * @internal
 */
export class Slots {
  readonly #limits: Required<SlotLimits>
  readonly #subjects = new Map<string, number>()
  readonly #addresses = new Map<string, number>()
  #total = 0
  #closed = false

  constructor(limits: SlotLimits = {}) {
    const { total = DEFAULT_TOTAL, perSubject = DEFAULT_PER_SUBJECT, perAddress = DEFAULT_PER_ADDRESS } = limits
    this.#limits = { total, perSubject, perAddress }
  }

  /** How many are taken. */
  get taken(): number {
    return this.#total
  }

  /** Whether none can be taken by whomever. */
  get isFull(): boolean {
    return this.#closed || this.#total >= this.#limits.total
  }

  /** Gives no more, as on shutdown; those that are taken stay. */
  close(): void {
    this.#closed = true
  }

  /** Takes a slot, which is given back by `release`; calling that again does nothing. */
  take(subject: string, address: string): SlotResult {
    const key = ipLimitKey(address)
    const { perSubject, perAddress } = this.#limits
    if (this.isFull) return { type: 'full', of: 'total' }
    if ((this.#subjects.get(subject) ?? 0) >= perSubject) return { type: 'full', of: 'subject' }
    if ((this.#addresses.get(key) ?? 0) >= perAddress) return { type: 'full', of: 'address' }
    this.#count(subject, key, 1)
    let isTaken = true
    const release = (): void => {
      if (isTaken) this.#count(subject, key, -1)
      isTaken = false
    }
    return { type: 'taken', release }
  }

  #count(subject: string, key: string, by: 1 | -1): void {
    this.#total += by
    add(this.#subjects, subject, by)
    add(this.#addresses, key, by)
  }
}

function add(counts: Map<string, number>, key: string, by: number): void {
  const count = (counts.get(key) ?? 0) + by
  if (count === 0) counts.delete(key)
  else counts.set(key, count)
}
