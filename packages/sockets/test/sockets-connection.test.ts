import { encodeUtf8 } from '@posthorn/core'
import type { Connection } from '@posthorn/smtp'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { rejectionOf } from '../../../test/failure.ts'
import { connect } from '../src/index.ts'
import { FakeSocket } from './fake-socket.ts'

const NEVER = new Promise<never>(() => undefined)
const HOST = 'mx.example'

const over = (socket: FakeSocket, implicitTls = false): Promise<Connection> =>
  connect({ host: HOST, port: 587, implicitTls, connect: () => socket })

afterEach(() => {
  vi.useRealTimers()
})

test('SocketsConnection: a write of no octets does not reach the socket', async () => {
  const socket = new FakeSocket()
  await (await over(socket)).write(new Uint8Array(0))
  expect(socket.calls).toEqual([])
})

describe('SocketsConnection: reading', () => {
  test('nothing is read before it is asked for, and one chunk for each read', async () => {
    const socket = new FakeSocket().put(encodeUtf8('one'), encodeUtf8('two'))
    const connection = await over(socket)
    await Promise.resolve()
    expect(socket.calls).toEqual([])
    expect(await connection.read()).toEqual(encodeUtf8('one'))
    expect(socket.calls).toEqual(['pull'])
  })

  test('a chunk without octets is no end, and the end stays', async () => {
    const socket = new FakeSocket().put(new Uint8Array(0), encodeUtf8('a'), undefined)
    const connection = await over(socket)
    expect(await connection.read()).toEqual(encodeUtf8('a'))
    expect(await connection.read()).toBeUndefined()
    expect(await connection.read()).toBeUndefined()
  })

  test('a stream that fails: SOCKETS_CLOSED with its cause, for good, and the socket is closed', async () => {
    const cause = new Error('Network connection lost.')
    const socket = new FakeSocket().put(cause)
    const connection = await over(socket)
    await expect(connection.read()).rejects.toMatchObject({ code: 'SOCKETS_CLOSED', cause })
    await expect(connection.read()).rejects.toMatchObject({ code: 'SOCKETS_CLOSED', cause })
    await expect(connection.write(encodeUtf8('a'))).rejects.toMatchObject({ code: 'SOCKETS_CLOSED', cause })
    expect(socket.calls).toContain('close')
  })

  test('what has come can be read after a write that failed, but an end then is none', async () => {
    const cause = new Error('Network connection lost.')
    const socket = new FakeSocket({ onWrite: () => Promise.reject(cause) }).put(encodeUtf8('421 bye\r\n'), undefined)
    const connection = await over(socket)
    await expect(connection.write(encodeUtf8('a'))).rejects.toMatchObject({ code: 'SOCKETS_CLOSED', cause })
    expect(await connection.read()).toEqual(encodeUtf8('421 bye\r\n'))
    await expect(connection.read()).rejects.toMatchObject({ code: 'SOCKETS_CLOSED', cause })
  })
})

describe('SocketsConnection: STARTTLS [rfc3207]', () => {
  test('both streams are given back before, and those of the new socket are used after', async () => {
    const secured = new FakeSocket().put(encodeUtf8('secret'))
    const plain = new FakeSocket({ secured: () => secured }).put(encodeUtf8('220 go\r\n'))
    const connection = await over(plain)
    await connection.read()
    const tls = await connection.startTls({ serverName: 'MX.example' })
    expect(tls).toEqual({ protocol: 'unknown', cipher: 'unknown', verifiedBy: 'local', serverName: HOST })
    expect(connection.info.tls).toEqual(tls)
    await connection.write(encodeUtf8('hello'))
    expect(await connection.read()).toEqual(encodeUtf8('secret'))
    expect(plain.calls).toEqual(['pull', 'startTls'])
    expect(secured.calls).toEqual(['write hello', 'pull'])
  })

  test('a read that is outstanding, and one that would begin meanwhile: SOCKETS_BUSY', async () => {
    const plain = new FakeSocket({ secured: () => new FakeSocket({ opened: NEVER }) })
    const connection = await over(plain)
    const reading = connection.read()
    expect(await rejectionOf(() => connection.startTls({}))).toBe('SOCKETS_BUSY')
    plain.put(encodeUtf8('a'))
    await reading
    const raising = rejectionOf(() => connection.startTls({}))
    expect(await rejectionOf(() => connection.read())).toBe('SOCKETS_BUSY')
    expect(await rejectionOf(() => connection.write(encodeUtf8('a')))).toBe('SOCKETS_BUSY')
    expect(await rejectionOf(() => connection.startTls({}))).toBe('SOCKETS_BUSY')
    connection.abort()
    expect(await raising).toBe('SOCKETS_CLOSED')
  })

  test('what is being written goes before it', async () => {
    let take: () => void = () => undefined
    const onWrite = (): Promise<void> =>
      new Promise((resolve) => {
        take = resolve
      })
    const plain = new FakeSocket({ onWrite, secured: () => new FakeSocket() })
    const connection = await over(plain)
    const writing = connection.write(encodeUtf8('STARTTLS\r\n'))
    const raising = connection.startTls({})
    await new Promise((resolve) => setTimeout(resolve, 5))
    expect(plain.calls).toEqual(['write STARTTLS\r\n'])
    take()
    await Promise.all([writing, raising])
    expect(plain.calls).toEqual(['write STARTTLS\r\n', 'startTls'])
  })

  test('an abort while that is being written: TLS is not begun', async () => {
    let take: () => void = () => undefined
    const onWrite = (): Promise<void> =>
      new Promise((resolve) => {
        take = resolve
      })
    const plain = new FakeSocket({ onWrite, secured: () => new FakeSocket() })
    const connection = await over(plain)
    const outstanding = [
      rejectionOf(() => connection.write(encodeUtf8('a'))),
      rejectionOf(() => connection.startTls({})),
    ]
    connection.abort()
    take()
    expect(await Promise.all(outstanding)).toEqual(['SOCKETS_CLOSED', 'SOCKETS_CLOSED'])
    await new Promise((resolve) => setTimeout(resolve, 5))
    expect(plain.calls.join()).not.toContain('startTls')
  })

  test('a name other than the host: SOCKETS_SERVER_NAME, and TLS is not begun', async () => {
    const plain = new FakeSocket({ secured: () => new FakeSocket() })
    const connection = await over(plain)
    expect(await rejectionOf(() => connection.startTls({ serverName: 'other.example' }))).toBe('SOCKETS_SERVER_NAME')
    expect(plain.calls).toEqual([])
    expect(connection.info.tls).toBeUndefined()
    await connection.startTls({})
  })

  test('a handshake that fails: SOCKETS_TLS_FAILED, no evidence, and the connection is of no more use', async () => {
    const cause = new Error('internal error')
    const secured = new FakeSocket({ opened: Promise.reject(cause) })
    const connection = await over(new FakeSocket({ secured: () => secured }))
    await expect(connection.startTls({})).rejects.toMatchObject({ code: 'SOCKETS_TLS_FAILED', cause })
    expect(connection.info.tls).toBeUndefined()
    expect(await rejectionOf(() => connection.read())).toBe('SOCKETS_TLS_FAILED')
    expect(await rejectionOf(() => connection.write(encodeUtf8('a')))).toBe('SOCKETS_TLS_FAILED')
    expect(secured.calls).toContain('close')
  })

  test('a second time: SOCKETS_TLS_FAILED', async () => {
    const connection = await over(new FakeSocket(), true)
    expect(connection.info.tls).toMatchObject({ verifiedBy: 'local', serverName: HOST })
    expect(await rejectionOf(() => connection.startTls({}))).toBe('SOCKETS_TLS_FAILED')
  })
})

describe('SocketsConnection: closing', () => {
  test('what is written ends, what still comes is dropped, then the socket is closed', async () => {
    vi.useFakeTimers()
    const socket = new FakeSocket().put(encodeUtf8('late'), undefined)
    const connection = await over(socket)
    await connection.write(encodeUtf8('QUIT\r\n'))
    await Promise.all([connection.close(), connection.close()])
    expect(socket.calls).toEqual(['write QUIT\r\n', 'end', 'pull', 'pull', 'close'])
    expect(await rejectionOf(() => connection.read())).toBe('SOCKETS_CLOSED')
    expect(await rejectionOf(() => connection.write(encodeUtf8('a')))).toBe('SOCKETS_CLOSED')
    expect(vi.getTimerCount()).toBe(0)
  })

  test('an outstanding read rejects at once, and what it would have read is dropped', async () => {
    const socket = new FakeSocket()
    const connection = await over(socket)
    const reading = rejectionOf(() => connection.read())
    const closing = connection.close()
    expect(await reading).toBe('SOCKETS_CLOSED')
    socket.put(encodeUtf8('late'), undefined)
    await closing
    expect(socket.calls).toEqual(['pull', 'end', 'pull', 'close'])
  })

  test.each([
    ['that never ends what is written nor says that it is closed', new FakeSocket({ hangs: true })],
    ['whose other end never closes', new FakeSocket()],
  ])('a socket %s has two seconds', async (_, socket) => {
    vi.useFakeTimers()
    const connection = await over(socket)
    let closed = false
    const closing = connection.close().then(() => {
      closed = true
    })
    await vi.advanceTimersByTimeAsync(1999)
    expect(closed).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    await closing
    expect(socket.calls).toContain('close')
    expect(vi.getTimerCount()).toBe(0)
  })

  test('an abort rejects what is outstanding with its reason, though the socket never settles it', async () => {
    const socket = new FakeSocket({ onWrite: () => NEVER, hangs: true })
    const connection = await over(socket)
    const outstanding = [connection.read(), connection.write(encodeUtf8('a')), connection.write(encodeUtf8('b'))]
    const reason = new Error('enough')
    connection.abort(reason)
    for (const one of outstanding) await expect(one).rejects.toMatchObject({ code: 'SOCKETS_CLOSED', cause: reason })
    expect(socket.calls).toEqual(expect.arrayContaining(['cancel', 'close']))
  })

  test('an abort drops both streams, and there is nothing left to close', async () => {
    vi.useFakeTimers()
    const socket = new FakeSocket()
    const connection = await over(socket)
    connection.abort()
    const closing = connection.close()
    expect(vi.getTimerCount()).toBe(0)
    await closing
    expect(socket.calls).toEqual(['abort', 'cancel', 'close'])
  })
})
