/** One attempt at one address or Unix socket. */

import { type NetConnectOpts, type Socket, connect as tcpConnect } from 'node:net'

/** How to open a socket. */
export interface DialOptions {
  /** How long to wait, in milliseconds. */
  readonly timeout: number
  /** Ends it. */
  readonly signal: AbortSignal
}

/**
 * Opens a socket. Whatever happens to it, no error of it is left without a listener.
 *
 * @internal
 * @param target Where to, as Node takes it.
 * @param options How.
 * @returns The socket, connected.
 * @throws The error of the system; one of code `ETIMEDOUT` when it takes too long.
 */
export function dial(target: NetConnectOpts, { timeout, signal }: DialOptions): Promise<Socket> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const socket = tcpConnect({ ...target, noDelay: true, allowHalfOpen: true })
    const settle = (error?: unknown): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
      if (error === undefined) {
        resolve(socket)
        return
      }
      socket.destroy()
      reject(error)
    }
    const onAbort = (): void => settle(signal.reason ?? new Error('given up'))
    const late = (): void => settle(Object.assign(new Error(`no answer in ${timeout} ms`), { code: 'ETIMEDOUT' }))
    const timer = setTimeout(late, timeout)
    signal.addEventListener('abort', onAbort, { once: true })
    // It stays, as an error without a listener ends the process.
    socket.on('error', settle)
    socket.once('connect', () => settle())
  })
}

/**
 * Works with a socket, which is destroyed when the work fails or a signal fires.
 *
 * @internal
 */
export async function guarded<T>(socket: Socket, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  const onAbort = (): void => void socket.destroy()
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    signal.throwIfAborted()
    return await work()
  } catch (error) {
    socket.destroy()
    throw error
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
