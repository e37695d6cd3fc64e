/**
 * Character classes that several grammars share: US-ASCII, controls, digits of base 16, and the `atext` of RFC 5322 section
 * 3.2.3.
 */

/** The members of `atext`, to stand inside a character class of a pattern. */
export const ATEXT = "A-Za-z0-9!#$%&'*+\\-/=?^_`{|}~"

const ASCII = /^[\u0000-\u007f]*$/

/**
 * Tells whether text is US-ASCII alone.
 *
 * @param text Any text.
 * @example
 * isAscii('né') // false
 */
export function isAscii(text: string): boolean {
  return ASCII.test(text)
}

// HAZARD: U+0085, U+2028 and U+2029 end a line for some readers of the wire or of a log; half of a surrogate pair has
// no UTF-8, so that U+FFFD would go out in its place.
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\p{Cs}]/u

/**
 * Finds the first character that must not go out: a control of C0 (so CR, LF, NUL, TAB), DEL or C1, a Unicode line
 * separator, or half of a surrogate pair.
 *
 * @param text Any text.
 * @returns Its offset in UTF-16 units, or -1.
 * @example
 * findControl('MAIL\r\nRCPT') // 4
 */
export function findControl(text: string): number {
  return text.search(CONTROL)
}

/**
 * Gives the octet that two digits of base 16 stand for, in either case.
 *
 * @param bytes Digits in US-ASCII, among others.
 * @param at Where the first of the two stands; nothing need be there.
 * @returns 0 to 255, or a negative number where two digits do not stand there.
 * @example
 * hexOctet(encodeUtf8('=E9'), 1) // 233
 * hexOctet(encodeUtf8('=E'), 1) < 0 // true
 */
export function hexOctet(bytes: Uint8Array, at: number): number {
  return (hexDigit(bytes[at]) << 4) | hexDigit(bytes[at + 1])
}

/**
 * Writes octets in base 16, in lower case.
 *
 * @param bytes Any octets.
 * @returns Two digits for each.
 * @example
 * encodeHex(new Uint8Array([10, 255])) // '0aff'
 */
export function encodeHex(bytes: Iterable<number>): string {
  return Array.from(bytes, (octet) => octet.toString(16).padStart(2, '0')).join('')
}

/** @internal */
export function hexDigit(octet: number | undefined): number {
  if (octet === undefined) return -1
  if (octet >= 48 && octet <= 57) return octet - 48
  const letter = octet & ~0x20
  return letter >= 65 && letter <= 70 ? letter - 55 : -1
}
