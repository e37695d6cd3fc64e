/** The options of a deliverer with their defaults, and what it remembers between messages. */

import { formatIpAddress, isDomain, isIpLiteral, type MailError, parseIpAddress, unmapIpAddress } from '@posthorn/core'
import { fault, type MailerErrorCode } from '../error.ts'
import { defaultPlatform } from '../platform.ts'
import type { DelivererOptions } from './options.ts'
import { QuietAddresses } from './quiet-addresses.ts'
import { StsPolicies } from './sts-policies.ts'
import { memoryStsStore } from './sts-store.ts'

type Defaulted =
  | 'addressFamily'
  | 'certificates'
  | 'concurrency'
  | 'connectTimeout'
  | 'domainTimeout'
  | 'maxAddresses'
  | 'maxHosts'
  | 'platform'
  | 'port'

const DEFAULTS: Required<Pick<DelivererOptions, Defaulted>> = {
  port: 25,
  addressFamily: 'any',
  maxHosts: 10,
  maxAddresses: 4,
  connectTimeout: 30_000,
  domainTimeout: 900_000,
  concurrency: 5,
  certificates: 'shown',
  platform: defaultPlatform,
}

/** What all deliveries of a deliverer share. */
export interface Settings extends Omit<DelivererOptions, Defaulted>, Required<Pick<DelivererOptions, Defaulted>> {
  /** The names and addresses that are this host. */
  readonly own: ReadonlySet<string>
  /** The addresses that did not answer. */
  readonly quiet: QuietAddresses
  /** The policies of MTA-STS, where they can be fetched. */
  readonly sts: StsPolicies | undefined
}

/**
 * Settles the options.
 *
 * @internal
 * @throws {MailError} `MAILER_BAD_OPTION` for a `domain` that EHLO cannot give, or a limit that is none.
 */
export function settle(given: DelivererOptions): Settings {
  const options = { ...DEFAULTS, ...given }
  const {
    domain,
    platform,
    resolver,
    fetch,
    stsStore,
    stsTimeout = 60_000,
    quietTime = 300_000,
    maxQuiet = 10_000,
  } = options
  if (!isIpLiteral(domain) && !(isDomain(domain) && domain.includes('.'))) {
    throw bad('domain', 'it is neither a full domain name nor an address literal')
  }
  for (const name of ['port', 'maxHosts', 'maxAddresses', 'concurrency', 'domainTimeout'] as const) {
    if (!Number.isInteger(options[name]) || options[name] < 1) throw bad(name, 'it is no whole number from 1')
  }
  const store = stsStore ?? memoryStsStore()
  return {
    ...options,
    own: new Set([domain, ...(options.localHosts ?? [])].map(canonicalHost)),
    quiet: new QuietAddresses({ quietTime, maxQuiet, now: platform.now }),
    sts: fetch && new StsPolicies({ resolver, fetch, store, timeout: stsTimeout, platform }),
  }
}

/**
 * Gives the one form in which names and addresses of hosts are compared.
 *
 * @internal
 */
export function canonicalHost(host: string): string {
  const inner = host.replace(/^\[(?:ipv6:)?|\]$/gi, '')
  const octets = parseIpAddress(inner)
  return octets ? formatIpAddress(unmapIpAddress(octets)) : inner.replace(/\.$/, '').toLowerCase()
}

function bad(option: string, why: string): MailError<MailerErrorCode> {
  return fault('MAILER_BAD_OPTION', `deliver with this ${option}: ${why}`)
}
