/** A bridge without its WebSocket server: who may connect, what runs, and what is told of it. For any runtime. */

import { clip } from '@posthorn/core'
import { defaultPlatform, type ServerPlatform } from '../platform.ts'
import type { TicketClaims } from '../protocol/ticket-claims.ts'
import type { TicketKey } from '../protocol/ticket-key.ts'
import { type Admission, admit, type Upgrade } from './admission.ts'
import { type BridgeCounters, type BridgeLogEntry, Counting } from './bridge-log.ts'
import { type DialContext, dialFor, type LookUp, type OpenConnection } from './dial.ts'
import { hurriedTickets } from './hurried-tickets.ts'
import { type BridgePolicy, type CheckedPolicy, checkPolicy } from './policy.ts'
import { AddressRate, type Rate, TokenBucket } from './rate.ts'
import { BridgeRun, type BridgeSocket } from './run-bridge.ts'
import { type SlotLimits, Slots } from './slots.ts'
import { type BridgeTimeLimits, TIME_LIMITS } from './time-limits.ts'
import { memoryUsedTickets, type UsedTickets } from './used-tickets.ts'

/** What a bridge is told, on any runtime. */
export interface BridgeServerOptions {
  /** Who may connect, and where to. */
  readonly policy: BridgePolicy
  /** The key that tickets are signed with; several while one takes the place of another. */
  readonly keys: TicketKey | readonly TicketKey[]
  /** Remembers used tickets; default in memory, which is right for one process alone. */
  readonly usedTickets?: UsedTickets
  /** Most connections at a time. */
  readonly connections?: SlotLimits
  /** How often one address may connect; default 5 a second, 20 at once. */
  readonly connectionRate?: Rate
  /** How often one client may send control frames; default 1,000 a second, 2,000 at once. */
  readonly controlRate?: Rate
  /** How long things may take. */
  readonly timeLimits?: BridgeTimeLimits
  /** Takes the log. */
  readonly log?: (entry: BridgeLogEntry) => void
  /** Clock and timers; default: the runtime's own. */
  readonly platform?: ServerPlatform
}

/** What a runtime brings: how to connect, and how to look names up. */
export interface BridgeNetwork {
  /** Opens a connection to a server. */
  readonly connect: OpenConnection
  /** Looks a host up, once a connection; absent where the runtime does so itself. */
  readonly lookUp?: LookUp
}

/** How a bridge stands. */
export interface BridgeHealth {
  /** Whether it takes connections: `ok`, `full`, or `closing`. */
  readonly status: 'ok' | 'full' | 'closing'
  /** What it has done. */
  readonly counters: BridgeCounters
}

type Accepted = Extract<Admission, { readonly type: 'accept' }>

const CONNECTION_RATE: Rate = { perSecond: 5, burst: 20 }
const CONTROL_RATE: Rate = { perSecond: 1000, burst: 2000 }

/**
 * A bridge, to be driven by whatever accepts WebSockets.
 *
 * @internal
 */
export class BridgeHost {
  readonly #options: BridgeServerOptions
  readonly #platform: ServerPlatform
  readonly #policy: CheckedPolicy
  readonly #dial: DialContext
  readonly #used: UsedTickets
  readonly #slots: Slots
  readonly #rate: AddressRate
  readonly #counting = new Counting()
  readonly #runs = new Set<BridgeRun>()
  #isClosing = false

  constructor(options: BridgeServerOptions, { connect, lookUp }: BridgeNetwork) {
    const { platform = defaultPlatform, connections, connectionRate = CONNECTION_RATE } = options
    const { now } = platform
    this.#options = options
    this.#platform = platform
    this.#policy = checkPolicy(options.policy)
    this.#dial = { policy: this.#policy, connect, lookUp }
    const used = options.usedTickets ?? memoryUsedTickets({ now })
    this.#used = hurriedTickets(used, platform, options.timeLimits?.open ?? TIME_LIMITS.open)
    this.#slots = new Slots(connections)
    this.#rate = new AddressRate(connectionRate, { now })
  }

  get health(): BridgeHealth {
    const status = this.#isClosing ? 'closing' : this.#slots.isFull ? 'full' : 'ok'
    return { status, counters: this.#counting.counters(this.#slots.taken) }
  }

  /** Judges an upgrade. Whoever is accepted must be run, or released. */
  async admit(upgrade: Upgrade): Promise<Admission> {
    const admission = await admit(upgrade, {
      policy: this.#policy,
      keys: this.#options.keys,
      used: this.#used,
      slots: this.#slots,
      rate: this.#rate,
      now: this.#platform.now,
    })
    if (admission.type !== 'accept') this.#noteRefusal(upgrade, admission)
    return admission
  }

  /** Makes what counts the control frames of one client. */
  controlBudget(): () => boolean {
    const bucket = new TokenBucket(this.#options.controlRate ?? CONTROL_RATE, this.#platform.now)
    return () => bucket.take()
  }

  /** Runs an accepted connection to its end. */
  async run(
    socket: BridgeSocket,
    { claims, release }: Accepted,
    client: string,
    takeControl: () => boolean,
  ): Promise<void> {
    const start = this.#platform.now()
    const run = new BridgeRun(socket, {
      dial: dialFor(claims, this.#dial),
      maxOctets: claims.max,
      timeLimits: this.#options.timeLimits ?? {},
      takeControl,
      platform: this.#platform,
    })
    this.#counting.accept()
    this.#runs.add(run)
    const { destination, ...outcome } = await run.outcome
    this.#runs.delete(run)
    release()
    this.#note({
      type: 'closed',
      client,
      ...holderOf(claims),
      ...(destination && { destination: clip(`${destination.host}:${destination.port}`) }),
      ...outcome,
      milliseconds: this.#platform.now() - start,
    })
  }

  /** Takes no more connections, gives those that are open some milliseconds, ends the rest with 1001, and waits for all. */
  async close(grace: number): Promise<void> {
    this.#isClosing = true
    this.#slots.close()
    const all = Promise.all([...this.#runs].map(({ outcome }) => outcome))
    const cancel = this.#platform.startTimer(grace, () => {
      for (const run of this.#runs) run.fail({ code: 1001, reason: 'closing' })
    })
    await all
    cancel()
  }

  #noteRefusal({ address, origin }: Upgrade, admission: Exclude<Admission, Accepted>): void {
    this.#note({
      type: 'refused',
      client: address,
      ...(origin !== undefined && { origin: clip(origin) }),
      code: admission.type === 'refuse' ? admission.status : admission.code,
      reason: admission.reason,
      ...(admission.type === 'accept-then-close' && holderOf(admission.claims)),
    })
  }

  #note(entry: BridgeLogEntry): void {
    this.#counting.note(entry)
    try {
      this.#options.log?.(entry)
    } catch {
      // A log that fails ends no connection, and there is nobody else to tell.
    }
  }
}

function holderOf({ sub, jti }: TicketClaims): { readonly subject: string; readonly ticket: string } {
  return { subject: sub, ticket: jti }
}
