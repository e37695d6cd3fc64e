/** How many signed timestamps a certificate holds: RFC 6962 section 3.3. Out of scope: their signatures. */

import { type Asn1Value, TAG } from './asn1.ts'

/**
 * Counts the timestamps in the extension.
 *
 * @internal
 * @param value The extension: an OCTET STRING of a list with lengths in front.
 * @returns Their number; 0 where there is none, or the list is cut.
 */
export function countScts(value: Asn1Value | undefined): number {
  if (value?.tag !== TAG.octetString) return 0
  const list = value.content
  if (lengthAt(list, 0) !== list.length - 2) return 0
  let count = 0
  let at = 2
  while (at < list.length) {
    const length = lengthAt(list, at)
    if (length === 0) return 0
    at += 2 + length
    count++
  }
  return at === list.length ? count : 0
}

function lengthAt(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0)
}
