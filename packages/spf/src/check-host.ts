/** The check of a client: `check_host()` of RFC 7208 section 4, for the identities of section 2. */

import { clip, formatIpAddress } from '@posthorn/core'
import type { Resolver } from '@posthorn/dns'
import { parseClientAddress } from './address.ts'
import { type Check, senderOf } from './check.ts'
import { evaluateDomain, type Outcome } from './evaluate.ts'
import { explain } from './explanation.ts'
import { createLookup, type SpfLimits } from './lookup.ts'
import { toAscii, toIdentityDomain } from './name.ts'
import { type SpfMatch, type SpfVerdict, Stop } from './verdict.ts'

/** What {@link checkHost} needs, and its limits. */
export interface CheckHostOptions {
  /** The IP address of the client. */
  readonly clientAddress: string
  /** What the client said in HELO or EHLO. */
  readonly helo: string
  /**
   * The address in MAIL FROM, without angle brackets; empty for the null reverse-path, for which the postmaster of `helo`
   * stands.
   */
  readonly reversePath: string
  /** Whose name is checked; default `mailfrom`. With `helo` the reverse-path is not looked at. */
  readonly identity?: 'mailfrom' | 'helo'
  /** The domain whose record is evaluated; default that of the identity. */
  readonly domain?: string
  /** Asks the DNS. */
  readonly resolver: Resolver
  /** What the check may take. */
  readonly limits?: SpfLimits
  /** The name of the receiving host, for explanations; default `unknown`. */
  readonly receiver?: string
  /** The time in milliseconds since 1970, for explanations; without it, one that tells the time is not used. */
  readonly now?: number
  /** Ends the check with `temperror` when it fires; RFC 7208 section 4.6.4 asks for 20 seconds at least. */
  readonly deadline?: AbortSignal
  /** Ends the check; the promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal
}

/**
 * Checks whether a client may use a domain.
 *
 * Whatever the DNS and the records say is a verdict. One budget holds for all records that a check reads.
 *
 * @param options The client, the sender, the resolver and the limits.
 * @returns The verdict, with what decided, what it took, and each step.
 * @throws {MailError} `SPF_BAD_ADDRESS` when `clientAddress` is no IP address; the reason of `signal`.
 * @see {@link https://www.rfc-editor.org/rfc/rfc7208#section-4 | RFC 7208 section 4}
 * @example
 * import { MemoryZone } from '@posthorn/dns'
 *
 * const resolver = new MemoryZone().add('example.com', 'TXT', 'v=spf1 ip4:192.0.2.0/24 -all')
 * const from = { helo: 'mail.example.com', reversePath: 'joe@example.com', resolver }
 * const good = await checkHost({ ...from, clientAddress: '192.0.2.7' })
 * good.result // 'pass'
 * const bad = await checkHost({ ...from, clientAddress: '198.51.100.7' })
 * bad.detail // '-all of example.com matches'
 */
export async function checkHost(options: CheckHostOptions): Promise<SpfVerdict> {
  const { helo, identity = 'mailfrom', receiver, now } = options
  const client = parseClientAddress(options.clientAddress)
  const sender = senderOf(identity === 'helo' ? '' : options.reversePath, helo)
  const lookup = createLookup(options)
  const check: Check = { lookup, client, sender, helo, receiver, now }
  const given = options.domain ?? sender.domain
  const domain = toIdentityDomain(given)
  const outcome = domain === undefined ? NO_DOMAIN : await evaluateDomain(check, domain).catch(toOutcome)
  const explanation = outcome.result === 'fail' ? await explain(check, outcome) : undefined
  const { result, reason, match, detail = describe(match!) } = outcome
  return {
    result,
    reason,
    detail,
    identity,
    sender: `${sender.localPart}@${toAscii(sender.domain) ?? sender.domain}`,
    domain: domain ?? given,
    clientAddress: formatIpAddress(client),
    helo,
    ...(match && { match }),
    ...(explanation === undefined ? {} : { explanation }),
    counts: { ...lookup.counts },
    trace: lookup.trace,
  }
}

// RFC 7208 section 4.3:
const NO_DOMAIN: Outcome = {
  result: 'none',
  reason: 'bad-domain',
  detail: 'There is no domain that could have a record',
}

function describe({ text, domain }: SpfMatch): string {
  return `${clip(text)} of ${clip(domain)} matches`
}

function toOutcome(error: unknown): Outcome {
  if (!(error instanceof Stop)) throw error
  return { result: error.result, reason: error.reason, detail: error.detail }
}
