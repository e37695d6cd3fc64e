/**
 * Whether a message comes from whom it names as its author: RFC 9989 section 5.3.
 * Out of scope: reading the From field, evaluating SPF and DKIM, and what a receiver then does with the message.
 */

import { Aligner, type Identifier, type MechanismInput } from './alignment.ts'
import { type DiscoveredPolicy, type DmarcDiscoveryOptions, discover, tryDomain } from './discovery.ts'
import { RecordLookup } from './lookup.ts'
import type { DmarcPolicy } from './record.ts'
import type { DmarcAlignmentResult, DmarcReason, DmarcReasonCode, DmarcVerdict } from './verdict.ts'

/** What SPF said of one identity. */
export interface DmarcSpfIdentity {
  /** Whose domain was checked: that of MAIL FROM, or of HELO. */
  readonly identity: 'mailfrom' | 'helo'
  /** The domain. */
  readonly domain: string
  /** The result of SPF in the words of RFC 8601: `pass`, `temperror`, or another. */
  readonly result: string
}

/** What DKIM said of one signature. */
export interface DmarcDkimIdentity {
  /** The signing domain, `d=`. */
  readonly domain: string
  /** The result in the words of RFC 8601: `pass`, `temperror`, or another. */
  readonly result: string
}

/** What a message says, and what was found of it. */
export interface DmarcIdentities {
  /** The domains of all mailboxes in the From field, as A-labels; the same one may be there several times. */
  readonly authorDomains: readonly string[]
  /** Whether there is one From field, and it is well-formed; default `true`. Otherwise nothing is evaluated. */
  readonly wellFormedFrom?: boolean
  /** Whether MAIL FROM was empty, so that SPF for HELO counts as SPF for MAIL FROM; default `false`. */
  readonly nullSender?: boolean
  /** What SPF said; default nothing. */
  readonly spf?: readonly DmarcSpfIdentity[]
  /** What DKIM said; default nothing. */
  readonly dkim?: readonly DmarcDkimIdentity[]
}

/** How a message is evaluated. */
export interface EvaluateDmarcOptions extends DmarcDiscoveryOptions {
  /**
   * For how many authenticated domains to look for the organizational domain; default 10, as each may cost eight
   * questions, and the sender chose how many there are. Those that equal the author domain need none.
   */
  readonly maxWalks?: number
}

/**
 * Evaluates a message.
 *
 * @param identities What the message says, and what SPF and DKIM said of it.
 * @param options Whom to ask, and how much.
 * @returns The verdict; a failure of the DNS, and whatever is published there, is a value too. Nothing is rejected for
 * the policy alone: what is done is up to the receiver (RFC 9989 section 5.4).
 * @see {@link https://www.rfc-editor.org/rfc/rfc9989#section-5.3 | RFC 9989 section 5.3}
 * @example
 * import { MemoryZone } from '@posthorn/dns'
 * const resolver = new MemoryZone().add('_dmarc.example.com', 'TXT', 'v=DMARC1; p=reject; t=y')
 * const dkim = [{ domain: 'mail.example.com', result: 'pass' }]
 * const good = await evaluateDmarc({ authorDomains: ['example.com'], dkim }, { resolver })
 * good.result // 'pass'
 * const bad = await evaluateDmarc({ authorDomains: ['example.com'] }, { resolver })
 * bad.result // 'fail'
 * bad.policy?.published // 'reject'
 * bad.policy?.applied // 'quarantine'
 */
export async function evaluateDmarc(identities: DmarcIdentities, options: EvaluateDmarcOptions): Promise<DmarcVerdict> {
  const lookup = new RecordLookup(options)
  const discovery = options.organizationalDomain ? 'injected' : 'treewalk'
  const author = authorOf(identities)
  if (typeof author !== 'string') {
    return { result: 'permerror', discovery, testing: false, reasons: [author], queries: [] }
  }
  const means = { lookup, finder: options.organizationalDomain }
  const found = await discover(author, means)
  const base = { authorDomain: author, discovery } as const
  const applying = found.status === 'found' ? found : found.inherited
  if (!applying) {
    const code = found.status === 'none' ? 'no-record' : 'policy-temperror'
    const reasons = [{ code, domain: author } as const]
    return { ...base, result: found.status as 'none' | 'temperror', testing: false, reasons, queries: lookup.queries }
  }
  const reasons: DmarcReason[] = []
  const { organizationalDomain } = applying
  const aligner = new Aligner({ author, means, maxWalks: options.maxWalks ?? 10, reasons, organizationalDomain })
  const verdict = await judge(identities, { applying, isKnown: found.status === 'found', aligner, reasons })
  const organizational = await aligner.organizationalDomain
  const known = organizational === undefined ? {} : { organizationalDomain: organizational }
  return { ...base, ...verdict, ...known, reasons, queries: lookup.queries }
}

// RFC 9989 section 5.3.1: exactly one domain must come out of the From field.
function authorOf({ authorDomains, wellFormedFrom = true }: DmarcIdentities): string | DmarcReason {
  if (!wellFormedFrom) return { code: 'author-malformed' }
  if (authorDomains.length === 0) return { code: 'author-missing' }
  const names = new Set<string>()
  for (const domain of authorDomains) {
    const name = tryDomain(domain)
    if (name === undefined) return { code: 'author-malformed', domain }
    names.add(name)
  }
  const [author, ...others] = names
  return others.length > 0 ? { code: 'author-several' } : author!
}

interface Judgement {
  readonly applying: Pick<DiscoveredPolicy, 'record' | 'domain' | 'source'> & Partial<DiscoveredPolicy>
  /** Whether it is known which policy of the record applies. */
  readonly isKnown: boolean
  readonly aligner: Aligner
  readonly reasons: DmarcReason[]
}

type Judged = Pick<DmarcVerdict, 'result' | 'policy' | 'policyDmarc' | 'testing' | 'record' | 'spf' | 'dkim'>

async function judge(identities: DmarcIdentities, judgement: Judgement): Promise<Judged> {
  const { applying, isKnown, aligner, reasons } = judgement
  const { record, domain } = applying
  const testing = record.t === 'y'
  if (record.p === undefined) {
    // RFC 9989 section 4.10.1: there is no DMARC processing by a policy that cannot be read.
    reasons.push({ code: 'policy-unusable', domain })
    return { result: 'permerror', testing, record }
  }
  const dkimInput: MechanismInput = { mechanism: 'dkim', mode: record.adkim, identifiers: identities.dkim ?? [] }
  const spfInput: MechanismInput = { mechanism: 'spf', mode: record.aspf, identifiers: spfOf(identities, reasons) }
  const aligned = await alignAll(aligner, [dkimInput, spfInput])
  const [dkim, spf] = aligned as [DmarcAlignmentResult, DmarcAlignmentResult]
  const result = combine(aligned)
  if (isKnown) return { result, ...policyOf(applying), testing, record, dkim, spf }
  reasons.push({ code: 'policy-temperror', domain })
  // What passes does so under any policy.
  return { result: result === 'pass' ? 'pass' : 'temperror', testing, record, dkim, spf }
}

function policyOf({ record, domain, source, tag = 'p', policy: published = 'none' }: Judgement['applying']) {
  const applied = record.t === 'y' ? oneLevelLess(published) : published
  return { policy: { published, applied, domain, source, tag }, policyDmarc: applied }
}

async function alignAll(aligner: Aligner, inputs: readonly MechanismInput[]): Promise<readonly DmarcAlignmentResult[]> {
  const aligned: DmarcAlignmentResult[] = []
  for (const input of inputs) {
    aligned.push(input.identifiers.length > 0 ? await aligner.align(input) : { result: 'fail' })
    aligner.noteOthers(input)
  }
  if (aligned.some(({ result }) => result === 'pass')) return aligned
  for (const [index, input] of inputs.entries()) {
    if (await aligner.mightAlign(input)) aligned[index] = { result: 'temperror' }
  }
  return aligned
}

function combine(aligned: readonly DmarcAlignmentResult[]): 'pass' | 'fail' | 'temperror' {
  const results = aligned.map(({ result }) => result)
  if (results.includes('pass')) return 'pass'
  return results.includes('temperror') ? 'temperror' : 'fail'
}

// RFC 9989 section 3.2: only MAIL FROM counts, which is postmaster at HELO when it is empty.
function spfOf({ spf = [], nullSender = false }: DmarcIdentities, reasons: DmarcReason[]): readonly Identifier[] {
  const counted: Identifier[] = []
  for (const { identity, domain, result } of spf) {
    if (identity === 'mailfrom' || nullSender) counted.push({ domain, result })
    else reasons.push({ code: 'helo-not-counted' satisfies DmarcReasonCode, mechanism: 'spf', domain })
  }
  return counted
}

// RFC 9989 section 4.7: a domain that tests asks for one level less.
function oneLevelLess(policy: DmarcPolicy): DmarcPolicy {
  return policy === 'reject' ? 'quarantine' : 'none'
}
