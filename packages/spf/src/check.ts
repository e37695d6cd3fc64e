/** What one check knows: the client and the sender. RFC 7208 sections 2 and 4.1. */

import type { Lookup } from './lookup.ts'

/** @internal */
export interface Check {
  readonly lookup: Lookup
  readonly client: Uint8Array
  readonly sender: Sender
  readonly helo: string
  readonly receiver: string | undefined
  readonly now: number | undefined
}

/** @internal */
export interface Sender {
  /** `postmaster` where the sender has none. */
  readonly localPart: string
  /** As it was given. */
  readonly domain: string
}

/**
 * Tells which sender is checked: the reverse-path, or the postmaster of what the client calls itself.
 *
 * @internal
 */
export function senderOf(reversePath: string, helo: string): Sender {
  // RFC 7208 section 2.4: for the null reverse-path.
  if (reversePath === '') return { localPart: 'postmaster', domain: helo }
  const at = reversePath.lastIndexOf('@')
  // RFC 7208 section 4.3:
  return { localPart: reversePath.slice(0, Math.max(at, 0)) || 'postmaster', domain: reversePath.slice(at + 1) }
}
