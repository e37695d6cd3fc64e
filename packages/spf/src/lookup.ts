/** The questions of one check, within one budget: RFC 7208 sections 4.6.4 and 11.1. */

import { MailError, untilAborted } from '@posthorn/core'
import type { Answer, RecordData, RecordType, Resolver } from '@posthorn/dns'
import { type SpfCounts, type SpfTraceQuery, type SpfTraceStep, Stop } from './verdict.ts'

/** What one check may take, all its records together. */
export interface SpfLimits {
  /** Most terms that cause lookups; default 10, as RFC 7208 section 4.6.4 asks. */
  readonly terms?: number
  /** Most questions of these to which there is no record; default 2, as the same section recommends. */
  readonly voids?: number
  /** Most names of one `mx`; default 10, as the same section asks. */
  readonly mx?: number
  /** Most names of the client that are looked at, others being ignored; default 10, as the same section asks. */
  readonly ptr?: number
  /** Most questions in all; default 128, which the other limits do not let a check reach. */
  readonly queries?: number
  /** Most octets of records in all answers; default 131,072, many times what an honest domain needs. */
  readonly octets?: number
}

const DEFAULTS: Required<SpfLimits> = { terms: 10, voids: 2, mx: 10, ptr: 10, queries: 128, octets: 131_072 }

/** @internal */
export interface LookupOptions {
  readonly resolver: Resolver
  readonly limits?: SpfLimits | undefined
  readonly deadline?: AbortSignal | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * What a resolver said, or that it does not take the name.
 *
 * @internal
 */
export type Reply<T extends RecordType> = Answer<T> | { readonly status: 'bad-name' }

/** @internal */
export interface Lookup {
  readonly limits: Required<SpfLimits>
  readonly counts: { -readonly [K in keyof SpfCounts]: number }
  readonly trace: SpfTraceStep[]
  /** Asks, or knows already; `counted` says that an absent record counts against the domain. */
  readonly ask: <T extends RecordType>(name: string, type: T, counted?: boolean) => Promise<Reply<T>>
}

/** @internal */
export function createLookup(options: LookupOptions): Lookup {
  const limits = { ...DEFAULTS, ...options.limits }
  const counts = { terms: 0, voids: 0, queries: 0, mx: 0, ptr: 0, octets: 0 }
  const trace: SpfTraceStep[] = []
  const known = new Map<string, Reply<RecordType>>()

  async function ask<T extends RecordType>(name: string, type: T, counted = false): Promise<Reply<T>> {
    const key = `${type} ${name}`
    const old = known.get(key)
    if (old) return old as Reply<T>
    if (counts.queries >= limits.queries) throw tooMany('queries', limits.queries)
    counts.queries++
    let reply: Reply<T>
    try {
      reply = await resolve(options, name, type)
    } catch (error) {
      reply = badName(error)
    }
    known.set(key, reply as Reply<RecordType>)
    trace.push(toStep(name, type, reply))
    counts.octets += octetsOf(reply)
    if (counts.octets > limits.octets) throw tooMany('octets', limits.octets)
    if (counted && (reply.status === 'nxdomain' || reply.status === 'nodata')) countVoid()
    return reply
  }

  function countVoid(): void {
    counts.voids++
    if (counts.voids > limits.voids) throw tooMany('voids', limits.voids)
  }

  return { limits, counts, trace, ask }
}

/** @internal */
export function countTerm({ counts, limits }: Lookup): void {
  if (counts.terms >= limits.terms) throw tooMany('terms', limits.terms)
  counts.terms++
}

const WHAT = {
  terms: 'terms cause lookups',
  voids: 'lookups find nothing',
  mx: 'mail exchangers are named by one mx',
  queries: 'questions are to be asked',
  octets: 'octets of records were received',
} as const

/** @internal */
export function tooMany(what: keyof typeof WHAT, limit: number): Stop {
  return new Stop('permerror', `too-many-${what}`, `More than ${limit} ${WHAT[what]}`)
}

function toStep<T extends RecordType>(name: string, recordType: T, reply: Reply<T>): SpfTraceQuery {
  const records = reply.status === 'found' ? reply.records.length : 0
  return { type: 'query', name, recordType, status: reply.status, records }
}

function octetsOf<T extends RecordType>(reply: Reply<T>): number {
  if (reply.status !== 'found') return 0
  let octets = 0
  for (const data of reply.records as readonly RecordData[RecordType][]) {
    if (typeof data === 'string') octets += data.length
    else octets += 'exchange' in data ? data.exchange.length : data.data.length
  }
  return octets
}

function resolve<T extends RecordType>(options: LookupOptions, name: string, type: T): Promise<Answer<T>> {
  const { resolver, deadline, signal } = options
  if (!deadline && !signal) return resolver.resolve(name, type, {})
  return within(options, () => resolver.resolve(name, type, { signal: (deadline ?? signal)! }))
}

function badName(error: unknown): { readonly status: 'bad-name' } {
  if (error instanceof MailError && error.code === 'DNS_BAD_NAME') return { status: 'bad-name' }
  throw error
}

async function within<T>({ deadline, signal }: LookupOptions, begin: () => Promise<T>): Promise<T> {
  const late = new Stop('temperror', 'timed-out', 'The time for the check is over')
  signal?.throwIfAborted()
  if (deadline?.aborted) throw late
  try {
    return await untilAborted(untilAborted(begin(), signal), deadline)
  } catch (error) {
    throw deadline?.aborted && error === deadline.reason ? late : error
  }
}
