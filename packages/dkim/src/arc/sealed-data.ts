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
 * Gives the data of a seal by its index: the sets up to its own, whose `b=` is empty.
 *
 * @internal
 * @param sets From the first; of a chain that failed only the last.
 */
export function sealedData(sets: readonly SetFields[]): (index: number) => Uint8Array {
  const whole = sets.map(({ seal, ...others }) => concatBytes([...linesOf(others), relaxed(seal), CRLF]))
  return (index) => {
    const { seal, ...others } = sets[index]!
    return concatBytes([...whole.slice(0, index), ...linesOf(others), relaxed(withoutValue(seal))])
  }
}

const relaxed = (field: Uint8Array): Uint8Array => canonicalizeField(field, 'relaxed')

function linesOf({ results, signature }: Omit<SetFields, 'seal'>): Uint8Array[] {
  return [relaxed(results), CRLF, relaxed(signature), CRLF]
}
