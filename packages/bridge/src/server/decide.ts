/** Where a connection may go: docs/bridge-protocol.md, section "What a bridge owes its operator". Without I/O. */

import { isInNetwork, parseIpAddress, unmapIpAddress } from '@posthorn/core'
import type { BridgeCloseCode } from '../protocol/close-code.ts'
import { type Destination, formatDestination, isPort } from '../protocol/destination.ts'
import { parseHostName } from '../protocol/host-name.ts'
import type { TicketClaims } from '../protocol/ticket-claims.ts'
import { isPublicAddress } from './ip-address.ts'
import { type CheckedPolicy, isNamed, isNamedHost } from './policy.ts'

/**
 * Where a client wants to go.
 *
 * @internal
 */
export interface DialRequest {
  /** The host, as `open` has it. */
  readonly host: string
  /** The port, as `open` has it. */
  readonly port: number
  /** What its ticket says. */
  readonly claims: Pick<TicketClaims, 'dst'>
  /** All addresses of the host, after it was looked up. */
  readonly addresses?: readonly string[]
}

/**
 * What to do: look the host up and decide again, dial an address of those that were looked up, or close.
 *
 * `host` is in lower-case A-labels: what goes into SNI, and what the certificate must prove. `others` are further addresses
 * that may be dialled after `address`.
 *
 * @internal
 */
export type DialDecision =
  | { readonly type: 'look-up'; readonly host: string }
  | { readonly type: 'dial'; readonly host: string; readonly address: string; readonly others: readonly string[] }
  | { readonly type: 'deny'; readonly code: BridgeCloseCode; readonly reason: DenyReason }

/**
 * Why a connection goes nowhere: the host is no name; the ticket, or the policy, does not name it; the policy does not
 * allow this port of it; an address is not public; or there is none.
 *
 * @internal
 */
export type DenyReason = 'host' | 'ticket' | 'policy' | 'port' | 'address' | 'name'

/**
 * Decides where a connection goes; called before the host is looked up, and again with its addresses.
 *
 * @internal
 * @param policy What the operator allows.
 * @param request Where the client wants to go.
 * @returns What to do. Only the addresses that it was given and gives back may be dialled, and nothing is looked up again.
 */
export function decide(policy: CheckedPolicy, request: DialRequest): DialDecision {
  const host = parseHostName(request.host)
  if (host === undefined || !isPort(request.port)) return deny(4403, 'host')
  const destination = { host, port: request.port }
  const reason = refusal(policy, destination, request.claims)
  if (reason) return deny(4403, reason)
  if (!request.addresses) return { type: 'look-up', host }
  const [address, ...others] = request.addresses
  if (address === undefined) return deny(4404, 'name')
  // HAZARD: one address that is not public condemns all, since whoever owns the name may have mixed them.
  if (!request.addresses.every((one) => mayBeDialled(policy, one))) return deny(4403, 'address')
  return { type: 'dial', host, address, others }
}

function deny(code: BridgeCloseCode, reason: DenyReason): DialDecision {
  return { type: 'deny', code, reason }
}

function refusal(
  policy: CheckedPolicy,
  destination: Destination,
  { dst }: Pick<TicketClaims, 'dst'>,
): DenyReason | undefined {
  if (!dst.includes(formatDestination(destination))) return 'ticket'
  if (isNamed(policy, destination)) return undefined
  return isNamedHost(policy, destination) ? 'port' : 'policy'
}

function mayBeDialled({ allowedRanges }: CheckedPolicy, address: string): boolean {
  if (isPublicAddress(address)) return true
  const octets = parseIpAddress(address)
  return octets !== undefined && allowedRanges.some((range) => isInNetwork(unmapIpAddress(octets), range))
}
