/** Ranges of IP addresses as text: RFC 4632 section 3.1, RFC 4291 section 2.3; and what counts as one client. */

import { type IpNetwork, parseIpAddress, unmapIpAddress } from './ip-address.ts'

const MAPPED_BITS = 96
const CUSTOMER_BITS = 64

/**
 * Parses a range of IP addresses, `address/bits`, or one address.
 *
 * @param text The range.
 * @returns The range, that of IPv4 for one within `::ffff:0:0/96`; `undefined` for anything else, also where bits are set
 * beyond those that count.
 * @see {@link https://www.rfc-editor.org/rfc/rfc4632#section-3.1 | RFC 4632 section 3.1}
 * @example
 * parseIpNetwork('192.0.2.0/24')?.bits // 24
 * parseIpNetwork('192.0.2.1/24') // undefined
 */
export function parseIpNetwork(text: string): IpNetwork | undefined {
  const [, address, length] = /^([^/]+)(?:\/(0|[1-9]\d{0,2}))?$/.exec(text) ?? []
  const octets = address === undefined ? undefined : parseIpAddress(address)
  if (!octets) return undefined
  const bits = length === undefined ? octets.length * 8 : Number(length)
  const isWhole = octets.every((octet, at) => (octet & ~maskAt(bits, at)) === 0)
  if (bits > octets.length * 8 || !isWhole) return undefined
  const unmapped = unmapIpAddress(octets)
  const isMapped = bits >= MAPPED_BITS && unmapped !== octets
  return isMapped ? { octets: unmapped, bits: bits - MAPPED_BITS } : { octets, bits }
}

function maskAt(bits: number, at: number): number {
  const left = Math.min(8, Math.max(0, bits - at * 8))
  return (0xff00 >> left) & 255
}

/**
 * Gives the key under which limits for a client are kept: an IPv4 address itself, and the first 64 bits of an IPv6 address,
 * since who has one of these has all behind them.
 *
 * @param text An address; what is none is its own key.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6177#section-2 | RFC 6177 section 2}
 * @example
 * ipLimitKey('2001:db8::1') === ipLimitKey('2001:db8::2') // true
 */
export function ipLimitKey(text: string): string {
  const parsed = parseIpAddress(text)
  if (!parsed) return text
  const octets = unmapIpAddress(parsed)
  return octets.subarray(0, Math.min(octets.length, CUSTOMER_BITS / 8)).join('.')
}
