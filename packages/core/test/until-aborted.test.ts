import { expect, test } from 'vitest'
import { untilAborted } from '../src/index.ts'

const never = () => new Promise<never>(() => undefined)

test('untilAborted: what the promise gives, with a signal and without', async () => {
  const { signal } = new AbortController()
  expect(await untilAborted(Promise.resolve(1), undefined)).toBe(1)
  expect(await untilAborted(Promise.resolve(1), signal)).toBe(1)
  await expect(untilAborted(Promise.reject(new RangeError('no')), signal)).rejects.toThrow('no')
})

test('untilAborted: the reason of a signal that fires, or has fired', async () => {
  const abort = new AbortController()
  const wait = untilAborted(never(), abort.signal)
  abort.abort('enough')
  await expect(wait).rejects.toBe('enough')
  await expect(untilAborted(never(), abort.signal)).rejects.toBe('enough')
  await expect(untilAborted(Promise.reject(new RangeError('no')), abort.signal)).rejects.toBe('enough')
})
