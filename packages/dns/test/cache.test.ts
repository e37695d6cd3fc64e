import { expect, test } from 'vitest'
import { rejectionOf } from '../../../test/failure.ts'
import { type Answer, CachingResolver, MemoryZone, type RecordType, type Resolver } from '../src/index.ts'

function clocked(zone: Resolver, options = {}) {
  const clock = { now: 1_000_000 }
  return { clock, cache: new CachingResolver(zone, { now: () => clock.now, ...options }) }
}

test('CachingResolver: keeps records for as long as they hold, and counts down [rfc1034 5.3]', async () => {
  const zone = new MemoryZone().add('a.example', 'A', '192.0.2.1', { ttl: 60 })
  const { clock, cache } = clocked(zone)
  expect(await cache.resolve('a.example', 'A')).toMatchObject({ ttl: 60 })
  clock.now += 59_999
  expect(await cache.resolve('A.Example.', 'A')).toMatchObject({ status: 'found', ttl: 1 })
  expect(zone.queries).toHaveLength(1)
  clock.now += 1
  expect(await cache.resolve('a.example', 'A')).toMatchObject({ ttl: 60 })
  expect(zone.queries).toHaveLength(2)
})

const absent = (status: 'nxdomain' | 'nodata', ttl: number): Answer => ({
  status,
  name: 'a.example',
  ttl,
  authenticated: true,
})

class Scripted implements Resolver {
  count = 0
  readonly #answer: Answer
  constructor(answer: Answer) {
    this.#answer = answer
  }
  async resolve<T extends RecordType>(): Promise<Answer<T>> {
    this.count++
    return this.#answer as Answer<T>
  }
}

test.each([
  ['an absence of a name', absent('nxdomain', 100), 100],
  ['an absence of a type', absent('nodata', 100), 100],
  ['an absence for longer than is allowed', absent('nxdomain', 90_000), 3600],
  ['an absence that nobody dated', absent('nxdomain', 0), 0],
  ['a failure', { status: 'servfail' } as const, 5],
  ['no answer', { status: 'timeout' } as const, 5],
  [
    'records for longer than is allowed',
    { status: 'found', name: 'a.example', records: ['192.0.2.1'], ttl: 1e6, authenticated: true } as const,
    86_400,
  ],
])('CachingResolver: keeps %s [rfc2308 5, rfc9520 3.2]', async (_name, answer, seconds) => {
  const scripted = new Scripted(answer)
  const { clock, cache } = clocked(scripted)
  const first = await cache.resolve('a.example', 'A')
  expect(first).toEqual('ttl' in answer ? { ...answer, ttl: seconds } : answer)
  clock.now += seconds * 1000 - 1
  await cache.resolve('a.example', 'A')
  expect(scripted.count).toBe(seconds === 0 ? 2 : 1)
  clock.now += 1
  await cache.resolve('a.example', 'A')
  expect(scripted.count).toBe(seconds === 0 ? 3 : 2)
})

test('CachingResolver: types of one name are kept apart', async () => {
  const zone = new MemoryZone().add('a.example', 'A', '192.0.2.1').add('a.example', 'TXT', 'x')
  const { cache } = clocked(zone)
  expect(await cache.resolve('a.example', 'A')).toMatchObject({ records: ['192.0.2.1'] })
  expect(await cache.resolve('a.example', 'TXT')).toMatchObject({ records: ['x'] })
})

test('CachingResolver: the answer used longest ago makes room', async () => {
  const zone = new MemoryZone()
  for (const name of ['a', 'b', 'c']) zone.add(`${name}.example`, 'A', '192.0.2.1')
  const { cache } = clocked(zone, { maxEntries: 2 })
  for (const name of ['a', 'b', 'a', 'c', 'a', 'b']) await cache.resolve(`${name}.example`, 'A')
  expect(zone.queries.map(({ name }) => name)).toEqual(['a.example', 'b.example', 'c.example', 'b.example'])
})

test('CachingResolver: a clock that goes back, and clear, forget', async () => {
  const zone = new MemoryZone().add('a.example', 'A', '192.0.2.1')
  const { clock, cache } = clocked(zone)
  await cache.resolve('a.example', 'A')
  clock.now -= 1
  await cache.resolve('a.example', 'A')
  cache.clear()
  await cache.resolve('a.example', 'A')
  expect(zone.queries).toHaveLength(3)
})

function held() {
  let release: (answer: Answer) => void = () => undefined
  let asked = 0
  const resolver: Resolver = {
    resolve: () => {
      asked++
      return new Promise((resolve) => {
        release = resolve as never
      })
    },
  }
  return { resolver, release: (answer: Answer) => release(answer), asked: () => asked }
}

test('CachingResolver: what is being asked is not asked again, and one caller’s signal ends its wait alone', async () => {
  const { resolver, release, asked } = held()
  const { cache } = clocked(resolver)
  const abort = new AbortController()
  const first = cache.resolve('a.example', 'A', { signal: abort.signal })
  const second = cache.resolve('a.example', 'A')
  abort.abort(new Error('given up'))
  await expect(first).rejects.toThrow('given up')
  release(absent('nodata', 60))
  expect(await second).toMatchObject({ status: 'nodata' })
  expect(asked()).toBe(1)
})

test('CachingResolver: a rejection is not kept', async () => {
  let count = 0
  const resolver: Resolver = { resolve: () => Promise.reject(new Error(`no ${++count}`)) }
  const { cache } = clocked(resolver)
  await expect(cache.resolve('a.example', 'A')).rejects.toThrow('no 1')
  await expect(cache.resolve('a.example', 'A')).rejects.toThrow('no 2')
  expect(await rejectionOf(() => cache.resolve('a b', 'A'))).toBe('DNS_BAD_NAME')
})
