import { createServer, connect as netConnect, type Socket } from 'node:net'
import { encodeLatin1 } from '@posthorn/core'
import { type ServeOptions, serve } from '@posthorn/smtp'
import { afterEach, expect, test } from 'vitest'
import { makeCertificate } from '../../posthorn/src/demo/certificate.ts'
import { type Listener, type ListenOptions, listen } from '../src/index.ts'
import { noUpgrade } from '../src/server-tls.ts'
import { SocketConnection } from '../src/socket-connection.ts'
import { Talk } from './talk.ts'

const { cert, key } = await makeCertificate('mx.example', Date.now())
const SERVE: ServeOptions = { hostname: 'mx.example', onMessage: () => undefined }
const ENVELOPE = ['EHLO c.example', 'MAIL FROM:<a@b.example>', 'RCPT TO:<c@d.example>', 'DATA']

const closers: (() => unknown)[] = []

afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

async function open(options: ListenOptions): Promise<Listener> {
  const listener = await listen(options)
  closers.push(() => listener.close({ timeout: 0 }))
  return listener
}

function dial({ address: { port } }: Listener): Promise<Socket> {
  const socket = netConnect({ port, host: '127.0.0.1' })
  socket.on('error', () => undefined)
  return new Promise((resolve) => socket.once('connect', () => resolve(socket)))
}

test('listen: connections that are reset at once, many of them, leave nothing open', async () => {
  const errors: unknown[] = []
  const listener = await open({ serve: SERVE, onError: (error) => errors.push(error) })
  for (let round = 0; round < 10; round++) {
    const sockets = await Promise.all(Array.from({ length: 50 }, () => dial(listener)))
    for (const socket of sockets) socket.resetAndDestroy()
  }
  await expect.poll(() => listener.connections).toBe(0)
  expect(await new Talk(await dial(listener)).reply()).toBe('220 mx.example ESMTP')
  expect(new Set(errors.map((error) => (error as { code?: string }).code))).toEqual(new Set(['NODE_CLOSED']))
})

test.each([
  ['is reset', (socket: Socket) => socket.resetAndDestroy()],
  ['ends', (socket: Socket) => socket.end()],
  ['is no handshake', (socket: Socket) => socket.write('EHLO c.example\r\n'.repeat(100))],
  ['is half a handshake', (socket: Socket) => socket.end(Buffer.from('160301020001', 'hex'))],
])('listen: a handshake that %s is heard of, and others are served', async (_, break_) => {
  const errors: unknown[] = []
  const options = { tls: { key, cert }, implicitTls: true, onError: (error: unknown) => errors.push(error) }
  const listener = await open({ ...options, serve: SERVE })
  break_(await dial(listener))
  await expect.poll(() => errors).toEqual([expect.objectContaining({ code: 'NODE_TLS_FAILED' })])
  await expect.poll(() => listener.connections).toBe(0)
})

test('listen: a client that drips a command is told 421 when its time is over', async () => {
  const listener = await open({ serve: { ...SERVE, deadline: () => 50 } })
  const socket = await dial(listener)
  const talk = new Talk(socket)
  await talk.reply()
  const drip = setInterval(() => socket.write('N'), 5)
  closers.push(() => clearInterval(drip))
  expect(await talk.reply()).toBe('421 4.4.2 Timeout; closing the connection')
  await talk.end()
  await expect.poll(() => listener.connections).toBe(0)
})

test('listen: a handler that throws while it chooses how to serve is heard of, and its client is cut off', async () => {
  const errors: unknown[] = []
  const chosen = (): never => {
    throw new Error('no')
  }
  const listener = await open({ serve: chosen, onError: (error) => errors.push(error) })
  await new Talk(await dial(listener)).end()
  expect(errors).toEqual([new Error('no')])
})

test('a message that is taken slowly is read slowly: what waits is bounded, whatever the client sends', async () => {
  let ahead = 0
  let taken = 0
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    const onMessage: ServeOptions['onMessage'] = async ({ content }) => {
      const before = socket.bytesRead
      for await (const bytes of content) {
        taken += bytes.length
        // Several rounds of the loop, in which the socket would read on if nothing held it back.
        for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve))
        ahead = Math.max(ahead, socket.bytesRead - before - taken)
      }
    }
    serve(new SocketConnection(socket, noUpgrade), { hostname: 'mx.example', onMessage, maxSize: 40_000_000 })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(() => server.close())
  const { port } = server.address() as { port: number }
  const talk = new Talk(netConnect({ port, host: '127.0.0.1' }))
  closers.push(() => talk.socket.destroy())
  await talk.reply()
  for (const line of ENVELOPE) await talk.say(line)
  talk.socket.write(encodeLatin1(`${'x'.repeat(998)}\r\n`.repeat(20_000)))
  expect(await talk.say('.')).toBe('250 2.0.0 Message accepted')
  expect(taken).toBe(20_000_000)
  expect(ahead).toBeGreaterThan(0)
  expect(ahead).toBeLessThan(400_000)
})
