import { createServer } from 'node:net'
import { decodeLatin1 } from '@posthorn/core'
import { MemoryZone } from '@posthorn/dns'
import { type Connection, SmtpClient, serve } from '@posthorn/smtp'
import { afterEach, describe, expect, test } from 'vitest'
import { failureOf, rejectionOf } from '../../../test/failure.ts'
import { makeCertificate } from '../../posthorn/src/demo/certificate.ts'
import { type ConnectOptions, connect, listen } from '../src/index.ts'
import { parseProxy } from '../src/proxy-target.ts'
import { httpProxy, socksProxy, type TestProxy } from './proxies.ts'

const HOST = 'mx.example'
const { ca, cert, key } = await makeCertificate(HOST, Date.now())
const secure = await makeCertificate('127.0.0.1', Date.now())
const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

/** A server that speaks first, and offers STARTTLS. */
async function mailServer(): Promise<number> {
  const listener = await listen({
    tls: { key, cert },
    onConnection: (connection) => serve(connection, { hostname: HOST, tls: true, onMessage: () => undefined }),
    onError: () => undefined,
  })
  closers.push(() => listener.close())
  return listener.address.port
}

const kinds: Record<string, (route: (host: string) => number | undefined) => Promise<TestProxy>> = {
  http: (route) => httpProxy(route),
  https: (route) => httpProxy(route, secure),
  socks5: (route) => socksProxy(route),
  socks5h: (route) => socksProxy(route),
  socks4a: (route) => socksProxy(route),
}

async function start(kind: string, route: (host: string) => number | undefined): Promise<TestProxy & { url: string }> {
  const proxy = await kinds[kind]!(route)
  closers.push(() => proxy.close())
  return { ...proxy, url: `${kind}://127.0.0.1:${proxy.port}` }
}

async function open(options: Partial<ConnectOptions>): Promise<Connection> {
  const connection = await connect({ host: HOST, port: 25, ca, proxyTls: { unsafeSkipVerification: true }, ...options })
  closers.push(() => connection.abort())
  return connection
}

const failure = (promise: Promise<unknown>): Promise<Error & { cause?: unknown }> =>
  promise.then(
    () => expect.fail('It went well'),
    (error) => error,
  )

describe.each(Object.keys(kinds))('connect by a proxy of %s', (kind) => {
  test('it is given the name, and a whole session with STARTTLS goes through it', async () => {
    const server = await mailServer()
    const { url, asked } = await start(kind, () => server)
    const connection = await open({ proxy: url })
    expect(connection.info).toEqual({ via: 'tcp' })
    const client = new SmtpClient(connection)
    await client.open()
    expect(connection.info.tls).toMatchObject({ verifiedBy: 'local', serverName: HOST })
    await client.quit()
    expect(asked).toEqual(['mx.example:25'])
  })

  test('the greeting that comes with its answer waits until it is read', async () => {
    const server = await mailServer()
    const { url } = await start(kind, () => server)
    const connection = await open({ proxy: url })
    // Whatever flows without a reader is gone by then.
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(decodeLatin1((await connection.read())!)).toMatch(/^220 mx\.example /)
  })

  test('what comes before TLS at once is refused', async () => {
    const server = await mailServer()
    const { url } = await start(kind, () => server)
    expect(await rejectionOf(() => open({ proxy: url, implicitTls: true }))).toBe('NODE_TLS_INJECTION')
  })

  test('addresses go before the name, each in its turn', async () => {
    const server = await mailServer()
    const { url, asked } = await start(kind, (host) => (host === '192.0.2.2' ? server : undefined))
    await open({ proxy: url, addresses: ['192.0.2.1', '192.0.2.2'] })
    const resolver = new MemoryZone().add(HOST, 'A', '192.0.2.2')
    await open({ proxy: url, resolver })
    expect(asked).toEqual(['192.0.2.1:25', '192.0.2.2:25', '192.0.2.2:25'])
  })

  test('a refusal is NODE_PROXY_FAILED', async () => {
    const { url } = await start(kind, () => undefined)
    expect(await failure(open({ proxy: url }))).toMatchObject({
      code: 'NODE_PROXY_FAILED',
      message: expect.stringMatching(/^Cannot connect by the proxy: .{10}/),
    })
  })

  test('a proxy that is silent: NODE_CONNECT_TIMEOUT, and its connection is gone', async () => {
    let onClose: () => void = () => undefined
    const closed = new Promise<void>((resolve) => {
      onClose = resolve
    })
    const server = createServer(
      (socket) =>
        void socket
          .on('error', () => undefined)
          .on('close', onClose)
          .resume(),
    )
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    closers.push(() => server.close())
    const { port } = server.address() as { port: number }
    const options = { proxy: `${kind}://127.0.0.1:${port}`, timeout: 50 }
    expect(await rejectionOf(() => open(options))).toBe('NODE_CONNECT_TIMEOUT')
    await closed
  })

  test('a proxy that resets, or is not there: NODE_PROXY_FAILED', async () => {
    const server = createServer(
      (socket) => void socket.on('error', () => undefined).once('data', () => socket.resetAndDestroy()),
    )
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as { port: number }
    const proxy = `${kind}://127.0.0.1:${port}`
    expect(await rejectionOf(() => open({ proxy }))).toBe('NODE_PROXY_FAILED')
    await new Promise((resolve) => server.close(resolve))
    expect(await rejectionOf(() => open({ proxy }))).toBe('NODE_PROXY_FAILED')
  })
})

describe('connect by a proxy: credentials', () => {
  test('are sent to it percent-decoded, by HTTP and SOCKS', async () => {
    const server = await mailServer()
    const http = await httpProxy(() => server)
    const socks = await socksProxy(() => server, 'p:w')
    closers.push(http.close, socks.close)
    await open({ proxy: `http://us%40er:p%3Aw@127.0.0.1:${http.port}` })
    await open({ proxy: new URL(`socks5://us%40er:p%3Aw@127.0.0.1:${socks.port}`) })
    expect([...http.asked, ...socks.asked]).toEqual(['us@er:p:w@mx.example:25', 'us@er:p:w@mx.example:25'])
  })

  test('are in no error', async () => {
    const http = await httpProxy(() => undefined)
    const socks = await socksProxy(() => undefined, 'other')
    closers.push(http.close, socks.close)
    for (const base of [`http://user:hidden@127.0.0.1:${http.port}`, `socks5://user:hidden@127.0.0.1:${socks.port}`]) {
      const error = await failure(open({ proxy: base }))
      const { inspect } = await import('node:util')
      expect(inspect(error, { depth: 10, showHidden: true })).not.toMatch(/hidden|aGlkZGVu/)
    }
    expect(failureOf(() => parseProxy('http://user:hidden%zz@proxy.example'))).toBe('NODE_BAD_OPTION')
  })
})

describe('connect by a proxy: what is refused before it is asked', () => {
  test.each(['', 'proxy.example:3128', 'ftp://proxy.example', 'socks4://proxy.example', 'http://'])('%j', (proxy) => {
    expect(failureOf(() => parseProxy(proxy))).toBe('NODE_BAD_OPTION')
  })

  test.each(['a b', 'mx.example\r\nX: y', 'mx.example:25 ', 'user@mx.example', ''])('host %j', async (host) => {
    const { url, asked } = await start('http', () => undefined)
    expect(await rejectionOf(() => open({ proxy: url, host }))).toBe('NODE_BAD_OPTION')
    expect(asked).toEqual([])
  })

  test.each([
    ['http://proxy.example', 'http', 'proxy.example', 80],
    ['https://proxy.example', 'https', 'proxy.example', 443],
    ['socks5h://[2001:db8::1]', 'socks5', '2001:db8::1', 1080],
    ['socks4a://proxy.example:9050', 'socks4', 'proxy.example', 9050],
  ])('parseProxy: %s', (text, kind, host, port) => {
    expect(parseProxy(text)).toEqual({ kind, host, port, username: '', password: '' })
  })
})
