/** Answers that are kept for as long as they hold: RFC 1034 section 4.3.4 and 5.3, RFC 2308 section 5, RFC 9520. */

import { untilAborted } from '@posthorn/core'
import { normalizeDnsName } from './name.ts'
import type { Answer, RecordType, ResolveOptions, Resolver } from './resolver.ts'

/** What a {@link CachingResolver} keeps, and for how long. */
export interface CacheOptions {
  /** Gives the time in milliseconds since any moment. */
  readonly now: () => number
  /** Most answers; default 10,000. The one that was used longest ago makes room. */
  readonly maxEntries?: number
  /** The longest that records are kept, in seconds; default 86,400, a day. */
  readonly maxTtl?: number
  /** The longest that an absence is kept, in seconds; default 3,600, within RFC 2308 section 5. */
  readonly maxAbsentTtl?: number
  /** How long a failure is kept, in seconds; default 5, the least that RFC 9520 section 3.2 wants is 1. */
  readonly failureTtl?: number
}

interface Kept {
  readonly answer: Answer
  readonly since: number
  readonly until: number
}

/**
 * A resolver that remembers what another one said. Who asks what is being asked already waits for the same answer.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc2308#section-5 | RFC 2308 section 5}
 * @example
 * const zone = new MemoryZone().add('a.example', 'A', '192.0.2.1', { ttl: 60 })
 * let now = 0
 * const cache = new CachingResolver(zone, { now: () => now })
 * await cache.resolve('a.example', 'A')
 * now = 20_000
 * await cache.resolve('A.example.', 'A')
 * // { status: 'found', name: 'a.example', records: ['192.0.2.1'], ttl: 40, authenticated: false }
 * zone.queries.length // 1
 */
export class CachingResolver implements Resolver {
  readonly #resolver: Resolver
  readonly #options: Required<CacheOptions>
  // In the order of their last use.
  readonly #kept = new Map<string, Kept>()
  readonly #asked = new Map<string, Promise<Answer>>()

  /**
   * @param resolver Whom to ask.
   * @param options The clock, and limits.
   */
  constructor(resolver: Resolver, options: CacheOptions) {
    this.#resolver = resolver
    this.#options = { maxEntries: 10_000, maxTtl: 86_400, maxAbsentTtl: 3600, failureTtl: 5, ...options }
  }

  /**
   * Answers one question. The signal ends the wait of this caller alone: the answer is kept for the next.
   *
   * @param name The name to look up.
   * @param type Which records to ask for.
   * @param options How to ask.
   * @throws {MailError} `DNS_BAD_NAME` for a malformed name.
   */
  async resolve<T extends RecordType>(name: string, type: T, options: ResolveOptions = {}): Promise<Answer<T>> {
    const asked = normalizeDnsName(name)
    options.signal?.throwIfAborted()
    const key = `${type} ${asked}`
    const answer = this.#find(key) ?? (await untilAborted(this.#ask(key, asked, type), options.signal))
    return answer as Answer<T>
  }

  /** Forgets all answers. */
  clear(): void {
    this.#kept.clear()
  }

  #find(key: string): Answer | undefined {
    const kept = this.#kept.get(key)
    if (!kept) return undefined
    this.#kept.delete(key)
    const now = this.#options.now()
    if (now >= kept.until || now < kept.since) return undefined
    this.#kept.set(key, kept)
    const { answer } = kept
    return 'ttl' in answer ? { ...answer, ttl: Math.ceil((kept.until - now) / 1000) } : answer
  }

  #ask(key: string, name: string, type: RecordType): Promise<Answer> {
    const running = this.#asked.get(key)
    if (running) return running
    const asking = this.#resolver
      .resolve(name, type)
      .then((answer) => this.#keep(key, answer))
      .finally(() => this.#asked.delete(key))
    this.#asked.set(key, asking)
    return asking
  }

  #keep(key: string, answer: Answer): Answer {
    const seconds = this.#secondsOf(answer)
    const since = this.#options.now()
    if (seconds > 0) this.#kept.set(key, { answer, since, until: since + seconds * 1000 })
    if (this.#kept.size > this.#options.maxEntries) this.#kept.delete(this.#kept.keys().next().value!)
    return 'ttl' in answer ? { ...answer, ttl: Math.min(answer.ttl, seconds) } : answer
  }

  #secondsOf(answer: Answer): number {
    const { maxTtl, maxAbsentTtl, failureTtl } = this.#options
    if (answer.status === 'found') return Math.min(answer.ttl, maxTtl)
    return 'ttl' in answer ? Math.min(answer.ttl, maxAbsentTtl) : failureTtl
  }
}
