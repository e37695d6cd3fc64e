/** The evaluation of records: RFC 7208 sections 4.4 to 4.7, 5 and 6.1. */

import { clip, isInNetwork, MailError } from '@posthorn/core'
import { readIpv4, readIpv6 } from './address.ts'
import type { Check } from './check.ts'
import { answered, lengthFor, matchesAddress, matchesMx } from './hosts.ts'
import { countTerm } from './lookup.ts'
import { matchesPtr } from './ptr.ts'
import { isSpf, parseSpf, type SpfRecord } from './record.ts'
import { expandTarget, plainTarget } from './target.ts'
import {
  formatTerm,
  isMechanism,
  isNetwork,
  type SpfAll,
  type SpfMechanism,
  type SpfNamedModifier,
  type SpfNetwork,
} from './term.ts'
import { type SpfMatch, type SpfReason, type SpfResult, Stop } from './verdict.ts'

/** @internal */
export interface Outcome {
  readonly result: SpfResult
  readonly reason: SpfReason
  /** Absent where the match tells. */
  readonly detail?: string
  readonly match?: SpfMatch
  /** The record that decided. */
  readonly record?: SpfRecord
}

interface Scope {
  readonly check: Check
  readonly domain: string
  readonly depth: number
}

const RESULTS = { '+': 'pass', '-': 'fail', '~': 'softfail', '?': 'neutral' } as const

/**
 * Evaluates what a domain publishes.
 *
 * @internal
 * @param domain A name that may be asked for.
 * @throws {Stop} For a temporary or permanent error, of whatever record.
 */
export async function evaluateDomain(check: Check, domain: string, depth = 0): Promise<Outcome> {
  const reply = answered(await check.lookup.ask(domain, 'TXT'), domain)
  const published = reply.status === 'found' ? onlyRecord(domain, reply.records) : undefined
  if (published === undefined) {
    return { result: 'none', reason: 'no-record', detail: `${clip(domain)} publishes no SPF record` }
  }
  check.lookup.trace.push({ type: 'record', domain, text: published, depth })
  const record = readRecord(domain, published)
  const scope: Scope = { check, domain, depth }
  for (const term of record.terms) {
    if (!isMechanism(term)) continue
    const text = formatTerm(term)
    const isMatch = asksNothing(term) ? matchesAtOnce(scope, term, text) : await matches(scope, term, text)
    if (isMatch) return { result: RESULTS[term.qualifier], reason: 'matched', match: { domain, term, text }, record }
  }
  const redirect = record.terms.find((term): term is SpfNamedModifier => term.type === 'redirect')
  return redirect ? await follow(scope, redirect) : unmatched(scope, record)
}

// RFC 7208 section 4.5:
function onlyRecord(domain: string, texts: readonly string[]): string | undefined {
  const records = texts.filter(isSpf)
  if (records.length <= 1) return records[0]
  throw new Stop('permerror', 'multiple-records', `${clip(domain)} publishes ${records.length} SPF records`)
}

// RFC 7208 section 4.6: a fault anywhere is an error, whatever stands before it.
function readRecord(domain: string, text: string): SpfRecord {
  try {
    return parseSpf(text)
  } catch (error) {
    if (!(error instanceof MailError)) throw error
    const place = `at ${error.offset ?? 0} in the record of ${clip(domain)}`
    throw new Stop('permerror', 'bad-record', `${error.message}, ${place}`)
  }
}

function unmatched({ check, domain }: Scope, record: SpfRecord): Outcome {
  check.lookup.trace.push({ type: 'term', domain, text: 'default', matched: true })
  return { result: 'neutral', reason: 'no-match', detail: `No mechanism of ${clip(domain)} matches`, record }
}

async function follow(scope: Scope, term: SpfNamedModifier): Promise<Outcome> {
  countTerm(scope.check.lookup)
  const { name: target } = await expandTarget(scope.check, scope.domain, term.domain)
  const outcome = target === undefined ? undefined : await evaluateDomain(scope.check, target, scope.depth + 1)
  const found = outcome !== undefined && outcome.result !== 'none'
  trace(scope, { text: formatTerm(term), target, matched: found })
  // RFC 7208 section 6.1:
  if (!found) throw new Stop('permerror', 'redirect-none', missing('redirect', target))
  return outcome
}

function missing(what: string, target: string | undefined): string {
  return `The ${what} leads to ${target === undefined ? 'no name' : clip(target)}, where there is no SPF record`
}

interface Step {
  readonly text: string
  readonly target?: string | undefined
  readonly matched: boolean
}

function trace({ check, domain }: Scope, { text, target, matched }: Step): void {
  const type = 'term'
  check.lookup.trace.push(
    target === undefined ? { type, domain, text, matched } : { type, domain, text, matched, target },
  )
}

function asksNothing(term: SpfMechanism): term is SpfNetwork | SpfAll {
  return term.type === 'all' || isNetwork(term)
}

function matchesAtOnce(scope: Scope, term: SpfNetwork | SpfAll, text: string): boolean {
  const matched = term.type === 'all' || matchesNetwork(scope.check, term)
  trace(scope, { text, matched })
  return matched
}

async function matches(scope: Scope, term: Asking, text: string): Promise<boolean> {
  countTerm(scope.check.lookup)
  const { check, domain } = scope
  const { name: target, never } = plainTarget(domain, term.domain) ?? (await expandTarget(check, domain, term.domain!))
  const matched = !never && (await matchesTarget(scope, term, target))
  trace(scope, { text, target, matched })
  return matched
}

function matchesNetwork({ client }: Check, { type, network, length }: SpfNetwork): boolean {
  // A record has networks of both families, of which the client is of one.
  if (client.length !== (type === 'ip4' ? 4 : 16)) return false
  const address = type === 'ip4' ? readIpv4(network) : readIpv6(network)
  return address !== undefined && isInNetwork(client, { octets: address, bits: length ?? address.length * 8 })
}

type Asking = Exclude<SpfMechanism, SpfNetwork | SpfAll>

function matchesTarget(scope: Scope, term: Asking, target: string | undefined): Promise<boolean> | false {
  const { check } = scope
  if (term.type === 'include') return includes(scope, target)
  // A name that cannot be asked for does not exist; RFC 7208 section 4.8 leaves it open.
  if (target === undefined) return false
  if (term.type === 'ptr') return matchesPtr(check, target)
  if (term.type === 'a') return matchesAddress(check, target, { length: lengthFor(check, term) })
  if (term.type === 'mx') return matchesMx(check, target, lengthFor(check, term))
  return exists(check, target)
}

// RFC 7208 section 5.7: for IPv4 addresses, whatever the client's is.
async function exists(check: Check, name: string): Promise<boolean> {
  return answered(await check.lookup.ask(name, 'A', true), name).status === 'found'
}

// RFC 7208 section 5.2: of all results only pass matches; none is an error, as errors are.
async function includes({ check, depth }: Scope, target: string | undefined): Promise<boolean> {
  const outcome = target === undefined ? undefined : await evaluateDomain(check, target, depth + 1)
  if (!outcome || outcome.result === 'none') throw new Stop('permerror', 'include-none', missing('include', target))
  return outcome.result === 'pass'
}
