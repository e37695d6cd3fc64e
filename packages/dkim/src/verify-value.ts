/** The field of a signature, and its value against the key: RFC 6376 section 6.1.1 and 6.1.3. */

import { decodeBase64, decodeUtf8 } from '@posthorn/core'
import type { RawField } from '@posthorn/mime'
import { CRYPTO_ALGORITHMS, type DkimAlgorithm, signingInput } from './algorithm.ts'
import { type DkimSignature, parseSignatureTags } from './signature.ts'
import { attempt, type DkimReason, Refusal } from './verdict.ts'
import type { PublicKey } from './verify-key.ts'

/**
 * Reads a signature, or refuses it.
 *
 * @internal
 */
export function parseSignature(own: RawField): DkimSignature {
  const text = decodeUtf8(own.bytes)
  return attempt(
    () => parseSignatureTags(text.slice(text.indexOf(':') + 1)),
    (code) => {
      // DKIM_BAD_TAG_LIST is told as bad-tag-list.
      throw new Refusal('permerror', code.slice(5).toLowerCase().replaceAll('_', '-') as DkimReason)
    },
  )
}

/**
 * Refuses a value that is not that of the canonical header by the key.
 *
 * @internal
 */
export async function checkValue(key: PublicKey, signature: DkimSignature, data: Uint8Array): Promise<void> {
  const algorithm = signature.algorithm as DkimAlgorithm
  const value = decodeBase64(signature.value)
  // A signature of another length throws in some runtimes.
  if (value.length !== key.signatureLength) throw new Refusal('fail', 'signature-mismatch')
  const input = await signingInput(algorithm, data)
  const verify = async () => crypto.subtle.verify(CRYPTO_ALGORITHMS[algorithm], await key.load(), value, input)
  // Key and signature are well-formed here, so an exception says that the runtime cannot do this.
  const good = await verify().catch(() => {
    throw new Refusal('neutral', 'unsupported-algorithm')
  })
  if (!good) throw new Refusal('fail', 'signature-mismatch')
}
