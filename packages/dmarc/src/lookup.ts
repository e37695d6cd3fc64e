/** Questions to the DNS, each asked once for all that one message needs: RFC 9989 section 4.10 step 2. */

import type { Answer, FailedAnswer, Resolver } from '@posthorn/dns'
import { type ParsedDmarc, parseDmarc } from './record.ts'
import { isRecord } from './tag-list.ts'

/** What one question gave. */
export type DmarcQueryStatus = 'record' | 'none' | 'several' | 'servfail' | 'timeout'

/** A question that was asked, and what came of it. */
export interface DmarcQuery {
  /** For which name. */
  readonly name: string
  /** TXT for a record; CNAME to learn whether a name exists, as it is the one type that follows no alias. */
  readonly type: 'TXT' | 'CNAME'
  /**
   * `record` for the one record of a policy; `none` for nothing, or nothing of that kind; `several` for more records
   * than one, which are all discarded. Of a CNAME `record` says that the name exists, `none` that it does not.
   */
  readonly status: DmarcQueryStatus
}

/** @internal */
export interface Lookup {
  readonly status: DmarcQueryStatus
  readonly record?: ParsedDmarc
  /** Whether the answer shows that the name, and so the one above it, exists. */
  readonly exists: boolean
}

/** @internal */
export interface LookupOptions {
  readonly resolver: Resolver
  readonly signal?: AbortSignal | undefined
}

// _dmarc. and the domain must be a name that can be asked for.
const MAX_DOMAIN = 253 - '_dmarc.'.length

/**
 * Asks for records, and remembers what it asked.
 *
 * @internal
 */
export class RecordLookup {
  readonly #options: LookupOptions
  readonly #known = new Map<string, Lookup>()
  readonly #queries: DmarcQuery[] = []

  constructor(options: LookupOptions) {
    this.#options = options
  }

  /** What was asked so far, in order. */
  get queries(): readonly DmarcQuery[] {
    return [...this.#queries]
  }

  /** Gives the record of a domain in the form of `normalizeDnsName`. */
  async record(domain: string): Promise<Lookup> {
    const known = this.#known.get(domain)
    if (known) return known
    let found: Lookup = { status: 'none', exists: false }
    if (domain.length <= MAX_DOMAIN) {
      const name = `_dmarc.${domain}`
      found = toLookup(name, await this.#resolve(name, 'TXT'))
      this.#queries.push({ name, type: 'TXT', status: found.status })
    }
    this.#known.set(domain, found)
    return found
  }

  /** Tells whether a domain exists; nothing where nobody could say. */
  async exists(domain: string): Promise<boolean | undefined> {
    // RFC 8020: a name exists when one below it does.
    if (this.#known.get(domain)?.exists) return true
    const answer = await this.#resolve(domain, 'CNAME')
    if (isFailed(answer)) {
      this.#queries.push({ name: domain, type: 'CNAME', status: answer.status })
      return undefined
    }
    const exists = answer.status !== 'nxdomain' || isElsewhere(answer.name, domain)
    this.#queries.push({ name: domain, type: 'CNAME', status: exists ? 'record' : 'none' })
    return exists
  }

  #resolve<T extends 'TXT' | 'CNAME'>(name: string, type: T): Promise<Answer<T>> {
    const { resolver, signal } = this.#options
    return resolver.resolve(name, type, signal ? { signal } : {})
  }
}

function isFailed(answer: Answer): answer is FailedAnswer {
  return answer.status === 'servfail' || answer.status === 'timeout'
}

// A name with a CNAME exists, also where the CNAME leads to one that does not.
function isElsewhere(answered: string, asked: string): boolean {
  return answered.toLowerCase() !== asked && answered.toLowerCase() !== `${asked}.`
}

function toLookup(name: string, answer: Answer<'TXT'>): Lookup {
  if (isFailed(answer)) return { status: answer.status, exists: false }
  if (answer.status === 'nxdomain') return { status: 'none', exists: isElsewhere(answer.name, name) }
  if (answer.status !== 'found') return { status: 'none', exists: true }
  // RFC 9989 section 4.10 step 2: what is no record is discarded first, and of several all are.
  const records = answer.records.filter(isRecord)
  if (records.length === 1) return { status: 'record', record: parseDmarc(records[0]!), exists: true }
  return { status: records.length > 1 ? 'several' : 'none', exists: true }
}
