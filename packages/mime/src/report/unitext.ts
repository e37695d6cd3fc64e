/** The escapes by which addresses of UTF-8 stand in US-ASCII: RFC 6533 section 3. */

import { encodeAddressXtext } from '@posthorn/core'

// QUCHAR is without these            ; RFC 6533 section 3
const NOT_QUCHAR = /[ \\+=]/g
// EmbeddedUnicodeChar = %x5C.78 "{" HEXPOINT "}"       ; of any number of digits here
const ESCAPE = /\\x\{([0-9A-F]{1,8})\}/gi
// HEXPOINT, without what is no character: SP, "+", "=", "\", or whatever is beyond US-ASCII
const HEXPOINT = /^(?:20|2B|3D|5C|[89A-F][0-9A-F]|[1-9A-F][0-9A-F]{2,4}|10[0-9A-F]{4})$/i

/**
 * Undoes the escapes. One of a control, of half of a surrogate pair or of no character stays as it is written.
 *
 * @internal
 * @returns The text, and whether an escape is none.
 */
export function decodeUnitext(text: string): { readonly text: string; readonly isBad: boolean } {
  let isBad = false
  const decoded = text.replace(ESCAPE, (written: string, digits: string) => {
    const point = Number.parseInt(digits, 16)
    if (!HEXPOINT.test(digits)) isBad = true
    // HAZARD: a line end that hides in an escape would leave the field that the address is written into next.
    if (isCharacter(point)) return String.fromCodePoint(point)
    isBad = true
    return written
  })
  return { text: decoded, isBad }
}

function isCharacter(point: number): boolean {
  const isControl = point < 0x20 || (point >= 0x7f && point < 0xa0) || point === 0x2028 || point === 0x2029
  return !isControl && point <= 0x10ffff && !(point >= 0xd800 && point < 0xe000)
}

/**
 * Writes an address in UTF-8: as it is, the form `utf-8-address`, unless a backslash in it would be taken for an escape;
 * then in the form `utf-8-addr-unitext`.
 *
 * @internal
 */
export function encodeUnitext(text: string): string {
  return text.includes('\\') ? text.replace(NOT_QUCHAR, encodeAddressXtext) : text
}
