/** The terms of RFC 5321 section 4.1.2 and 4.1.3 (as RFC 6531 section 3.3 extends them) that paths and greetings share. */

import { ATEXT, type DomainOptions, isDomain } from '@posthorn/core'

const UTF8_NON_ASCII = '\\u00a0-\\u2027\\u202a-\\u{10ffff}'

// Dot-string = Atom *("." Atom)
/** The pattern of a `Dot-string`. */
export const DOT_STRING: RegExp = new RegExp(`^[${ATEXT}${UTF8_NON_ASCII}]+(?:\\.[${ATEXT}${UTF8_NON_ASCII}]+)*$`, 'u')

// qtextSMTP = %d32-33 / %d35-91 / %d93-126 ; quoted-pairSMTP = %d92 %d32-126
/** The pattern of a `Quoted-string`. */
export const QUOTED_STRING: RegExp = new RegExp(`^"(?:[ !#-\\[\\]-~${UTF8_NON_ASCII}]|\\\\[ -~])*"$`, 'u')

// IPv4-address-literal = Snum 3("." Snum)
const SNUM = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)'
const IPV4 = new RegExp(`^${SNUM}(?:\\.${SNUM}){3}$`)
const HEX_GROUP = /^[0-9A-Fa-f]{1,4}$/

/**
 * Tells whether text is a `Domain` or an `address-literal`.
 *
 * @internal
 */
export function isHost(text: string, options: DomainOptions = {}): boolean {
  return text.startsWith('[') ? isAddressLiteral(text) : isDomain(text, options)
}

// address-literal = "[" ( IPv4-address-literal / IPv6-address-literal / General-address-literal ) "]"
function isAddressLiteral(text: string): boolean {
  if (!text.endsWith(']')) return false
  const inner = text.slice(1, -1)
  const colon = inner.indexOf(':')
  if (colon < 0) return IPV4.test(inner)
  const tag = inner.slice(0, colon)
  const address = inner.slice(colon + 1)
  if (tag.toLowerCase() === 'ipv6') return isIpv6(address)
  // General-address-literal = Standardized-tag ":" 1*dcontent
  return /^[A-Za-z0-9-]*[A-Za-z0-9]$/.test(tag) && /^[!-Z^-~]+$/.test(address)
}

function isIpv6(text: string): boolean {
  const halves = text.split('::')
  if (halves.length > 2) return false
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')))
  const last = groups.at(-1)
  const dotted = last?.includes('.') === true
  if (dotted && !IPV4.test(last)) return false
  const hex = dotted ? groups.slice(0, -1) : groups
  const width = hex.length + (dotted ? 2 : 0)
  return hex.every((group) => HEX_GROUP.test(group)) && (halves.length === 2 ? width <= 7 : width === 8)
}
