/** How many connections a listener has open, in all and for each client, and whether it takes one more. */

import { ipLimitKey } from '@posthorn/core'

/** Most connections at a time. */
export interface AdmissionLimits {
  /** In all; default 1,000. */
  readonly maxConnections?: number
  /**
   * From one IPv4 address, or the first 64 bits of an IPv6 address; default 50, which no sender needs more of and twenty
   * such clients can fill the whole with. By default loopback addresses have no limit, as a proxy stands behind them.
   */
  readonly maxConnectionsPerAddress?: number
}

const DEFAULT_TOTAL = 1000
const DEFAULT_PER_ADDRESS = 50
const LOOPBACK = /^(?:::ffff:)?127\.|^::1$/

/**
 * Counts connections.
 *
 * @internal
 */
export class Admission {
  readonly #limits: AdmissionLimits
  readonly #byAddress = new Map<string, number>()
  #open = 0
  #refused = 0

  constructor(limits: AdmissionLimits) {
    this.#limits = limits
  }

  /** How many are open. */
  get open(): number {
    return this.#open
  }

  /** How many were turned away. */
  get refused(): number {
    return this.#refused
  }

  /** Takes one more; `false` when there are too many. */
  enter(): boolean {
    if (this.#open >= (this.#limits.maxConnections ?? DEFAULT_TOTAL)) return this.#refuse()
    this.#open++
    return true
  }

  /** One that was taken is closed. */
  leave(): void {
    this.#open--
  }

  /** Takes one more of an address; `false` when there are too many. */
  enterFrom(address: string | undefined): boolean {
    if (address === undefined) return true
    const key = ipLimitKey(address)
    const count = this.#byAddress.get(key) ?? 0
    if (count >= this.#limitOf(address)) return this.#refuse()
    this.#byAddress.set(key, count + 1)
    return true
  }

  /** One that was taken of an address is closed. */
  leaveFrom(address: string | undefined): void {
    if (address === undefined) return
    const key = ipLimitKey(address)
    const left = this.#byAddress.get(key)! - 1
    if (left > 0) this.#byAddress.set(key, left)
    else this.#byAddress.delete(key)
  }

  #limitOf(address: string): number {
    const byDefault = LOOPBACK.test(address) ? Number.POSITIVE_INFINITY : DEFAULT_PER_ADDRESS
    return this.#limits.maxConnectionsPerAddress ?? byDefault
  }

  #refuse(): false {
    this.#refused++
    return false
  }
}
