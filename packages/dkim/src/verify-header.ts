/** What can be said of a signature before its key is asked for: RFC 6376 section 6.1.1, RFC 8301 section 3. */

import type { RawField } from '@posthorn/mime'
import { CRYPTO_ALGORITHMS } from './algorithm.ts'
import { formsOf } from './canonical-field.ts'
import type { DkimSignature } from './signature.ts'
import { isIdentityOf } from './signer-name.ts'
import { Refusal } from './verdict.ts'

/**
 * Refuses a signature that is made in a way not known here.
 *
 * @internal
 */
export function checkMethods({
  algorithm,
  canonicalization,
  queryMethods,
}: Pick<DkimSignature, 'algorithm' | 'canonicalization' | 'queryMethods'>): void {
  // RFC 8301 section 3.1: rsa-sha1 is a failure for good.
  if (algorithm === 'rsa-sha1') throw new Refusal('permerror', 'retired-algorithm')
  if (!(algorithm in CRYPTO_ALGORITHMS)) throw new Refusal('neutral', 'unsupported-algorithm')
  if (!formsOf(canonicalization)) throw new Refusal('neutral', 'unsupported-canonicalization')
  if (!queryMethods.includes('dns/txt')) throw new Refusal('neutral', 'unsupported-query')
}

/**
 * Refuses a signature on behalf of another domain, or one that leaves a From field unsigned.
 *
 * @internal
 */
export function checkNames(signature: DkimSignature, fields: readonly RawField[]): void {
  if (!isIdentityOf(signature.identity, signature.domain, false)) throw new Refusal('permerror', 'bad-identity')
  // HAZARD: RFC 6376 section 8.15: a second From that is not signed may be the one that is shown.
  const present = countFrom(fields.map(({ name }) => name))
  if (present === 0 || countFrom(signature.signedFields) < present) throw new Refusal('permerror', 'from-not-signed')
}

function countFrom(names: readonly string[]): number {
  return names.filter((name) => name.toLowerCase() === 'from').length
}

/**
 * Refuses a signature for its age.
 *
 * @internal
 */
export function checkTimes(
  { signedAt = 0, expiresAt }: Pick<DkimSignature, 'signedAt' | 'expiresAt'>,
  now: number,
  clockSkew = 300_000,
): void {
  // Asked this way round, a time that is no number lets nothing pass.
  if (!(now - clockSkew <= (expiresAt ?? now))) throw new Refusal('policy', 'expired')
  if (!(signedAt <= now + clockSkew)) throw new Refusal('policy', 'signed-in-future')
}
