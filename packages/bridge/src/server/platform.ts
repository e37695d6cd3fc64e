/** The only place of the policy that touches the runtime: its clock and its randomness. Tests give others. */

/**
 * The time, in milliseconds since 1970.
 *
 * @internal
 */
export function currentTime(): number {
  return Date.now()
}

/**
 * Gives random octets, good enough for what nobody may guess.
 *
 * @internal
 */
export function randomOctets(length: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(length))
}
