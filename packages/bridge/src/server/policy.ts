/** What a bridge allows: docs/bridge-protocol.md, section "What a bridge owes its operator". */

import { clip, type IpNetwork, parseIpNetwork } from '@posthorn/core'
import { bridgeFault } from '../protocol/bridge-error.ts'
import { type Destination, formatDestination, isPort, parseDestination } from '../protocol/destination.ts'
import { parseHostName } from '../protocol/host-name.ts'

/** What the operator of a bridge allows. All that is not named here is refused. */
export interface BridgePolicy {
  /** The origins of pages that may connect, as a browser writes them: `https://app.example`. Nothing else matches. */
  readonly origins: readonly string[]
  /** Whether a client without an `Origin` may connect; default `false`, since a browser always sends one. */
  readonly allowMissingOrigin?: boolean
  /** Where connections may go: `host`, at one of `ports`, or `host:port`, at that one. A ticket must name it as well. */
  readonly destinations: readonly string[]
  /** The ports of a `host` without one; default 465, 587 and 2525. Whoever names 25 lets pages deliver to any mailbox. */
  readonly ports?: readonly number[]
  /** Most octets of a connection, both directions together, whatever its ticket allows; default what the ticket allows. */
  readonly maxOctets?: number
  /** Whether every host that a ticket names is allowed, at one of `ports`; default `false`. */
  readonly unsafeAnyDestination?: boolean
  /**
   * Addresses that are not public and may be dialled all the same, `address` or `address/bits`; default none. For a relay
   * inside the network of the bridge, and for tests.
   */
  readonly unsafeAllowPrivateAddresses?: readonly string[]
}

/**
 * A policy that was checked, in the form that is looked up.
 *
 * @internal
 */
export interface CheckedPolicy {
  readonly origins: ReadonlySet<string>
  readonly allowMissingOrigin: boolean
  /** `host:port`, and `host` alone. */
  readonly destinations: ReadonlySet<string>
  readonly anyHost: boolean
  readonly ports: ReadonlySet<number>
  readonly maxOctets: number
  readonly allowedRanges: readonly IpNetwork[]
}

const SUBMISSION_PORTS = [465, 587, 2525]

/**
 * Checks a policy, so that a slip in it shows when the bridge starts.
 *
 * @internal
 * @throws {MailError} `BRIDGE_BAD_OPTION` for an origin that no browser writes so, a destination that is none, `*`, a port
 * that is none, or a range of addresses that is none.
 */
export function checkPolicy(policy: BridgePolicy): CheckedPolicy {
  const { ports = SUBMISSION_PORTS, maxOctets = Number.MAX_SAFE_INTEGER, unsafeAllowPrivateAddresses = [] } = policy
  for (const port of ports) if (!isPort(port)) throw badPolicy('port', String(port))
  if (!(maxOctets >= 1)) throw badPolicy('maxOctets', String(maxOctets))
  return {
    origins: new Set(policy.origins.map(checkOrigin)),
    allowMissingOrigin: policy.allowMissingOrigin === true,
    destinations: new Set(policy.destinations.map(checkDestination)),
    anyHost: policy.unsafeAnyDestination === true,
    ports: new Set(ports),
    maxOctets,
    allowedRanges: unsafeAllowPrivateAddresses.map(checkRange),
  }
}

function badPolicy(what: string, text: string): Error {
  return bridgeFault('BRIDGE_BAD_OPTION', `the policy has a malformed ${what} "${clip(text)}"`)
}

// RFC 6454 section 6.2, without the default port, as a browser writes it.
const ORIGIN = /^([a-z][a-z0-9+.-]*):\/\/([^/?#@*\\\s:[\]]+|\[[0-9a-f:]+\])(?::([1-9]\d{0,4}))?$/
const DEFAULT_PORTS: Readonly<Record<string, string>> = { http: '80', https: '443' }

function checkOrigin(text: string): string {
  const [, scheme, host, port] = ORIGIN.exec(text) ?? []
  if (scheme === undefined || (port !== undefined && port === DEFAULT_PORTS[scheme])) throw badPolicy('origin', text)
  // For other schemes, as that of an extension, the host has no form of its own.
  if (scheme in DEFAULT_PORTS && hostOf(text) !== host) throw badPolicy('origin', text)
  return text
}

function hostOf(url: string): string | undefined {
  try {
    return new URL(url).hostname
  } catch {
    return undefined
  }
}

function checkDestination(text: string): string {
  const destination = parseDestination(text)
  const normal = destination ? formatDestination(destination) : parseHostName(text)
  if (normal === undefined) throw badPolicy('destination', text)
  return normal
}

function checkRange(text: string): IpNetwork {
  const range = parseIpNetwork(text)
  if (!range) throw badPolicy('address', text)
  return range
}

/**
 * Tells whether a page of an origin may connect.
 *
 * @internal
 * @param origin The field `Origin` of the upgrade; `undefined` where there is none.
 */
export function isAllowedOrigin(policy: CheckedPolicy, origin: string | undefined): boolean {
  return origin === undefined ? policy.allowMissingOrigin : policy.origins.has(origin)
}

/**
 * Tells whether the policy names a destination.
 *
 * @internal
 */
export function isNamed(policy: CheckedPolicy, destination: Destination): boolean {
  if (policy.destinations.has(formatDestination(destination))) return true
  return isNamedHost(policy, destination) && policy.ports.has(destination.port)
}

/**
 * Tells whether the policy names a host, at whichever port.
 *
 * @internal
 */
export function isNamedHost(policy: CheckedPolicy, { host }: Destination): boolean {
  return policy.anyHost || policy.destinations.has(host)
}
