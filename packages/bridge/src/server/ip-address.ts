/**
 * Which IP addresses are public: RFC 6890, and the special-purpose address registries of IANA.
 */

import { type IpNetwork, isInNetwork, parseIpAddress, parseIpNetwork, unmapIpAddress } from '@posthorn/core'

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

const range = (text: string): IpNetwork => parseIpNetwork(text)!
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
