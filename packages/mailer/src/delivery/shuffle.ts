/** Random order: RFC 5321 section 5.1. */

import type { RandomOctets } from '@posthorn/core'

const RANGE = 2 ** 32

/**
 * Gives a list in random order.
 *
 * @internal
 */
export function shuffled<T>(list: readonly T[], random: RandomOctets): T[] {
  const mixed = [...list]
  for (let last = mixed.length - 1; last > 0; last--) {
    const [a = 0, b = 0, c = 0, d = 0] = random(4)
    const at = Math.floor((((a * 256 + b) * 256 + c) * 256 + d) * ((last + 1) / RANGE))
    const one = mixed[last]!
    mixed[last] = mixed[at]!
    mixed[at] = one
  }
  return mixed
}
