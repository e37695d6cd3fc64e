/** What a ticket says: docs/bridge-protocol.md, section "Tickets". */

import { findControl } from '@posthorn/core'
import { formatDestination, parseDestination } from './destination.ts'

/** What a ticket allows, and to whom. */
export interface TicketClaims {
  /** For whom: a text of 1 to 128 printable characters that the limits of the bridge count by. */
  readonly sub: string
  /** A text of 1 to 128 printable characters that no other ticket has. */
  readonly jti: string
  /** Until when a connection may begin with it, in seconds since 1970. */
  readonly exp: number
  /** Where to: 1 to 32 of `host:port`, the host in lower-case A-labels. */
  readonly dst: readonly string[]
  /** How many octets, both directions together. */
  readonly max: number
}

/** The members of claims, or what is wrong with one of them. */
export type CheckedClaims =
  | { readonly type: 'claims'; readonly claims: TicketClaims }
  | { readonly type: 'bad'; readonly why: string }

const MAX_TEXT = 128
const MAX_DESTINATIONS = 32
// The last second that the clock of the language knows.
const MAX_SECONDS = 8_640_000_000_000

/**
 * Checks claims from wherever they come, and writes their destinations in the one form that is compared.
 *
 * @internal
 * @param value What JSON gave, or a caller; members that are not known are left out.
 */
export function checkClaims(value: unknown): CheckedClaims {
  if (typeof value !== 'object' || value === null) return bad('the claims are no object')
  const { sub, jti, exp, dst, max } = value as Readonly<Record<string, unknown>>
  if (!isPrintable(sub)) return bad(`sub is not 1 to ${MAX_TEXT} printable characters`)
  if (!isPrintable(jti)) return bad(`jti is not 1 to ${MAX_TEXT} printable characters`)
  if (!isCount(exp, MAX_SECONDS)) return bad('exp is not a number of seconds since 1970')
  if (!isCount(max, Number.MAX_SAFE_INTEGER)) return bad('max is not a number of octets')
  const destinations = checkDestinations(dst)
  if (!destinations) return bad(`dst is not 1 to ${MAX_DESTINATIONS} of host:port, each host a name`)
  return { type: 'claims', claims: { sub, jti, exp, dst: destinations, max } }
}

function bad(why: string): CheckedClaims {
  return { type: 'bad', why }
}

function isPrintable(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= MAX_TEXT && findControl(value) < 0
}

function isCount(value: unknown, most: number): value is number {
  return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= most
}

function checkDestinations(value: unknown): readonly string[] | undefined {
  if (!Array.isArray(value) || value.length === 0 || value.length > MAX_DESTINATIONS) return undefined
  const parsed = value.map((text) => (typeof text === 'string' ? parseDestination(text) : undefined))
  const whole = parsed.filter((one) => one !== undefined)
  return whole.length === parsed.length ? [...new Set(whole.map(formatDestination))] : undefined
}
