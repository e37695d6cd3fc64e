import { expect, test } from 'vitest'
import { type RedisSetClient, redisUsedTickets } from '../src/server/redis-used-tickets.ts'

const NOW = 1_800_000_000_000

function recorder(answer: unknown): { client: RedisSetClient; calls: unknown[][] } {
  const calls: unknown[][] = []
  return {
    calls,
    client: {
      set: async (...args) => {
        calls.push(args)
        return answer
      },
    },
  }
}

test('redisUsedTickets: asks for the key once, for as long as the ticket is good and a minute', async () => {
  const { client, calls } = recorder('OK')
  expect(await redisUsedTickets(client, { now: () => NOW }).use('one', NOW + 30_000)).toBe(true)
  // printf one | openssl dgst -sha256 -binary | base64, in the URL-safe alphabet
  const key = 'posthorn:ticket:dpLDrTVAu4A8Ags67mbNiIcSMjTqDG5xQ8Ct1z_0Me0'
  expect(calls.map(([name, , options]) => [name, options])).toEqual([[key, { NX: true, PX: 90_000 }]])
})

test('redisUsedTickets: keys are of one length and alphabet, whatever the ticket has', async () => {
  const { client, calls } = recorder('OK')
  const used = redisUsedTickets(client, { prefix: 'p:', now: () => NOW })
  for (const jti of ['', 'a b\r\nFLUSHALL\r\n', 'x'.repeat(128), 'ü:*']) await used.use(jti, NOW)
  for (const [key] of calls) expect(key).toMatch(/^p:[A-Za-z0-9_-]{43}$/)
  expect(new Set(calls.map(([key]) => key)).size).toBe(4)
})

test.each([null, undefined, 'QUEUED', 1])('redisUsedTickets: %j is no first use', async (answer) => {
  expect(await redisUsedTickets(recorder(answer).client).use('one', NOW)).toBe(false)
})

test('redisUsedTickets: a ticket that has expired by this clock is still remembered', async () => {
  const { client, calls } = recorder('OK')
  await redisUsedTickets(client, { now: () => NOW }).use('one', NOW - 5000)
  expect(calls[0]?.[2]).toEqual({ NX: true, PX: 60_000 })
})

test('redisUsedTickets: a failure of the client is passed on, so that the bridge refuses', async () => {
  const client: RedisSetClient = { set: () => Promise.reject(new Error('down')) }
  await expect(redisUsedTickets(client).use('one', NOW)).rejects.toThrow('down')
})
