/** A socket over TCP to a host that may have several addresses. */

import { isIP, type Socket } from 'node:net'
import type { Resolver } from '@posthorn/dns'
import { findAddresses } from './addresses.ts'
import { dial } from './dial.ts'
import { connectFault } from './error.ts'
import { race } from './race.ts'

/** How a socket is opened. */
export interface TcpOptions {
  /** Who is asked for the addresses of the host; default: the system, its file of hosts included. */
  readonly resolver?: Resolver
  /** How long one address is waited for before the next is tried beside it, in milliseconds; default 250. */
  readonly attemptDelay?: number
  /** How long one address is waited for at all, in milliseconds; default 10,000. */
  readonly attemptTimeout?: number
  /** Most addresses to try; default 10. */
  readonly maxAddresses?: number
  /** The address to connect from; addresses of the other family are then left out. Default: as the system chooses. */
  readonly localAddress?: string
  /** Whether the system looks now and then if the other end is still there; default `true`. */
  readonly keepAlive?: boolean
  /** After how long without an octet it looks for the first time, in milliseconds; default 60,000. */
  readonly keepAliveDelay?: number
}

/** Where to. */
export interface TcpTarget {
  readonly host: string
  readonly port: number
  readonly addresses?: readonly string[] | undefined
}

/**
 * Opens a socket.
 *
 * @internal
 * @throws {MailError} `NODE_CONNECT_FAILED` or `NODE_BAD_OPTION`.
 */
export async function openTcp(target: TcpTarget, options: TcpOptions, signal: AbortSignal): Promise<Socket> {
  const { resolver, localAddress, keepAlive = true, keepAliveDelay = 60_000 } = options
  const { attemptDelay = 250, attemptTimeout = 10_000, maxAddresses = 10 } = options
  const { port } = target
  const found = await findAddresses({ ...target, resolver, signal })
  const fits = (all: readonly string[]): readonly string[] => ofFamily(all, localAddress)
  const how = { port, keepAlive, keepAliveInitialDelay: keepAliveDelay, ...(localAddress && { localAddress }) }
  try {
    return await race({
      first: fits(found.first),
      later: found.later?.then(fits),
      attempt: (address, stop) =>
        dial({ ...how, host: address }, { timeout: attemptTimeout, signal: stop }).catch((error: unknown) => {
          throw Object.assign(error as Error, { address, port })
        }),
      drop: (socket) => socket.destroy(),
      delay: attemptDelay,
      most: maxAddresses,
      signal,
    })
  } catch (error) {
    throw unreachable((error as AggregateError).errors)
  }
}

function ofFamily(addresses: readonly string[], localAddress: string | undefined): readonly string[] {
  return localAddress === undefined ? addresses : addresses.filter((one) => isIP(one) === isIP(localAddress))
}

// What a server itself says tells more than that the way to it is not there.
const LEAST_TELLING = ['ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL', 'EAFNOSUPPORT']

function unreachable(failures: readonly (Error & { readonly code?: string })[]): Error {
  const [telling] = [...failures].sort((a, b) => rank(a.code) - rank(b.code))
  if (!telling) return connectFault('NODE_CONNECT_FAILED', 'there is no address to connect to')
  if (failures.length === 1) return connectFault('NODE_CONNECT_FAILED', messageOf(telling), telling)
  const cause = Object.assign(new AggregateError(failures, 'No address answers'), { code: telling.code })
  return connectFault(
    'NODE_CONNECT_FAILED',
    `none of ${failures.length} addresses answers; ${messageOf(telling)}`,
    cause,
  )
}

function rank(code: string | undefined): number {
  return LEAST_TELLING.indexOf(code ?? '')
}

/**
 * Gives what an error says.
 *
 * @internal
 */
export function messageOf(error: unknown): string {
  return (error instanceof Error && error.message) || 'nobody answers'
}
