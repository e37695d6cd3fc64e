import { connect as netConnect } from 'node:net'
import { connect as tlsConnect } from 'node:tls'
import { expect, test } from 'vitest'
import { makeCertificate } from '../../posthorn/src/demo/certificate.ts'
import { type Listener, type ListenOptions, listen } from '../src/index.ts'
import { Talk } from './talk.ts'

const { ca, cert, key } = await makeCertificate('mx.example', Date.now())
const SERVE = { hostname: 'mx.example', onMessage: () => undefined }
const GOODBYE = '421 4.3.2 Service is shutting down'

function talkTo({ address }: Listener): Talk {
  return new Talk(netConnect({ port: address.port, host: '127.0.0.1', allowHalfOpen: true }))
}

async function openMany(
  listener: Listener,
  { count, lines }: { readonly count: number; readonly lines: readonly string[] },
): Promise<Talk[]> {
  const talks = Array.from({ length: count }, () => talkTo(listener))
  for (const talk of talks) {
    await talk.reply()
    for (const line of lines) await talk.say(line)
  }
  return talks
}

test('Listener.close: sessions between transactions are told 421 at once, others when their message is answered', async () => {
  const listener = await listen({ serve: SERVE })
  const idle = await openMany(listener, { count: 3, lines: ['EHLO c.example'] })
  const [busy] = await openMany(listener, {
    count: 1,
    lines: ['EHLO c.example', 'MAIL FROM:<a@b.example>', 'RCPT TO:<c@d.example>', 'DATA'],
  })
  expect(listener.connections).toBe(4)
  const closed = listener.close()
  for (const talk of idle) {
    expect(await talk.reply()).toBe(GOODBYE)
    talk.socket.end()
    await talk.end()
  }
  await expect.poll(() => listener.connections).toBe(1)
  expect(await busy!.say('Hi\r\n.')).toBe('250 2.0.0 Message accepted')
  expect(await busy!.reply()).toBe(GOODBYE)
  busy!.socket.end()
  await closed
  await expect.poll(() => listener.connections).toBe(0)
})

test('Listener.close: no client is taken meanwhile, and to close twice is to close once', async () => {
  const listener = await listen({ serve: SERVE })
  const [talk] = await openMany(listener, { count: 1, lines: ['EHLO c.example', 'MAIL FROM:<a@b.example>'] })
  const closing = [listener.close(), listener.close()]
  const late = talkTo(listener)
  expect(await late.line()).toBeUndefined()
  expect(await talk!.say('RSET')).toBe('250 2.0.0 OK')
  expect(await talk!.reply()).toBe(GOODBYE)
  talk!.socket.end()
  await Promise.all(closing)
})

test('Listener.close: what has not ended after the timeout is cut off', async () => {
  const errors: unknown[] = []
  const listener = await listen({ serve: SERVE, onError: (error) => errors.push(error) })
  const [talk] = await openMany(listener, { count: 1, lines: ['EHLO c.example', 'MAIL FROM:<a@b.example>'] })
  await listener.close({ timeout: 1 })
  await talk!.end()
  await expect.poll(() => errors).toEqual([expect.objectContaining({ code: 'NODE_CLOSED' })])
})

test('Listener.close: a handshake that is under way is cut off, and nobody hears an error', async () => {
  const errors: unknown[] = []
  const options: ListenOptions = { tls: { key, cert }, implicitTls: true, onError: (error) => errors.push(error) }
  const listener = await listen({ ...options, serve: SERVE })
  const talk = talkTo(listener)
  await expect.poll(() => listener.connections).toBe(1)
  await listener.close()
  await talk.end()
  expect(errors).toEqual([])
})

test('Listener.close: a session over TLS ends in good order', async () => {
  const listener = await listen({ tls: { key, cert }, implicitTls: true, serve: SERVE })
  const { port } = listener.address
  const talk = new Talk(tlsConnect({ port, host: '127.0.0.1', servername: 'mx.example', ca }))
  await talk.reply()
  const closed = listener.close()
  expect(await talk.reply()).toBe(GOODBYE)
  await closed
})

test('listen: onConnection hears that the listener closes, and has as long as it is given', async () => {
  const listener = await listen({
    onConnection: async (connection, closing) => {
      await new Promise((resolve) => closing.addEventListener('abort', resolve))
      await connection.write(new TextEncoder().encode('bye\r\n'))
      await connection.close()
    },
  })
  const talk = talkTo(listener)
  await expect.poll(() => listener.connections).toBe(1)
  const closed = listener.close({ timeout: 60_000 })
  expect(await talk.line()).toBe('bye')
  talk.socket.end()
  await closed
})
