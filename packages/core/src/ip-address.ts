/**
 * IP addresses as text and octets: RFC 4291 section 2.2, RFC 5952, and the literals of RFC 5321 section 4.1.3. Out of scope:
 * zone identifiers, and IPv4 in any notation but four decimal octets without leading zeros.
 */

import { hexDigit } from './text.ts'

const DOT = 46
const ZERO = 48
const COLON = 58
const GROUPS = 8
const IPV6_OCTETS = 16
// Eight groups of four, or six and a dotted quad.
const MAX_IPV6 = 45

/** Addresses that begin with the same bits. */
export interface IpNetwork {
  /** The first address, or any other: 4 or 16 octets. */
  readonly octets: Uint8Array
  /** How many of its bits count. */
  readonly bits: number
}

/**
 * Parses an IP address.
 *
 * @param text Four decimal octets without leading zeros, or IPv6 in any form of RFC 4291, without brackets or zone.
 * @returns 4 or 16 octets; `undefined` for anything else.
 * @see {@link https://www.rfc-editor.org/rfc/rfc4291#section-2.2 | RFC 4291 section 2.2}
 * @example
 * parseIpAddress('192.0.2.1') // new Uint8Array([192, 0, 2, 1])
 * parseIpAddress('2001:db8::1')?.length // 16
 * parseIpAddress('192.0.2.01') // undefined
 */
export function parseIpAddress(text: string): Uint8Array | undefined {
  if (text.length > MAX_IPV6) return undefined
  return text.includes(':') ? parseIpv6(text) : parseIpv4(text)
}

// IPv4-address-literal = Snum 3("." Snum)          ; RFC 5321 section 4.1.3; without leading zeros, which some read as octal
function parseIpv4(text: string): Uint8Array | undefined {
  const octets = new Uint8Array(4)
  let index = 0
  let octet: number | undefined
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === DOT) {
      if (octet === undefined || index === 3) return undefined
      octets[index++] = octet
      octet = undefined
      continue
    }
    const digit = code - ZERO
    if (digit < 0 || digit > 9 || octet === 0) return undefined
    octet = (octet ?? 0) * 10 + digit
    if (octet > 255) return undefined
  }
  if (octet === undefined || index !== 3) return undefined
  octets[3] = octet
  return octets
}

function parseIpv6(text: string): Uint8Array | undefined {
  const octets = new Uint8Array(IPV6_OCTETS)
  let filled = 0
  let gap: number | undefined
  let at = text.startsWith('::') ? 1 : 0
  while (at < text.length) {
    if (at > 0 && text.charCodeAt(at) === COLON) {
      if (gap !== undefined) return undefined
      gap = filled
      at++
      continue
    }
    const end = endOfGroup(text, at)
    if (end === at || filled === IPV6_OCTETS) return undefined
    if (text.charCodeAt(end) === DOT) return embed({ octets, filled, gap }, text.slice(at))
    const group = Number.parseInt(text.slice(at, end), 16)
    octets[filled++] = group >> 8
    octets[filled++] = group & 255
    // One colon is between two groups, or the first of two.
    if (end < text.length && (text.charCodeAt(end) !== COLON || end + 1 === text.length)) return undefined
    at = end + 1
  }
  return widen({ octets, filled, gap })
}

// h16 = 1*4HEXDIG                                 ; RFC 3986 section 3.2.2
function endOfGroup(text: string, start: number): number {
  let end = start
  while (end < start + 4 && hexDigit(text.charCodeAt(end)) >= 0) end++
  return end
}

interface Groups {
  readonly octets: Uint8Array
  /** How many octets are read. */
  readonly filled: number
  /** At which of them "::" stands. */
  readonly gap: number | undefined
}

// RFC 4291 section 2.2: an IPv4 address stands at the end alone, for two groups.
function embed({ octets, filled, gap }: Groups, text: string): Uint8Array | undefined {
  const address = parseIpv4(text)
  if (!address || filled + address.length > IPV6_OCTETS) return undefined
  octets.set(address, filled)
  return widen({ octets, filled: filled + address.length, gap })
}

// RFC 4291 section 2.2: "::" stands for one group of zeros or more.
function widen({ octets, filled, gap }: Groups): Uint8Array | undefined {
  if (gap === undefined) return filled === IPV6_OCTETS ? octets : undefined
  if (filled === IPV6_OCTETS) return undefined
  const right = IPV6_OCTETS - (filled - gap)
  return octets.copyWithin(right, gap, filled).fill(0, gap, right)
}

/**
 * Writes an IP address: a dotted quad, or IPv6 in the one form that is recommended.
 *
 * @param octets 4 or 16 octets.
 * @returns Lower case, without leading zeros, `::` for the longest run of zero groups.
 * @see {@link https://www.rfc-editor.org/rfc/rfc5952#section-4 | RFC 5952 section 4}
 * @example
 * formatIpAddress(parseIpAddress('2001:DB8:0:0:0:0:0:01')!) // '2001:db8::1'
 */
export function formatIpAddress(octets: Uint8Array): string {
  if (octets.length === 4) return `${octets[0]}.${octets[1]}.${octets[2]}.${octets[3]}`
  const groups = Array.from({ length: GROUPS }, (_, index) => octets[index * 2]! * 256 + octets[index * 2 + 1]!)
  const run = longestZeros(groups)
  const text = groups.map((group) => group.toString(16))
  // RFC 5952 section 4.2.2: "::" does not shorten one group alone.
  if (run.length < 2) return text.join(':')
  return `${text.slice(0, run.start).join(':')}::${text.slice(run.start + run.length).join(':')}`
}

function longestZeros(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 }
  let start = 0
  for (const [index, group] of groups.entries()) {
    if (group !== 0) start = index + 1
    else if (index + 1 - start > best.length) best = { start, length: index + 1 - start }
  }
  return best
}

/**
 * Gives the IPv4 address that an IPv6 address of `::ffff:0:0/96` stands for; any other as it is.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc4291#section-2.5.5.2 | RFC 4291 section 2.5.5.2}
 * @example
 * formatIpAddress(unmapIpAddress(parseIpAddress('::ffff:192.0.2.1')!)) // '192.0.2.1'
 */
export function unmapIpAddress(octets: Uint8Array): Uint8Array {
  const isMapped = octets.length === 16 && octets.subarray(0, 12).every((octet, at) => octet === (at < 10 ? 0 : 255))
  return isMapped ? octets.subarray(12) : octets
}

/**
 * Tells whether an address begins with the same bits as another; one of the other family never does.
 *
 * @param address 4 or 16 octets.
 * @param network As many octets, and how many of their bits count.
 * @see {@link https://www.rfc-editor.org/rfc/rfc4291#section-2.3 | RFC 4291 section 2.3}
 * @example
 * const address = parseIpAddress('192.0.2.129')!
 * isInNetwork(address, { octets: parseIpAddress('192.0.2.0')!, bits: 24 }) // true
 */
export function isInNetwork(address: Uint8Array, { octets, bits }: IpNetwork): boolean {
  if (address.length !== octets.length) return false
  const whole = bits >> 3
  for (let index = 0; index < whole; index++) if (address[index] !== octets[index]) return false
  const shift = 8 - (bits & 7)
  return shift === 8 || address[whole]! >> shift === octets[whole]! >> shift
}

/**
 * Tells whether text is the literal of an IP address in a path or a greeting.
 *
 * A general literal has a tag that is registered, and `IPv6` is the only one that is.
 *
 * @param text The literal, in its brackets.
 * @see {@link https://www.rfc-editor.org/rfc/rfc5321#section-4.1.3 | RFC 5321 section 4.1.3}
 * @example
 * isIpLiteral('[IPv6:2001:db8::1]') // true
 * isIpLiteral('[2001:db8::1]') // false
 */
export function isIpLiteral(text: string): boolean {
  if (!text.startsWith('[') || !text.endsWith(']')) return false
  const inner = text.slice(1, -1)
  return /^ipv6:/i.test(inner) ? isIpv6Literal(inner.slice(5)) : parseIpv4(inner) !== undefined
}

// IPv6-comp = [IPv6-hex *5(":" IPv6-hex)] "::" [IPv6-hex *5(":" IPv6-hex)] ; "::" stands for at least two groups
function isIpv6Literal(text: string): boolean {
  if (!text.includes(':') || !parseIpAddress(text)) return false
  const groups = text.split(/::?/).filter((group) => group !== '').length + (text.includes('.') ? 1 : 0)
  return groups <= 6 || !text.includes('::')
}
