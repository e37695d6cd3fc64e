import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { interleave, type Race, race } from '../src/race.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

interface Told {
  readonly begun: string[]
  readonly ended: string[]
  readonly dropped: string[]
}

/** Races addresses, each of which answers, or fails, after some milliseconds; `Infinity`: never. */
function start(
  plan: Record<string, number | { fails: number }>,
  more: Partial<Race<string>> = {},
): Told & { result: Promise<string> } {
  const told: Told = { begun: [], ended: [], dropped: [] }
  const began = Date.now()
  const result = race({
    first: Object.keys(plan),
    attempt: (address, signal) =>
      new Promise((resolve, reject) => {
        told.begun.push(`${address} ${Date.now() - began}`)
        signal.addEventListener('abort', () => {
          told.ended.push(address)
          reject(signal.reason)
        })
        const one = plan[address]!
        const milliseconds = typeof one === 'number' ? one : one.fails
        const settle = (): void => (typeof one === 'number' ? resolve(address) : reject(new Error(address)))
        if (milliseconds < Number.POSITIVE_INFINITY) setTimeout(settle, milliseconds)
      }),
    drop: (late) => void told.dropped.push(late),
    delay: 250,
    most: 10,
    signal: new AbortController().signal,
    ...more,
  })
  result.catch(() => undefined)
  return { ...told, result }
}

describe('race [rfc8305 5]', () => {
  test('the first that answers in time is the only one tried', async () => {
    const { begun, result } = start({ '192.0.2.1': 200, '192.0.2.2': 10 })
    await vi.advanceTimersByTimeAsync(1000)
    expect(await result).toBe('192.0.2.1')
    expect(begun).toEqual(['192.0.2.1 0'])
  })

  test('after the delay the next is tried beside it, and the others are ended when one answers', async () => {
    const { begun, ended, result } = start({ '192.0.2.1': 1000, '192.0.2.2': 600, '192.0.2.3': 60 })
    await vi.advanceTimersByTimeAsync(2000)
    expect(await result).toBe('192.0.2.3')
    expect(begun).toEqual(['192.0.2.1 0', '192.0.2.2 250', '192.0.2.3 500'])
    expect(ended.sort()).toEqual(['192.0.2.1', '192.0.2.2', '192.0.2.3'])
  })

  test('when one fails the next is tried at once, and has the whole delay', async () => {
    const { begun, result } = start({ '192.0.2.1': { fails: 10 }, '192.0.2.2': { fails: 300 }, '192.0.2.3': 10 })
    await vi.advanceTimersByTimeAsync(2000)
    expect(await result).toBe('192.0.2.3')
    expect(begun).toEqual(['192.0.2.1 0', '192.0.2.2 10', '192.0.2.3 260'])
  })

  test('all fail: their errors in the order in which they came', async () => {
    const { result } = start({ '192.0.2.1': { fails: 400 }, '192.0.2.2': { fails: 1 } })
    await vi.advanceTimersByTimeAsync(1000)
    const error = (await result.catch((cause: unknown) => cause)) as AggregateError
    expect(error.errors.map(({ message }) => message)).toEqual(['192.0.2.2', '192.0.2.1'])
  })

  test('no more than `most` are tried', async () => {
    const { begun, result } = start(
      { '192.0.2.1': { fails: 1 }, '192.0.2.2': { fails: 1 }, '192.0.2.3': 1 },
      { most: 2 },
    )
    await vi.advanceTimersByTimeAsync(1000)
    await expect(result).rejects.toBeInstanceOf(AggregateError)
    expect(begun).toHaveLength(2)
  })

  test('addresses that come later are tried when it is their turn', async () => {
    const later = new Promise<string[]>((resolve) => setTimeout(resolve, 100, ['2001:db8::1']))
    const { begun, result } = start({ '192.0.2.1': 1000, '2001:db8::1': 1 }, { first: ['192.0.2.1'], later })
    await vi.advanceTimersByTimeAsync(2000)
    expect(await result).toBe('2001:db8::1')
    expect(begun).toEqual(['192.0.2.1 0', '2001:db8::1 250'])
  })

  test('addresses that come later are waited for when the others have failed', async () => {
    const later = new Promise<string[]>((resolve) => setTimeout(resolve, 100, ['2001:db8::1']))
    const { result } = start({ '192.0.2.1': { fails: 1 }, '2001:db8::1': 1 }, { first: ['192.0.2.1'], later })
    await vi.advanceTimersByTimeAsync(2000)
    expect(await result).toBe('2001:db8::1')
  })

  test('a signal ends all, and no timer stays', async () => {
    const abort = new AbortController()
    const { begun, ended, result } = start({ '192.0.2.1': Infinity, '192.0.2.2': Infinity }, { signal: abort.signal })
    await vi.advanceTimersByTimeAsync(10)
    abort.abort()
    await expect(result).rejects.toBeInstanceOf(AggregateError)
    expect(begun).toHaveLength(1)
    expect(ended).toEqual(['192.0.2.1'])
    expect(vi.getTimerCount()).toBe(0)
  })

  test('what answers although it was ended is dropped', async () => {
    const dropped: string[] = []
    const { result } = start(
      { '192.0.2.1': 0, '192.0.2.2': 0 },
      {
        delay: 0,
        attempt: (address) => new Promise((resolve) => setTimeout(resolve, address === '192.0.2.1' ? 50 : 60, address)),
        drop: (late) => void dropped.push(late),
      },
    )
    await vi.advanceTimersByTimeAsync(100)
    expect(await result).toBe('192.0.2.1')
    expect(dropped).toEqual(['192.0.2.2'])
  })
})

test.each([
  [[], []],
  [['192.0.2.1', '192.0.2.1'], ['192.0.2.1']],
  [
    ['192.0.2.1', '192.0.2.2', '2001:db8::1', '2001:db8::2', '2001:db8::3'],
    ['192.0.2.1', '2001:db8::1', '192.0.2.2', '2001:db8::2', '2001:db8::3'],
  ],
  [
    ['2001:db8::1', '192.0.2.1'],
    ['2001:db8::1', '192.0.2.1'],
  ],
])('interleave: %j [rfc8305 4]', (addresses, expected) => {
  expect(interleave(addresses)).toEqual(expected)
})
