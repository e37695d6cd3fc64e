/** What a pool of sessions may do. */

import { fault } from './error.ts'
import type { RateLimitOptions } from './rate-limit.ts'

/** What a pool of sessions may do. */
export interface PoolOptions {
  /** The most sessions at once; default 5, as most providers bear. A server that refuses one more gets no more for a while. */
  readonly maxConnections?: number
  /** The most messages of one session, as servers count them; default 100. */
  readonly maxMessages?: number
  /** How long a session may be idle, in milliseconds; default 30,000, below what any server grants. */
  readonly idleTimeout?: number
  /** After how long idleness the server is asked by NOOP before a message is given to it, in milliseconds; default 10,000. */
  readonly probeAfter?: number
  /** How many messages may begin in a time; default: as many as can. */
  readonly rate?: RateLimitOptions
  /** The most messages that wait; default 100,000. */
  readonly maxQueued?: number
  /** In how many sessions a message may be begun, or waited for, in vain before it is deferred; default 3. */
  readonly attempts?: number
}

/** @internal */
export type PoolSettings = Required<Omit<PoolOptions, 'rate'>> & Pick<PoolOptions, 'rate'>

const DEFAULTS = {
  maxConnections: 5,
  maxMessages: 100,
  idleTimeout: 30_000,
  probeAfter: 10_000,
  maxQueued: 100_000,
  attempts: 3,
}

/**
 * Gives the settings of a pool.
 *
 * @internal
 * @throws {MailError} `MAILER_BAD_OPTION` for a figure that is none.
 */
export function poolSettings(options: PoolOptions = {}): PoolSettings {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
  const settings: PoolSettings = { ...DEFAULTS, ...given }
  const figures: [string, number, number][] = [
    ...(['maxConnections', 'maxMessages', 'maxQueued', 'attempts'] as const).map((name): [string, number, number] => [
      name,
      settings[name],
      1,
    ]),
    ...(['idleTimeout', 'probeAfter'] as const).map((name): [string, number, number] => [name, settings[name], 0]),
    ['rate.messages', settings.rate?.messages ?? 1, 1],
    ['rate.interval', settings.rate?.interval ?? 1, 1],
  ]
  const wrong = figures.find(([, value, least]) => !(value >= least))
  if (wrong) throw fault('MAILER_BAD_OPTION', `use ${wrong[0]}: it must be ${wrong[2]} at least`)
  if (settings.rate && !Number.isSafeInteger(settings.rate.messages)) {
    throw fault('MAILER_BAD_OPTION', 'use rate.messages: it must be a whole number')
  }
  return settings
}
