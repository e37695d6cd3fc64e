/** The seam to a source of randomness, which the caller gives where a package needs one. */

/**
 * Gives random octets, good enough for keys, as many as asked for; `crypto.getRandomValues` behind it serves.
 *
 * @param length How many.
 */
export type RandomOctets = (length: number) => Uint8Array

/**
 * Asks a source for many octets at a time and hands them out in order, each once: to ask costs as much as to compose a
 * small message. What is handed out is erased here.
 *
 * @param random The source.
 * @param size How many octets to ask for; default 4,096. A larger request goes to the source as it is.
 * @returns A source of the same quality.
 * @example
 * let asked = 0
 * const random = pooledRandom((length) => new Uint8Array(length).fill(++asked))
 * random(2) // new Uint8Array([1, 1])
 * random(3) // new Uint8Array([1, 1, 1])
 * asked // 1
 */
export function pooledRandom(random: RandomOctets, size = 4096): RandomOctets {
  let pool = new Uint8Array(0)
  let next = 0
  return (length) => {
    if (length > size) return random(length)
    if (next + length > pool.length) {
      pool = new Uint8Array(random(size))
      next = 0
    }
    const octets = pool.slice(next, next + length)
    pool.fill(0, next, next + length)
    next += length
    return octets
  }
}
