/** What the DNS says of one host: its addresses, and what DANE asks. RFC 5321 section 5.1, RFC 7672 section 2.2. */

import type { Answer, ResolveOptions } from '@posthorn/dns'
import { type DaneDecision, decideDane, tlsaHosts, tlsaName } from '@posthorn/policy'
import { nameBelow } from './name-below.ts'
import type { Settings } from './settings.ts'

/** What is known of a host. */
export interface HostFacts {
  /** Its addresses, in the order to try them. */
  readonly addresses: readonly string[]
  /** What DANE asks. */
  readonly dane: DaneDecision
}

/** How a host is looked up. */
export interface HostQuestion extends ResolveOptions {
  /** Whether DNSSEC vouches for the name of the host, so that DANE may hold. */
  readonly isSecure: boolean
}

type AddressAnswer = Answer<'A' | 'AAAA'>

/**
 * Looks a host up.
 *
 * @internal
 */
export async function lookUpHost(host: string, question: HostQuestion, settings: Settings): Promise<HostFacts> {
  const { isSecure, ...asking } = question
  const { resolver, addressFamily, port } = settings
  const types = (
    [
      ['AAAA', 'ipv4'],
      ['A', 'ipv6'],
    ] as const
  ).filter(([, other]) => other !== addressFamily)
  const answers = await Promise.all(types.map(([type]) => resolver.resolve(host, type, asking)))
  const addresses = interleave(answers.map((answer) => (answer.status === 'found' ? answer.records : [])))
  // RFC 7672 section 2.2.1: without authenticated MX records no TLSA record counts.
  if (!isSecure) return { addresses, dane: decideDane({ host, addresses: answers }) }
  const alias = needsAlias(host, answers) ? await resolver.resolve(host, 'CNAME', asking) : undefined
  let dane = decideDane({ host, addresses: answers, alias })
  // RFC 7672 section 2.2.2: where CNAMEs led to another host, its records count before those of the first.
  for (const candidate of tlsaHosts(host, answers, { alias })) {
    const name = nameBelow(() => tlsaName(candidate, { port }))
    const tlsa = name === undefined ? NOTHING : await resolver.resolve(name, 'TLSA', asking)
    dane = decideDane({ host: candidate, addresses: answers, alias, tlsa })
    if (dane.status !== 'none') break
  }
  return { addresses, dane }
}

// What is too long for a name has no records, for certain.
const NOTHING = { status: 'nxdomain', name: '', ttl: 0, authenticated: true } as const

// An alias that is authenticated lets the records of the host count, though its addresses are not.
function needsAlias(host: string, answers: readonly AddressAnswer[]): boolean {
  return answers.some((answer) => answer.status === 'found' && !answer.authenticated && answer.name !== host)
}

function interleave(lists: readonly (readonly string[])[]): string[] {
  const longest = Math.max(...lists.map(({ length }) => length))
  const turns = Array.from({ length: longest }, (_, turn) => lists.flatMap((list) => list.slice(turn, turn + 1)))
  return [...new Set(turns.flat())]
}
