/** Charsets of one octet a character, as tables of 256 UTF-16 units. */

const LATIN_1 = /* @__PURE__ */ (() => Uint16Array.from({ length: 256 }, (_, octet) => octet))()
const BLOCK = 8192

/**
 * Makes a table that is US-ASCII below, and the controls of ISO 8859 where 96 characters are given.
 *
 * @internal
 * @param upper The characters of the last octets, 96 or 128 or fewer of them from 0x80 on; U+FFFD for none.
 */
export function makeTable(upper: string): Uint16Array {
  const table = LATIN_1.slice()
  const from = upper.length === 96 ? 0xa0 : 0x80
  for (let at = 0; at < upper.length; at++) table[from + at] = upper.charCodeAt(at)
  return table
}

/**
 * Decodes octets by a table.
 *
 * @internal
 */
export function decodeByTable(bytes: Uint8Array, table: Uint16Array): string {
  let text = ''
  for (let start = 0; start < bytes.length; start += BLOCK) {
    const block = bytes.subarray(start, start + BLOCK)
    text += String.fromCharCode(...Uint16Array.from(block, (octet) => table[octet]!))
  }
  return text
}
