/** The IP addresses of records and clients: RFC 7208 section 4.1, 5.6, 7.3. */

import { parseIpAddress, unmapIpAddress } from '@posthorn/core'
import { fault } from './error.ts'

/** @internal */
export function readIpv4(text: string): Uint8Array | undefined {
  return text.includes(':') ? undefined : parseIpAddress(text)
}

/** @internal */
export function readIpv6(text: string): Uint8Array | undefined {
  return text.includes(':') ? parseIpAddress(text) : undefined
}

/**
 * Parses the address of a client; an IPv4-mapped one is the IPv4 address in it, and a zone index is dropped.
 *
 * @internal
 * @throws {MailError} `SPF_BAD_ADDRESS` when it is none.
 */
export function parseClientAddress(text: string): Uint8Array {
  const address = parseIpAddress(text.includes(':') ? text.replace(/%[\w.-]{1,32}$/, '') : text)
  if (!address) throw fault('SPF_BAD_ADDRESS', text, { section: '4.1' })
  // RFC 7208 section 5: an IPv4-mapped IPv6 address is an IPv4 address.
  return unmapIpAddress(address)
}

/**
 * Writes an address as `%{i}` has it: a dotted quad, or the 32 nibbles of RFC 7208 section 7.3.
 *
 * @internal
 */
export function dottedAddress(address: Uint8Array): string {
  if (address.length === 4) return address.join('.')
  return Array.from(address)
    .flatMap((octet) => [octet >> 4, octet & 15])
    .map((nibble) => nibble.toString(16).toUpperCase())
    .join('.')
}

/** @internal */
export function reverseName(address: Uint8Array): string {
  const labels = dottedAddress(address).toLowerCase().split('.').reverse()
  return `${labels.join('.')}.${address.length === 4 ? 'in-addr' : 'ip6'}.arpa`
}
