import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decodeLatin1 } from '@posthorn/core'
import { type Answer, MemoryZone, type RecordType, type Resolver } from '@posthorn/dns'
import { afterEach, describe, expect, test } from 'vitest'
import { rejectionOf } from '../../../test/failure.ts'
import { type ConnectOptions, connect } from '../src/index.ts'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

/** A server that greets with a text, on an address and port of its own, or on a Unix socket. */
async function greeter(where: { host: string; port?: number } | { path: string }): Promise<number> {
  const server: Server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.end(`220 ${'host' in where ? where.host : where.path}\r\n`)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen('path' in where ? where : { port: 0, ...where }, resolve)
  })
  closers.push(() => server.close())
  const address = server.address()
  return address && typeof address === 'object' ? address.port : 0
}

/** A port of loopback where nobody listens. */
async function freePort(): Promise<number> {
  const port = await greeter({ host: '127.0.0.1' })
  for (const close of closers.splice(0)) await close()
  return port
}

async function greetingFrom(options: ConnectOptions): Promise<string> {
  const connection = await connect(options)
  closers.push(() => connection.abort())
  return decodeLatin1((await connection.read())!)
}

const failure = (promise: Promise<unknown>): Promise<unknown> => promise.catch((error: unknown) => error)

describe('connect: addresses', () => {
  test('those that are given are tried in their order, and the host is not looked up', async () => {
    const port = await greeter({ host: '127.0.0.2' })
    const addresses = ['127.0.0.1', '127.0.0.2']
    expect(await greetingFrom({ host: 'nowhere.invalid', port, addresses })).toBe('220 127.0.0.2\r\n')
  })

  test('all fail: the cause has every address and why', async () => {
    const port = await freePort()
    const error = await failure(connect({ host: 'mx.example', port, addresses: ['127.0.0.1', '127.0.0.2', '::1'] }))
    expect(error).toMatchObject({ code: 'NODE_CONNECT_FAILED', cause: { code: 'ECONNREFUSED' } })
    const { message, cause } = error as { message: string; cause: AggregateError }
    expect(message).toMatch(/^Cannot connect: none of 3 addresses answers; connect ECONNREFUSED 127\.0\.0\./)
    expect(cause.errors.map(({ address, code }) => [address, code !== undefined]).sort()).toEqual([
      ['127.0.0.1', true],
      ['127.0.0.2', true],
      ['::1', true],
    ])
  })

  test('no more than maxAddresses are tried', async () => {
    const port = await greeter({ host: '127.0.0.3' })
    const addresses = ['127.0.0.1', '127.0.0.2', '127.0.0.3']
    const options = { host: 'mx.example', port, addresses, maxAddresses: 2 }
    expect(await rejectionOf(() => connect(options))).toBe('NODE_CONNECT_FAILED')
  })

  test('what is given as an address and is none is not looked up: NODE_BAD_OPTION', async () => {
    const options = { host: '127.0.0.1', port: 1, addresses: ['localhost'] }
    expect(await rejectionOf(() => connect(options))).toBe('NODE_BAD_OPTION')
    expect(await rejectionOf(() => connect({ ...options, addresses: [] }))).toBe('NODE_CONNECT_FAILED')
  })

  test('localAddress: connected from there, and the other family is left out', async () => {
    const port = await greeter({ host: '127.0.0.1' })
    const options = { host: 'mx.example', port, localAddress: '127.0.0.9' }
    const connection = await connect({ ...options, addresses: ['::1', '127.0.0.1'] })
    closers.push(() => connection.abort())
    expect(connection.info.local?.address).toBe('127.0.0.9')
    const error = await failure(connect({ ...options, addresses: ['::1'] }))
    expect(error).toMatchObject({ message: 'Cannot connect: there is no address to connect to' })
  })

  test('a Unix socket is connected to by its path, and has no addresses', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'posthorn-unix-'))
    closers.push(() => rmSync(folder, { recursive: true }))
    const path = join(folder, 'lmtp')
    await greeter({ path })
    const connection = await connect({ host: 'mx.example', port: 24, path })
    closers.push(() => connection.abort())
    expect(connection.info).toEqual({ via: 'unix' })
    expect(decodeLatin1((await connection.read())!)).toBe(`220 ${path}\r\n`)
    const error = await failure(connect({ host: 'mx.example', port: 24, path: join(folder, 'none') }))
    expect(error).toMatchObject({ code: 'NODE_CONNECT_FAILED', cause: { code: 'ENOENT' } })
  })
})

describe('connect: resolver', () => {
  test('the addresses are those that it gives', async () => {
    const port = await greeter({ host: '127.0.0.4' })
    const resolver = new MemoryZone().add('mx.example', 'A', '127.0.0.4')
    expect(await greetingFrom({ host: 'mx.example', port, resolver })).toBe('220 127.0.0.4\r\n')
    expect(resolver.queries.map(({ type }) => type)).toEqual(['AAAA', 'A'])
  })

  test('an address is asked of nobody', async () => {
    const port = await greeter({ host: '127.0.0.1' })
    const resolver = new MemoryZone()
    await greetingFrom({ host: '127.0.0.1', port, resolver })
    expect(resolver.queries).toEqual([])
  })

  test.each([
    ['nxdomain', 'ENOTFOUND', new MemoryZone()],
    ['nodata', 'ENODATA', new MemoryZone().add('mx.example', 'TXT', 'a')],
    ['servfail', 'ESERVFAIL', new MemoryZone().fail('mx.example', 'servfail', { type: 'A' })],
    ['timeout', 'ETIMEOUT', new MemoryZone().fail('mx.example', 'timeout')],
  ])('%s: NODE_CONNECT_FAILED, of which the cause has the code %s', async (_, code, resolver) => {
    const error = await failure(connect({ host: 'mx.example', port: 25, resolver }))
    expect(error).toMatchObject({ code: 'NODE_CONNECT_FAILED', cause: { code, hostname: 'mx.example' } })
  })

  test('a name that is none: NODE_CONNECT_FAILED, of which the cause is that of the resolver', async () => {
    const error = await failure(connect({ host: 'mx .example', port: 25, resolver: new MemoryZone() }))
    expect(error).toMatchObject({ code: 'NODE_CONNECT_FAILED', cause: { code: 'DNS_BAD_NAME' } })
  })

  /** Answers for one type, and never for the other. */
  const halfOf = (known: RecordType, address: string): Resolver => ({
    resolve: (name, type) =>
      type === known
        ? Promise.resolve({
            status: 'found',
            name,
            records: [address],
            ttl: 1,
            authenticated: false,
          } as Answer as never)
        : new Promise(() => undefined),
  })

  test.each([
    ['A', '127.0.0.1'],
    ['AAAA', '::1'],
  ] as const)('an answer for %s is enough to begin with [rfc8305 3]', async (type, host) => {
    const port = await greeter({ host })
    expect(await greetingFrom({ host: 'mx.example', port, resolver: halfOf(type, host) })).toBe(`220 ${host}\r\n`)
  })

  test('a resolver that never answers: NODE_CONNECT_TIMEOUT, and a signal ends the wait', async () => {
    const resolver: Resolver = { resolve: () => new Promise(() => undefined) }
    const options = { host: 'mx.example', port: 25, resolver }
    expect(await rejectionOf(() => connect({ ...options, timeout: 20 }))).toBe('NODE_CONNECT_TIMEOUT')
    const abort = new AbortController()
    const opening = rejectionOf(() => connect({ ...options, signal: abort.signal }))
    abort.abort()
    expect(await opening).toBe('NODE_ABORTED')
  })
})
