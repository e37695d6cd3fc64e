/** Which hashes of the body the signatures of a header ask for: `c=` and `l=` of RFC 6376 section 3.5 and RFC 8617 section 4.1.2. */

import type { RawField } from '@posthorn/mime'
import type { BodyHashKind } from './body-hash.ts'
import { formsOf } from './canonical-field.ts'
import { readBodyLength, readCanonicalization } from './signature.ts'
import { type TagList, tagsOf } from './tag-list.ts'
import { attempt } from './verdict.ts'

/**
 * RFC 8617 section 4.2.1: no chain is longer.
 *
 * @internal
 */
export const MAX_SETS = 50

/**
 * What an ARC-Message-Signature without `c=` means.
 *
 * QUIRK: by RFC 6376 section 3.5 it would be `simple/simple`; those who seal without it mean this, and the suite of
 * RFC 8617 has it so.
 *
 * @internal
 */
export const ARC_CANONICALIZATION = 'relaxed/relaxed'

/**
 * Gives what is to be hashed; a signature that cannot be read asks for nothing.
 *
 * @internal
 */
export function hashKindsOf(fields: readonly RawField[], maxSignatures = 10): readonly BodyHashKind[] {
  const named = (name: string): readonly RawField[] => fields.filter((field) => field.name.toLowerCase() === name)
  const signatures = named('dkim-signature').slice(0, maxSignatures)
  const ofSets = named('arc-message-signature').slice(0, MAX_SETS)
  return [
    ...signatures.flatMap((field) => kindOf(field)),
    ...ofSets.flatMap((field) => kindOf(field, ARC_CANONICALIZATION)),
  ]
}

function kindOf(field: RawField, absent?: string): BodyHashKind[] {
  return attempt(
    () => kindFrom(tagsOf(field), absent),
    () => [],
  )
}

function kindFrom(tags: TagList, absent?: string): BodyHashKind[] {
  const canonicalization = formsOf(readCanonicalization(tags, absent))?.[1]
  return canonicalization ? [{ canonicalization, limit: readBodyLength(tags) }] : []
}
