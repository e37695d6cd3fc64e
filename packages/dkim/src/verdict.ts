/** What verification says of one signature: the results of RFC 8601 section 2.7.1, each but `pass` with its reason. */

import { MailError } from '@posthorn/core'
import type { DkimSignature } from './signature.ts'

/**
 * The result of one signature.
 *
 * - `pass`: the domain signed what is here.
 * - `fail`: it did not, or the message was changed.
 * - `policy`: refused for its age or the length of its key, by a limit of the caller, and not tried further.
 * - `neutral`: not evaluated: in a way that is not known here, or one signature too many.
 * - `temperror`: the key could not be asked for; later it may be.
 * - `permerror`: unusable, whatever the message is.
 */
export type DkimResult = 'pass' | 'fail' | 'policy' | 'neutral' | 'temperror' | 'permerror'

/** Why a signature did not pass; the README has a table. */
export type DkimReason =
  | 'bad-domain'
  | 'bad-identity'
  | 'bad-label'
  | 'bad-message'
  | 'bad-tag'
  | 'bad-tag-list'
  | 'body-hash-mismatch'
  | 'body-too-short'
  | 'expired'
  | 'from-not-signed'
  | 'key-ambiguous'
  | 'key-malformed'
  | 'key-mismatch'
  | 'key-nodata'
  | 'key-not-for-identity'
  | 'key-not-for-mail'
  | 'key-nxdomain'
  | 'key-revoked'
  | 'key-servfail'
  | 'key-timeout'
  | 'key-too-long'
  | 'key-too-short'
  | 'missing-tag'
  | 'retired-algorithm'
  | 'signature-mismatch'
  | 'signed-in-future'
  | 'too-many-signatures'
  | 'unsupported-algorithm'
  | 'unsupported-canonicalization'
  | 'unsupported-query'

/** The verdict on one signature. */
export interface DkimVerdict {
  /** The result. */
  readonly result: DkimResult
  /** Why; absent when it passed. */
  readonly reason?: DkimReason
  /** What the signature says; absent when it could not be read. */
  readonly signature?: DkimSignature
  /** Whether the key says that the domain only tests (`t=y`): a failure then is to be taken as no signature. */
  readonly testing: boolean
  /** The length of the key's modulus in bits, or 256 for Ed25519; absent when no key was got. */
  readonly keyBits?: number
  /** How many octets of the canonical body `l=` leaves out, which anyone may have written; absent until compared. */
  readonly unsignedOctets?: number
}

/**
 * Ends the verification of one signature; thrown by a check, and never out of the package.
 *
 * @internal
 */
export class Refusal {
  readonly result: DkimResult
  readonly reason: DkimReason

  constructor(result: DkimResult, reason: DkimReason) {
    this.result = result
    this.reason = reason
  }
}

/**
 * Gives what a parser gives or, when it throws an error of ours, what that error means here.
 *
 * @internal
 */
export function attempt<T, R>(parse: () => T, otherwise: (code: string) => R): T | R {
  try {
    return parse()
  } catch (error) {
    if (error instanceof MailError) return otherwise(error.code)
    throw error
  }
}

/**
 * Tells of the code of an error as of a reason: `DKIM_BAD_TAG_LIST` is `bad-tag-list`.
 *
 * @internal
 */
export function reasonOf<R extends string>(code: string): R {
  return code
    .slice(code.indexOf('_') + 1)
    .toLowerCase()
    .replaceAll('_', '-') as R
}

/**
 * Gives what a check gives, or its refusal.
 *
 * @internal
 */
export async function outcomeOf<T>(check: () => T | Promise<T>): Promise<T | Refusal> {
  try {
    return await check()
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
}
