import dns from 'node:dns'
import type { Answer, RecordType } from '@posthorn/dns'
import { afterEach, describe, expect, test } from 'vitest'
import { failureOf, rejectionOf } from '../../../test/failure.ts'
import { type ServerResolverOptions, serverResolver, systemResolver } from '../src/index.ts'
import { isLoopback, parseServerAddress } from '../src/server-address.ts'
import { AD, type Script, type ScriptedDns, startScriptedDns, TC } from './scripted-dns.ts'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

async function start(script: Script, host?: string): Promise<ScriptedDns> {
  const server = await startScriptedDns(script, host)
  closers.push(() => server.close())
  return server
}

const A = { type: 'A', data: '192.0.2.1' }
const FOUND = { status: 'found', name: 'a.example', records: ['192.0.2.1'], ttl: 300, authenticated: false }
const answering: Script = (_, reply) => [reply({ answers: [A] })]
const silent: Script = () => []

function ask(
  servers: readonly ScriptedDns[],
  { type = 'A', ...options }: ServerResolverOptions & { type?: RecordType } = {},
): Promise<Answer> {
  return serverResolver(
    servers.map(({ address }) => address),
    options,
  ).resolve('a.example', type)
}

describe('serverResolver: one server', () => {
  test.each(['127.0.0.1', '::1'])('asks %s over UDP by EDNS of 1,232 octets [rfc9715 3.2]', async (host) => {
    const server = await start(answering, host)
    expect(await ask([server])).toEqual(FOUND)
    expect(server.asked).toMatchObject([{ via: 'udp', name: 'a.example', type: 'A', payloadSize: 1232 }])
  })

  test('TLSA, MX and TXT are read, and absence is told apart [rfc2308 2]', async () => {
    const soa = {
      name: 'example',
      type: 'SOA',
      ttl: 60,
      data: { mname: 'ns.example', rname: 'a.example', minimum: 30 },
    }
    const records: Record<string, object> = {
      TLSA: { type: 'TLSA', data: Buffer.from([3, 1, 1, 9, 9]) },
      MX: { type: 'MX', data: { preference: 10, exchange: 'MX.example' } },
      TXT: { type: 'TXT', data: ['v=', 'spf1'] },
    }
    const server = await start(({ type, name }, reply) => {
      if (name === 'none.example') return [reply({ rcode: 3, authorities: [soa] })]
      return [reply({ answers: records[type] ? [records[type]!] : [] })]
    })
    const resolver = serverResolver(server.address)
    expect(await resolver.resolve('a.example', 'TLSA')).toMatchObject({
      records: [{ usage: 3, selector: 1, matchingType: 1, data: Uint8Array.of(9, 9) }],
    })
    expect(await resolver.resolve('a.example', 'MX')).toMatchObject({
      records: [{ preference: 10, exchange: 'mx.example' }],
    })
    expect(await resolver.resolve('a.example', 'TXT')).toMatchObject({ records: ['v=spf1'] })
    expect(await resolver.resolve('a.example', 'AAAA')).toMatchObject({ status: 'nodata' })
    expect(await resolver.resolve('none.example', 'A')).toMatchObject({ status: 'nxdomain', ttl: 30 })
  })

  test('an answer that was cut is asked for again over TCP [rfc7766 5]', async () => {
    const data = Array.from({ length: 60 }, () => 'x'.repeat(250))
    const server = await start(({ via }, reply) =>
      via === 'udp' ? [reply({ flags: TC })] : [reply({ answers: [{ type: 'TXT', data: [...data] }] })],
    )
    expect(await ask([server], { type: 'TXT' })).toMatchObject({ records: [data.join('')] })
    expect(server.asked.map(({ via }) => via)).toEqual(['udp', 'tcp'])
  })

  test('an answer that was cut amid a record is too', async () => {
    const server = await start(({ via }, reply) =>
      via === 'udp' ? [reply({ flags: TC, answers: [A] }).subarray(0, -2)] : [reply({ answers: [A] })],
    )
    expect(await ask([server])).toEqual(FOUND)
  })

  test('tcp: nothing goes over UDP', async () => {
    const server = await start(answering)
    expect(await ask([server], { tcp: true })).toEqual(FOUND)
    expect(server.asked.map(({ via }) => via)).toEqual(['tcp'])
  })

  test('each question has an identifier and a port of its own [rfc5452 9.2]', async () => {
    const server = await start(answering)
    for (let turn = 0; turn < 12; turn++) await ask([server])
    expect(new Set(server.asked.map(({ id }) => id)).size).toBeGreaterThan(8)
    expect(new Set(server.asked.map(({ port }) => port)).size).toBeGreaterThan(8)
  })

  test('what answers another question, or by another identifier, is passed over [rfc5452 4]', async () => {
    const evil = { type: 'A', data: '203.0.113.1' }
    const server = await start(({ id }, reply) => [
      reply({ id: id ^ 1, answers: [evil] }),
      reply({ name: 'b.example', answers: [evil] }),
      reply({ type: 'AAAA', answers: [evil] }),
      new Uint8Array(3),
      reply({ answers: [A] }),
    ])
    expect(await ask([server])).toEqual(FOUND)
  })

  test('when many of them come, TCP is gone by', async () => {
    const server = await start(({ id, via }, reply) =>
      via === 'tcp'
        ? [reply({ answers: [A] })]
        : Array.from({ length: 40 }, (_, turn) => reply({ id: (id + 1 + turn) & 0xffff })),
    )
    expect(await ask([server])).toEqual(FOUND)
    expect(server.asked.map(({ via }) => via)).toEqual(['udp', 'tcp'])
  })

  test('a server that says the name in other letters has answered', async () => {
    const server = await start((_, reply) => [reply({ name: 'A.eXample', answers: [A] })])
    expect(await ask([server])).toEqual(FOUND)
  })

  test('over TCP, what answers something else, or an end, is no answer', async () => {
    const server = await start(({ id }, reply) => [reply({ id: id ^ 1, answers: [A] })])
    expect(await ask([server], { tcp: true, attempts: 1 })).toEqual({ status: 'timeout' })
  })
})

describe('serverResolver: whose AD bit is believed [rfc6698 4.1]', () => {
  const secure: Script = (_, reply) => [reply({ answers: [A], flags: AD })]

  test('that of a server on this host, unless the caller says otherwise', async () => {
    const server = await start(secure)
    expect(await ask([server])).toMatchObject({ authenticated: true })
    expect(await ask([server], { trustAuthenticated: false })).toMatchObject({ authenticated: false })
  })

  test.each([
    ['127.0.0.1', true],
    ['127.8.9.1', true],
    ['::1', true],
    ['192.0.2.1', false],
    ['128.0.0.1', false],
    ['::127', false],
    ['::ffff:192.0.2.1', false],
  ])('%s is on this host: %s', (address, expected) => {
    expect(isLoopback({ address, port: 53 })).toBe(expected)
  })
})

describe('serverResolver: several servers', () => {
  test('a server that does not answer is followed by the next, and asked again last', async () => {
    const [deaf, well] = [await start(silent), await start(silent)]
    well.script = (_, reply) => (well.asked.length > 1 ? [reply({ answers: [A] })] : [])
    expect(await ask([deaf, well], { attemptTimeout: 30 })).toEqual(FOUND)
    expect([deaf.asked.length, well.asked.length]).toEqual([2, 2])
  })

  test('a server that cannot tell is followed by the next, and not asked again', async () => {
    const lame = await start((_, reply) => [reply({ rcode: 2 })])
    const well = await start(answering)
    expect(await ask([lame, well])).toEqual(FOUND)
    expect(await ask([lame, lame])).toEqual({ status: 'servfail' })
    expect(lame.asked).toHaveLength(2)
  })

  test('nobody answers: timeout, within the time', async () => {
    const server = await start(silent)
    expect(await ask([server], { attemptTimeout: 10, attempts: 3 })).toEqual({ status: 'timeout' })
    expect(server.asked).toHaveLength(3)
    expect(await ask([server], { attemptTimeout: 60_000, timeout: 20 })).toEqual({ status: 'timeout' })
  })

  test('a port where nobody listens is a timeout soon', async () => {
    const server = await startScriptedDns(silent)
    await server.close()
    expect(await ask([server], { attemptTimeout: 60_000 })).toEqual({ status: 'timeout' })
  })
})

test('serverResolver: a signal ends the wait, and its reason comes', async () => {
  const server = await start(silent)
  const abort = new AbortController()
  const resolver = serverResolver(server.address)
  const asking = resolver.resolve('a.example', 'A', { signal: abort.signal }).catch((reason: unknown) => reason)
  await expect.poll(() => server.asked.length).toBe(1)
  abort.abort('enough')
  expect(await asking).toBe('enough')
  expect(await resolver.resolve('a.example', 'A', { signal: abort.signal }).catch((reason: unknown) => reason)).toBe(
    'enough',
  )
})

test('serverResolver: a name that is none is asked of nobody', async () => {
  const server = await start(answering)
  expect(await rejectionOf(() => serverResolver(server.address).resolve('a\0.example', 'A'))).toBe('DNS_BAD_NAME')
  expect(server.asked).toEqual([])
})

test.each([
  ['192.0.2.53', '192.0.2.53', 53],
  ['192.0.2.53:5353', '192.0.2.53', 5353],
  ['2001:db8::53', '2001:db8::53', 53],
  ['[2001:db8::53]', '2001:db8::53', 53],
  ['[2001:db8::53]:5353', '2001:db8::53', 5353],
])('serverResolver: server %s', (text, address, port) => {
  expect(parseServerAddress(text)).toEqual({ address, port })
})

test.each(['', 'dns.example', '192.0.2.53:0', '192.0.2.53:65536', '[192.0.2.53', '192.0.2:53', '1.2.3.4:'])(
  'serverResolver: %j is no server',
  (text) => {
    expect(failureOf(() => serverResolver(text))).toBe('NODE_BAD_OPTION')
  },
)

test('serverResolver: no server at all is refused', () => {
  expect(failureOf(() => serverResolver([]))).toBe('NODE_BAD_OPTION')
})

test('systemResolver: asks the servers of the system', async () => {
  const server = await start(answering)
  const before = dns.getServers()
  closers.push(() => dns.setServers(before))
  dns.setServers([server.address])
  expect(await systemResolver().resolve('a.example', 'A')).toEqual(FOUND)
})
