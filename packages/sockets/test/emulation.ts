/**
 * The sockets API over Node's sockets, as workerd has it: nothing is read before it is asked for, errors tell no reason,
 * and TLS that is raised while a read is pending never comes about. Every name is this host.
 */
import { once } from 'node:events'
import { type Socket, connect as tcpConnect } from 'node:net'
import { ReadableStream, WritableStream } from 'node:stream/web'
import { connect as tlsConnect } from 'node:tls'
import type { SocketsConnect, SocketsInfo, SocketsSocket } from '../src/index.ts'

/** How the emulation behaves. */
export interface EmulationOptions {
  /** The certificate authorities that it trusts, in PEM. */
  readonly ca?: string
}

const VAGUE = 'proxy request failed, cannot connect to the specified address'
const NEVER = new Promise<never>(() => undefined)

interface Halves {
  readonly socket: Socket
  readonly hostname: string
  readonly opened: Promise<SocketsInfo>
  readonly isSecure: boolean
  readonly ca: string | undefined
}

class EmulatedSocket implements SocketsSocket {
  readonly #halves: Halves
  #pulling = false
  readonly opened: Promise<SocketsInfo>
  readonly closed: Promise<void>
  readonly readable: ReadableStream<Uint8Array>
  readonly writable: WritableStream<Uint8Array>

  constructor(halves: Halves) {
    const { socket, opened } = halves
    this.#halves = halves
    this.opened = opened
    this.closed = opened.then(() => (socket.destroyed ? undefined : once(socket, 'close').then(() => undefined)))
    this.readable = new ReadableStream<Uint8Array>(
      { pull: (controller) => this.#pull(controller), cancel: () => void socket.destroy() },
      { highWaterMark: 0 },
    )
    this.writable = new WritableStream<Uint8Array>({
      write: (chunk) => settled((done) => socket.write(chunk, done)),
      close: () => settled((done) => socket.end(done)),
      abort: () => void socket.destroy(),
    })
  }

  async close(): Promise<void> {
    this.#halves.socket.destroy()
  }

  startTls(): EmulatedSocket {
    const { hostname, isSecure, socket, ca } = this.#halves
    if (isSecure) throw new TypeError('Cannot startTls on a TLS socket.')
    if (this.readable.locked || this.writable.locked) throw new TypeError('This stream is locked')
    if (this.#pulling) return new EmulatedSocket({ ...this.#halves, opened: NEVER })
    return secure(socket, { hostname, ca })
  }

  async #pull(controller: { enqueue(chunk: Uint8Array): void; close(): void }): Promise<void> {
    this.#pulling = true
    try {
      const chunk = await arrival(this.#halves.socket)
      if (chunk) controller.enqueue(new Uint8Array(chunk))
      else controller.close()
    } finally {
      this.#pulling = false
    }
  }
}

async function arrival(socket: Socket): Promise<Buffer | undefined> {
  for (;;) {
    const chunk: Buffer | null = socket.read()
    if (chunk) return chunk
    if (socket.readableEnded) return undefined
    if (socket.destroyed) throw new Error('Network connection lost.')
    await change(socket)
  }
}

function change(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const events = ['readable', 'end', 'close']
    const done = (): void => {
      for (const event of events) socket.off(event, done)
      resolve()
    }
    for (const event of events) socket.on(event, done)
  })
}

function settled(start: (done: (error?: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => start((error) => (error ? reject(error) : resolve())))
}

function opening(socket: Socket, success: 'connect' | 'secureConnect'): Promise<SocketsInfo> {
  const opened = new Promise<SocketsInfo>((resolve, reject) => {
    const fail = (): void => reject(new Error(VAGUE))
    socket.once(success, () => resolve({ remoteAddress: `${socket.remoteAddress}:${socket.remotePort}` }))
    socket.once('error', fail)
    socket.once('close', fail)
  })
  socket.on('error', () => undefined)
  return opened
}

function secure(
  plain: Socket,
  { hostname, ca }: { readonly hostname: string; readonly ca: string | undefined },
): EmulatedSocket {
  const options = { socket: plain, servername: hostname, host: hostname, ...(ca !== undefined && { ca }) }
  const socket = tlsConnect(options).pause()
  return new EmulatedSocket({ socket, hostname, ca, isSecure: true, opened: opening(socket, 'secureConnect') })
}

/** Makes a `connect` of the sockets API. */
export function emulate({ ca }: EmulationOptions = {}): SocketsConnect {
  return ({ hostname, port }, { secureTransport, allowHalfOpen }) => {
    const socket = tcpConnect({ host: '127.0.0.1', port, allowHalfOpen, noDelay: true }).pause()
    const opened = opening(socket, 'connect')
    if (secureTransport === 'on') return secure(socket, { hostname, ca })
    return new EmulatedSocket({ socket, hostname, ca, isSecure: false, opened })
  }
}
