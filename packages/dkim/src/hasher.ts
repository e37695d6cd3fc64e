/** A hash that is fed in steps, so that a body need not be in memory. */

/** SHA-256 (FIPS 180-4) in steps. */
export interface Hasher {
  /** Takes some octets, which may change once it has returned. */
  update(bytes: Uint8Array): void
  /** Ends the input, and gives the 32 octets. */
  digest(): Uint8Array | Promise<Uint8Array>
  /** Settles when it can take more; absent or `undefined` when it can. */
  readonly ready?: Promise<unknown> | undefined
}

/** Begins a SHA-256. */
export type CreateHasher = () => Hasher
