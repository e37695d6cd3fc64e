/** What a domain's record, and all that it leads to, means in the DNS as it is: RFC 7208 sections 4.6.4, 10.1, 11.1. */

import { clip } from '@posthorn/core'
import type { Resolver } from '@posthorn/dns'
import { countAddresses } from './address-space.ts'
import { networksOf } from './audit-hosts.ts'
import type { Audit, SpfAuditRecord } from './audit-state.ts'
import { finding, type SpfFinding, type SpfFindingCode } from './finding.ts'
import { asks, lintSpf } from './lint.ts'
import { createLookup } from './lookup.ts'
import type { MacroString } from './macro.ts'
import { toIdentityDomain, toQueryName } from './name.ts'
import { isSpf, type ScannedTerm, scanSpf } from './record.ts'
import { isMechanism, type SpfTerm } from './term.ts'
import { Stop } from './verdict.ts'

/** What {@link auditSpf} needs. */
export interface AuditSpfOptions {
  /** Asks the DNS. */
  readonly resolver: Resolver
  /** Most questions; default 500, after which the audit is incomplete. */
  readonly maxQueries?: number
  /** Ends the audit; the promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal
}

/** What a domain authorises, and what is wrong with it. */
export interface SpfAudit {
  /** The domain, in A-labels. */
  readonly domain: string
  /** The findings, record by record. */
  readonly findings: readonly SpfFinding[]
  /** Every record, in the order in which they are met; one that is met twice stands there twice. */
  readonly records: readonly SpfAuditRecord[]
  /** How many terms cause lookups when no mechanism matches: 10 are allowed. */
  readonly terms: number
  /** How many of these find nothing, for clients of each family: 2 are allowed. */
  readonly voids: { readonly ip4: number; readonly ip6: number }
  /** How many addresses pass, each counted once, those aside that depend on the mail; over 2^53 the nearest number. */
  readonly addresses: { readonly ip4: number; readonly ip6: number }
}

interface Visit {
  readonly domain: string
  /** The domains that led here. */
  readonly path: readonly string[]
  /** Whether a pass here is a pass of the whole. */
  readonly passes: boolean
}

// HAZARD: records that include the same ones in several ways make paths without number, of few questions.
const MAX_TERMS = 200

/**
 * Follows a domain's record through every include and redirect, and tells what is wrong, and how much it authorises.
 *
 * The counts are those of a client that nothing matches. Names with macros are not followed.
 *
 * @param domain The domain.
 * @param options The resolver, and limits.
 * @returns The audit.
 * @throws The reason of `signal`.
 * @see {@link https://www.rfc-editor.org/rfc/rfc7208#section-10.1 | RFC 7208 section 10.1}
 * @example
 * import { MemoryZone } from '@posthorn/dns'
 *
 * const resolver = new MemoryZone()
 *   .add('example.com', 'TXT', 'v=spf1 include:example.net a:gone.example.com -all')
 *   .add('example.net', 'TXT', 'v=spf1 ip4:192.0.2.0/24 -all')
 * const audit = await auditSpf('example.com', { resolver })
 * audit.terms // 2
 * audit.addresses // { ip4: 256, ip6: 0 }
 * audit.findings.map(({ code, term }) => [code, term]) // [['no-such-host', 'a:gone.example.com']]
 */
export async function auditSpf(domain: string, options: AuditSpfOptions): Promise<SpfAudit> {
  const queries = options.maxQueries ?? 500
  const none = Number.POSITIVE_INFINITY
  const limits = { queries, octets: 4_194_304, voids: none, terms: none }
  const lookup = createLookup({ ...options, limits })
  const voids = { ip4: 0, ip6: 0 }
  const audit: Audit = { lookup, findings: [], records: [], networks: [], absent: new Set(), voids, terms: 0 }
  const name = toIdentityDomain(domain)
  if (name === undefined) audit.findings.push(finding('no-record', `"${clip(domain)}" is no domain that has a record`))
  else await visitAll(audit, name)
  addTotals(audit)
  const { findings, records, networks, terms } = audit
  const count = (size: number): number => countAddresses(networks.filter(({ octets }) => octets.length === size))
  const addresses = { ip4: count(4), ip6: count(16) }
  return { domain: name ?? domain, findings, records, terms, voids, addresses }
}

async function visitAll(audit: Audit, domain: string): Promise<void> {
  try {
    await visit(audit, { domain, path: [], passes: true }, 'no-record')
  } catch (error) {
    if (!(error instanceof Stop)) throw error
    audit.findings.push(finding('incomplete', `${error.detail}; the audit stops here`, { domain }))
  }
}

function addTotals({ findings, terms, voids }: Audit): void {
  if (terms > 10) {
    drop(findings, 'too-many-terms')
    findings.push(finding('too-many-terms', `${terms} terms cause lookups in all, of which 10 are allowed`))
  }
  for (const family of ['ip4', 'ip6'] as const) {
    if (voids[family] <= 2) continue
    const clients = family === 'ip4' ? 'IPv4' : 'IPv6'
    const message = `${voids[family]} lookups find nothing for ${clients} clients, of which 2 are allowed`
    findings.push(finding('too-many-voids', message))
  }
}

function drop(findings: SpfFinding[], code: SpfFindingCode): void {
  for (let index = findings.length - 1; index >= 0; index--)
    if (findings[index]!.code === code) findings.splice(index, 1)
}

async function visit(audit: Audit, at: Visit, absent: SpfFindingCode, term?: ScannedTerm): Promise<void> {
  const { domain, path } = at
  const place = term ? { term: term.text, offset: term.offset, domain: path.at(-1)! } : { domain }
  const reply = await audit.lookup.ask(domain, 'TXT')
  if (reply.status === 'servfail' || reply.status === 'timeout') {
    audit.findings.push(finding('incomplete', `The DNS did not answer for ${clip(domain)}: ${reply.status}`, place))
    return
  }
  const [text, ...more] = reply.status === 'found' ? reply.records.filter(isSpf) : []
  if (text === undefined) audit.findings.push(finding(absent, `${clip(domain)} publishes no SPF record`, place))
  else if (more.length > 0) {
    audit.findings.push(finding('multiple-records', `${clip(domain)} publishes ${more.length + 1} SPF records`, place))
  } else await visitRecord(audit, at, text)
}

async function visitRecord(audit: Audit, at: Visit, text: string): Promise<void> {
  const { domain, path } = at
  const met = audit.records.some((record) => record.domain === domain)
  if (!met) audit.findings.push(...lintSpf(text).map((one) => ({ ...one, domain })))
  const scanned = [...scanSpf(text)].filter(({ term }) => term !== undefined)
  const asking = scanned.filter(({ term }) => asks(term!)).length
  audit.records.push({ domain, text, depth: path.length, terms: asking })
  for (const one of reachable(scanned)) await visitTerm(audit, at, one)
}

// Nothing behind "all" is reached, nor is a redirect beside it; a redirect comes last.
function reachable(scanned: readonly ScannedTerm[]): ScannedTerm[] {
  const mechanisms = scanned.filter(({ term }) => isMechanism(term!))
  const all = mechanisms.findIndex(({ term }) => term!.type === 'all')
  if (all >= 0) return mechanisms.slice(0, all + 1)
  return [...mechanisms, ...scanned.filter(({ term }) => term!.type === 'redirect')]
}

async function visitTerm(audit: Audit, at: Visit, scanned: ScannedTerm): Promise<void> {
  const term = scanned.term!
  const place = { term: scanned.text, offset: scanned.offset, domain: at.domain }
  if (asks(term) && ++audit.terms > MAX_TERMS) {
    throw new Stop('permerror', 'too-many-terms', `More than ${MAX_TERMS} terms cause lookups`)
  }
  const domain = 'domain' in term ? term.domain : undefined
  const target = domain ? plainName(domain) : at.domain
  if (domain?.some(({ type }) => type === 'macro')) {
    audit.findings.push(finding('depends-on-mail', 'What it asks for depends on the mail, and is not followed', place))
  } else if (term.type === 'include' || term.type === 'redirect') await visitNext(audit, at, scanned, target)
  else if (isMechanism(term)) {
    const networks = await networksOf(audit, term, { target, place })
    if (at.passes && term.qualifier === '+') audit.networks.push(...networks)
  }
}

async function visitNext(audit: Audit, at: Visit, scanned: ScannedTerm, target: string | undefined): Promise<void> {
  const term = scanned.term!
  const place = { term: scanned.text, offset: scanned.offset, domain: at.domain }
  const absent = term.type === 'include' ? 'include-none' : 'redirect-none'
  const path = [...at.path, at.domain]
  if (target === undefined) audit.findings.push(finding(absent, 'It leads to no name that could be asked for', place))
  else if (path.includes(target)) audit.findings.push(finding('loop', `It leads back to ${clip(target)}`, place))
  else await visit(audit, { domain: target, path, passes: at.passes && passesOn(term) }, absent, scanned)
}

function passesOn(term: SpfTerm): boolean {
  return !isMechanism(term) || term.qualifier === '+'
}

function plainName(domain: MacroString): string | undefined {
  const text = domain.map((part) => (part.type === 'literal' ? part.text : '')).join('')
  return domain.every(({ type }) => type === 'literal') ? toQueryName(text) : undefined
}
