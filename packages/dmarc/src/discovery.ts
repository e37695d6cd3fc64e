/** Which record applies to a domain, and which of its policies: RFC 9989 section 4.10.1 and 4.10.2. */

import { clip, MailError } from '@posthorn/core'
import { isAtOrBelow, normalizeDnsName, type Resolver } from '@posthorn/dns'
import { fault } from './error.ts'
import { type DmarcQuery, RecordLookup } from './lookup.ts'
import type { DmarcPolicy, ParsedDmarc } from './record.ts'
import { selectOrganizational, walkTree } from './tree-walk.ts'

/**
 * Gives the organizational domain of a domain by other means than the tree walk, as a public suffix list.
 *
 * @param domain In the form of `normalizeDnsName`.
 * @returns The domain itself, or one above it; anything else counts as the domain itself.
 */
export type OrganizationalDomainFinder = (domain: string) => string | undefined

/** How policies are discovered. */
export interface DmarcDiscoveryOptions {
  /** Whom to ask. */
  readonly resolver: Resolver
  /**
   * Finds organizational domains in place of the tree walk, as RFC 7489 had it; default the tree walk, which needs no
   * list that grows old.
   */
  readonly organizationalDomain?: OrganizationalDomainFinder
  /** Ends the wait; the promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal
}

/** Where the record of a policy was found: at the domain itself, its organizational domain, or its public suffix. */
export type DmarcPolicySource = 'author' | 'organizational' | 'psd'

/** The record that applies to a domain. */
export interface DiscoveredPolicy {
  /** It was found. */
  readonly status: 'found'
  /** The record. */
  readonly record: ParsedDmarc
  /** The domain whose record it is. */
  readonly domain: string
  /** How that domain is related to the one that was asked for. */
  readonly source: DmarcPolicySource
  /** Which of its policies applies: `np` for a domain that does not exist, `sp` or else `p` for another below. */
  readonly tag: 'p' | 'sp' | 'np'
  /** That policy; absent for a record that asks for nothing, since its policies cannot be read. */
  readonly policy?: DmarcPolicy
  /** The organizational domain; absent when the domain has a record of its own, and nothing above it was asked. */
  readonly organizationalDomain?: string
  /** What was asked, in order. */
  readonly queries: readonly DmarcQuery[]
}

/** No record applies, or nobody could say which. */
export interface UndiscoveredPolicy {
  /** `none`: there is no record; `temperror`: the DNS did not answer, but later it may. */
  readonly status: 'none' | 'temperror'
  /** What was asked, in order. */
  readonly queries: readonly DmarcQuery[]
}

/** What discovery found. */
export type DmarcDiscovery = DiscoveredPolicy | UndiscoveredPolicy

/**
 * Finds the record that applies to a domain, and which of its policies: at the domain itself, at its organizational
 * domain, or at its public suffix.
 *
 * @param domain The author domain; A-labels.
 * @param options Whom to ask.
 * @returns What was found; a failure of the DNS is a value too.
 * @throws {MailError} `DMARC_BAD_DOMAIN` for text that is no domain name.
 * @see {@link https://www.rfc-editor.org/rfc/rfc9989#section-4.10.1 | RFC 9989 section 4.10.1}
 * @example
 * import { MemoryZone } from '@posthorn/dns'
 * const resolver = new MemoryZone().add('_dmarc.example.com', 'TXT', 'v=DMARC1; p=reject; sp=quarantine')
 * const found = await discoverPolicy('news.example.com', { resolver })
 * found.status === 'found' && [found.domain, found.source] // ['example.com', 'organizational']
 * found.status === 'found' && [found.tag, found.policy] // ['sp', 'quarantine']
 * found.queries.map(({ name }) => name) // ['_dmarc.news.example.com', '_dmarc.example.com', '_dmarc.com']
 */
export async function discoverPolicy(domain: string, options: DmarcDiscoveryOptions): Promise<DmarcDiscovery> {
  const lookup = new RecordLookup(options)
  const found = await discover(requireDomain(domain), { lookup, finder: options.organizationalDomain })
  return found.status === 'found'
    ? { ...found, queries: lookup.queries }
    : { status: found.status, queries: lookup.queries }
}

/**
 * Finds the organizational domain of a domain by the tree walk.
 *
 * @param domain The domain; A-labels.
 * @param options Whom to ask.
 * @returns The organizational domain, which is the domain itself when no record is found; nothing when the DNS did not
 * answer.
 * @throws {MailError} `DMARC_BAD_DOMAIN` for text that is no domain name.
 * @see {@link https://www.rfc-editor.org/rfc/rfc9989#section-4.10.2 | RFC 9989 section 4.10.2}
 * @example
 * import { MemoryZone } from '@posthorn/dns'
 * const resolver = new MemoryZone().add('_dmarc.co.example', 'TXT', 'v=DMARC1; p=none; psd=y')
 * await findOrganizationalDomain('a.b.co.example', { resolver }) // 'b.co.example'
 */
export async function findOrganizationalDomain(
  domain: string,
  options: DmarcDiscoveryOptions,
): Promise<string | undefined> {
  const means = { lookup: new RecordLookup(options), finder: options.organizationalDomain }
  return organizationalDomainOf(requireDomain(domain), means)
}

function requireDomain(domain: string): string {
  const name = tryDomain(domain)
  if (name === undefined) throw fault('DMARC_BAD_DOMAIN', `take "${clip(domain)}" as a domain`, '4.10')
  return name
}

/**
 * Brings a domain to its one form; nothing where it is none.
 *
 * @internal
 */
export function tryDomain(domain: string): string | undefined {
  try {
    return normalizeDnsName(domain)
  } catch (error) {
    if (error instanceof MailError) return undefined
    throw error
  }
}

/** @internal */
export interface DiscoveryMeans {
  readonly lookup: RecordLookup
  readonly finder: OrganizationalDomainFinder | undefined
}

interface Undiscovered extends Omit<UndiscoveredPolicy, 'queries'> {
  /** The record that applies, where it is only not known which of its policies. */
  readonly inherited?: Inherited
}

/** @internal */
export type Discovered = Omit<DiscoveredPolicy, 'queries'> | Undiscovered

/** @internal */
export async function discover(author: string, means: DiscoveryMeans): Promise<Discovered> {
  const { status, record } = await means.lookup.record(author)
  if (status === 'servfail' || status === 'timeout') return { status: 'temperror' }
  if (record) {
    const { p } = record
    return { status: 'found', record, domain: author, source: 'author', tag: 'p', ...(p && { policy: p }) }
  }
  const above = await (means.finder ? findAbove(author, means) : walkAbove(author, means.lookup))
  return typeof above === 'string' ? { status: above } : inherit(author, above, means.lookup)
}

/** @internal */
export interface Inherited {
  readonly record: ParsedDmarc
  readonly domain: string
  readonly source: 'organizational' | 'psd'
  readonly organizationalDomain: string
}

async function walkAbove(author: string, lookup: RecordLookup): Promise<Inherited | 'none' | 'temperror'> {
  const { records, failed } = await walkTree(lookup, author)
  if (failed) return 'temperror'
  const organizationalDomain = selectOrganizational(author, records)
  const own = records.find(({ domain }) => domain === organizationalDomain)
  if (own) return { ...own, source: 'organizational', organizationalDomain }
  // RFC 9989 section 4.10.1: last comes the public suffix, which only psd=y makes known.
  const last = records.at(-1)
  return last ? { ...last, source: 'psd', organizationalDomain } : 'none'
}

async function findAbove(
  author: string,
  { lookup, finder }: DiscoveryMeans,
): Promise<Inherited | 'none' | 'temperror'> {
  const organizationalDomain = askFinder(author, finder!)
  const { status, record } = await lookup.record(organizationalDomain)
  if (status === 'servfail' || status === 'timeout') return 'temperror'
  if (!record) return 'none'
  return { record, domain: organizationalDomain, source: 'organizational', organizationalDomain }
}

async function inherit(author: string, above: Inherited, lookup: RecordLookup): Promise<Discovered> {
  const { p, sp, np } = above.record
  const below =
    sp === undefined ? ({ tag: 'p', ...(p && { policy: p }) } as const) : ({ tag: 'sp', policy: sp } as const)
  if (np === undefined) return { status: 'found', ...above, ...below }
  const exists = await lookup.exists(author)
  if (exists === undefined) return { status: 'temperror', inherited: above }
  return { status: 'found', ...above, ...(exists ? below : ({ tag: 'np', policy: np } as const)) }
}

/**
 * Gives the organizational domain; nothing when the DNS did not answer.
 *
 * @internal
 */
export async function organizationalDomainOf(domain: string, means: DiscoveryMeans): Promise<string | undefined> {
  if (means.finder) return askFinder(domain, means.finder)
  const { records, failed } = await walkTree(means.lookup, domain)
  return failed ? undefined : selectOrganizational(domain, records)
}

function askFinder(domain: string, finder: OrganizationalDomainFinder): string {
  const found = tryDomain(finder(domain) ?? domain)
  return found !== undefined && isAtOrBelow(domain, found) ? found : domain
}
