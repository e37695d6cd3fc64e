/**
 * The way to one domain: its hosts in order, each with what TLS must be there and its addresses; or that there is none.
 * RFC 5321 section 5.1, RFC 7505, RFC 7672, RFC 8461 section 5, RFC 8689 section 4.2.1.
 */

import { type Answer, type MxData, normalizeDnsName } from '@posthorn/dns'
import {
  type DeferPlan,
  type DeliveryHost,
  type DeliveryPlan,
  type FailPlan,
  isNullMx,
  planDelivery,
} from '@posthorn/policy'
import { type HostFacts, lookUpHost } from './host-facts.ts'
import { loop, made, type Told } from './made-reply.ts'
import type { DeliverOptions } from './options.ts'
import type { PassedOverHost } from './outcome.ts'
import type { RecipientGroup } from './recipient-groups.ts'
import { canonicalHost, type Settings } from './settings.ts'
import { shuffled } from './shuffle.ts'
import type { StsKnowledge } from './sts-policies.ts'

/** One address of one host. */
export interface Target {
  /** The host, with what is asked of it. */
  readonly host: DeliveryHost
  /** The address. */
  readonly address: string
}

/** The way to a domain. */
export interface Route {
  /** What to try, in order. */
  readonly targets: readonly Target[]
  /** Why there is nothing to try. */
  readonly told?: Told
  /** The hosts that are not tried. */
  readonly passedOver: readonly PassedOverHost[]
  /** What is known of the domain's policy. */
  readonly sts?: StsKnowledge
}

/** How a way is sought. */
export interface RouteOptions extends Pick<DeliverOptions, 'requireTls' | 'signal'> {
  readonly settings: Settings
}

/**
 * Finds the way to the recipients of a group.
 *
 * @internal
 */
export async function findRoute(group: RecipientGroup, options: RouteOptions): Promise<Route> {
  if (group.address !== undefined) return routeToAddress(group.address, options)
  const { settings, signal, requireTls } = options
  const { domain } = group
  const asking = signal ? { signal } : {}
  const [answer, sts] = await Promise.all([
    settings.resolver.resolve(domain, 'MX', asking),
    requireTls === 'waived' ? undefined : settings.sts?.find(domain, signal),
  ])
  const { mx, tooMany } = cutShort(answer, settings)
  const facts = await lookUpAll(hostsOf(mx, domain), mx, options)
  const { kept, loops } = withoutLoops(mx, domain, { facts, settings })
  const plan = planDelivery(kept, {
    domain,
    requireTls,
    sts: sts?.entry?.policy,
    dane: danesOf(facts),
    maxHosts: settings.maxHosts,
  })
  const passedOver = [...plan.leftOut, ...tooMany, ...loops]
  const told = plan.type === 'send' ? undefined : whyNot(plan, loops)
  const hosts = plan.type === 'send' ? plan.hosts : []
  return { targets: targetsOf(hosts, facts, settings), passedOver, ...(told && { told }), ...(sts && { sts }) }
}

// RFC 5321 section 4.1.3 and 5.1: an address literal is where the mail goes, whatever the DNS says.
function routeToAddress(address: string, { settings, requireTls }: RouteOptions): Route {
  if (settings.own.has(canonicalHost(address))) return { targets: [], passedOver: [], told: loop() }
  const isRequired = requireTls === 'required'
  const host: DeliveryHost = {
    host: address,
    preference: 0,
    tls: isRequired ? 'required' : 'opportunistic',
    verify: {
      certificate: isRequired ? 'pkix' : 'none',
      records: [],
      names: isRequired ? [address] : [],
      serverName: '',
    },
    requireTls: isRequired,
    reason: isRequired ? 'require-tls' : requireTls === 'waived' ? 'waived' : 'no-policy',
  }
  return { targets: [{ host, address }], passedOver: [] }
}

// RFC 5321 section 5.1: hosts of one preference MUST be tried in random order, so they are mixed before any is cut off.
function cutShort(
  answer: Answer<'MX'>,
  { platform, maxHosts }: Settings,
): { mx: Answer<'MX'>; tooMany: PassedOverHost[] } {
  if (answer.status !== 'found') return { mx: answer, tooMany: [] }
  const mixed = shuffled(answer.records, platform.random).sort((a, b) => a.preference - b.preference)
  const tooMany = mixed
    .slice(maxHosts)
    .map(({ preference, exchange }) => ({ host: exchange, preference, reason: 'too-many' as const }))
  return { mx: { ...answer, records: mixed.slice(0, maxHosts) }, tooMany }
}

function hostsOf(mx: Answer<'MX'>, domain: string): string[] {
  if (mx.status === 'nodata') return [domain]
  if (mx.status !== 'found' || isNullMx(mx.records)) return []
  return [...new Set(mx.records.map(({ exchange }) => exchange))].filter(isName)
}

// `planDelivery` tells of those that are none.
function isName(exchange: string): boolean {
  try {
    return normalizeDnsName(exchange) === exchange
  } catch {
    return false
  }
}

type Facts = ReadonlyMap<string, HostFacts>

async function lookUpAll(hosts: readonly string[], mx: Answer<'MX'>, options: RouteOptions): Promise<Facts> {
  const { settings, signal } = options
  const isSecure = 'authenticated' in mx && mx.authenticated
  const question = { isSecure, ...(signal && { signal }) }
  const facts = await Promise.all(hosts.map((host) => lookUpHost(host, question, settings)))
  return new Map(hosts.map((host, at) => [host, facts[at]!]))
}

function danesOf(facts: Facts): ReadonlyMap<string, HostFacts['dane']> {
  return new Map([...facts].map(([host, { dane }]) => [host, dane]))
}

// RFC 5321 section 5.1: where this host is among those of the domain, it and all that are not before it are left out.
function withoutLoops(
  mx: Answer<'MX'>,
  domain: string,
  { facts, settings }: { facts: Facts; settings: Settings },
): { kept: Answer<'MX'>; loops: PassedOverHost[] } {
  const records =
    mx.status === 'found' ? mx.records : mx.status === 'nodata' ? [{ preference: 0, exchange: domain }] : []
  const isOwn = ({ exchange }: MxData): boolean =>
    settings.own.has(exchange) ||
    (facts.get(exchange)?.addresses ?? []).some((address) => settings.own.has(canonicalHost(address)))
  const own = Math.min(...records.filter(isOwn).map(({ preference }) => preference))
  if (own === Number.POSITIVE_INFINITY || !('authenticated' in mx)) return { kept: mx, loops: [] }
  const loops = records.filter(({ preference }) => preference >= own)
  const kept = { status: 'found', name: mx.name, ttl: mx.ttl, authenticated: mx.authenticated } as const
  return {
    kept: { ...kept, records: records.filter(({ preference }) => preference < own) },
    loops: loops.map(({ exchange, preference }) => ({ host: exchange, preference, reason: 'loop' })),
  }
}

// A dead address does not come before a live one, whatever its preference, until it has been left alone for a while.
function targetsOf(hosts: readonly DeliveryHost[], facts: Facts, settings: Settings): Target[] {
  const { maxAddresses, quiet } = settings
  const targets = hosts.flatMap((host) =>
    (facts.get(host.host)?.addresses ?? []).slice(0, maxAddresses).map((address) => ({ host, address })),
  )
  const isQuiet = ({ address }: Target): boolean => quiet.has(address)
  return [...targets.filter((target) => !isQuiet(target)), ...targets.filter(isQuiet)]
}

const FAILURES: Readonly<Record<FailPlan['reason'], string>> = {
  'null-mx': 'The domain takes no mail',
  'no-domain': 'The domain does not exist',
  'no-host': 'No host of the domain has an address',
  'require-tls': 'No host of the domain can be verified, which the sender asks for',
}

function whyNot(plan: Exclude<DeliveryPlan, { type: 'send' }>, loops: readonly PassedOverHost[]): Told {
  if (loops.length > 0 && plan.leftOut.every(({ reason }) => reason !== 'dane-deferred')) return loop()
  if (plan.type === 'fail') {
    // RFC 7505 section 4: 556 is the code for a domain that takes no mail.
    return made(plan.status, FAILURES[plan.reason], plan.reason === 'null-mx' ? 556 : undefined)
  }
  return whyLater(plan)
}

function whyLater({ reason, leftOut }: DeferPlan): Told {
  if (reason === 'mx-failed') return made('4.4.3', 'The DNS does not say which hosts take mail for the domain')
  if (leftOut.some((host) => host.reason === 'sts-mismatch')) {
    return made('4.7.5', 'The policy of the domain names none of its hosts')
  }
  return made('4.4.3', 'The DNS does not say how the hosts of the domain are reached')
}
