/** The validated names of a client: RFC 7208 section 5.5. */

import { isAtOrBelow } from '@posthorn/dns'
import { reverseName } from './address.ts'
import type { Check } from './check.ts'
import { matchesAddress } from './hosts.ts'
import { toQueryName } from './name.ts'

/**
 * Tells whether a name of the client, at a domain or below it, has the client's address.
 *
 * @internal
 */
export async function matchesPtr(check: Check, domain: string): Promise<boolean> {
  for (const name of await namesOf(check)) {
    if (isAtOrBelow(name, domain) && (await isValid(check, name))) return true
  }
  return false
}

/**
 * Gives the validated name of a client for `%{p}`: the domain itself, one below it, or any; `unknown` without one.
 *
 * @internal
 */
export async function validatedName(check: Check, domain: string): Promise<string> {
  const names = await namesOf(check)
  const rank = (name: string): number => (name === domain ? 0 : isAtOrBelow(name, domain) ? 1 : 2)
  for (const name of [...names].sort((one, other) => rank(one) - rank(other))) {
    if (await isValid(check, name)) return name
  }
  return 'unknown'
}

async function namesOf({ lookup, client }: Check): Promise<readonly string[]> {
  const before = lookup.counts.queries
  const reply = await lookup.ask(reverseName(client), 'PTR')
  // RFC 7208 section 5.5: an error is as if there were no name.
  if (reply.status !== 'found') return []
  // RFC 7208 section 4.6.4: names over the limit are ignored.
  const names = reply.records.slice(0, lookup.limits.ptr)
  if (lookup.counts.queries > before) lookup.counts.ptr += names.length
  return [...new Set(names.flatMap((name) => toQueryName(name) ?? []))]
}

// RFC 7208 section 5.5: a name whose addresses cannot be had is skipped.
async function isValid(check: Check, name: string): Promise<boolean> {
  return (await matchesAddress(check, name, { skipErrors: true })) === true
}
