/** The addresses that one mechanism lets pass, for an audit: RFC 7208 sections 5.1, 5.3, 5.4, 5.6 and 5.7. */

import { clip, type IpNetwork } from '@posthorn/core'
import { readIpv4, readIpv6 } from './address.ts'
import { type Audit, countVoid } from './audit-state.ts'
import { finding } from './finding.ts'
import { toQueryName } from './name.ts'
import { isNetwork, type SpfHosts, type SpfMechanism } from './term.ts'

/** @internal */
export interface AuditPlace {
  /** The name that the mechanism asks about. */
  readonly target: string | undefined
  readonly place: { readonly term: string; readonly offset: number; readonly domain: string }
}

const EVERYTHING: readonly IpNetwork[] = [
  { octets: new Uint8Array(4), bits: 0 },
  { octets: new Uint8Array(16), bits: 0 },
]

/** @internal */
export async function networksOf(audit: Audit, term: SpfMechanism, at: AuditPlace): Promise<readonly IpNetwork[]> {
  if (term.type === 'all') return EVERYTHING
  if (isNetwork(term)) {
    const octets = (term.type === 'ip4' ? readIpv4(term.network) : readIpv6(term.network))!
    return [{ octets, bits: term.length ?? octets.length * 8 }]
  }
  const { target } = at
  if (target === undefined) return []
  if (term.type === 'a') return addressesOf(audit, target, { term, at })
  if (term.type === 'mx') return exchangersOf(audit, target, { term, at })
  if (term.type === 'exists') await countExists(audit, target)
  return []
}

interface Hosts {
  readonly term: SpfHosts
  readonly at: AuditPlace
}

async function addressesOf(audit: Audit, name: string, { term, at }: Hosts): Promise<IpNetwork[]> {
  const networks: IpNetwork[] = []
  const absent = { ip4: false, ip6: false }
  for (const [family, type, read] of [['ip4', 'A', readIpv4] as const, ['ip6', 'AAAA', readIpv6] as const]) {
    const reply = await audit.lookup.ask<'A' | 'AAAA'>(name, type)
    absent[family] = reply.status === 'nxdomain' || reply.status === 'nodata'
    if (absent[family]) countVoid(audit, name, type)
    if (reply.status !== 'found') continue
    const bits = (family === 'ip4' ? term.ip4Length : term.ip6Length) ?? (family === 'ip4' ? 32 : 128)
    const found = reply.records.flatMap((text) => read(String(text)) ?? [])
    networks.push(...found.map((octets) => ({ octets, bits })))
  }
  if (absent.ip4 && absent.ip6) audit.findings.push(finding('no-such-host', `${clip(name)} has no address`, at.place))
  return networks
}

async function exchangersOf(audit: Audit, name: string, { term, at }: Hosts): Promise<IpNetwork[]> {
  const reply = await audit.lookup.ask(name, 'MX')
  if (reply.status !== 'found') {
    if (reply.status !== 'nxdomain' && reply.status !== 'nodata') return []
    countVoid(audit, name, 'MX')
    audit.findings.push(finding('no-such-host', `${clip(name)} has no mail exchanger`, at.place))
    return []
  }
  if (reply.records.length > 10) {
    const message = `${clip(name)} has ${reply.records.length} mail exchangers, of which 10 are allowed`
    audit.findings.push(finding('too-many-mx', message, at.place))
    return []
  }
  const hosts = reply.records.flatMap(({ exchange }) => toQueryName(exchange) ?? [])
  const networks: IpNetwork[] = []
  for (const host of hosts) networks.push(...(await addressesOf(audit, host, { term, at })))
  return networks
}

// RFC 7208 section 5.7: for an IPv4 address, whatever the client's is.
async function countExists(audit: Audit, name: string): Promise<void> {
  const { status } = await audit.lookup.ask(name, 'A')
  if (status !== 'nxdomain' && status !== 'nodata') return
  countVoid(audit, name, 'A')
  audit.voids.ip6++
}
