/**
 * Ranges of IP addresses, and which addresses are public: RFC 6890, and the special-purpose address registries of IANA.
 */

import { type IpNetwork, isInNetwork, parseIpAddress, unmapIpAddress } from '@posthorn/core'

const MAPPED_BITS = 96
/**
 * Parses a range, `address/bits`, or one address.
 *
 * @internal
 * @returns The range, that of IPv4 for one within `::ffff:0:0/96`; `undefined` for anything else, also where bits are set
 * beyond those that count.
 */
export function parseIpRange(text: string): IpNetwork | undefined {
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

// https://www.iana.org/assignments/iana-ipv4-special-registry, https://www.iana.org/assignments/ipv4-address-space
const NOT_PUBLIC_IPV4 = [
  '0.0.0.0/8', // this network, RFC 791
  '10.0.0.0/8', // private use, RFC 1918
  '100.64.0.0/10', // shared by carriers, RFC 6598
  '127.0.0.0/8', // loopback, RFC 1122
  '169.254.0.0/16', // link-local, RFC 3927; also where clouds tell secrets
  '172.16.0.0/12', // private use, RFC 1918
  '192.0.0.0/24', // protocol assignments, RFC 6890
  '192.0.2.0/24', // documentation, RFC 5737
  '192.88.99.0/24', // relays of 6to4, RFC 7526
  '192.168.0.0/16', // private use, RFC 1918
  '198.18.0.0/15', // benchmarks, RFC 2544
  '198.51.100.0/24', // documentation, RFC 5737
  '203.0.113.0/24', // documentation, RFC 5737
  '224.0.0.0/4', // multicast, RFC 5771
  '240.0.0.0/4', // reserved, RFC 1112, and broadcast, RFC 919
]

// https://www.iana.org/assignments/ipv6-address-space: all that is not in 2000::/3 is not global unicast. That leaves
// out ::/96 (RFC 4291), 64:ff9b::/96 and 64:ff9b:1::/48 (RFC 6052, RFC 8215), 100::/64 (RFC 6666), 5f00::/16 (RFC 9602),
// fc00::/7 (RFC 4193), fe80::/10 (RFC 4291), fec0::/10 (RFC 3879) and ff00::/8 (RFC 4291).
const GLOBAL_UNICAST = '2000::/3'

// https://www.iana.org/assignments/iana-ipv6-special-registry, as much of it as lies in 2000::/3.
const NOT_PUBLIC_IPV6 = [
  '2001::/23', // protocol assignments, RFC 2928; Teredo of RFC 4380 among them, which has an IPv4 address inside
  '2001:db8::/32', // documentation, RFC 3849
  '2002::/16', // 6to4, RFC 3056, which has an IPv4 address inside
  '3fff::/20', // documentation, RFC 9637
]

const range = (text: string): IpNetwork => parseIpRange(text)!
const notPublic = /* @__PURE__ */ [...NOT_PUBLIC_IPV4, ...NOT_PUBLIC_IPV6].map(range)
const globalUnicast = /* @__PURE__ */ range(GLOBAL_UNICAST)

/**
 * Tells whether an address can be reached over the Internet, so that nothing of the bridge's own network is behind it.
 *
 * @internal
 * @param text An address, as text.
 * @returns `false` for every special-purpose address, for what is not assigned as unicast, and for what is no address; an
 * IPv6 address that stands for an IPv4 address is what that one is.
 */
export function isPublicAddress(text: string): boolean {
  const parsed = parseIpAddress(text)
  if (!parsed) return false
  const octets = unmapIpAddress(parsed)
  if (octets.length === 16 && !isInNetwork(octets, globalUnicast)) return false
  return !notPublic.some((one) => isInNetwork(octets, one))
}

const CUSTOMER_BITS = 64

/**
 * Gives the key under which the limits for an address are kept: an IPv4 address itself, and the first 64 bits of an IPv6
 * address, since who has one of these has all behind them.
 *
 * @internal
 * @param text An address; what is none is its own key.
 */
export function limitKey(text: string): string {
  const parsed = parseIpAddress(text)
  if (!parsed) return text
  const octets = unmapIpAddress(parsed)
  return octets.subarray(0, Math.min(octets.length, CUSTOMER_BITS / 8)).join('.')
}
