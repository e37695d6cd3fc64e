/** The seam to a source of randomness, which the caller gives where a package needs one. */

/**
 * Gives random octets, good enough for keys, as many as asked for; `crypto.getRandomValues` behind it serves.
 *
 * @param length How many.
 */
export type RandomOctets = (length: number) => Uint8Array
