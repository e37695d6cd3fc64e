/**
 * IP addresses as text and octets: RFC 4291 section 2.2, RFC 5952, and the literals of RFC 5321 section 4.1.3. Out of scope:
 * zone identifiers, and IPv4 in any notation but four decimal octets without leading zeros.
 */

const DOT = 46
const ZERO = 48
// h16 = 1*4HEXDIG                                 ; RFC 3986 section 3.2.2
const GROUP = /^[0-9A-Fa-f]{1,4}$/
const GROUPS = 8
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
  const [head, tail, ...more] = text.split('::')
  const left = parseGroups(head!, tail === undefined)
  if (!left || more.length > 0) return undefined
  if (tail === undefined) return left.length === GROUPS ? toOctets(left) : undefined
  const right = parseGroups(tail, true)
  // RFC 4291 section 2.2: "::" stands for one group of zeros or more.
  if (!right || left.length + right.length >= GROUPS) return undefined
  return toOctets([...left, ...new Array<number>(GROUPS - left.length - right.length).fill(0), ...right])
}

// RFC 4291 section 2.2: an IPv4 address stands at the end alone, for two groups.
function parseGroups(text: string, isEnd: boolean): number[] | undefined {
  if (text === '') return []
  const words = text.split(':')
  const embedded = isEnd && words.at(-1)!.includes('.') ? parseIpv4(words.pop()!) : new Uint8Array(0)
  if (!embedded || !words.every((word) => GROUP.test(word))) return undefined
  const groups = words.map((word) => Number.parseInt(word, 16))
  for (let at = 0; at < embedded.length; at += 2) groups.push(embedded[at]! * 256 + embedded[at + 1]!)
  return groups
}

function toOctets(groups: readonly number[]): Uint8Array {
  const octets = new Uint8Array(groups.length * 2)
  for (const [index, group] of groups.entries()) octets.set([group >> 8, group & 255], index * 2)
  return octets
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
  if (octets.length === 4) return octets.join('.')
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
