import fc from 'fast-check'
import { expect, test } from 'vitest'
import { AddressRate, TokenBucket } from '../src/server/rate.ts'

class Clock {
  time = 0
  readonly now = (): number => this.time
}

const RATE = { perSecond: 2, burst: 3 }
const takes = (take: () => boolean, count: number): number => Array.from({ length: count }, take).filter(Boolean).length

test('TokenBucket: gives a burst, then as many as have come in', () => {
  const clock = new Clock()
  const bucket = new TokenBucket(RATE, clock.now)
  const take = (): boolean => bucket.take()
  expect(takes(take, 5)).toBe(3)
  clock.time += 499
  expect(takes(take, 1)).toBe(0)
  clock.time += 1
  expect(takes(take, 5)).toBe(1)
  clock.time += 60_000
  expect(takes(take, 9)).toBe(3)
})

test('TokenBucket: a clock that is set back gives nothing, and goes on from there', () => {
  const clock = new Clock()
  const bucket = new TokenBucket(RATE, clock.now)
  const take = (): boolean => bucket.take()
  takes(take, 3)
  clock.time -= 60_000
  expect(takes(take, 5)).toBe(0)
  clock.time += 1000
  expect(takes(take, 5)).toBe(2)
})

test('TokenBucket: over any time no more than a burst and what has come in', () => {
  const step = fc.record({ wait: fc.nat(2000), count: fc.nat(5) })
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const clock = new Clock()
      const bucket = new TokenBucket(RATE, clock.now)
      let given = 0
      for (const { wait, count } of steps) {
        clock.time += wait
        given += takes(() => bucket.take(), count)
      }
      expect(given).toBeLessThanOrEqual(RATE.burst + (clock.time / 1000) * RATE.perSecond + 1e-6)
    }),
  )
})

test('AddressRate: each address has its own, and all of 64 bits of IPv6 have one', () => {
  const rate = new AddressRate(RATE, { now: new Clock().now })
  expect(takes(() => rate.take('8.8.8.8'), 5)).toBe(3)
  expect(takes(() => rate.take('::ffff:8.8.8.8'), 5)).toBe(0)
  expect(takes(() => rate.take('8.8.4.4'), 5)).toBe(3)
  let host = 0
  expect(takes(() => rate.take(`2001:db8::${host++}`), 5)).toBe(3)
})

test('AddressRate: is bounded, and forgets who has been idle for longest', () => {
  const rate = new AddressRate(RATE, { now: new Clock().now, capacity: 2 })
  takes(() => rate.take('8.8.8.1'), 3)
  takes(() => rate.take('8.8.8.2'), 3)
  expect(rate.take('8.8.8.1')).toBe(false)
  expect([rate.take('8.8.8.3'), rate.size]).toEqual([true, 2])
  expect([rate.take('8.8.8.1'), rate.take('8.8.8.2'), rate.size]).toEqual([false, true, 2])
})

test('AddressRate: a flood of addresses is held in 10,000 unless told otherwise', () => {
  const rate = new AddressRate(RATE, { now: new Clock().now })
  for (let at = 0; at < 20_000; at++) rate.take(String(at))
  expect(rate.size).toBe(10_000)
})
