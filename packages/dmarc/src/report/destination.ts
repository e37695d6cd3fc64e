/**
 * Whether those who shall get reports want them: RFC 9990 section 4, and RFC 9991 section 5 for failure reports.
 * The sizes that RFC 7489 let stand behind a URI have no meaning any more.
 */

import { clip, MailError } from '@posthorn/core'
import { isAtOrBelow, normalizeDnsName } from '@posthorn/dns'
import { envelopeAddress } from '@posthorn/mime'
import { type DmarcDiscoveryOptions, organizationalDomainOf, tryDomain } from '../discovery.ts'
import { RecordLookup } from '../lookup.ts'
import { parseDmarc } from '../record.ts'
import { isRecord } from '../tag-list.ts'
import type { DmarcUri } from '../uri.ts'
import { reportFault } from './error.ts'

/**
 * What was found of one destination.
 *
 * - `internal`: it is of the organization whose policy names it.
 * - `authorized`: it is of another, which agrees.
 * - `overridden`: it is of another, which agrees and names other addresses at the same host.
 * - `unauthorized`: the other does not say that it agrees, or the name to ask for is too long.
 * - `bad-override`: the other names addresses at another host, or ones that cannot be read: neither may be used.
 * - `temperror`: the DNS did not answer; it may be asked again later.
 * - `unusable`: it has no host that the DNS can be asked for.
 * - `over-limit`: it was not looked at, as there are too many.
 */
export type ReportDestinationStatus =
  | 'authorized'
  | 'bad-override'
  | 'internal'
  | 'over-limit'
  | 'overridden'
  | 'temperror'
  | 'unauthorized'
  | 'unusable'

/** One destination. */
export interface ReportDestination {
  /** What the policy names. */
  readonly uri: DmarcUri
  /** What was found. */
  readonly status: ReportDestinationStatus
  /** What may be used: `uri`, what is named in its place, or nothing. */
  readonly uses: readonly DmarcUri[]
  /** Its host, as it was asked for; absent where it has none. */
  readonly host?: string
}

/** What was found of all destinations. */
export interface ReportDestinations {
  /** Each, in order. */
  readonly destinations: readonly ReportDestination[]
  /** The names that the DNS was asked for, in order; none twice. */
  readonly queries: readonly string[]
}

/** How destinations are verified. */
export interface VerifyDestinationsOptions extends DmarcDiscoveryOptions {
  /** The tag that names them; default `rua`. */
  readonly tag?: 'rua' | 'ruf'
  /** How many are looked at; default 5. Together they cost no more than 8 questions, and 9 for each. */
  readonly maxUris?: number
}

/**
 * Verifies destinations of reports, so that nobody gets reports because somebody else's policy says so.
 *
 * @param policyDomain The domain whose record names them.
 * @param uris What its tag `rua` or `ruf` names.
 * @param options Whom to ask, and how much.
 * @returns What was found of each; a failure of the DNS is a value too.
 * @throws {MailError} `DMARC_REPORT_BAD_NAME` for a policy domain that is no domain name.
 * @see {@link https://www.rfc-editor.org/rfc/rfc9990#section-4 | RFC 9990 section 4}
 * @example
 * import { parseDmarc } from '@posthorn/dmarc'
 * import { MemoryZone } from '@posthorn/dns'
 * const { rua } = parseDmarc('v=DMARC1; p=none; rua=mailto:d@example.com,mailto:r@red.example.net,mailto:v@victim.example')
 * const resolver = new MemoryZone()
 *   .add('_dmarc.example.com', 'TXT', 'v=DMARC1; p=none')
 *   .add('example.com._report._dmarc.red.example.net', 'TXT', 'v=DMARC1')
 * const { destinations } = await verifyReportDestinations('example.com', rua, { resolver })
 * destinations.map(({ status }) => status) // ['internal', 'authorized', 'unauthorized']
 */
export async function verifyReportDestinations(
  policyDomain: string,
  uris: readonly DmarcUri[],
  options: VerifyDestinationsOptions,
): Promise<ReportDestinations> {
  const domain = tryDomain(policyDomain)
  if (domain === undefined) {
    throw reportFault('DMARC_REPORT_BAD_NAME', `take "${clip(policyDomain)}" as a domain`, 'rfc9990#section-4')
  }
  const verifier = new Verifier(domain, options)
  const destinations: ReportDestination[] = []
  for (const [index, uri] of uris.entries()) {
    const isOver = index >= (options.maxUris ?? 5)
    destinations.push(isOver ? { uri, status: 'over-limit', uses: [] } : await verifier.verify(uri))
  }
  return { destinations, queries: verifier.queries }
}

type Relation = 'internal' | 'external' | 'temperror'

interface Agreement {
  readonly status: Exclude<ReportDestinationStatus, 'internal' | 'over-limit' | 'unusable'>
  /** What takes the place of what was named. */
  readonly override?: readonly DmarcUri[]
}

const MAX_NAME = 253

class Verifier {
  readonly #domain: string
  readonly #options: VerifyDestinationsOptions
  readonly #lookup: RecordLookup
  readonly #agreements = new Map<string, Agreement>()
  readonly #asked: string[] = []
  #organizational: Promise<string | undefined> | undefined

  constructor(domain: string, options: VerifyDestinationsOptions) {
    this.#domain = domain
    this.#options = options
    this.#lookup = new RecordLookup(options)
  }

  get queries(): readonly string[] {
    return [...this.#lookup.queries.map(({ name }) => name), ...this.#asked]
  }

  async verify(uri: DmarcUri): Promise<ReportDestination> {
    const host = hostOf(uri)
    if (host === undefined) return { uri, status: 'unusable', uses: [] }
    const relation = await this.#relationOf(host)
    if (relation === 'internal') return { uri, status: relation, uses: [uri], host }
    if (relation === 'temperror') return { uri, status: relation, uses: [], host }
    const known = this.#agreements.get(host)
    const { status, override } = known ?? (await this.#ask(host))
    if (!known) this.#agreements.set(host, { status, ...(override && { override }) })
    const uses = status === 'authorized' ? [uri] : (override ?? [])
    return { uri, status, uses, host }
  }

  // Two domains are of one organization when the tree walk finds the same for both.
  async #relationOf(host: string): Promise<Relation> {
    if (host === this.#domain) return 'internal'
    const means = { lookup: this.#lookup, finder: this.#options.organizationalDomain }
    this.#organizational ??= organizationalDomainOf(this.#domain, means)
    const organizational = await this.#organizational
    if (organizational === undefined) return 'temperror'
    if (host === organizational) return 'internal'
    // What is not at or below an organizational domain is of another, and needs no walk.
    if (!isAtOrBelow(host, organizational)) return 'external'
    const other = await organizationalDomainOf(host, means)
    if (other === undefined) return 'temperror'
    return other === organizational ? 'internal' : 'external'
  }

  async #ask(host: string): Promise<Agreement> {
    const name = `${this.#domain}._report._dmarc.${host}`
    if (name.length > MAX_NAME) return { status: 'unauthorized' }
    const { resolver, signal, tag = 'rua' } = this.#options
    this.#asked.push(name)
    const answer = await resolver.resolve(name, 'TXT', signal ? { signal } : {})
    if (answer.status === 'servfail' || answer.status === 'timeout') return { status: 'temperror' }
    const records = answer.status === 'found' ? answer.records.filter(isRecord).map(parseDmarc) : []
    if (records.length === 0) return { status: 'unauthorized' }
    const isBad = records.some(({ defects }) => defects.some((one) => one.code === 'bad-uri' && one.tag === tag))
    const override = records.map((record) => record[tag]).find((uris) => uris.length > 0)
    if (!override && !isBad) return { status: 'authorized' }
    // RFC 9990 section 4 step 9: what is named instead must be at the same host, or neither gets a report.
    const isSame = !isBad && override!.every((uri) => hostOf(uri) === host)
    return isSame ? { status: 'overridden', override: override! } : { status: 'bad-override' }
  }
}

function hostOf(uri: DmarcUri): string | undefined {
  try {
    return normalizeDnsName(uri.type === 'mailto' ? domainOf(uri.address) : new URL(uri.uri).hostname)
  } catch (error) {
    // What is no URL is a TypeError of the platform.
    if (error instanceof MailError || error instanceof TypeError) return undefined
    throw error
  }
}

// A domain in its own script is asked for by its A-labels.
function domainOf(address: string): string {
  const domain = address.slice(address.lastIndexOf('@') + 1)
  const mapped = envelopeAddress({ localPart: 'x', domain }) ?? ''
  return mapped.slice(mapped.indexOf('@') + 1)
}
