/** A `BridgeSocket` over a WebSocket of the package `ws`. */

import { plainBytes } from '@posthorn/core'
import type { WebSocket } from 'ws'
import type { BridgeSocket } from '../server/run-bridge.ts'

/** What a client owes beside frames. */
export interface WsSocketOptions {
  /** How often to look whether the client is there, in milliseconds. */
  readonly pingInterval: number
  /** Counts one ping of the client; `false`: they come too fast. */
  readonly takeControl: () => boolean
}

// A client that does not answer a close frame is cut off.
const CLOSE_DEADLINE = 5000

// RFC 6455 section 5.5.3: of several pings the last alone needs an answer, so a client that reads nothing has none.
const MAX_UNSENT = 65_536

/**
 * Carries the frames of one client.
 *
 * @internal
 */
export class WsSocket implements BridgeSocket {
  readonly #socket: WebSocket
  readonly #options: WsSocketOptions
  readonly #timer: NodeJS.Timeout
  #isThere = true

  constructor(socket: WebSocket, options: WsSocketOptions) {
    this.#socket = socket
    this.#options = options
    this.#timer = setInterval(() => this.#look(), options.pingInterval)
    // Whatever breaks is told of by the close event that follows.
    socket.on('error', () => undefined)
    socket.on('pong', () => {
      this.#isThere = true
    })
    socket.on('ping', (data: Buffer) => this.#onPing(data))
    socket.on('close', () => clearInterval(this.#timer))
  }

  send(data: string | Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#socket.send(data, (error) => (error ? reject(error) : resolve()))
    })
  }

  close(code: number, reason: string): void {
    this.#socket.close(code, reason)
    const timer = setTimeout(() => this.#socket.terminate(), CLOSE_DEADLINE)
    this.#socket.on('close', () => clearTimeout(timer))
    if (this.#socket.readyState === this.#socket.CLOSED) clearTimeout(timer)
  }

  listen({ onFrame, onClose }: Parameters<BridgeSocket['listen']>[0]): void {
    this.#socket.on('message', (data: Buffer, isBinary) => {
      onFrame(isBinary ? plainBytes(data) : data.toString())
    })
    this.#socket.on('close', (code) => onClose(code))
  }

  #look(): void {
    if (this.#isThere) this.#socket.ping()
    else this.#socket.terminate()
    this.#isThere = false
  }

  #onPing(data: Buffer): void {
    if (!this.#options.takeControl()) this.#socket.close(4429, 'control')
    else if (this.#socket.bufferedAmount < MAX_UNSENT) this.#socket.pong(data)
  }
}
