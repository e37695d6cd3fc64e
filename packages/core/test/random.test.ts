import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pooledRandom } from '../src/index.ts'

// A source that counts, so that every octet of a few thousand can be told from its neighbours.
function counting() {
  const requests: number[] = []
  let given = 0
  const random = (length: number): Uint8Array => {
    requests.push(length)
    return Uint8Array.from({ length }, () => given++ % 251)
  }
  return { random, requests }
}

test('pooledRandom: hands out each octet of a pool at most once, in order', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 200 }), (lengths) => {
      const { random } = counting()
      const pooled = pooledRandom(random, 64)
      let last = -1
      for (const octets of lengths.map((length) => pooled(length))) {
        for (const octet of octets) {
          // A request that the pool cannot fill begins the next.
          expect((octet - last + 251) % 251).toBeGreaterThanOrEqual(1)
          expect((octet - last + 251) % 251).toBeLessThan(21)
          last = octet
        }
      }
    }),
  )
})

test('pooledRandom: asks once for many, and passes on what is larger', () => {
  const { random, requests } = counting()
  const pooled = pooledRandom(random, 32)
  for (let count = 0; count < 4; count++) expect(pooled(8)).toHaveLength(8)
  expect(pooled(33)).toHaveLength(33)
  expect(pooled(1)).toHaveLength(1)
  expect(requests).toEqual([32, 33, 32])
})

test('pooledRandom: what it gives is nobody else’s, and what the source gave is not changed', () => {
  const source = new Uint8Array(8).fill(7)
  const pooled = pooledRandom(() => source, 8)
  const first = pooled(4)
  first.fill(0)
  expect(pooled(4)).toEqual(new Uint8Array(4).fill(7))
  expect(source).toEqual(new Uint8Array(8).fill(7))
})
