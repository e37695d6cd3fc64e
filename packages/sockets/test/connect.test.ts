import { afterEach, describe, expect, test, vi } from 'vitest'
import { rejectionOf } from '../../../test/failure.ts'
import { type ConnectOptions, connect, type SocketsAddress, type SocketsOptions } from '../src/index.ts'
import { FakeSocket } from './fake-socket.ts'

const NEVER = new Promise<never>(() => undefined)

function dial(options: Partial<ConnectOptions>): ReturnType<typeof connect> {
  return connect({ host: 'mx.example', port: 587, connect: () => new FakeSocket(), ...options })
}

afterEach(() => {
  vi.useRealTimers()
})

describe('connect', () => {
  test.each([
    [false, 'starttls'],
    [true, 'on'],
  ] as const)(
    'implicitTls %s asks for secureTransport %s, and for half-open sockets',
    async (implicitTls, expected) => {
      const calls: [SocketsAddress, SocketsOptions][] = []
      await dial({
        implicitTls,
        connect(...given) {
          calls.push(given)
          return new FakeSocket()
        },
      })
      expect(calls).toEqual([
        [
          { hostname: 'mx.example', port: 587 },
          { secureTransport: expected, allowHalfOpen: true },
        ],
      ])
    },
  )

  test.each([
    ['192.0.2.1:587', { address: '192.0.2.1', port: 587 }],
    ['[2001:db8::1]:587', { address: '2001:db8::1', port: 587 }],
    ['mx.example:587', undefined],
    ['2001:db8::1', undefined],
    [null, undefined],
    [undefined, undefined],
  ])('the other end is told where %s is an address', async (remoteAddress, remote) => {
    const opened = Promise.resolve(remoteAddress === undefined ? {} : { remoteAddress })
    const { info } = await dial({ connect: () => new FakeSocket({ opened }) })
    expect(info).toEqual({ via: 'tcp', ...(remote && { remote }) })
  })

  test('this end is told where the runtime tells it', async () => {
    const opened = Promise.resolve({ localAddress: '198.51.100.7:40000' })
    const { info } = await dial({ connect: () => new FakeSocket({ opened }) })
    expect(info.local).toEqual({ address: '198.51.100.7', port: 40_000 })
  })

  test.each([false, true])(
    'a socket that does not open, implicitTls %s: SOCKETS_CONNECT_FAILED',
    async (implicitTls) => {
      const cause = new Error('proxy request failed')
      const socket = new FakeSocket({ opened: Promise.reject(cause) })
      const error: unknown = await dial({ implicitTls, connect: () => socket }).catch((thrown: unknown) => thrown)
      expect(error).toMatchObject({ code: 'SOCKETS_CONNECT_FAILED', cause })
      expect(String(error).includes('TLS')).toBe(implicitTls)
      expect(socket.calls).toContain('close')
    },
  )

  test('a runtime that throws at once: SOCKETS_CONNECT_FAILED', async () => {
    const cause = new TypeError('Value out of range')
    const refusing = (): never => {
      throw cause
    }
    await expect(dial({ connect: refusing })).rejects.toMatchObject({ code: 'SOCKETS_CONNECT_FAILED', cause })
  })

  test('a socket that does not open in time: SOCKETS_CONNECT_TIMEOUT, and it is closed', async () => {
    vi.useFakeTimers()
    const socket = new FakeSocket({ opened: NEVER })
    const opening = rejectionOf(() => dial({ connect: () => socket }))
    await vi.advanceTimersByTimeAsync(29_999)
    expect(socket.calls).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    expect(await opening).toBe('SOCKETS_CONNECT_TIMEOUT')
    expect(socket.calls).toEqual(['close'])
  })

  test('a signal that fires: SOCKETS_ABORTED with its reason, and the socket is closed', async () => {
    vi.useFakeTimers()
    const abort = new AbortController()
    const socket = new FakeSocket({ opened: NEVER })
    const opening = dial({ connect: () => socket, signal: abort.signal })
    const reason = new Error('enough')
    abort.abort(reason)
    await expect(opening).rejects.toMatchObject({ code: 'SOCKETS_ABORTED', cause: reason })
    expect(socket.calls).toEqual(['close'])
    expect(vi.getTimerCount()).toBe(0)
  })

  test.each([
    ['a signal that has fired', 'SOCKETS_ABORTED', { signal: AbortSignal.abort() }],
    ['a name other than the host', 'SOCKETS_SERVER_NAME', { serverName: 'other.example' }],
  ])('%s: %s, and no socket is opened', async (_, code, options) => {
    const open = vi.fn(() => new FakeSocket())
    expect(await rejectionOf(() => dial({ connect: open, ...options }))).toBe(code)
    expect(open).not.toHaveBeenCalled()
  })

  test('a name that is the host is taken in any case', async () => {
    const { info } = await dial({ serverName: 'MX.Example', implicitTls: true })
    expect(info.tls?.serverName).toBe('mx.example')
  })
})
