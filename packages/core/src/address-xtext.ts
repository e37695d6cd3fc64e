/** Addresses of UTF-8 in US-ASCII alone: RFC 6533 section 3. Reading them is for who knows what must not hide in one. */

// QCHAR = %x21-2A / %x2C-3C / %x3E-5B / %x5D-7E    ; not SP, "+", "=" and "\"
const NO_QCHAR = /[^!-*,-<>-[\]-~]/gu

/**
 * Writes an address as `utf-8-addr-xtext`, which is good for every server. What no address may have is escaped too, for
 * the reader to refuse.
 *
 * @param address The address.
 * @returns US-ASCII without blanks.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6533#section-3 | RFC 6533 section 3}
 * @example
 * encodeAddressXtext('δ+a@example.org') // '\\x{3B4}\\x{2B}a@example.org'
 */
export function encodeAddressXtext(address: string): string {
  return address.replace(
    NO_QCHAR,
    (character) => `\\x{${character.codePointAt(0)!.toString(16).toUpperCase().padStart(2, '0')}}`,
  )
}
