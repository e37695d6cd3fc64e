/** How long a connection through a bridge may take, and the clock that holds it to that. */

import type { ServerPlatform } from '../platform.ts'
import type { BridgePhase } from './order.ts'

/** Limits on time, in milliseconds. */
export interface BridgeTimeLimits {
  /** From the upgrade to `open`; default 10,000. */
  readonly open?: number
  /** For looking up, connecting, and TLS at once; default 30,000. */
  readonly connect?: number
  /** For a handshake that is raised later; default 30,000. */
  readonly tls?: number
  /** Without an octet either way; default 660,000, as a server may take ten minutes over a message (RFC 5321 section 4.5.3.2.6). */
  readonly idle?: number
  /** In all; default 3,600,000. */
  readonly total?: number
}

/**
 * The limits where nothing else is said.
 *
 * @internal
 */
export const TIME_LIMITS: Required<BridgeTimeLimits> = {
  open: 10_000,
  connect: 30_000,
  tls: 30_000,
  idle: 660_000,
  total: 3_600_000,
}

/**
 * Watches one connection.
 *
 * @internal
 */
export class Deadlines {
  readonly #limits: Required<BridgeTimeLimits>
  readonly #platform: ServerPlatform
  readonly #onLate: (what: string) => void
  readonly #cancelTotal: () => void
  #phase: BridgePhase = 'open'
  #since = 0
  #cancel: () => void = () => undefined

  constructor(limits: BridgeTimeLimits, platform: ServerPlatform, onLate: (what: string) => void) {
    this.#limits = { ...TIME_LIMITS, ...limits }
    this.#platform = platform
    this.#onLate = onLate
    this.#cancelTotal = platform.startTimer(this.#limits.total, () => onLate('total'))
    this.#since = platform.now()
    this.#arm(this.#limits.open)
  }

  /** Notes that something has moved, and what is awaited now. */
  touch(phase: BridgePhase): void {
    this.#since = this.#platform.now()
    if (phase === this.#phase) return
    this.#phase = phase
    if (phase === 'closed') this.stop()
    else this.#arm(this.#limits[phase])
  }

  stop(): void {
    this.#cancel()
    this.#cancelTotal()
  }

  // A timer that is armed anew at each octet costs more than one that looks when it fires.
  #arm(milliseconds: number): void {
    this.#cancel()
    this.#cancel = this.#platform.startTimer(milliseconds, () => this.#check())
  }

  #check(): void {
    if (this.#phase === 'closed') return
    const left = this.#since + this.#limits[this.#phase] - this.#platform.now()
    if (left > 0) this.#arm(left)
    else this.#onLate(this.#phase)
  }
}
