/** The only place of this package that touches the runtime: clock, timers, randomness, WebSocket. Tests give others. */

import type { OpenWebSocket } from './client/web-socket.ts'

/** The timers, as the client uses them. */
export interface BridgePlatform {
  /** Calls back after some milliseconds; gives a function that cancels. */
  readonly startTimer: (milliseconds: number, callback: () => void) => () => void
}

/** Clock and timers, as a bridge uses them. */
export interface ServerPlatform extends BridgePlatform {
  /** Gives the time in milliseconds since 1970. */
  readonly now: () => number
}

/**
 * The clock and the timers of the runtime.
 *
 * @internal
 */
export const defaultPlatform: ServerPlatform = {
  now: () => Date.now(),
  startTimer(milliseconds, callback) {
    const timer = setTimeout(callback, milliseconds)
    return () => clearTimeout(timer)
  },
}

/**
 * Gives random octets, good enough for what nobody may guess.
 *
 * @internal
 */
export function randomOctets(length: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(length))
}

/**
 * Gives the WebSocket of the runtime; `undefined` where it has none, as Node.js 20.
 *
 * @internal
 */
export function runtimeWebSocket(): OpenWebSocket | undefined {
  return (globalThis as { WebSocket?: OpenWebSocket }).WebSocket
}
