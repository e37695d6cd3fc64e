/** Used tickets in Redis, for several bridges that take the same tickets; over a client that the caller connects. */

import { encodeBase64Url, encodeUtf8 } from '@posthorn/core'
import { defaultPlatform } from '../platform.ts'
import type { UsedTickets } from './used-tickets.ts'

/** As much of a client of the package `redis` as is used. */
export interface RedisSetClient {
  /** Sets a key that is not there, for some milliseconds; gives `OK`, or `null` where it was there. */
  set(key: string, value: string, options: { readonly NX: true; readonly PX: number }): Promise<unknown>
}

/** How keys are called, and by which clock they expire. */
export interface RedisUsedTicketsOptions {
  /** What each key begins with; default `posthorn:ticket:`. Bridges that take the same tickets have the same. */
  readonly prefix?: string
  /** Gives the time, in milliseconds since 1970; default the clock of the runtime. */
  readonly now?: () => number
}

const DEFAULT_PREFIX = 'posthorn:ticket:'
// A bridge whose clock is behind takes a ticket for longer than the one that notes it.
const MARGIN_MS = 60_000

/**
 * Remembers used tickets in Redis, so that a ticket is good once over all bridges that share it.
 *
 * A key is kept for a minute longer than its ticket is good, which the clocks of the bridges may differ by.
 *
 * @param client A client of the package `redis`, connected; with `disableOfflineQueue`, so that while Redis is away a
 * connection is refused at once, and does not wait.
 * @param options How keys are called.
 * @returns The memory. Its `use` rejects with what the client does; the bridge then refuses the connection.
 * @see {@link https://redis.io/docs/latest/commands/set/ | Redis: SET}
 * @example
 * const keys = new Set<string>()
 * const client = { set: async (key: string) => (keys.has(key) ? null : keys.add(key) && 'OK') }
 * const used = redisUsedTickets(client)
 * const until = new Date().getTime() + 60_000
 * await used.use('one', until) // true
 * await used.use('one', until) // false
 */
export function redisUsedTickets(client: RedisSetClient, options: RedisUsedTicketsOptions = {}): UsedTickets {
  const { prefix = DEFAULT_PREFIX, now = defaultPlatform.now } = options
  return {
    async use(jti, until) {
      const key = `${prefix}${await hashOf(jti)}`
      const answer = await client.set(key, '1', { NX: true, PX: Math.max(0, Math.ceil(until - now())) + MARGIN_MS })
      return answer === 'OK'
    },
  }
}

// HAZARD: who makes tickets chooses the text, and not how long a key is or what stands in it.
async function hashOf(jti: string): Promise<string> {
  return encodeBase64Url(new Uint8Array(await crypto.subtle.digest('SHA-256', encodeUtf8(jti))))
}
