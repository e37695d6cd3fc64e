/** What a seal covers: RFC 8617 section 5.1.1. */

import { concatBytes } from '@posthorn/core'
import { canonicalizeField } from '../canonical-field.ts'
import { withoutValue } from '../signed-data.ts'

const CRLF = Uint8Array.of(13, 10)

/**
 * The fields of one set, each without its CRLF.
 *
 * @internal
 */
export interface SetFields {
  readonly results: Uint8Array
  readonly signature: Uint8Array
  readonly seal: Uint8Array
}

/**
 * Gives the data of each seal: the sets up to its own, whose `b=` is empty.
 *
 * @internal
 * @param sets From the first; of a chain that failed only the last.
 */
export function sealedData(sets: readonly SetFields[]): Uint8Array[] {
  const relaxed = (field: Uint8Array): Uint8Array => canonicalizeField(field, 'relaxed')
  let before: Uint8Array = new Uint8Array(0)
  return sets.map(({ results, signature, seal }) => {
    const open = concatBytes([before, relaxed(results), CRLF, relaxed(signature), CRLF])
    before = concatBytes([open, relaxed(seal), CRLF])
    return concatBytes([open, relaxed(withoutValue(seal))])
  })
}
