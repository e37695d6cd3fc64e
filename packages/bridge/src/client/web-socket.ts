/** As much of the standard `WebSocket` as the client uses, so that any implementation can be given. */

/** An event of a WebSocket, of whichever kind. */
export interface WebSocketEvent {
  /** What came, of a `message`. */
  readonly data?: unknown
  /** The close code, of a `close`. */
  readonly code?: number
  /** The reason, of a `close`. */
  readonly reason?: string
}

/** A WebSocket: that of a page, of a worker, of a runtime, or of the package `ws`. */
export interface WebSocketLike {
  /** How binary frames come; the client sets `arraybuffer`. */
  binaryType: string
  /** The subprotocol that the server chose. */
  readonly protocol: string
  /** Sends a frame. */
  send(data: string | Uint8Array<ArrayBuffer>): void
  /** Begins to close. */
  close(code?: number, reason?: string): void
  /** Listens. */
  addEventListener(type: 'open' | 'message' | 'close' | 'error', listener: (event: WebSocketEvent) => void): void
}

/** The class of such WebSockets. */
export type OpenWebSocket = new (url: string, protocols: string[]) => WebSocketLike
