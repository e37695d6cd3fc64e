/** The terms of RFC 5321 section 4.1.2 and 4.1.3 (as RFC 6531 section 3.3 extends them) that paths and greetings share. */

import { ATEXT, type DomainOptions, encodeUtf8, isAscii, isDomain, isIpLiteral } from '@posthorn/core'

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

/**
 * Tells whether text is a `Domain` or an `address-literal`.
 *
 * @internal
 */
export function isHost(text: string, options: DomainOptions = {}): boolean {
  return text.startsWith('[') ? isIpLiteral(text) : isDomain(text, options)
}
