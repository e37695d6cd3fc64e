/**
 * Where mail for a domain goes, in which order, and what TLS must be there: RFC 5321 section 5.1 for the order, RFC 7505
 * for domains that take no mail, RFC 7672 and RFC 8461 section 2 for what is asked, RFC 8689 for what the sender asks.
 * Out of scope: asking the DNS, shuffling hosts of one preference, addresses, the session.
 */

import { type Answer, type MxData, normalizeDnsName, type TlsaData } from '@posthorn/dns'
import { isFailure } from './answer.ts'
import type { DaneDecision } from './dane-decide.ts'
import { mxMatcher } from './sts-match.ts'
import type { StsPolicy } from './sts-policy.ts'

/** What a plan is made from, besides the answer for MX. */
export interface DeliveryPlanOptions {
  /** The domain of the recipient. */
  readonly domain: string
  /** What `decideDane` gives, by host in the form of `normalizeDnsName`; a host without counts as one without DANE. */
  readonly dane?: ReadonlyMap<string, DaneDecision> | undefined
  /** The policy that applies, from the entry of the cache. */
  readonly sts?: StsPolicy | undefined
  /**
   * What the sender asks: `required`, the parameter REQUIRETLS; `waived`, the field `TLS-Required: No`, by which the
   * policies of the domain are left aside. Default: nothing.
   */
  readonly requireTls?: 'required' | 'waived' | undefined
  /** How many hosts are planned for; default 100. */
  readonly maxHosts?: number
}

/** What is checked of a certificate. */
export interface TlsVerification {
  /** `tlsa`: it must be named by `records`; `pkix`: by a chain to a trusted root; `none`: any will do. */
  readonly certificate: 'none' | 'pkix' | 'tlsa'
  /** The TLSA records, for `matchTlsa`; empty but for `tlsa`. */
  readonly records: readonly TlsaData[]
  /** Names, one of which it must have, where names are checked; empty where none are. */
  readonly names: readonly string[]
  /** The name that TLS asks for, by SNI. */
  readonly serverName: string
}

/** One host to try. */
export interface DeliveryHost {
  /** The host. */
  readonly host: string
  /** As in the MX record; 0 for the domain itself, which has none. */
  readonly preference: number
  /**
   * `dane` and `sts`: no delivery without TLS, checked; `required`: likewise, since the sender asks; `encrypted`: no
   * delivery without TLS, and nothing to check it by; `opportunistic`: TLS where it is offered.
   */
  readonly tls: 'dane' | 'encrypted' | 'opportunistic' | 'required' | 'sts'
  /** What is checked. */
  readonly verify: TlsVerification
  /** Whether the host must offer REQUIRETLS after TLS was set up. */
  readonly requireTls: boolean
  /** Why so much is asked and no more. */
  readonly reason: 'dane' | 'dane-unusable' | 'no-policy' | 'require-tls' | 'sts-enforce' | 'sts-testing' | 'waived'
  /**
   * What would be checked if the policy were enforced; failures are only told, in a report. `matches` is whether the
   * policy names the host.
   */
  readonly testing?: { readonly matches: boolean }
}

/** One host that is not tried. */
export interface LeftOutHost {
  /** The host. */
  readonly host: string
  /** As in the MX record. */
  readonly preference: number
  /**
   * `dane-deferred`: nobody could say what DANE asks, or what its address is; `sts-mismatch`: the policy does not name it; `name-not-verified`:
   * the sender asks for TLS, and nothing vouches for the name; `no-address`; `bad-name`; `null-mx` among others;
   * `too-many`, beyond the limit.
   */
  readonly reason:
    | 'bad-name'
    | 'dane-deferred'
    | 'name-not-verified'
    | 'no-address'
    | 'null-mx'
    | 'sts-mismatch'
    | 'too-many'
}

/** There are hosts to try. */
export interface SendPlan {
  /** There are hosts to try. */
  readonly type: 'send'
  /** The hosts, in order; those of one preference are for the caller to shuffle (RFC 5321 section 5.1). */
  readonly hosts: readonly DeliveryHost[]
  /** Whether the domain has no MX records, and is its own host. */
  readonly implicit: boolean
  /** Hosts that are not tried. */
  readonly leftOut: readonly LeftOutHost[]
}

/** The mail is to be tried again later. */
export interface DeferPlan {
  /** Try again later. */
  readonly type: 'defer'
  /** `mx-failed`: the DNS could not say; `hosts-left-out`: none was left, and that may change. */
  readonly reason: 'hosts-left-out' | 'mx-failed'
  /** Hosts that are not tried. */
  readonly leftOut: readonly LeftOutHost[]
}

/** The mail is to be returned. */
export interface FailPlan {
  /** Return it. */
  readonly type: 'fail'
  /**
   * `null-mx`: the domain takes no mail; `no-domain`: it does not exist; `no-host`: none of its hosts can take mail;
   * `require-tls`: the sender asks for TLS, and nothing vouches for the name of any.
   */
  readonly reason: 'no-domain' | 'no-host' | 'null-mx' | 'require-tls'
  /** The enhanced status code for the report. */
  readonly status: string
  /** Hosts that are not tried. */
  readonly leftOut: readonly LeftOutHost[]
}

/** What to do with mail for a domain. */
export type DeliveryPlan = DeferPlan | FailPlan | SendPlan

const MAX_HOSTS = 100

/**
 * Plans a delivery. DANE comes before MTA-STS: where it holds for a host, the policy does not count for that host. Of a
 * host that comes twice, the lower preference counts.
 *
 * @param mx The answer for the domain, type MX.
 * @param options What else was learned.
 * @returns The hosts to try with what TLS must be there for each; or that the mail is to be deferred or returned.
 * @throws {MailError} `DNS_BAD_NAME` for a domain that is no name.
 * @see {@link https://www.rfc-editor.org/rfc/rfc8461#section-2 | RFC 8461 section 2}
 * @example
 * const mx = { status: 'found', name: 'example.com', records: [{ preference: 10, exchange: 'mx.example.com' }], ttl: 60, authenticated: false } as const
 * const sts = { mode: 'enforce', mx: ['*.example.com'], maxAge: 86400, extensions: [] } as const
 * const plan = planDelivery(mx, { domain: 'example.com', sts })
 * plan.type // 'send'
 * if (plan.type === 'send') plan.hosts[0]?.tls // 'sts'
 * if (plan.type === 'send') plan.hosts[0]?.verify.names // ['mx.example.com']
 * planDelivery({ ...mx, records: [{ preference: 0, exchange: '.' }] }, { domain: 'example.com' }).type // 'fail'
 */
export function planDelivery(mx: Answer<'MX'>, options: DeliveryPlanOptions): DeliveryPlan {
  const domain = normalizeDnsName(options.domain)
  if (isFailure(mx)) return { type: 'defer', reason: 'mx-failed', leftOut: [] }
  if (mx.status === 'nxdomain') return { type: 'fail', reason: 'no-domain', status: '5.1.2', leftOut: [] }
  // RFC 5321 section 5.1: without MX records the domain is its own host, of preference 0.
  if (mx.status !== 'found') {
    const setting = { implicit: true, isMxSecure: mx.authenticated }
    return decide([{ preference: 0, exchange: domain }], { ...options, domain }, setting)
  }
  if (isNullMx(mx.records)) return { type: 'fail', reason: 'null-mx', status: '5.1.10', leftOut: [] }
  return decide(mx.records, { ...options, domain }, { implicit: false, isMxSecure: mx.authenticated })
}

/**
 * Tells whether a domain says that it takes no mail: by one MX record, and no other, with the host `.`.
 *
 * @param records All MX records of the domain.
 * @see {@link https://www.rfc-editor.org/rfc/rfc7505#section-3 | RFC 7505 section 3}
 * @example
 * isNullMx([{ preference: 0, exchange: '.' }]) // true
 * isNullMx([{ preference: 0, exchange: '.' }, { preference: 10, exchange: 'mx.example.com' }]) // false
 */
export function isNullMx(records: readonly MxData[]): boolean {
  return records.length === 1 && isRoot(records[0]!.exchange)
}

function isRoot(exchange: string): boolean {
  return exchange === '.' || exchange === ''
}

interface Setting {
  readonly implicit: boolean
  /** Whether DNSSEC vouches for the names of the hosts. */
  readonly isMxSecure: boolean
}

function decide(records: readonly MxData[], options: DeliveryPlanOptions, setting: Setting): DeliveryPlan {
  const { sts, maxHosts = MAX_HOSTS } = options
  const matches = sts && sts.mode !== 'none' ? mxMatcher(sts.mx) : undefined
  const hosts: DeliveryHost[] = []
  const leftOut: LeftOutHost[] = []
  const seen = new Set<string>()
  for (const { preference, exchange } of [...records].sort((a, b) => a.preference - b.preference)) {
    const host = nameOf(exchange)
    if (host !== undefined && seen.has(host)) continue
    seen.add(host ?? exchange)
    const full = hosts.length >= maxHosts ? 'too-many' : undefined
    const planned = full ?? hostOrReason(host, { exchange, preference, options, setting, matches })
    if (typeof planned === 'string') leftOut.push({ host: host ?? exchange, preference, reason: planned })
    else hosts.push(planned)
  }
  if (hosts.length > 0) return { type: 'send', hosts, implicit: setting.implicit, leftOut }
  return withoutHosts(leftOut)
}

const LASTING: ReadonlySet<LeftOutHost['reason']> = new Set(['bad-name', 'name-not-verified', 'no-address', 'null-mx'])

// A host that DANE or a policy left out may be right again later; one that has no address or no name will not.
function withoutHosts(leftOut: readonly LeftOutHost[]): DeliveryPlan {
  if (!leftOut.every(({ reason }) => LASTING.has(reason))) return { type: 'defer', reason: 'hosts-left-out', leftOut }
  // RFC 8689 section 4.2.1: mail that found no host of the kind that its sender asked for MUST be returned.
  const isUnvouched = leftOut.some(({ reason }) => reason === 'name-not-verified')
  if (isUnvouched) return { type: 'fail', reason: 'require-tls', status: '5.7.30', leftOut }
  return { type: 'fail', reason: 'no-host', status: '5.4.4', leftOut }
}

function nameOf(exchange: string): string | undefined {
  try {
    return normalizeDnsName(exchange)
  } catch {
    return undefined
  }
}

interface Candidate {
  readonly exchange: string
  readonly preference: number
  readonly options: DeliveryPlanOptions
  readonly setting: Setting
  readonly matches: ((host: string) => boolean) | undefined
}

function hostOrReason(host: string | undefined, candidate: Candidate): DeliveryHost | LeftOutHost['reason'] {
  const { options, setting, preference } = candidate
  if (host === undefined) return isRoot(candidate.exchange) ? 'null-mx' : 'bad-name'
  const dane = options.dane?.get(host)
  if (dane?.status === 'none' && dane.reason === 'no-address') return 'no-address'
  const required = options.requireTls === 'required'
  const base = { host, preference, requireTls: required }
  // RFC 7672 section 2.1.2: a host of which nobody could say is not tried, where DANE could hold.
  if (dane?.status === 'defer' && dane.reason === 'address-failed') return 'dane-deferred'
  // RFC 8689 section 3: the policies of the domain are left aside for mail that says so.
  if (options.requireTls === 'waived') return { ...base, tls: 'opportunistic', verify: anyOf(host), reason: 'waived' }
  if (dane?.status === 'defer' && setting.isMxSecure) return 'dane-deferred'
  // RFC 7672 section 2.2.1: DANE holds where the MX records are authenticated. RFC 8461 section 2: it comes first.
  if (setting.isMxSecure && dane?.status === 'required') {
    return { ...base, tls: 'dane', verify: tlsaOf(dane, [host, options.domain]), reason: 'dane' }
  }
  return byPolicy(base, candidate, setting.isMxSecure && dane?.status === 'unusable')
}

type Base = Pick<DeliveryHost, 'host' | 'preference' | 'requireTls'>

function byPolicy(base: Base, candidate: Candidate, isEncrypted: boolean): DeliveryHost | LeftOutHost['reason'] {
  const { options, setting, matches } = candidate
  const { host, requireTls } = base
  const isNamed = matches?.(host) ?? false
  // RFC 8689 section 4.2.1: DNSSEC or a policy must vouch for the name of the host, unless it is the domain's own.
  if (requireTls && !setting.isMxSecure && !setting.implicit && !isNamed) return 'name-not-verified'
  if (matches && options.sts?.mode === 'enforce') {
    if (!isNamed) return 'sts-mismatch'
    return { ...base, tls: 'sts', verify: pkixOf(host), reason: 'sts-enforce' }
  }
  const testing = matches && { testing: { matches: isNamed } }
  if (requireTls) return { ...base, tls: 'required', verify: pkixOf(host), reason: 'require-tls', ...testing }
  const verify = anyOf(host)
  if (isEncrypted) return { ...base, tls: 'encrypted', verify, reason: 'dane-unusable', ...testing }
  return { ...base, tls: 'opportunistic', verify, reason: matches ? 'sts-testing' : 'no-policy', ...testing }
}

function anyOf(host: string): TlsVerification {
  return { certificate: 'none', records: [], names: [], serverName: host }
}

function pkixOf(host: string): TlsVerification {
  return { certificate: 'pkix', records: [], names: [host], serverName: host }
}

// RFC 7672 section 3.2.2: names count with DANE-TA alone; the host that has the records, the host, or the domain.
function tlsaOf(dane: Extract<DaneDecision, { status: 'required' }>, names: readonly string[]): TlsVerification {
  const { records, serverName } = dane
  return { certificate: 'tlsa', records, names: [...new Set([serverName, ...names])], serverName }
}
