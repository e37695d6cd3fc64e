/** What a bridge tells its operator: of each upgrade and each end, and never of octets, tickets or passwords. */

/** A line of the log. */
export type BridgeLogEntry =
  /** An upgrade was refused, before or after it. */
  | {
      readonly type: 'refused'
      /** The address of the client. */
      readonly client: string
      /** The origin of the page, cut short. */
      readonly origin?: string
      /** The status instead of the upgrade, or the close code after it. */
      readonly code: number
      /** One word. */
      readonly reason: string
      /** For whom the ticket was. */
      readonly subject?: string
      /** Which ticket it was. */
      readonly ticket?: string
    }
  /** A connection has ended. */
  | {
      readonly type: 'closed'
      readonly client: string
      readonly subject: string
      readonly ticket: string
      /** Where to, as the client said; absent when it said nothing. */
      readonly destination?: string
      /** The address that was dialled. */
      readonly address?: string
      /** The close code, of whichever end closed. */
      readonly code: number
      readonly reason: string
      /** Octets from the client, and from the server. */
      readonly octets: { readonly up: number; readonly down: number }
      /** How long it was open. */
      readonly milliseconds: number
    }

/** What a bridge has done since it began. */
export interface BridgeCounters {
  /** Connections that are open. */
  readonly open: number
  /** Connections that were taken. */
  readonly accepted: number
  /** Upgrades that were refused, by status or close code. */
  readonly refused: Readonly<Record<string, number>>
  /** Connections that have ended, by close code. */
  readonly closed: Readonly<Record<string, number>>
  /** Octets of ended connections, from clients, and from servers. */
  readonly octets: { readonly up: number; readonly down: number }
}

/**
 * Counts what is logged.
 *
 * @internal
 */
export class Counting {
  #accepted = 0
  readonly #refused: Record<string, number> = {}
  readonly #closed: Record<string, number> = {}
  #up = 0
  #down = 0

  accept(): void {
    this.#accepted++
  }

  note(entry: BridgeLogEntry): void {
    const counts = entry.type === 'refused' ? this.#refused : this.#closed
    counts[entry.code] = (counts[entry.code] ?? 0) + 1
    if (entry.type === 'refused') return
    this.#up += entry.octets.up
    this.#down += entry.octets.down
  }

  counters(open: number): BridgeCounters {
    return {
      open,
      accepted: this.#accepted,
      refused: { ...this.#refused },
      closed: { ...this.#closed },
      octets: { up: this.#up, down: this.#down },
    }
  }
}
