/** Hostile clients, names and servers against a bridge on Node.js: each is refused with its code, and nothing is reached. */
import { type AddressInfo, createServer, type Server, type Socket, connect as tcpConnect } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import type { NodeBridgeOptions } from '@posthorn/bridge/node'
import { memoryUsedTickets } from '@posthorn/bridge/server'
import { encodeUtf8 } from '@posthorn/core'
import { afterEach, describe, expect, test } from 'vitest'
import type { WebSocket } from 'ws'
import { rejectionOf } from '../../../test/failure.ts'
import { makeCertificate } from '../../posthorn/src/demo/certificate.ts'
import { HOST, type NodeLab, nodeLab, ORIGIN } from './node-lab.ts'

const PROTOCOL = 'mail-bridge.v1'
const cleanUp: (() => unknown)[] = []

afterEach(async () => {
  for (const one of cleanUp.splice(0).reverse()) await one()
})

/** A server on loopback that counts who comes. */
async function upstream(onSocket: (socket: Socket) => void = () => undefined) {
  const sockets: Socket[] = []
  const server: Server = createServer((socket) => {
    socket.on('error', () => undefined)
    sockets.push(socket)
    onSocket(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  cleanUp.push(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return { port: (server.address() as AddressInfo).port, sockets }
}

async function lab(port: number, options: Partial<NodeBridgeOptions> = {}): Promise<NodeLab> {
  const made = await nodeLab(port, options)
  cleanUp.push(() => made.close())
  return made
}

/** What became of a WebSocket: the status instead of the upgrade, or the close code. */
function endOf(socket: WebSocket): Promise<string> {
  return new Promise((resolve) => {
    socket.on('unexpected-response', (_, { statusCode }) => {
      resolve(`status ${statusCode}`)
      socket.terminate()
    })
    socket.on('close', (code, reason) => resolve(`${code} ${reason}`.trim()))
    socket.on('error', () => undefined)
  })
}

const opened = (socket: WebSocket): Promise<void> => new Promise((resolve) => socket.on('open', () => resolve()))
const openFrame = (host: string, port: number, tls = 'none'): string => JSON.stringify({ op: 'open', host, port, tls })
const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds))

/** Opens a WebSocket and sends some frames; gives how it ended. */
async function send(bridge: NodeLab, ...frames: (string | Uint8Array)[]): Promise<string> {
  const socket = bridge.raw([PROTOCOL, await bridge.ticket()])
  const end = endOf(socket)
  await opened(socket)
  for (const frame of frames) socket.send(frame)
  return end
}

describe('upgrades', () => {
  test.each([
    { origin: 'https://evil.example', name: 'another site' },
    { origin: 'https://app.example.evil.example', name: 'a site whose name begins alike' },
    { origin: 'http://app.example', name: 'the same host without TLS' },
    { origin: 'https://app.example:8443', name: 'another port' },
    { origin: 'https://APP.example', name: 'what no browser writes' },
    { origin: 'null', name: 'a sandboxed frame' },
    { origin: undefined, name: 'no page at all' },
  ])('403 for $name', async ({ origin }) => {
    const { port, sockets } = await upstream()
    const bridge = await lab(port)
    const socket = bridge.raw([PROTOCOL, await bridge.ticket()], origin === undefined ? {} : { origin })
    expect(await endOf(socket)).toBe('status 403')
    expect([sockets.length, bridge.bridge.health.counters.open]).toEqual([0, 0])
  })

  test('tickets: none, forged, cut, expired, and used', async () => {
    const { port, sockets } = await upstream()
    const bridge = await lab(port)
    const good = await bridge.ticket()
    const forged = `${good.slice(0, -2)}${good.endsWith('AA') ? 'BB' : 'AA'}`
    const [, payload, mac] = good.split('.')
    const other = (await bridge.ticket({ sub: 'root' })).split('.')[1]
    expect(await endOf(bridge.raw([PROTOCOL]))).toBe('status 400')
    expect(await endOf(bridge.raw([good]))).toBe('status 400')
    expect(await endOf(bridge.raw([PROTOCOL, good, await bridge.ticket()]))).toBe('status 400')
    expect(await endOf(bridge.raw([PROTOCOL, forged]))).toBe('status 401')
    expect(await endOf(bridge.raw([PROTOCOL, `ticket.${other}.${mac}`]))).toBe('status 401')
    expect(await endOf(bridge.raw([PROTOCOL, `ticket.${payload}`]))).toBe('status 401')
    const first = bridge.raw([PROTOCOL, good])
    await opened(first)
    expect(await endOf(bridge.raw([PROTOCOL, good]))).toBe('4401 used')
    first.terminate()
    expect(sockets.length).toBe(0)
    expect(JSON.stringify(bridge.log)).not.toContain(payload)
  })

  test('an expired ticket', async () => {
    const { port } = await upstream()
    let shift = 0
    const platform = {
      now: () => Date.now() + shift,
      startTimer: (milliseconds: number, callback: () => void) => {
        const timer = setTimeout(callback, milliseconds)
        return () => clearTimeout(timer)
      },
    }
    const bridge = await lab(port, { platform })
    const ticket = await bridge.ticket()
    shift = 61_000
    expect(await endOf(bridge.raw([PROTOCOL, ticket]))).toBe('4401 expired')
    expect(await rejectionOf(() => bridge.connect({ ticket }))).toBe('BRIDGE_TICKET')
  })

  test('what is no upgrade takes no slot', async () => {
    const { port } = await upstream()
    const bridge = await lab(port)
    for (const key of ['', 'Sec-WebSocket-Key: short\r\n', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n']) {
      const socket = tcpConnect(Number(new URL(bridge.url).port), '127.0.0.1')
      const fields = `Host: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nOrigin: ${ORIGIN}\r\n${key}`
      const protocols = `Sec-WebSocket-Protocol: ${PROTOCOL}, ${await bridge.ticket()}\r\n`
      socket.end(`GET / HTTP/1.1\r\n${fields}${protocols}Sec-WebSocket-Version: ${key.length > 30 ? 7 : 13}\r\n\r\n`)
      const answer = await new Promise<string>((resolve) => socket.once('data', (data) => resolve(String(data))))
      expect(answer).toMatch(/^HTTP\/1\.1 4/)
    }
    await pause(20)
    expect(bridge.bridge.health.counters.open).toBe(0)
  })

  test('a client that is gone before the answer takes no slot', async () => {
    const { port } = await upstream()
    const bridge = await lab(port)
    const sockets = await Promise.all(
      Array.from({ length: 20 }, async () => bridge.raw([PROTOCOL, await bridge.ticket()])),
    )
    for (const socket of sockets) {
      socket.on('error', () => undefined)
      socket.terminate()
    }
    await expect.poll(() => bridge.bridge.health.counters.open).toBe(0)
  })

  test('limits: of a subject, of an address, in all, and of new connections', async () => {
    const { port } = await upstream()
    const bridge = await lab(port, { connections: { total: 4, perSubject: 2, perAddress: 3 } })
    const hold = async (sub: string): Promise<WebSocket> => {
      const socket = bridge.raw([PROTOCOL, await bridge.ticket({ sub })])
      await opened(socket)
      return socket
    }
    const first = await hold('ada')
    await hold('ada')
    expect(await endOf(bridge.raw([PROTOCOL, await bridge.ticket()]))).toBe('4429 subject')
    await hold('zoe')
    expect(await endOf(bridge.raw([PROTOCOL, await bridge.ticket({ sub: 'eve' })]))).toBe('4429 address')
    first.terminate()
    await expect.poll(() => bridge.bridge.health.counters.open).toBe(2)
    await hold('ada')
    const slow = await lab(port, { connectionRate: { perSecond: 0.001, burst: 1 } })
    await opened(slow.raw([PROTOCOL, await slow.ticket()]))
    expect(await endOf(slow.raw([PROTOCOL, await slow.ticket()]))).toBe('status 429')
    const full = await lab(port, { connections: { total: 1 } })
    await opened(full.raw([PROTOCOL, await full.ticket()]))
    expect(full.bridge.health.status).toBe('full')
    expect(await endOf(full.raw([PROTOCOL, await full.ticket({ sub: 'eve' })]))).toBe('status 503')
  })
})

describe('destinations', () => {
  test.each([
    '127.0.0.1',
    '127.1',
    '2130706433',
    '0x7f000001',
    '0177.0.0.1',
    '[::1]',
    '::1',
    '[::ffff:127.0.0.1]',
    'localhost',
    'localhost.',
    '１２７.0.0.1',
    'mx.example@127.0.0.1',
    'mx.example#.evil.example',
    'mx.example/',
    'mx.example:25',
    'mx.example\u0000.evil.example',
    'mx.example.',
    'other.example',
    '169.254.169.254',
  ])('4403 for the host %s, and nothing is looked up', async (host) => {
    const { port, sockets } = await upstream()
    let lookups = 0
    const bridge = await lab(port, { lookUp: async () => [`127.0.0.${++lookups}`] })
    expect(await send(bridge, openFrame(host, port))).toMatch(/^4403 (host|ticket|policy)$/)
    expect([lookups, sockets.length]).toEqual([0, 0])
  })

  test.each([
    ['10.1.2.3'],
    ['169.254.169.254'],
    ['0.0.0.0'],
    ['::1'],
    ['::ffff:127.0.0.2'],
    ['::127.0.0.1'],
    ['fd00::1'],
    ['fe80::1%eth0'],
    ['64:ff9b::7f00:1'],
    ['192.0.2.1', '93.184.216.34'],
    ['93.184.216.34', '127.0.0.2'],
    ['not an address'],
  ])('4403 for a name that leads to %s %s, and nothing is dialled', async (...addresses) => {
    const { port, sockets } = await upstream()
    const bridge = await lab(port, { lookUp: async () => addresses.filter(Boolean) })
    expect(await send(bridge, openFrame(HOST, port))).toBe('4403 address')
    expect(sockets.length).toBe(0)
  })

  test('a name that changes its answer is asked once, and the answer that was checked is dialled', async () => {
    const { port, sockets } = await upstream((socket) => socket.write('220 mx.example\r\n'))
    let lookups = 0
    const bridge = await lab(port, { lookUp: async () => (++lookups === 1 ? ['127.0.0.1'] : ['169.254.169.254']) })
    const connection = await bridge.connect()
    expect(await connection.read()).toEqual(encodeUtf8('220 mx.example\r\n'))
    expect([lookups, sockets.length, connection.info.remote?.address]).toEqual([1, 1, '127.0.0.1'])
    connection.abort()
  })

  test('ports: a ticket does not open what the policy does not', async () => {
    const { port, sockets } = await upstream()
    const policy = { origins: [ORIGIN], destinations: [HOST], unsafeAllowPrivateAddresses: ['127.0.0.1'] }
    const bridge = await lab(port, { policy })
    for (const scanned of [22, 25, 80, 3306, 6379, port]) {
      const ticket = bridge.ticket({ dst: [`${HOST}:${scanned}`] })
      expect(await rejectionOf(() => bridge.connect({ ticket: () => ticket, port: scanned }))).toBe('BRIDGE_FORBIDDEN')
    }
    expect(sockets.length).toBe(0)
    expect(bridge.log.map(({ code, reason }) => `${code} ${reason}`)).toEqual(
      Array.from({ length: 6 }, () => '4403 port'),
    )
  })

  test('no address, no answer, and no server have codes of their own', async () => {
    const { port } = await upstream()
    const none = await lab(port, { lookUp: async () => [] })
    expect(await rejectionOf(() => none.connect())).toBe('BRIDGE_NOT_FOUND')
    const closed = await upstream()
    for (const one of cleanUp.splice(-1)) one()
    const refused = await lab(closed.port)
    expect(await rejectionOf(() => refused.connect())).toBe('BRIDGE_CONNECT_FAILED')
    expect(refused.log.at(-1)).toMatchObject({ code: 4502, reason: 'econnrefused' })
    const failing = await lab(port, { lookUp: () => Promise.reject(new Error('the resolver of 10.0.0.1 is down')) })
    const error = await failing.connect().catch((cause: unknown) => String(cause))
    expect(error).toContain('cannot be reached')
    expect(error).not.toContain('10.0.0.1')
  })
})

describe('frames', () => {
  test('a binary frame of 70,000 octets: 1009', async () => {
    const { port } = await upstream()
    const bridge = await lab(port)
    expect(await send(bridge, openFrame(HOST, port), new Uint8Array(70_000))).toBe('1009')
  })

  test('text that is not UTF-8, and control floods', async () => {
    const { port } = await upstream()
    const bridge = await lab(port, { controlRate: { perSecond: 1, burst: 20 } })
    const socket = bridge.raw([PROTOCOL, await bridge.ticket()])
    const end = endOf(socket)
    await opened(socket)
    socket.send(openFrame(HOST, port))
    await new Promise((resolve) => socket.once('message', resolve))
    for (let turn = 0; turn < 40; turn++) socket.ping()
    expect(await end).toBe('4429 control')
    const flood = Array.from({ length: 40 }, () => '{"op":"pull","n":1}')
    expect(await send(bridge, openFrame(HOST, port), ...flood)).toMatch(/^4(400 turn|429 control)$/)
  })

  test('octets beyond the credit', async () => {
    const { port } = await upstream((socket) => socket.pause())
    const bridge = await lab(port)
    const socket = bridge.raw([PROTOCOL, await bridge.ticket()])
    const end = endOf(socket)
    await opened(socket)
    socket.send(openFrame(HOST, port))
    await new Promise((resolve) => socket.once('message', resolve))
    for (let frame = 0; frame < 500; frame++) socket.send(new Uint8Array(65_536))
    expect(await end).toBe('4400 credit')
  })

  test('the octets of the ticket', async () => {
    const { port } = await upstream()
    const bridge = await lab(port)
    const connection = await bridge.connect({ ticket: await bridge.ticket({ max: 1000 }) })
    await connection.write(new Uint8Array(1000))
    await connection.write(new Uint8Array(1))
    expect(await rejectionOf(() => connection.read())).toBe('BRIDGE_TOO_MUCH')
  })
})

describe('time', () => {
  test.each([
    { limit: 'open', frames: () => [] },
    { limit: 'idle', frames: (port: number) => [openFrame(HOST, port)] },
    { limit: 'total', frames: (port: number) => [openFrame(HOST, port)] },
  ])('4408 $limit', async ({ limit, frames }) => {
    const { port } = await upstream()
    const bridge = await lab(port, { timeLimits: { [limit]: 60 } })
    expect(await send(bridge, ...frames(port))).toBe(`4408 ${limit}`)
    await expect.poll(() => bridge.bridge.health.counters.open).toBe(0)
  })

  test('4408 tls, for a server that never shakes hands', async () => {
    const { port } = await upstream()
    const bridge = await lab(port, { timeLimits: { tls: 60, connect: 60 } })
    const connection = await bridge.connect()
    expect(await rejectionOf(() => connection.startTls({}))).toBe('BRIDGE_TIMEOUT')
    expect(await rejectionOf(() => bridge.connect({ implicitTls: true }))).toBe('BRIDGE_TIMEOUT')
    expect(bridge.log.map(({ code, reason }) => `${code} ${reason}`)).toEqual(['4408 tls', '4408 connect'])
  })

  test('a client that answers no ping is cut off, and the server sees a reset', async () => {
    const ends: string[] = []
    const { port } = await upstream((socket) => {
      socket.on('error', () => ends.push('reset'))
      socket.on('end', () => ends.push('end'))
      socket.resume()
    })
    const bridge = await lab(port, { pingInterval: 40 })
    const socket = bridge.raw([PROTOCOL, await bridge.ticket()])
    await opened(socket)
    socket.send(openFrame(HOST, port))
    await new Promise((resolve) => socket.once('message', resolve))
    ;(socket as unknown as { _socket: Socket })._socket.pause()
    await expect.poll(() => ends).toEqual(['reset'])
    socket.terminate()
  })
})

describe('TLS', () => {
  test('4460 for a server that answers STARTTLS and goes on in the clear [rfc3207 4.2]', async () => {
    const { port } = await upstream((socket) => {
      socket.write('220 mx.example\r\n')
      socket.on('data', () => socket.write(`220 go\r\n${'250 forged\r\n'.repeat(20_000)}`))
    })
    const bridge = await lab(port)
    const connection = await bridge.connect()
    await connection.read()
    await connection.write(encodeUtf8('STARTTLS\r\n'))
    await connection.read()
    await pause(50)
    expect(await rejectionOf(() => connection.startTls({}))).toBe('BRIDGE_TLS_INJECTION')
    expect(bridge.log.at(-1)).toMatchObject({ code: 4460, reason: 'plaintext' })
  })

  test.each([
    { name: 'another name', hostname: 'other.example', at: 0, trusted: true, reason: 'cert-altname-invalid' },
    { name: 'an old certificate', hostname: HOST, at: -3650 * 86_400_000, trusted: true, reason: 'cert-has-expired' },
    { name: 'an unknown authority', hostname: HOST, at: 0, trusted: false, reason: 'unable-to-verify-leaf-signature' },
  ])('4525 for $name', async ({ hostname, at, trusted, reason }) => {
    const { ca, cert, key } = await makeCertificate(hostname, Date.now() + at)
    const server = createTlsServer({ cert, key }, (socket) => socket.on('error', () => undefined))
    server.on('tlsClientError', () => undefined)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    cleanUp.push(() => server.close())
    const bridge = await lab((server.address() as AddressInfo).port, trusted ? { ca } : {})
    expect(await rejectionOf(() => bridge.connect({ implicitTls: true }))).toBe('BRIDGE_TLS_FAILED')
    expect(bridge.log.at(-1)).toMatchObject({ code: 4525, reason })
  })
})

describe('the end', () => {
  test.each([
    ['the client gives up', (_: Socket, connection: { abort(): void }) => connection.abort(), 'reset'],
    ['the server resets', (socket: Socket) => socket.resetAndDestroy(), 'BRIDGE_SERVER_LOST'],
  ])('%s', async (_, end, expected) => {
    const seen: string[] = []
    const { port, sockets } = await upstream((socket) => {
      socket.on('error', () => seen.push('reset'))
      socket.on('end', () => seen.push('end'))
      socket.resume()
    })
    const bridge = await lab(port)
    const connection = await bridge.connect()
    await connection.write(encodeUtf8('half a mess'))
    const reading = rejectionOf(() => connection.read())
    await expect.poll(() => sockets.length).toBe(1)
    await pause(20)
    end(sockets[0]!, connection)
    if (expected === 'reset') await expect.poll(() => seen).toEqual(['reset'])
    else expect(await reading).toBe(expected)
    await expect.poll(() => bridge.bridge.health.counters.open).toBe(0)
  })

  test('a half-closed connection still brings what the server says', async () => {
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      socket.resume().on('end', () => socket.end('221 Bye\r\n'))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    cleanUp.push(() => server.close())
    const bridge = await lab((server.address() as AddressInfo).port)
    const connection = await bridge.connect()
    await connection.write(encodeUtf8('QUIT\r\n'))
    await connection.end?.()
    expect(await connection.read()).toEqual(encodeUtf8('221 Bye\r\n'))
    expect(await connection.read()).toBeUndefined()
    await connection.close()
    await expect
      .poll(() => bridge.log)
      .toEqual([
        expect.objectContaining({
          type: 'closed',
          code: 1000,
          octets: { up: 6, down: 9 },
          destination: expect.any(String),
        }),
      ])
  })

  test('a bridge that closes waits for those that are open, and ends the rest with 1001', async () => {
    const { port } = await upstream()
    const bridge = await lab(port)
    const [quick, slow] = [await bridge.connect(), await bridge.connect()]
    const closing = bridge.bridge.close(150)
    expect(bridge.bridge.health.status).toBe('closing')
    expect(await rejectionOf(() => bridge.connect())).toBe('BRIDGE_UNREACHABLE')
    quick.abort()
    expect(await rejectionOf(() => slow.read())).toBe('BRIDGE_GOING_AWAY')
    await closing
    expect(bridge.bridge.health.counters).toMatchObject({ open: 0, accepted: 2, refused: { 503: 1 } })
  })

  test('the log tells of holder, destination and octets, and of nothing that went through', async () => {
    const { port } = await upstream((socket) => socket.on('data', () => socket.end('221 secret reply\r\n')))
    const bridge = await lab(port)
    const ticket = await bridge.ticket({ jti: 'number-1' })
    const connection = await bridge.connect({ ticket })
    await connection.write(encodeUtf8('AUTH PLAIN AHVzZXIAc2VjcmV0\r\n'))
    await connection.read()
    await connection.close()
    await expect.poll(() => bridge.log.length).toBe(1)
    const { milliseconds, ...entry } = bridge.log[0] as { milliseconds: number }
    expect(entry).toEqual({
      type: 'closed',
      client: '127.0.0.1',
      subject: 'ada',
      ticket: 'number-1',
      destination: `${HOST}:${port}`,
      address: '127.0.0.1',
      code: 1000,
      reason: '',
      octets: { up: 29, down: 18 },
    })
  })
})

test('two bridges behind one address take each other’s tickets, once', async () => {
  const { port } = await upstream((socket) => socket.write('220 mx.example\r\n'))
  const usedTickets = memoryUsedTickets()
  const both = [await lab(port, { usedTickets }), await lab(port, { usedTickets })]
  // What balances the load: each new connection goes to the next bridge.
  let turn = 0
  const front = await upstream((socket) => {
    const { port: behind } = new URL(both[turn++ % 2]!.url)
    const there = tcpConnect(Number(behind), '127.0.0.1').on('error', () => undefined)
    socket.pipe(there).pipe(socket)
  })
  const url = `ws://127.0.0.1:${front.port}`
  const ticket = await both[0]!.ticket()
  const first = await both[0]!.connect({ url, ticket })
  expect(await rejectionOf(() => both[0]!.connect({ url, ticket }))).toBe('BRIDGE_TICKET')
  const second = await both[0]!.connect({ url })
  const third = await both[0]!.connect({ url })
  for (const one of [first, second, third]) {
    expect(await one.read()).toEqual(encodeUtf8('220 mx.example\r\n'))
    one.abort()
  }
  await expect.poll(() => both.map(({ bridge }) => bridge.health.counters.accepted)).toEqual([2, 1])
  expect(both.map(({ log }) => log.filter(({ code }) => code === 4401).length)).toEqual([0, 1])
})
