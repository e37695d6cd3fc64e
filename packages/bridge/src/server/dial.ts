/** Connects a client of the bridge to its server, where policy and ticket allow it: looked up once, dialled as checked. */

import { MailError } from '@posthorn/core'
import type { Connection } from '@posthorn/smtp'
import type { TicketClaims } from '../protocol/ticket-claims.ts'
import { decide } from './decide.ts'
import type { CheckedPolicy } from './policy.ts'
import type { Dial, DialResult, OpenRequest } from './run-bridge.ts'

/** What a bridge connects to. */
export interface DialTarget {
  /** The host, in lower-case A-labels: for SNI, and what the certificate must prove. */
  readonly host: string
  /** The address that was checked; absent where the runtime looks names up itself. */
  readonly address?: string
  /** The port. */
  readonly port: number
  /** Whether TLS begins at once. */
  readonly implicitTls: boolean
  /** Fires when nobody wants the connection any more. */
  readonly signal: AbortSignal
}

/** Opens a connection, such as by `connect` of `@posthorn/node` or `@posthorn/sockets`. */
export type OpenConnection = (target: DialTarget) => Promise<Connection>

/** Gives all addresses of a host; none: it has none. */
export type LookUp = (host: string) => Promise<readonly string[]>

/** What a dial needs. */
export interface DialContext {
  readonly policy: CheckedPolicy
  readonly connect: OpenConnection
  /** Absent where the runtime looks names up itself; the lists of destinations are the only guard then. */
  readonly lookUp: LookUp | undefined
}

/**
 * Makes what dials for the holder of a ticket.
 *
 * @internal
 */
export function dialFor(claims: TicketClaims, { policy, connect, lookUp }: DialContext): Dial {
  return async ({ host, port, implicitTls }, signal) => {
    const before = decide(policy, { host, port, claims })
    if (before.type === 'deny') return refused(before)
    const target = { host: before.host, port, implicitTls, signal }
    if (!lookUp) return connected(target.host, await connect(target))
    const addresses = await lookUp(before.host)
    const after = decide(policy, { host, port, claims, addresses })
    if (after.type === 'deny') return refused(after)
    if (after.type === 'look-up') return refused({ code: 4404, reason: 'name' })
    return connected(target.host, await firstOf([after.address, ...after.others], target, connect))
  }
}

// One address after the other; what fails after TLS has begun fails at the next as well.
async function firstOf(
  addresses: readonly string[],
  target: OpenRequestTo,
  connect: OpenConnection,
): Promise<Connection> {
  let failure: unknown
  for (const address of addresses) {
    try {
      return await connect({ ...target, address })
    } catch (error) {
      failure ??= error
      if (target.signal.aborted || !isUnreachable(error)) throw error
    }
  }
  throw failure
}

type OpenRequestTo = OpenRequest & Pick<DialTarget, 'signal'>

function isUnreachable(error: unknown): boolean {
  return error instanceof MailError && /_CONNECT_(?:FAILED|TIMEOUT)$/.test(error.code)
}

function refused({ code, reason }: Extract<DialResult, { type: 'refused' }>['fault']): DialResult {
  return { type: 'refused', fault: { code, reason } }
}

function connected(host: string, connection: Connection): DialResult {
  return { type: 'connected', host, connection }
}
