/** The terms of RFC 5321 section 4.1.2 and 4.1.3 (as RFC 6531 section 3.3 extends them) that paths and greetings share. */

import { ATEXT, type DomainOptions, encodeUtf8, isAscii, isDomain } from '@posthorn/core'

/**
 * The members of `UTF8-non-ascii` (RFC 6532 section 3.1) that are no control, line separator or half of a surrogate pair.
 *
 * @internal
 */
export const UTF8_NON_ASCII = '\\u00a0-\\u2027\\u202a-\\ud7ff\\ue000-\\u{10ffff}'

/**
 * Puts the letters of US-ASCII in upper case.
 *
 * HAZARD: `toUpperCase` makes `S` of U+017F and `I` of U+0131, so that what another reader refuses would be a command.
 *
 * @internal
 */
export function toUpperAscii(text: string): string {
  return isAscii(text) ? text.toUpperCase() : text.replace(/[a-z]+/g, (letters) => letters.toUpperCase())
}

/**
 * Tells whether text has more octets of UTF-8 than it may.
 *
 * @internal
 */
export function isLonger(text: string, octets: number): boolean {
  // A UTF-16 unit is one to three octets, so that most text need not be encoded to know.
  return text.length > octets || (text.length * 3 > octets && encodeUtf8(text).length > octets)
}

// esmtp-keyword = (ALPHA / DIGIT) *(ALPHA / DIGIT / "-")
/**
 * The pattern of an `esmtp-keyword`, which an `ehlo-keyword` is too.
 *
 * @internal
 */
export const KEYWORD: RegExp = /^[A-Za-z0-9][A-Za-z0-9-]*$/

// Dot-string = Atom *("." Atom)
/**
 * The pattern of a `Dot-string`.
 *
 * @internal
 */
export const DOT_STRING: RegExp = new RegExp(`^[${ATEXT}${UTF8_NON_ASCII}]+(?:\\.[${ATEXT}${UTF8_NON_ASCII}]+)*$`, 'u')

// qtextSMTP = %d32-33 / %d35-91 / %d93-126 ; quoted-pairSMTP = %d92 %d32-126
/**
 * The pattern of a `Quoted-string`.
 *
 * @internal
 */
export const QUOTED_STRING: RegExp = new RegExp(`^"(?:[ !#-\\[\\]-~${UTF8_NON_ASCII}]|\\\\[ -~])*"$`, 'u')

// IPv4-address-literal = Snum 3("." Snum)          ; without leading zeros, which some read as octal
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
// A general literal has a tag that is registered, and IPv6 is the only one that is.
function isAddressLiteral(text: string): boolean {
  if (!text.endsWith(']')) return false
  const inner = text.slice(1, -1)
  return /^ipv6:/i.test(inner) ? isIpv6(inner.slice(5)) : IPV4.test(inner)
}

/**
 * Tells whether text is an IP address without brackets or prefix.
 *
 * @internal
 */
export function isIpAddress(text: string): boolean {
  return IPV4.test(text) || isIpv6(text)
}

// IPv6-addr = IPv6-full / IPv6-comp / IPv6v4-full / IPv6v4-comp ; "::" stands for at least two groups
function isIpv6(text: string): boolean {
  const halves = text.split('::')
  if (halves.length > 2) return false
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')))
  const last = groups.at(-1)
  const dotted = last?.includes('.') === true
  if (dotted && !(IPV4.test(last) && text.endsWith(last))) return false
  const hex = dotted ? groups.slice(0, -1) : groups
  const width = hex.length + (dotted ? 2 : 0)
  return hex.every((group) => HEX_GROUP.test(group)) && (halves.length === 2 ? width <= 6 : width === 8)
}
