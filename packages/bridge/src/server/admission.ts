/** Who may connect: docs/bridge-protocol.md, sections "The upgrade" and "Tickets". Without I/O but that of the used tickets. */

import { PROTOCOL } from '../protocol/limits.ts'
import { readTicket, TICKET_PREFIX } from '../protocol/ticket.ts'
import type { TicketClaims } from '../protocol/ticket-claims.ts'
import type { TicketKey } from '../protocol/ticket-key.ts'
import { type CheckedPolicy, isAllowedOrigin } from './policy.ts'
import type { AddressRate } from './rate.ts'
import type { FullSlots, Slots } from './slots.ts'
import type { UsedTickets } from './used-tickets.ts'

/**
 * What an upgrade brings.
 *
 * @internal
 */
export interface Upgrade {
  /** The field `Origin`; `undefined` where there is none. */
  readonly origin: string | undefined
  /** The field `Sec-WebSocket-Protocol`, as it came; `undefined` where there is none. */
  readonly protocols: string | undefined
  /** The address that it comes from. */
  readonly address: string
}

/**
 * What a bridge judges an upgrade by.
 *
 * @internal
 */
export interface AdmissionContext {
  readonly policy: CheckedPolicy
  /** The key of tickets, or all that are good while one takes the place of another. */
  readonly keys: TicketKey | readonly TicketKey[]
  readonly used: UsedTickets
  readonly slots: Slots
  /** New connections of an address. */
  readonly rate: AddressRate
  /** Gives the time, in milliseconds since 1970. */
  readonly now: () => number
}

/**
 * How a bridge answers an upgrade: with a status instead; with it, and a close frame behind it; or with it, and a
 * connection, whose slot `release` gives back.
 *
 * `reason` is one word for the log. `cause` is why the memory of used tickets failed. `claims.max` is no more than the policy
 * allows.
 *
 * @internal
 */
export type Admission =
  | {
      readonly type: 'refuse'
      readonly status: 400 | 401 | 403 | 429 | 503
      readonly reason: 'protocol' | 'ticket' | 'origin' | 'rate' | 'total' | 'memory'
      readonly cause?: unknown
    }
  | {
      readonly type: 'accept-then-close'
      readonly code: 4401 | 4429
      readonly reason: 'expired' | 'used' | 'subject' | 'address'
      readonly claims: TicketClaims
    }
  | { readonly type: 'accept'; readonly claims: TicketClaims; readonly release: () => void }

/**
 * Judges an upgrade. What costs least comes first; only who is admitted takes a slot and uses a ticket.
 *
 * @internal
 * @returns How to answer. It does not reject.
 */
export async function admit(upgrade: Upgrade, context: AdmissionContext): Promise<Admission> {
  const { policy, slots, rate, keys } = context
  if (!rate.take(upgrade.address)) return refuse(429, 'rate')
  const ticket = findTicket(upgrade.protocols)
  if (ticket === undefined) return refuse(400, 'protocol')
  if (!isAllowedOrigin(policy, upgrade.origin)) return refuse(403, 'origin')
  if (slots.isFull) return refuse(503, 'total')
  const reading = await readTicket(keys, ticket)
  if (reading.type !== 'claims') return refuse(401, 'ticket')
  const claims = { ...reading.claims, max: Math.min(reading.claims.max, policy.maxOctets) }
  return admitClaims(claims, upgrade.address, context)
}

type Refusal = Extract<Admission, { readonly type: 'refuse' }>

function refuse(status: Refusal['status'], reason: Refusal['reason']): Refusal {
  return { type: 'refuse', status, reason }
}

// Longer than any list of subprotocols with one ticket.
const MAX_PROTOCOLS = 8192

// Sec-WebSocket-Protocol-Client = 1#token          ; RFC 6455 section 4.3
function findTicket(protocols = ''): string | undefined {
  if (protocols.length > MAX_PROTOCOLS) return undefined
  const offered = protocols.split(',').map((word) => word.trim())
  const [ticket, ...more] = offered.filter((word) => word.startsWith(TICKET_PREFIX))
  return offered.includes(PROTOCOL) && more.length === 0 ? ticket : undefined
}

async function admitClaims(claims: TicketClaims, address: string, context: AdmissionContext): Promise<Admission> {
  const { slots, used, now } = context
  const until = claims.exp * 1000
  if (until <= now()) return { type: 'accept-then-close', code: 4401, reason: 'expired', claims }
  const slot = slots.take(claims.sub, address)
  if (slot.type === 'full') return refuseFull(slot.of, claims)
  // HAZARD: the slot is held while the memory is asked, so that many at once do not pass the limits together.
  try {
    if (await used.use(claims.jti, until)) return { type: 'accept', claims, release: slot.release }
  } catch (cause) {
    slot.release()
    return { ...refuse(503, 'memory'), cause }
  }
  slot.release()
  return { type: 'accept-then-close', code: 4401, reason: 'used', claims }
}

function refuseFull(of: FullSlots, claims: TicketClaims): Admission {
  return of === 'total' ? refuse(503, 'total') : { type: 'accept-then-close', code: 4429, reason: of, claims }
}
