import fc from 'fast-check'
import { expect, test } from 'vitest'
import { memoryUsedTickets, type UsedTickets } from '../src/server/used-tickets.ts'

class Clock {
  time = 1_800_000_000_000
  readonly now = (): number => this.time
}

const uses = (used: UsedTickets, jti: string, until: number): Promise<boolean | string> =>
  used.use(jti, until).catch((error: { code: string }) => error.code)

test('memoryUsedTickets: of many calls at once exactly one is the first', async () => {
  const used = memoryUsedTickets()
  const until = Date.now() + 60_000
  const answers = await Promise.all(Array.from({ length: 100 }, () => used.use('one', until)))
  expect(answers.filter(Boolean)).toEqual([true])
  expect(await used.use('two', until)).toBe(true)
})

test('memoryUsedTickets: remembers a ticket until it has expired, and then makes room', async () => {
  const clock = new Clock()
  const used = memoryUsedTickets({ now: clock.now, capacity: 1 })
  expect(await used.use('one', clock.time + 60_000)).toBe(true)
  clock.time += 59_999
  expect(await used.use('one', clock.time + 1)).toBe(false)
  expect(await uses(used, 'two', clock.time + 60_000)).toBe('BRIDGE_BUSY')
  clock.time += 1001
  expect(await used.use('two', clock.time + 60_000)).toBe(true)
})

test('memoryUsedTickets: a full one forgets nothing, and still knows what was used', async () => {
  const clock = new Clock()
  const used = memoryUsedTickets({ now: clock.now, capacity: 2 })
  const until = clock.time + 60_000
  expect(await Promise.all(['a', 'b', 'c', 'a', 'b'].map((jti) => uses(used, jti, until)))).toEqual([
    true,
    true,
    'BRIDGE_BUSY',
    false,
    false,
  ])
})

test('memoryUsedTickets: a clock that is set back makes nothing good again', async () => {
  const clock = new Clock()
  const used = memoryUsedTickets({ now: clock.now })
  await used.use('one', clock.time + 60_000)
  clock.time -= 3_600_000
  expect(await used.use('one', clock.time + 3_660_000)).toBe(false)
})

test('memoryUsedTickets: a clock that is set back does not keep it from making room', async () => {
  const clock = new Clock()
  const used = memoryUsedTickets({ now: clock.now, capacity: 2 })
  await used.use('one', clock.time + 60_000)
  clock.time -= 3_600_000
  await used.use('two', clock.time + 60_000)
  clock.time += 60_000
  expect(await used.use('three', clock.time + 60_000)).toBe(true)
})

test('memoryUsedTickets: no ticket that has not expired is used twice, and never more are held than may be', async () => {
  const step = fc.record({ jti: fc.constantFrom(...'abcdefgh'), wait: fc.nat(3000) })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const clock = new Clock()
      const used = memoryUsedTickets({ now: clock.now, capacity: 4 })
      const good = new Map<string, number>()
      for (const { jti, wait } of steps) {
        clock.time += wait
        const until = clock.time + 5000
        const answer = await uses(used, jti, until)
        const held = [...good.values()].filter((one) => one > clock.time).length
        if ((good.get(jti) ?? 0) > clock.time) expect(answer).toBe(false)
        if (answer === true) expect(held).toBeLessThan(4)
        if (answer === true) good.set(jti, until)
      }
    }),
  )
})
