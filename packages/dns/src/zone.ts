/**
 * DNS data in memory, for tests and demonstrations: the answers follow RFC 1034 section 4.3.2, RFC 8020 for names that
 * have others below them, and RFC 6604 for CNAMEs that lead nowhere.
 * Out of scope: wildcards, delegations, negative TTLs.
 */

import { clip, MailError } from '@posthorn/core'
import type { DnsErrorCode } from './error.ts'
import { normalizeDnsName } from './name.ts'
import type { Answer, FailedAnswer, MxData, RecordData, RecordType, ResolveOptions, Resolver } from './resolver.ts'

/** How a {@link MemoryZone} answers. */
export interface MemoryZoneOptions {
  /** Whether answers say that DNSSEC validated them; default `false`, as for most names. */
  readonly authenticated?: boolean
  /** Most CNAMEs to follow; default 8, as common resolvers do, then the answer is `servfail`. */
  readonly maxCnames?: number
}

/** How one record is kept. */
export interface MemoryRecordOptions {
  /** For how many seconds it holds; default 3,600. */
  readonly ttl?: number
}

/** Which questions fail. */
export interface MemoryFailureOptions {
  /** Those for records of this type; default all. */
  readonly type?: RecordType
}

/** A question that a {@link MemoryZone} was asked. */
export interface DnsQuery {
  /** For which name, in the form of `normalizeDnsName`. */
  readonly name: string
  /** For which records. */
  readonly type: RecordType
}

interface Entry {
  readonly data: RecordData[RecordType]
  readonly ttl: number
}

interface Place {
  readonly records: Map<RecordType, Entry[]>
  readonly failures: Map<RecordType | 'any', FailedAnswer['status']>
}

const DEFAULT_TTL = 3600
// TXT-DATA = 1*character-string, octets mapped to U+0000 to U+00FF
const OCTETS = /^[\u0000-\u00ff]*$/

/**
 * A resolver that answers from what was put into it, and remembers what it was asked.
 *
 * @example
 * const zone = new MemoryZone().add('mail.example', 'A', '192.0.2.1').add('www.example', 'CNAME', 'mail.example')
 * const answer = await zone.resolve('www.example', 'A')
 * answer.status === 'found' && answer.records // ['192.0.2.1']
 * await zone.resolve('mail.example', 'MX') // { status: 'nodata', name: 'mail.example', ttl: 0, authenticated: false }
 * zone.queries.map(({ name }) => name) // ['www.example', 'mail.example']
 */
export class MemoryZone implements Resolver {
  readonly #authenticated: boolean
  readonly #maxCnames: number
  readonly #places = new Map<string, Place>()
  readonly #queries: DnsQuery[] = []

  /** @param options How to answer. */
  constructor(options: MemoryZoneOptions = {}) {
    this.#authenticated = options.authenticated ?? false
    this.#maxCnames = options.maxCnames ?? 8
  }

  /** What was asked so far, in order; CNAMEs that were followed are no questions. */
  get queries(): readonly DnsQuery[] {
    return this.#queries
  }

  /**
   * Adds one record; further ones of the same name and type stand beside it.
   *
   * @param name Whose record it is.
   * @param type Its type.
   * @param data Its value; names in it are normalised.
   * @param options How it is kept.
   * @returns The zone itself.
   * @throws {MailError} `DNS_BAD_NAME` for a malformed name; `DNS_BAD_RECORD` for a text with characters that stand for
   * no octet, or a second CNAME.
   */
  add<T extends RecordType>(name: string, type: T, data: RecordData[T], options: MemoryRecordOptions = {}): this {
    const { records } = this.#place(normalizeDnsName(name))
    const entries = records.get(type) ?? []
    if (type === 'CNAME' && entries.length > 0) throw fault(`${name} has a CNAME already`)
    entries.push({ data: normalizeData(type, data), ttl: options.ttl ?? DEFAULT_TTL })
    records.set(type, entries)
    return this
  }

  /**
   * Makes questions for a name fail.
   *
   * @param name The name.
   * @param status How they fail.
   * @param options Which questions fail.
   * @returns The zone itself.
   * @throws {MailError} `DNS_BAD_NAME` for a malformed name.
   */
  fail(name: string, status: FailedAnswer['status'], options: MemoryFailureOptions = {}): this {
    this.#place(normalizeDnsName(name)).failures.set(options.type ?? 'any', status)
    return this
  }

  /**
   * Answers one question.
   *
   * @param name The name to look up.
   * @param type Which records to give out.
   * @param options The signal is looked at once, as there is nothing to wait for.
   * @throws {MailError} `DNS_BAD_NAME` for a malformed name.
   */
  async resolve<T extends RecordType>(name: string, type: T, options: ResolveOptions = {}): Promise<Answer<T>> {
    const asked = normalizeDnsName(name)
    options.signal?.throwIfAborted()
    this.#queries.push({ name: asked, type })
    return this.#follow(asked, type)
  }

  #follow<T extends RecordType>(asked: string, type: T): Answer<T> {
    const authenticated = this.#authenticated
    let name = asked
    let ttl = Number.POSITIVE_INFINITY
    for (let followed = 0; followed <= this.#maxCnames; followed++) {
      const place = this.#places.get(name)
      if (!place) return { status: 'nxdomain', name, ttl: 0, authenticated }
      const failure = place.failures.get(type) ?? place.failures.get('any')
      if (failure) return { status: failure }
      const entries = place.records.get(type)
      if (entries) {
        const records = entries.map(({ data }) => data as RecordData[T])
        return { status: 'found', name, records, ttl: leastTtl(ttl, entries), authenticated }
      }
      const alias = place.records.get('CNAME')
      if (!alias) return { status: 'nodata', name, ttl: 0, authenticated }
      ttl = leastTtl(ttl, alias)
      name = alias[0]!.data as string
    }
    return { status: 'servfail' }
  }

  // RFC 8020: a name exists when one below it does, so each ancestor gets a place too.
  #place(name: string): Place {
    const found = this.#places.get(name)
    if (found) return found
    const made: Place = { records: new Map(), failures: new Map() }
    this.#places.set(name, made)
    const dot = name.indexOf('.')
    if (dot >= 0) this.#place(name.slice(dot + 1))
    return made
  }
}

function leastTtl(ttl: number, entries: readonly Entry[]): number {
  return entries.reduce((least, entry) => Math.min(least, entry.ttl), ttl)
}

function normalizeData(type: RecordType, data: RecordData[RecordType]): RecordData[RecordType] {
  if (type === 'CNAME' || type === 'PTR') return normalizeDnsName(data as string)
  if (type === 'MX') return normalizeMx(data as MxData)
  if (type === 'TXT' && !OCTETS.test(data as string)) throw fault(`"${clip(data as string)}" is no text of octets`)
  return data
}

function normalizeMx({ preference, exchange }: MxData): MxData {
  return { preference, exchange: exchange === '.' ? exchange : normalizeDnsName(exchange) }
}

function fault(why: string): MailError<DnsErrorCode> {
  return new MailError('DNS_BAD_RECORD', `Cannot add record: ${why}`, { spec: 'rfc1035#section-3.3' })
}
