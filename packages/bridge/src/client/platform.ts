/** The only place of the client that touches the runtime: its timers and its WebSocket. Tests put others in their place. */

import type { OpenWebSocket } from './web-socket.ts'

/** The timers, as the client uses them. */
export interface BridgePlatform {
  /** Calls back after some milliseconds; gives a function that cancels. */
  readonly startTimer: (milliseconds: number, callback: () => void) => () => void
}

/**
 * The timers of the runtime.
 *
 * @internal
 */
export const defaultPlatform: BridgePlatform = {
  startTimer(milliseconds, callback) {
    const timer = setTimeout(callback, milliseconds)
    return () => clearTimeout(timer)
  },
}

/**
 * Gives the WebSocket of the runtime; `undefined` where it has none, as Node.js 20.
 *
 * @internal
 */
export function runtimeWebSocket(): OpenWebSocket | undefined {
  return (globalThis as { WebSocket?: OpenWebSocket }).WebSocket
}
