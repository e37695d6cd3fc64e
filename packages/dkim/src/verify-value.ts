/** Whether a signature can be read, and fits what is here: its body, and its value. RFC 6376 section 6.1.1 and 6.1.3. */

import { decodeBase64 } from '@posthorn/core'
import type { RawField } from '@posthorn/mime'
import { type DkimAlgorithm, signingInput } from './algorithm.ts'
import type { BodyHash } from './body-hash.ts'
import type { PublicKey } from './public-key.ts'
import { type DkimSignature, readSignature } from './signature.ts'
import { tagsOf } from './tag-list.ts'
import { attempt, type DkimReason, Refusal, reasonOf } from './verdict.ts'

/**
 * Reads a signature, or refuses it.
 *
 * @internal
 */
export function parseSignature(own: RawField): DkimSignature {
  return attempt(
    () => readSignature(tagsOf(own)),
    (code) => {
      throw new Refusal('permerror', reasonOf<DkimReason>(code))
    },
  )
}

/**
 * Refuses another body than the one that was signed.
 *
 * @internal
 * @returns How many octets of it are not signed.
 */
export function checkBody(
  { hash, length }: BodyHash,
  { bodyHash, bodyLength = length }: Pick<DkimSignature, 'bodyHash' | 'bodyLength'>,
): number {
  if (bodyLength > length) throw new Refusal('fail', 'body-too-short')
  if (hash !== bodyHash) throw new Refusal('fail', 'body-hash-mismatch')
  return length - bodyLength
}

/**
 * Refuses a value that is not that of the canonical header by the key.
 *
 * @internal
 */
export async function checkValue(
  key: PublicKey,
  signature: Pick<DkimSignature, 'algorithm' | 'value'>,
  data: Uint8Array,
): Promise<void> {
  const algorithm = signature.algorithm as DkimAlgorithm
  const value = decodeBase64(signature.value)
  // A signature of another length throws in some runtimes.
  if (value.length !== key.signatureLength) throw new Refusal('fail', 'signature-mismatch')
  const input = await signingInput(algorithm, data)
  // Key and signature are well-formed here, so an exception says that the runtime cannot do this.
  const good = await key.verify(value, input).catch(() => {
    throw new Refusal('neutral', 'unsupported-algorithm')
  })
  if (!good) throw new Refusal('fail', 'signature-mismatch')
}
