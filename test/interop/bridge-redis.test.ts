import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from 'redis'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { redisUsedTickets } from '../../packages/bridge/src/redis.ts'
import { Daemon, freePort } from './lib/process.ts'

// Redis as the memory of two bridges: the server is the judge of which use was the first.
const folder = mkdtempSync(join(tmpdir(), 'posthorn-redis-'))
const bridges: ReturnType<typeof createClient>[] = []
let server: Daemon
let port: number

async function connect(): Promise<ReturnType<typeof createClient>> {
  const client = createClient({ url: `redis://127.0.0.1:${port}`, disableOfflineQueue: true })
  client.on('error', () => undefined)
  await client.connect()
  return client as ReturnType<typeof createClient>
}

beforeAll(async () => {
  port = await freePort()
  const options = ['--bind', '127.0.0.1', '--port', String(port), '--save', '', '--appendonly', 'no', '--dir', folder]
  server = new Daemon('/usr/bin/redis-server', options)
  await server.ready(port)
  bridges.push(await connect(), await connect())
})

afterAll(async () => {
  for (const bridge of bridges) bridge.destroy()
  await server?.stop()
  rmSync(folder, { recursive: true, force: true })
})

test('redisUsedTickets: of two bridges at once, exactly one takes each ticket', async () => {
  const [one, other] = bridges.map((client) => redisUsedTickets(client))
  const until = Date.now() + 60_000
  const wins = [0, 0]
  for (let at = 0; at < 100; at++) {
    const answers = await Promise.all([one!.use(`ticket ${at}`, until), other!.use(`ticket ${at}`, until)])
    expect(answers.filter(Boolean).length).toBe(1)
    wins[answers.indexOf(true)]! += 1
  }
  expect(wins[0]! + wins[1]!).toBe(100)
})

test('redisUsedTickets: many uses of one ticket at once are one', async () => {
  const used = bridges.map((client) => redisUsedTickets(client))
  const until = Date.now() + 60_000
  const answers = await Promise.all(Array.from({ length: 200 }, (_, at) => used[at % 2]!.use('flood', until)))
  expect(answers.filter(Boolean).length).toBe(1)
})

test('redisUsedTickets: a ticket is forgotten after it has expired, and not before', async () => {
  const used = redisUsedTickets(bridges[0]!, { prefix: 'life:' })
  await used.use('one', Date.now() + 30_000)
  const [key, ...more] = await bridges[1]!.keys('life:*')
  expect(more).toEqual([])
  const left = await bridges[1]!.pTTL(key!)
  expect(left).toBeGreaterThan(60_000)
  expect(left).toBeLessThanOrEqual(90_000)
})

test('redisUsedTickets: bridges with other prefixes do not share', async () => {
  const until = Date.now() + 60_000
  expect(await redisUsedTickets(bridges[0]!, { prefix: 'a:' }).use('same', until)).toBe(true)
  expect(await redisUsedTickets(bridges[1]!, { prefix: 'b:' }).use('same', until)).toBe(true)
})

test('redisUsedTickets: without its server nothing is a first use', async () => {
  const client = await connect()
  client.destroy()
  await expect(redisUsedTickets(client).use('lost', Date.now() + 60_000)).rejects.toThrow()
})
