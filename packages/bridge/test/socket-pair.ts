/** A WebSocket in memory: the standard's side for the client, the bridge's for the server. */
import type { WebSocketEvent, WebSocketLike } from '@posthorn/bridge'
import type { BridgeSocket } from '../src/server/run-bridge.ts'

type Frame = string | Uint8Array

/** Makes the class of WebSockets whose other ends `accept` takes, as a bridge takes them from a network. */
export function memoryWebSocket(accept: (socket: BridgeSocket, protocols: string[]) => string | undefined) {
  return class implements WebSocketLike {
    binaryType = 'blob'
    protocol = ''
    readonly #listeners: { type: string; listener: (event: WebSocketEvent) => void }[] = []
    #server: { onFrame(data: Frame): void; onClose(code: number): void } | undefined
    #isClosed = false

    constructor(_url: string, protocols: string[]) {
      const socket: BridgeSocket = {
        send: async (data) => {
          await Promise.resolve()
          if (!this.#isClosed) this.#emit('message', { data: copyOf(data) })
        },
        close: (code, reason) => this.#down(code, reason),
        listen: (listener) => {
          this.#server = listener
        },
      }
      queueMicrotask(() => {
        const protocol = accept(socket, protocols)
        if (protocol === undefined) return this.#down(1006, '')
        this.protocol = protocol
        this.#emit('open', {})
      })
    }

    send(data: Frame): void {
      if (this.#isClosed) return
      const frame = typeof data === 'string' ? data : data.slice()
      queueMicrotask(() => this.#server?.onFrame(frame))
    }

    close(code = 1005): void {
      if (this.#isClosed) return
      this.#isClosed = true
      queueMicrotask(() => {
        this.#server?.onClose(code)
        this.#emit('close', { code, reason: '' })
      })
    }

    addEventListener(type: string, listener: (event: WebSocketEvent) => void): void {
      this.#listeners.push({ type, listener })
    }

    #down(code: number, reason: string): void {
      if (this.#isClosed) return
      this.#isClosed = true
      setTimeout(() => this.#emit('close', { code, reason }), 0)
    }

    #emit(type: string, event: WebSocketEvent): void {
      for (const one of this.#listeners) if (one.type === type) one.listener(event)
    }
  }
}

function copyOf(data: Frame): string | ArrayBuffer {
  return typeof data === 'string' ? data : (data.slice().buffer as ArrayBuffer)
}
