/** A Posthorn `Connection` over a socket of `node:net` or `node:tls`, whichever end opened it. */

import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { MailError, plainBytes } from '@posthorn/core'
import type { Connection, ConnectionInfo, Endpoint, StartTlsOptions, TlsInfo } from '@posthorn/smtp'
import type { NodeErrorCode } from './error.ts'
import { flushGathered, writeGathered } from './gathered-writes.ts'

/** A socket in TLS, and what was agreed. */
export interface Secured {
  readonly socket: TLSSocket
  readonly info: TlsInfo
}

/** Wraps a plain socket in TLS and resolves when the handshake is done. */
export type Upgrade = (socket: Socket, options: StartTlsOptions) => Promise<Secured>

/** What is known of a socket beside what it tells itself. */
interface SocketFacts extends Partial<ConnectionInfo> {
  /** Whether it leads to a proxy, so that its addresses are not those of the ends. */
  readonly isProxied?: boolean
  /** Whether it is one of many, whose writes of one turn of the loop are made together at its end; default `false`. */
  readonly isOneOfMany?: boolean
}

const CLOSE_DEADLINE = 2000

// How long a write may wait for the other end after that has ended its direction of TLS, in milliseconds.
const ENDED_DEADLINE = 10_000

// What has come and was not asked for is kept up to this size; beyond it the socket is paused.
const HIGH_WATER = 65_536

// RFC 8446 section 5.1: most octets of a record.
const TLS_RECORD = 16_384

/** Who waits for what comes next. */
interface Reader {
  readonly resolve: (bytes: Uint8Array | undefined) => void
  readonly reject: (error: unknown) => void
}

const WRITTEN = Promise.resolve()

/**
 * A connection over a socket.
 *
 * @internal
 */
export class SocketConnection implements Connection {
  readonly #upgrade: Upgrade
  readonly #isOneOfMany: boolean
  #isResettable: boolean
  #socket: Socket
  #info: ConnectionInfo
  #upgrading = false
  #listening = false
  readonly #chunks: Uint8Array[] = []
  #waiting = 0
  // Who waits for something to come.
  #reader: Reader | undefined
  #ended = false
  #failure: unknown

  constructor(tcp: Socket, upgrade: Upgrade, secured?: Secured, facts: SocketFacts = {}) {
    const { isProxied = false, isOneOfMany = false, ...known } = facts
    const via = known.via ?? viaOf(tcp)
    this.#upgrade = upgrade
    this.#isOneOfMany = isOneOfMany
    // A Unix socket, and one in TLS to a proxy, cannot be reset.
    this.#isResettable = !secured && via !== 'unix' && !('encrypted' in tcp)
    this.#socket = secured?.socket ?? tcp
    const ends = isProxied ? {} : endpointsOf(tcp)
    this.#info = { via, ...ends, ...known, ...(secured && { tls: secured.info }) }
    this.#watch(this.#socket)
  }

  get info(): ConnectionInfo {
    return this.#info
  }

  // What is read and written once a command is made of as few promises as can be.
  read(): Promise<Uint8Array | undefined> {
    return new Promise((resolve, reject) => {
      if (this.#reader) return reject(fault('NODE_BUSY', 'a read is outstanding'))
      if (this.#upgrading) return reject(fault('NODE_BUSY', 'TLS is being raised'))
      this.#reader = { resolve, reject }
      this.#serveReader()
      if (this.#reader) this.#listen()
    })
  }

  write(chunk: Uint8Array): Promise<void> {
    // HAZARD: below a handshake, or before the certificate is judged, it would go to anybody.
    if (this.#upgrading) return Promise.reject(fault('NODE_BUSY', 'TLS is being raised'))
    // Somebody who listens while he writes wants to hear why the other end takes no more. Node drops what is unread when a
    // write fails, so what has come is read before each.
    return this.#reader ? this.#writeListening(chunk) : this.#put(chunk)
  }

  async #writeListening(chunk: Uint8Array): Promise<void> {
    const slice = this.#info.tls ? TLS_RECORD : chunk.length
    for (let start = 0; start < chunk.length; start += slice) {
      await polled()
      await this.#put(chunk.subarray(start, start + slice))
    }
  }

  async startTls(options: StartTlsOptions): Promise<TlsInfo> {
    if (this.#reader) throw fault('NODE_BUSY', 'a read is outstanding')
    if (this.#upgrading) throw fault('NODE_BUSY', 'TLS is being raised')
    // Over a socket that is gone a handshake would never end.
    if (this.#socket.destroyed || this.#ended) throw fault('NODE_CLOSED', 'it is closed', this.#failure)
    // HAZARD: octets that came before the handshake are not protected by it (RFC 3207 section 4.2).
    if (this.#waiting + this.#socket.readableLength > 0) throw fault('NODE_TLS_INJECTION', 'plaintext is buffered')
    flushGathered(this.#socket)
    this.#socket.off('data', this.#onData).pause()
    this.#listening = false
    this.#isResettable = false
    this.#upgrading = true
    try {
      const { socket, info } = await this.#upgrade(this.#socket, options)
      this.#socket = socket
      this.#info = { ...this.#info, tls: info }
      this.#watch(socket)
      return info
    } finally {
      this.#upgrading = false
    }
  }

  async end(): Promise<void> {
    this.#socket.end()
  }

  async close(): Promise<void> {
    const socket = this.#socket
    if (socket.destroyed) return
    const timer = setTimeout(() => socket.destroy(), CLOSE_DEADLINE)
    socket.end()
    socket.off('data', this.#onData)
    // What still comes is dropped, as an unread socket never tells that the other end has closed.
    socket.resume()
    await change(socket, ['close'])
    clearTimeout(timer)
  }

  abort(reason?: unknown): void {
    this.#failure ??= reason ?? new Error('aborted')
    flushGathered(this.#socket)
    const { destroyed, writableEnded } = this.#socket
    // What was cut off must not look like what has ended. TLS shows that by itself, and below it Node cannot reset.
    // QUIRK: libuv resets no socket that is about to end, and Node then forgets it open: https://github.com/libuv/libuv/issues/3661
    if (this.#isResettable && !destroyed && !writableEnded) this.#socket.resetAndDestroy()
    else this.#socket.destroy()
  }

  #put(chunk: Uint8Array): Promise<void> {
    if (this.#socket.destroyed || this.#failure) {
      return Promise.reject(fault('NODE_CLOSED', 'it is closed', this.#failure))
    }
    // QUIRK: the TLS of Deno 2 breaks at a write of no octets.
    if (chunk.length === 0) return WRITTEN
    const socket = this.#socket
    const isRoom = this.#isOneOfMany ? writeGathered(socket, chunk) : socket.write(chunk)
    return isRoom ? WRITTEN : this.#written()
  }

  async #written(): Promise<void> {
    await this.#drained()
    if (this.#socket.destroyed) throw fault('NODE_CLOSED', 'it broke', this.#failure)
  }

  // QUIRK: over TLS, Node may take a reset for an end, and then neither finishes a write nor fails it.
  async #drained(): Promise<void> {
    const socket = this.#socket
    let timer: NodeJS.Timeout | undefined
    const onEnd = (): void => {
      timer ??= setTimeout(() => this.abort(new Error('the other end has gone')), ENDED_DEADLINE)
    }
    if (this.#info.tls && this.#ended) onEnd()
    else if (this.#info.tls) socket.once('end', onEnd)
    await change(socket, ['drain', 'close', 'error'])
    clearTimeout(timer)
    socket.off('end', onEnd)
  }

  #take(): Uint8Array | undefined {
    const chunk = this.#chunks.shift()
    if (!chunk) return undefined
    const before = this.#waiting
    this.#waiting -= chunk.length
    if (before >= HIGH_WATER && this.#waiting < HIGH_WATER) this.#socket.resume()
    return chunk
  }

  // A socket begins to read when somebody listens for its data.
  #listen(): void {
    if (this.#listening) return
    this.#listening = true
    this.#socket.on('data', this.#onData)
    // By a proxy it may have been paused.
    this.#socket.resume()
  }

  // Gives whoever waits what there is, if there is anything.
  #serveReader(): void {
    const reader = this.#reader
    if (!reader) return
    const chunk = this.#take()
    if (!chunk && !this.#failure && !this.#ended && !this.#socket.destroyed) return
    this.#reader = undefined
    if (chunk) reader.resolve(chunk)
    else if (this.#failure) reader.reject(fault('NODE_CLOSED', 'it broke', this.#failure))
    else if (this.#ended) reader.resolve(undefined)
    else reader.reject(fault('NODE_CLOSED', 'it is closed'))
  }

  readonly #onData = (chunk: Buffer): void => {
    const reader = this.#reader
    // What is awaited is not kept first.
    if (reader && this.#chunks.length === 0) {
      this.#reader = undefined
      reader.resolve(plainBytes(chunk))
      return
    }
    this.#chunks.push(plainBytes(chunk))
    this.#waiting += chunk.length
    if (this.#waiting >= HIGH_WATER) this.#socket.pause()
    this.#onChange()
  }

  readonly #onChange = (): void => this.#serveReader()

  #watch(socket: Socket): void {
    socket.setNoDelay(true)
    socket.on('error', (error) => {
      this.#failure ??= error
      this.#onChange()
    })
    socket.on('close', this.#onChange)
    // It may have ended while the certificate was judged.
    this.#ended ||= socket.readableEnded
    // Below TLS the plain socket ends first, while the secured one still has octets to give.
    socket.on('end', () => {
      this.#ended ||= socket === this.#socket
      this.#onChange()
    })
  }
}

// Waits until Node has looked for what has come: the first turn may end the round of the loop in which it was asked for.
async function polled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
  await new Promise((resolve) => setImmediate(resolve))
}

// Waits for the first of some events.
function change(socket: Socket, events: readonly string[]): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      for (const event of events) socket.off(event, done)
      resolve()
    }
    for (const event of events) socket.on(event, done)
  })
}

// What has no address of its own is no socket of the Internet.
function viaOf({ localAddress, remoteAddress, destroyed }: Socket): 'tcp' | 'unix' {
  return localAddress === undefined && remoteAddress === undefined && !destroyed ? 'unix' : 'tcp'
}

function endpointsOf(socket: Socket): { local?: Endpoint; remote?: Endpoint } {
  const { localAddress, localPort, remoteAddress, remotePort } = socket
  return {
    ...(localAddress !== undefined && localPort !== undefined && { local: { address: localAddress, port: localPort } }),
    ...(remoteAddress !== undefined &&
      remotePort !== undefined && { remote: { address: remoteAddress, port: remotePort } }),
  }
}

function fault(code: NodeErrorCode, why: string, cause?: unknown): MailError<NodeErrorCode> {
  return new MailError(code, `Cannot use connection: ${why}`, { cause })
}
