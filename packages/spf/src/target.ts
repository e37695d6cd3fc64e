/** The names that terms ask about, and the values that macros expand to: RFC 7208 sections 4.8 and 7.2, RFC 8616. */

import { formatIpAddress, isAscii } from '@posthorn/core'
import { dottedAddress } from './address.ts'
import type { Check } from './check.ts'
import { cutName, expandDomain, type MacroValues } from './expand.ts'
import type { MacroString } from './macro.ts'
import { toAscii, toQueryName } from './name.ts'
import { validatedName } from './ptr.ts'

/**
 * What a term asks about.
 *
 * @internal
 */
export interface Target {
  /** The name; absent when no question can hold it. */
  readonly name?: string | undefined
  /** Whether the term cannot match, as it has a value that no name can have. */
  readonly never: boolean
}

/**
 * Gives the name that a term without macros asks about; nothing where there is something to expand.
 *
 * @internal
 */
export function plainTarget(domain: string, spec?: MacroString): Target | undefined {
  if (!spec) return { name: domain, never: false }
  const [part] = spec
  const isPlain = part?.type === 'literal' && spec.length === 1
  return isPlain ? { name: toQueryName(cutName(part.text)), never: false } : undefined
}

/**
 * Expands the name that a term asks about.
 *
 * @internal
 */
export async function expandTarget(check: Check, domain: string, spec: MacroString): Promise<Target> {
  const text = expandDomain(spec, await valuesFor(check, domain, spec))
  return text === undefined ? { never: true } : { name: toQueryName(text), never: false }
}

/** @internal */
export async function valuesFor(check: Check, domain: string, spec: MacroString): Promise<MacroValues> {
  const { client, sender, helo, receiver, now } = check
  const asksName = spec.some((part) => part.type === 'macro' && part.letter === 'p')
  const l = usable(sender.localPart)
  const o = usable(toAscii(sender.domain))
  return {
    s: l === undefined || o === undefined ? undefined : `${l}@${o}`,
    l,
    o,
    d: domain,
    i: dottedAddress(client),
    p: asksName ? await validatedName(check, domain) : undefined,
    h: usable(toAscii(helo)),
    c: formatIpAddress(client),
    r: receiver ?? 'unknown',
    t: now === undefined ? undefined : String(Math.floor(now / 1000)),
    v: client.length === 4 ? 'in-addr' : 'ip6',
  }
}

// No local-part or domain of SMTP is longer (RFC 5321 section 4.5.3.1), and what is expanded again and again is bounded.
const MAX_VALUE = 255

// RFC 8616 section 4: a local-part that is not US-ASCII never matches.
function usable(value: string | undefined): string | undefined {
  return value !== undefined && value.length <= MAX_VALUE && isAscii(value) ? value : undefined
}
