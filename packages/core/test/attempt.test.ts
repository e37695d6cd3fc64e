import { expect, test } from 'vitest'
import { type AttemptLimits, attempt } from '../src/attempt.ts'
import { MailError } from '../src/error.ts'

// A timer that the test fires.
function limits(signal?: AbortSignal) {
  const timers: (() => void)[] = []
  const given: AttemptLimits = {
    timeout: 1000,
    signal,
    startTimer: (_, callback) => {
      timers.push(callback)
      return () => timers.splice(timers.indexOf(callback), 1)
    },
    late: () => new MailError('LATE', 'Cannot wait'),
    aborted: (cause) => new MailError('GIVEN_UP', 'Cannot go on', { cause }),
  }
  return { timers, given }
}

const never = (): Promise<never> => new Promise(() => undefined)

test('attempt: gives what comes of it, and leaves no timer', async () => {
  const { timers, given } = limits()
  expect(await attempt(async () => 'done', given)).toBe('done')
  await expect(attempt(() => Promise.reject(new Error('broken')), given)).rejects.toThrow('broken')
  expect(timers).toEqual([])
})

test('attempt: takes no longer than it may', async () => {
  const { timers, given } = limits()
  const waiting = attempt(never, given)
  timers[0]!()
  await expect(waiting).rejects.toMatchObject({ code: 'LATE' })
  expect(timers).toEqual([])
})

test('attempt: ends when its caller gives up, with his reason', async () => {
  const giveUp = new AbortController()
  const { timers, given } = limits(giveUp.signal)
  const waiting = attempt(never, given)
  giveUp.abort('enough')
  await expect(waiting).rejects.toMatchObject({ code: 'GIVEN_UP', cause: 'enough' })
  expect(timers).toEqual([])
})

test('attempt: is not begun for a caller who gave up before', async () => {
  const { given } = limits(AbortSignal.abort())
  let begun = false
  const begin = async (): Promise<void> => {
    begun = true
  }
  await expect(attempt(begin, given)).rejects.toMatchObject({ code: 'GIVEN_UP' })
  expect(begun).toBe(false)
})
