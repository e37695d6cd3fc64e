/** How many signed timestamps a certificate holds: RFC 6962 section 3.3. Out of scope: their signatures. */

const OCTET_STRING = 4

/**
 * Counts the timestamps in the extension.
 *
 * @internal
 * @param value The octets of the extension: an OCTET STRING of a list with lengths in front.
 * @returns Their number; 0 where there is none, or the list is cut.
 */
export function countScts(value: Uint8Array | undefined): number {
  if (value?.[0] !== OCTET_STRING) return 0
  const list = value.subarray(2 + Math.max(0, (value[1] ?? 0) - 128))
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
