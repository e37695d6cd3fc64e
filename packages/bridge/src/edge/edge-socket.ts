/** A `BridgeSocket` over the server's end of a `WebSocketPair`, as edge runtimes have it. */

import type { BridgeSocket } from '../server/run-bridge.ts'

/** As much of one end of a pair as a bridge uses. */
export interface EdgeWebSocket {
  /** How binary frames come, where the runtime lets one choose; the bridge sets `arraybuffer`. */
  binaryType?: string
  /** Takes the connection over from the runtime. */
  accept(): void
  /** Sends a frame. */
  send(data: string | Uint8Array): void
  /** Closes. */
  close(code?: number, reason?: string): void
  /** Listens. */
  addEventListener(
    type: 'message' | 'close' | 'error',
    listener: (event: { readonly data?: unknown; readonly code?: number }) => void,
  ): void
}

/** The client's end, and the server's. */
export interface EdgeWebSocketPair {
  /** The client's end, which the answer carries. */
  readonly 0: unknown
  /** The server's end. */
  readonly 1: EdgeWebSocket
}

const LOST = 1006

/**
 * Carries the frames of one client. Such runtimes do not say when a frame has gone, so what a client may have owed is what
 * bounds memory.
 *
 * @internal
 */
export function edgeSocket(socket: EdgeWebSocket): BridgeSocket {
  return {
    async send(data) {
      socket.send(data)
    },
    close(code, reason) {
      try {
        socket.close(code, reason)
      } catch {
        // It is closed, or was never open.
      }
    },
    listen({ onFrame, onClose }) {
      socket.binaryType = 'arraybuffer'
      socket.addEventListener('message', ({ data }) => {
        onFrame(typeof data === 'string' ? data : new Uint8Array(data as ArrayBuffer))
      })
      socket.addEventListener('close', ({ code = LOST }) => onClose(code))
      socket.addEventListener('error', () => onClose(LOST))
      socket.accept()
    },
  }
}
