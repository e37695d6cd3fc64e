/**
 * IP addresses as text, and which of them are public: RFC 4291 section 2.2, RFC 6890, and the special-purpose address
 * registries of IANA. Out of scope: zone identifiers, and IPv4 in any notation but four decimal octets.
 */

const IPV4 = /^(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})$/
// h16 = 1*4HEXDIG                                 ; RFC 3986 section 3.2.2
const GROUP = /^[0-9a-f]{1,4}$/i
const GROUPS = 8

/**
 * Addresses that begin with the same bits.
 *
 * @internal
 */
export interface IpRange {
  /** The first address: 4 or 16 octets. */
  readonly octets: Uint8Array
  /** How many of its bits count. */
  readonly bits: number
}

/**
 * Parses an IP address.
 *
 * @internal
 * @param text Four decimal octets without leading zeros, or IPv6 in any form of RFC 4291, without brackets or zone.
 * @returns 4 or 16 octets; `undefined` for anything else.
 * @see {@link https://www.rfc-editor.org/rfc/rfc4291#section-2.2 | RFC 4291 section 2.2}
 */
export function parseIpAddress(text: string): Uint8Array | undefined {
  return text.includes(':') ? parseIpv6(text) : parseIpv4(text)
}

function parseIpv4(text: string): Uint8Array | undefined {
  const octets = IPV4.exec(text)?.slice(1).map(Number)
  return octets?.every((octet) => octet < 256) ? Uint8Array.from(octets) : undefined
}

function parseIpv6(text: string): Uint8Array | undefined {
  const [left, right, ...more] = text.split('::').map(parseGroups)
  if (!left || more.length > 0) return undefined
  if (right === undefined) return !text.includes('::') && left.length === GROUPS ? toOctets(left) : undefined
  // RFC 4291 section 2.2: "::" stands for one group of zeros or more, and embedded IPv4 only at the end.
  const zeros = GROUPS - left.length - right.length
  if (zeros < 1 || text.slice(0, text.indexOf('::')).includes('.')) return undefined
  return toOctets([...left, ...new Array<number>(zeros).fill(0), ...right])
}

function parseGroups(text: string): readonly number[] | undefined {
  if (text === '') return []
  const words = text.split(':')
  const embedded = words.at(-1)!.includes('.') ? parseIpv4(words.pop()!) : new Uint8Array(0)
  if (!embedded || !words.every((word) => GROUP.test(word))) return undefined
  const groups = words.map((word) => Number.parseInt(word, 16))
  return embedded.length === 0
    ? groups
    : [...groups, embedded[0]! * 256 + embedded[1]!, embedded[2]! * 256 + embedded[3]!]
}

function toOctets(groups: readonly number[]): Uint8Array {
  return Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 255]))
}

const MAPPED_BITS = 96
const MAPPED: IpRange = { octets: /* @__PURE__ */ toOctets([0, 0, 0, 0, 0, 0xffff, 0, 0]), bits: MAPPED_BITS }

/**
 * Gives the IPv4 address that an IPv6 address of `::ffff:0:0/96` stands for; any other as it is.
 *
 * @internal
 */
export function unmapAddress(octets: Uint8Array): Uint8Array {
  return isInRange(octets, MAPPED) ? octets.subarray(12) : octets
}

/**
 * Parses a range, `address/bits`, or one address.
 *
 * @internal
 * @returns The range, that of IPv4 for one within `::ffff:0:0/96`; `undefined` for anything else, also where bits are set
 * beyond those that count.
 */
export function parseIpRange(text: string): IpRange | undefined {
  const [, address, length] = /^([^/]+)(?:\/(0|[1-9]\d{0,2}))?$/.exec(text) ?? []
  const octets = address === undefined ? undefined : parseIpAddress(address)
  if (!octets) return undefined
  const bits = length === undefined ? octets.length * 8 : Number(length)
  const isWhole = octets.every((octet, at) => (octet & ~maskAt(bits, at)) === 0)
  if (bits > octets.length * 8 || !isWhole) return undefined
  const isMapped = bits >= MAPPED_BITS && isInRange(octets, MAPPED)
  return isMapped ? { octets: unmapAddress(octets), bits: bits - MAPPED_BITS } : { octets, bits }
}

/**
 * Tells whether an address is in a range; one of the other family never is.
 *
 * @internal
 */
export function isInRange(octets: Uint8Array, range: IpRange): boolean {
  if (octets.length !== range.octets.length) return false
  return octets.every((octet, at) => ((octet ^ range.octets[at]!) & maskAt(range.bits, at)) === 0)
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

const range = (text: string): IpRange => parseIpRange(text)!
const notPublic = /* @__PURE__ */ [...NOT_PUBLIC_IPV4, ...NOT_PUBLIC_IPV6].map(range)
const globalUnicast = /* @__PURE__ */ range(GLOBAL_UNICAST)

/**
 * Tells whether an address can be reached over the Internet, so that nothing of the bridge's own network is behind it.
 *
 * @internal
 * @param text An address, as {@link parseIpAddress} takes it.
 * @returns `false` for every special-purpose address, for what is not assigned as unicast, and for what is no address; an
 * IPv6 address that stands for an IPv4 address is what that one is.
 */
export function isPublicAddress(text: string): boolean {
  const parsed = parseIpAddress(text)
  if (!parsed) return false
  const octets = unmapAddress(parsed)
  if (octets.length === 16 && !isInRange(octets, globalUnicast)) return false
  return !notPublic.some((one) => isInRange(octets, one))
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
  const octets = unmapAddress(parsed)
  return octets.subarray(0, Math.min(octets.length, CUSTOMER_BITS / 8)).join('.')
}
