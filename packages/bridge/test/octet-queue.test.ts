import { concatBytes, equalBytes } from '@posthorn/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { OctetQueue } from '../src/server/octet-queue.ts'

function drain(queue: OctetQueue): Uint8Array[] {
  const pieces: Uint8Array[] = []
  for (let piece = queue.shift(); piece; piece = queue.shift()) pieces.push(piece)
  return pieces
}

test('OctetQueue: gives what it was given, in order, whenever it is taken', () => {
  const size = fc.oneof(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 4000, max: 20_000 }))
  fc.assert(
    fc.property(fc.array(fc.record({ size, take: fc.boolean() }), { maxLength: 60 }), (steps) => {
      const queue = new OctetQueue()
      const [given, taken]: [Uint8Array[], Uint8Array[]] = [[], []]
      steps.forEach(({ size: length, take }, index) => {
        const octets = new Uint8Array(length).fill(index)
        given.push(octets)
        queue.push(octets)
        if (take) taken.push(queue.shift()!.slice())
      })
      taken.push(...drain(queue))
      expect(queue.isEmpty).toBe(true)
      expect(equalBytes(concatBytes(taken), concatBytes(given))).toBe(true)
    }),
  )
})

test('OctetQueue: what was taken does not change when more comes', () => {
  const queue = new OctetQueue()
  for (const octet of [1, 2, 3]) queue.push(Uint8Array.of(octet))
  const [first, second] = [queue.shift(), queue.shift()]
  queue.push(Uint8Array.of(9))
  queue.push(Uint8Array.of(9))
  expect([first, second]).toEqual([Uint8Array.of(1), Uint8Array.of(2, 3)])
})

test('OctetQueue: single octets take no more room than others', () => {
  const queue = new OctetQueue()
  for (let count = 0; count < 262_144; count++) queue.push(Uint8Array.of(count))
  expect(drain(queue).length).toBeLessThan(20)
})
