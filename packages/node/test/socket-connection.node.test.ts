import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import type { TLSSocket } from 'node:tls'
import type { Connect, TlsInfo } from '@posthorn/smtp'
import { afterEach, expect, test, vi } from 'vitest'
import { rejectionOf } from '../../../test/failure.ts'
import { connect } from '../src/index.ts'
import { SocketConnection } from '../src/socket-connection.ts'

afterEach(() => void vi.useRealTimers())

const info: TlsInfo = { protocol: 'TLSv1.3', cipher: 'unknown', verifiedBy: 'nobody' }

/** A socket in TLS that has ended, and whose writes are never finished. */
function stuck(secured: boolean): { connection: SocketConnection; socket: Duplex } {
  const socket = new Duplex({
    allowHalfOpen: true,
    read: () => undefined,
    write: () => undefined,
    writableHighWaterMark: 10,
  })
  const whole = Object.assign(socket, { setNoDelay: () => undefined }) as unknown as TLSSocket
  const refuse = (): never => expect.fail('There is no handshake')
  return {
    connection: new SocketConnection(whole as Socket, refuse, secured ? { socket: whole, info } : undefined),
    socket,
  }
}

test.each(['before', 'while'])('write: over TLS, what waits for an end that came %s it is given up', async (when) => {
  vi.useFakeTimers()
  const { connection, socket } = stuck(true)
  const end = async (): Promise<void> => {
    socket.push(null)
    socket.resume()
    await vi.advanceTimersByTimeAsync(1)
  }
  if (when === 'before') await end()
  const writing = rejectionOf(() => connection.write(new Uint8Array(100)))
  if (when === 'while') await end()
  await vi.advanceTimersByTimeAsync(9000)
  expect(socket.destroyed).toBe(false)
  await vi.advanceTimersByTimeAsync(2000)
  expect(await writing).toBe('NODE_CLOSED')
  expect(vi.getTimerCount()).toBe(0)
})

test('write: without TLS, the other end may take its time after its own end', async () => {
  vi.useFakeTimers()
  const { connection, socket } = stuck(false)
  socket.push(null)
  socket.resume()
  void rejectionOf(() => connection.write(new Uint8Array(100)))
  await vi.advanceTimersByTimeAsync(60_000)
  expect(socket.destroyed).toBe(false)
  socket.destroy()
})

test('an end that came before the connection was made is heard of', async () => {
  const { socket } = stuck(true)
  socket.push(null)
  socket.resume()
  await new Promise((resolve) => socket.once('end', resolve))
  const whole = socket as unknown as TLSSocket
  const connection = new SocketConnection(whole as Socket, () => expect.fail(), { socket: whole, info })
  expect(await connection.read()).toBeUndefined()
})

test('connect is the Connect of @posthorn/smtp', () => {
  const one: Connect = connect
  expect(one).toBe(connect)
})
