import { connect as netConnect, type Socket } from 'node:net'
import { encodeLatin1 } from '@posthorn/core'
import type { ConnectionInfo, ServeOptions } from '@posthorn/smtp'
import { afterEach, describe, expect, test } from 'vitest'
import { makeCertificate } from '../../posthorn/src/demo/certificate.ts'
import { type Listener, type ListenOptions, listen } from '../src/index.ts'
import { Talk } from './talk.ts'

const { cert, key } = await makeCertificate('mx.example', Date.now())
const SERVE: ServeOptions = { hostname: 'mx.example', onMessage: () => undefined }
const TOO_MANY = '421 4.7.0 Too many connections'
const GREETING = '220 mx.example ESMTP'

const listeners: Listener[] = []
const sockets: Socket[] = []

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  for (const listener of listeners.splice(0)) await listener.close({ timeout: 0 })
})

async function open(options: ListenOptions): Promise<Listener> {
  const listener = await listen(options)
  listeners.push(listener)
  return listener
}

function talkTo({ address: { port } }: Listener, first = ''): Talk {
  const socket = netConnect({ port, host: '127.0.0.1' })
  sockets.push(socket)
  if (first !== '') socket.write(encodeLatin1(first))
  return new Talk(socket)
}

describe('listen: limits', () => {
  test('one connection too many is told 421 and closed; when one has gone there is room again', async () => {
    const listener = await open({ serve: SERVE, maxConnections: 2 })
    const [first, second] = [talkTo(listener), talkTo(listener)]
    expect(await first.reply()).toBe(GREETING)
    expect(await second.reply()).toBe(GREETING)
    const third = talkTo(listener)
    expect(await third.reply()).toBe(TOO_MANY)
    expect(await third.reply()).toBeUndefined()
    expect([listener.connections, listener.refused]).toEqual([2, 1])
    await first.say('QUIT')
    await expect.poll(() => listener.connections).toBe(1)
    expect(await talkTo(listener).reply()).toBe(GREETING)
  })

  test('one connection too many from one address is told 421, and does not count', async () => {
    const listener = await open({ serve: SERVE, maxConnectionsPerAddress: 1 })
    expect(await talkTo(listener).reply()).toBe(GREETING)
    expect(await talkTo(listener).reply()).toBe(TOO_MANY)
    await expect.poll(() => [listener.connections, listener.refused]).toEqual([1, 1])
  })

  test('loopback addresses have no limit of their own by default, and the whole has one', async () => {
    const listener = await open({ serve: SERVE, maxConnections: 60 })
    const talks = Array.from({ length: 61 }, () => talkTo(listener))
    const replies = await Promise.all(talks.map((talk) => talk.reply()))
    expect(replies.filter((reply) => reply === GREETING)).toHaveLength(60)
    expect(replies.filter((reply) => reply === TOO_MANY)).toHaveLength(1)
  })

  test('a flood beyond the limit leaves those who are served alone, and nothing behind', async () => {
    const errors: unknown[] = []
    const listener = await open({ serve: SERVE, maxConnections: 1, onError: (error) => errors.push(error) })
    const served = talkTo(listener)
    expect(await served.reply()).toBe(GREETING)
    const flood = Array.from({ length: 300 }, (_, index) => {
      const talk = talkTo(listener)
      if (index % 3 === 0) talk.socket.once('connect', () => talk.socket.resetAndDestroy())
      return talk
    })
    await Promise.all(flood.map((talk) => talk.end()))
    expect(await served.say('NOOP')).toBe('250 2.0.0 OK')
    await expect.poll(() => listener.refused).toBe(300)
    expect(listener.connections).toBe(1)
    expect(errors).toEqual([])
  })

  test('over TLS at once the connection is closed without a word', async () => {
    const listener = await open({ tls: { key, cert }, implicitTls: true, serve: SERVE, maxConnections: 1 })
    talkTo(listener)
    await expect.poll(() => listener.connections).toBe(1)
    expect(await talkTo(listener).line()).toBeUndefined()
  })

  test('a handshake that does not come is not waited for', async () => {
    const errors: unknown[] = []
    const options = { tls: { key, cert }, implicitTls: true, handshakeTimeout: 1 }
    const listener = await open({ ...options, serve: SERVE, onError: (error) => errors.push(error) })
    expect(await talkTo(listener).line()).toBeUndefined()
    await expect.poll(() => errors).toEqual([expect.objectContaining({ code: 'NODE_CONNECT_TIMEOUT' })])
    await expect.poll(() => listener.connections).toBe(0)
  })
})

describe('listen: the PROXY protocol', () => {
  const TRUSTED = { proxyProtocol: { from: ['127.0.0.0/8'] } }
  const header = (address: string): string => `PROXY TCP4 ${address} 192.0.2.1 5000 25\r\n`

  test('a trusted proxy says who the client is, and what comes behind its header is not lost', async () => {
    const infos: ConnectionInfo[] = []
    const listener = await open({
      ...TRUSTED,
      serve: (info) => {
        infos.push(info)
        return SERVE
      },
    })
    const talk = talkTo(listener, `${header('203.0.113.9')}EHLO c.example\r\n`)
    expect(await talk.reply()).toBe(GREETING)
    expect(await talk.reply()).toMatch(/^250 /)
    expect(infos).toMatchObject([
      { via: 'tcp', remote: { address: '203.0.113.9', port: 5000 }, proxy: { address: '127.0.0.1' } },
    ])
  })

  test('a header that drips in is read all the same', async () => {
    const listener = await open({ ...TRUSTED, serve: SERVE })
    const talk = talkTo(listener)
    for (const character of header('203.0.113.9')) {
      talk.socket.write(character)
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(await talk.reply()).toBe(GREETING)
  })

  test.each([
    ['is missing', 'EHLO c.example\r\n', 'NODE_BAD_PROXY_HEADER'],
    ['is malformed', 'PROXY TCP4 mallory\r\n', 'NODE_BAD_PROXY_HEADER'],
  ])('a connection of a trusted proxy whose header %s is closed', async (_, text, code) => {
    const errors: unknown[] = []
    const listener = await open({ ...TRUSTED, serve: SERVE, onError: (error) => errors.push(error) })
    expect(await talkTo(listener, text).line()).toBeUndefined()
    expect(errors).toEqual([expect.objectContaining({ code })])
  })

  test('everybody else is served as he comes, and a header of his is no command', async () => {
    const listener = await open({ proxyProtocol: { from: ['192.0.2.0/24', '2001:db8::/32'] }, serve: SERVE })
    const talk = talkTo(listener, header('203.0.113.9'))
    expect(await talk.reply()).toBe(GREETING)
    expect(await talk.reply()).toMatch(/^500 /)
  })

  test('the limit of an address is that of the client, not of its proxy', async () => {
    const listener = await open({ ...TRUSTED, serve: SERVE, maxConnectionsPerAddress: 1 })
    expect(await talkTo(listener, header('203.0.113.9')).reply()).toBe(GREETING)
    expect(await talkTo(listener, header('203.0.113.8')).reply()).toBe(GREETING)
    expect(await talkTo(listener, header('203.0.113.9')).reply()).toBe(TOO_MANY)
    const six = (address: string): string => `PROXY TCP6 ${address} 2001:db8::25 5000 25\r\n`
    expect(await talkTo(listener, six('2001:db8::1')).reply()).toBe(GREETING)
    expect(await talkTo(listener, six('2001:db8::2')).reply()).toBe(TOO_MANY)
  })

  test('fifty connections of one client are taken by default, and no more', async () => {
    const listener = await open({ ...TRUSTED, serve: SERVE })
    const replies = await Promise.all(Array.from({ length: 51 }, () => talkTo(listener, header('203.0.113.9')).reply()))
    expect(replies.filter((reply) => reply === GREETING)).toHaveLength(50)
  })

  test('a proxy that says nothing is not waited for', async () => {
    const errors: unknown[] = []
    const listener = await open({
      ...TRUSTED,
      handshakeTimeout: 1,
      serve: SERVE,
      onError: (error) => errors.push(error),
    })
    expect(await talkTo(listener).line()).toBeUndefined()
    await expect.poll(() => errors).toEqual([expect.objectContaining({ code: 'NODE_CONNECT_TIMEOUT' })])
  })
})
