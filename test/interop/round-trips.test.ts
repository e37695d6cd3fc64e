import { connect as connectSocket, createServer, type Socket } from 'node:net'
import { connect } from '@posthorn/node'
import { SmtpClient, type SmtpClientOptions } from '@posthorn/smtp'
import nodemailer from 'nodemailer'
import { createMailer } from 'posthorn'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type OurServer, startOurServer } from './lib/our-server.ts'

// Round trips, counted by a proxy between client and server: the handshake of TCP, the greeting, and each time that the
// client has said something and waits for what comes; QUIT aside.
let server: OurServer
let port: number
let trips = 0
// While it is held, QUIT does not come to the server.
let holdsQuit = false
let held: (() => void)[] = []
const proxy = createServer(onClient)

function onClient(near: Socket): void {
  trips += 2
  let turn: 'client' | 'server' = 'server'
  const far = connectSocket(server.port, '127.0.0.1')
  near.on('data', (chunk) => {
    const quits = chunk.toString('latin1') === 'QUIT\r\n'
    if (turn === 'server' && !quits) trips++
    turn = 'client'
    if (quits && holdsQuit) held.push(() => far.write(chunk))
    else far.write(chunk)
  })
  far.on('data', (chunk) => {
    turn = 'server'
    near.write(chunk)
  })
  near.on('close', () => far.destroy())
  far.on('close', () => near.destroy())
  for (const socket of [near, far]) socket.on('error', () => undefined)
}

beforeAll(async () => {
  server = await startOurServer()
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  port = (proxy.address() as { port: number }).port
})
afterAll(async () => {
  proxy.close()
  await server.stop()
})
beforeEach(() => {
  trips = 0
  holdsQuit = false
  held = []
})

const octets = new TextEncoder().encode('Subject: x\r\n\r\nhello\r\n')
const to = (count: number): string[] => Array.from({ length: count }, (_, index) => `u${index}@posthorn.example`)

test.each([
  [1, 'data', 'never', 5],
  [50, 'data', 'never', 5],
  [1, 'data', 'auto', 4],
  [50, 'data', 'auto', 4],
  [50, 'none', 'never', 56],
] as const)('one message to %i, pipelining %s, chunking %s: %i', async (recipients, pipelining, chunking, expected) => {
  const client = new SmtpClient(await connect({ host: '127.0.0.1', port }), { tls: 'none', pipelining })
  await client.open()
  const outcome = await client.send({ reversePath: null, forwardPaths: to(recipients) }, octets, { chunking })
  expect(outcome.type).toBe('accepted')
  await client.quit()
  expect(trips).toBe(expected)
})

test.each<[SmtpClientOptions['pipelining'], 'auto' | 'never', number]>([
  ['data', 'never', 23],
  ['messages', 'never', 14],
  ['data', 'auto', 13],
  ['messages', 'auto', 13],
])(
  'ten messages over one connection, pipelining %s, chunking %s: %i',
  async (pipelining = 'data', chunking, expected) => {
    const client = new SmtpClient(await connect({ host: '127.0.0.1', port }), { tls: 'none', pipelining })
    await client.open()
    const one = { envelope: { reversePath: null, forwardPaths: to(1) }, message: octets, options: { chunking } }
    for await (const { type } of client.sendAll(Array.from({ length: 10 }, () => one))) expect(type).toBe('accepted')
    await client.quit()
    expect(trips).toBe(expected)
  },
)

test.each([
  [1, 'never', 5],
  [50, 'never', 5],
  [1, 'auto', 4],
  [50, 'auto', 4],
] as const)('a mailer, one message to %i, chunking %s: %i', async (recipients, chunking, expected) => {
  const mailer = createMailer(`smtp://127.0.0.1:${port}`, { transmission: { chunking } })
  const outcome = await mailer.send({ from: 'a@posthorn.example', to: to(recipients), text: 'hello' })
  expect(outcome.type).toBe('accepted')
  expect(trips).toBe(expected)
  await mailer.close()
  expect(trips).toBe(expected)
})

test.each([
  ['never', 5, 2],
  ['auto', 4, 1],
] as const)(
  'a mailer, ten messages in a row over a pool of one, chunking %s: %i and %i for each next',
  async (chunking, first, next) => {
    const mailer = createMailer(`smtp://127.0.0.1:${port}`, {
      pool: { maxConnections: 1 },
      transmission: { chunking },
    })
    const sessions = server.conversations.length
    const counted: number[] = []
    for (let index = 0; index < 10; index++) {
      const before = trips
      const { type } = await mailer.send({ from: 'a@posthorn.example', to: to(1), text: 'hello' })
      expect(type).toBe('accepted')
      counted.push(trips - before)
    }
    expect(counted).toEqual([first, ...Array(9).fill(next)])
    await mailer.close()
    expect(server.conversations.length).toBe(sessions + 1)
    const verbs = server.conversations[sessions]!.commands.map((line) => line.split(' ', 1)[0]!)
    const each = ['MAIL', 'RCPT', chunking === 'auto' ? 'BDAT' : 'DATA']
    expect(verbs).toEqual(['EHLO', ...Array(10).fill(each).flat(), 'QUIT'])
  },
)

test('a mailer, one message a session: the next does not wait for the reply to QUIT', async () => {
  holdsQuit = true
  const mailer = createMailer(`smtp://127.0.0.1:${port}`, { pool: { maxConnections: 1, maxMessages: 1 } })
  for (let index = 0; index < 3; index++) {
    const { type } = await mailer.send({ from: 'a@posthorn.example', to: to(1), text: 'hello' })
    expect(type).toBe('accepted')
  }
  expect(trips).toBe(12)
  await expect.poll(() => held.length).toBe(3)
  for (const letGo of held) letGo()
  await mailer.close()
})

test.each([
  [1, 5],
  [10, 23],
])('nodemailer, %i message(s) over one connection: %i', async (messages, expected) => {
  const transport = nodemailer.createTransport({
    pool: true,
    maxConnections: 1,
    host: '127.0.0.1',
    port,
    ignoreTLS: true,
  } as never)
  for (let index = 0; index < messages; index++) {
    await transport.sendMail({ from: 'a@posthorn.example', to: to(1), text: 'hello' })
  }
  transport.close()
  expect(trips).toBe(expected)
})
