/**
 * The questions that one message may cost, shared by all who ask: each is asked once, counted, and given a share, so that
 * what a sender makes one of them ask leaves enough for the others.
 */

import { untilAborted } from '@posthorn/core'
import { type Answer, normalizeDnsName, type RecordType, type Resolver } from '@posthorn/dns'

/** Who asks. */
export type AuthMechanism = 'spf' | 'dkim' | 'arc' | 'dmarc'

/** A question that was asked, and what came of it. */
export interface AuthQuery {
  /** Who asked first. */
  readonly by: AuthMechanism
  /** For which name. */
  readonly name: string
  /** For which records. */
  readonly type: RecordType
  /** What was answered; `query-limit`: it was not asked any more; `time-limit`: nobody waited for the answer. */
  readonly status: Answer['status'] | 'query-limit' | 'time-limit'
}

/** A limit that was reached. */
export type LimitCode = 'query-limit' | 'time-limit'

/** @internal */
export interface BudgetOptions {
  readonly resolver: Resolver
  readonly maxQueries: number
  /** Fires when time is up, or the caller gives up. */
  readonly signal: AbortSignal
}

/**
 * The reason with which the signal of a budget fires when time is up.
 *
 * @internal
 */
export const TIME_IS_UP: unique symbol = Symbol('time is up')

// SPF asks most, by the sender's will; the policy of the author, which the sender did not choose, always has its share.
const SHARES: Readonly<Record<AuthMechanism, number>> = { spf: 0.6, dkim: 0.1, arc: 0.1, dmarc: 1 }

/** @internal */
export class QueryBudget {
  readonly #options: BudgetOptions
  readonly #known = new Map<string, Promise<Answer>>()
  readonly #asked: Record<AuthMechanism, number> = { spf: 0, dkim: 0, arc: 0, dmarc: 0 }
  readonly #reached = new Map<AuthMechanism, LimitCode>()
  readonly #queries: AuthQuery[] = []

  constructor(options: BudgetOptions) {
    this.#options = options
  }

  /** What was asked, by who asked, and then in the order of the answers. */
  get queries(): readonly AuthQuery[] {
    return Object.keys(SHARES).flatMap((one) => this.#queries.filter(({ by }) => by === one))
  }

  /** Which limit kept someone from asking, the last one. */
  reached(by: AuthMechanism): LimitCode | undefined {
    return this.#reached.get(by)
  }

  /** How many questions someone may ask in all. */
  shareOf(by: AuthMechanism): number {
    return Math.floor(this.#options.maxQueries * SHARES[by])
  }

  /** Gives the resolver of one who asks. */
  resolverOf(by: AuthMechanism): Resolver {
    return {
      resolve: async <T extends RecordType>(name: string, type: T) =>
        (await this.#ask(by, normalizeDnsName(name), type)) as Answer<T>,
    }
  }

  #ask(by: AuthMechanism, name: string, type: RecordType): Promise<Answer> {
    const key = `${type} ${name}`
    const known = this.#known.get(key)
    if (known) return known
    if (this.#isSpent(by)) return Promise.resolve(this.#refuse({ by, name, type, status: 'query-limit' }))
    this.#asked[by]++
    const answer = this.#resolve(by, name, type)
    this.#known.set(key, answer)
    return answer
  }

  #isSpent(by: AuthMechanism): boolean {
    const total = Object.values(this.#asked).reduce((sum, count) => sum + count)
    return this.#asked[by] >= this.shareOf(by) || total >= this.#options.maxQueries
  }

  async #resolve(by: AuthMechanism, name: string, type: RecordType): Promise<Answer> {
    const { resolver, signal } = this.#options
    if (signal.reason === TIME_IS_UP) return this.#refuse({ by, name, type, status: 'time-limit' })
    try {
      const answer = await untilAborted(resolver.resolve(name, type, { signal }), signal)
      this.#queries.push({ by, name, type, status: answer.status })
      return answer
    } catch (error) {
      if (error !== TIME_IS_UP) throw error
      return this.#refuse({ by, name, type, status: 'time-limit' })
    }
  }

  #refuse(query: AuthQuery & { readonly status: LimitCode }): Answer {
    this.#queries.push(query)
    this.#reached.set(query.by, query.status)
    return { status: query.status === 'time-limit' ? 'timeout' : 'servfail' }
  }
}
