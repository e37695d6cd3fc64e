/** The addresses of hosts, and whether the client's is among them: RFC 7208 sections 5, 5.3 and 5.4. */

import { isInNetwork } from '@posthorn/core'
import type { Answer, RecordType } from '@posthorn/dns'
import { readIpv4, readIpv6 } from './address.ts'
import type { Check } from './check.ts'
import { type Reply, tooMany } from './lookup.ts'
import { toQueryName } from './name.ts'
import type { SpfHosts } from './term.ts'
import { Stop } from './verdict.ts'

/**
 * Gives the answer to a question of a term.
 *
 * @internal
 * @throws {Stop} When there is no answer: RFC 7208 section 5.
 */
export function answered<T extends RecordType>(
  reply: Reply<T>,
  name: string,
): Exclude<Reply<T>, { status: 'servfail' | 'timeout' }> {
  if (reply.status === 'servfail' || reply.status === 'timeout') {
    throw new Stop('temperror', reply.status, `The DNS did not answer for ${name}: ${reply.status}`)
  }
  return reply as Exclude<Reply<T>, { status: 'servfail' | 'timeout' }>
}

/** @internal */
export interface MatchOptions {
  /** How many bits are compared; default all. */
  readonly length?: number | undefined
  /** Whether the client chose the name: errors are then no error, and absence does not count. */
  readonly skipErrors?: boolean
}

/**
 * Tells whether the client's address is one of a host, asking for addresses of the client's family alone.
 *
 * @internal
 */
export async function matchesAddress(check: Check, name: string, options: MatchOptions = {}): Promise<boolean> {
  const { client, lookup } = check
  const [type, read] = client.length === 4 ? (['A', readIpv4] as const) : (['AAAA', readIpv6] as const)
  const reply = await lookup.ask<'A' | 'AAAA'>(name, type, !options.skipErrors)
  const answer: Reply<'A' | 'AAAA'> = options.skipErrors ? reply : answered(reply, name)
  if (answer.status !== 'found') return false
  const length = options.length ?? client.length * 8
  return (answer as Answer<'A'> & { status: 'found' }).records.some((text) => {
    const address = read(text)
    return address !== undefined && isInNetwork(client, { octets: address, bits: length })
  })
}

/** @internal */
export async function matchesMx(check: Check, name: string, length: number | undefined): Promise<boolean> {
  const { lookup } = check
  const answer = answered(await lookup.ask(name, 'MX', true), name)
  if (answer.status !== 'found') return false
  lookup.counts.mx += answer.records.length
  // RFC 7208 section 4.6.4: before any is asked for, so that the order of the records decides nothing.
  if (answer.records.length > lookup.limits.mx) throw tooMany('mx', lookup.limits.mx)
  for (const { exchange } of answer.records) {
    const host = toQueryName(exchange)
    if (host !== undefined && (await matchesAddress(check, host, { length }))) return true
  }
  return false
}

/** @internal */
export function lengthFor({ client }: Check, term: SpfHosts): number | undefined {
  return client.length === 4 ? term.ip4Length : term.ip6Length
}
