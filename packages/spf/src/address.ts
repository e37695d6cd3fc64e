/** IP addresses as octets: RFC 4291 section 2.2, RFC 5952, and the dotted quads of RFC 7208 section 5.6. */

import { fault } from './error.ts'

/**
 * An address: 4 octets or 16.
 *
 * @internal
 */
export type Address = readonly number[]

const GROUP = /^[0-9A-Fa-f]{1,4}$/

const DOT = 46
const ZERO = 48

// ip4-network = qnum "." qnum "." qnum "." qnum      ; RFC 7208 section 5.6, no leading zeros
/** @internal */
export function readIpv4(text: string): Address | undefined {
  if (text.length > 15) return undefined
  const octets: number[] = []
  let octet: number | undefined
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === DOT) {
      if (octet === undefined) return undefined
      octets.push(octet)
      octet = undefined
      continue
    }
    const digit = code - ZERO
    if (digit < 0 || digit > 9 || octet === 0) return undefined
    octet = (octet ?? 0) * 10 + digit
    if (octet > 255) return undefined
  }
  if (octet === undefined || octets.length !== 3) return undefined
  octets.push(octet)
  return octets
}

/** @internal */
export function readIpv6(text: string): Address | undefined {
  if (text.length > 45) return undefined
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const [head, tail] = halves.map((half, index) => readGroups(half, index === halves.length - 1))
  if (!head) return undefined
  if (halves.length === 1) return head.length === 16 ? head : undefined
  // RFC 4291 section 2.2: "::" stands for one group of zeros or more.
  if (!tail || head.length + tail.length > 14) return undefined
  return [...head, ...Array<number>(16 - head.length - tail.length).fill(0), ...tail]
}

function readGroups(text: string, mayEndInIpv4: boolean): Address | undefined {
  if (text === '') return []
  const groups = text.split(':')
  const quad = mayEndInIpv4 && groups.at(-1)!.includes('.') ? readIpv4(groups.pop()!) : []
  if (!quad || !groups.every((group) => GROUP.test(group))) return undefined
  const octets = groups.flatMap((group) => {
    const value = Number.parseInt(group, 16)
    return [value >> 8, value & 255]
  })
  return [...octets, ...quad]
}

/**
 * Parses the address of a client; an IPv4-mapped one is the IPv4 address in it, and a zone index is dropped.
 *
 * @internal
 * @throws {MailError} `SPF_BAD_ADDRESS` when it is none.
 */
export function parseClientAddress(text: string): Address {
  const address = readIpv4(text) ?? readIpv6(text.replace(/%[\w.-]{1,32}$/, ''))
  if (!address) throw fault('SPF_BAD_ADDRESS', text, { section: '4.1' })
  return unmapped(address)
}

// RFC 7208 section 5: an IPv4-mapped IPv6 address is an IPv4 address.
function unmapped(address: Address): Address {
  const mapped = address.length === 16 && address.slice(0, 12).join() === '0,0,0,0,0,0,0,0,0,0,255,255'
  return mapped ? address.slice(12) : address
}

/** @internal */
export function isWithin(address: Address, network: Address, length: number): boolean {
  if (address.length !== network.length) return false
  const whole = length >> 3
  for (let index = 0; index < whole; index++) if (address[index] !== network[index]) return false
  const shift = 8 - (length & 7)
  return shift === 8 || address[whole]! >> shift === network[whole]! >> shift
}

/**
 * Writes an address for people: RFC 5952 section 4.
 *
 * @internal
 */
export function formatAddress(address: Address): string {
  if (address.length === 4) return address.join('.')
  const groups = Array.from({ length: 8 }, (_, index) => address[index * 2]! * 256 + address[index * 2 + 1]!)
  const run = longestZeros(groups)
  const text = groups.map((group) => group.toString(16))
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
 * Writes an address as `%{i}` has it: a dotted quad, or the 32 nibbles of RFC 7208 section 7.3.
 *
 * @internal
 */
export function dottedAddress(address: Address): string {
  if (address.length === 4) return address.join('.')
  return address
    .flatMap((octet) => [octet >> 4, octet & 15])
    .map((nibble) => nibble.toString(16).toUpperCase())
    .join('.')
}

/** @internal */
export function reverseName(address: Address): string {
  const labels = dottedAddress(address).toLowerCase().split('.').reverse()
  return `${labels.join('.')}.${address.length === 4 ? 'in-addr' : 'ip6'}.arpa`
}
