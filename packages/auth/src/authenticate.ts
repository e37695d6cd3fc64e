/**
 * SPF, DKIM, ARC and DMARC of one received message, within one budget: RFC 7208, 6376, 8617 and 9989, told by RFC 8601.
 * Out of scope: what is then done with the message.
 */

import { type ChunkSource, known, MailError, untilAborted } from '@posthorn/core'
import { type DkimVerdict, readSigned, type SignedMessage, type VerifyDkimOptions, verifyDkim } from '@posthorn/dkim'
import { type ArcVerdict, validateArc } from '@posthorn/dkim/arc'
import { type DmarcIdentities, type EvaluateDmarcOptions, evaluateDmarc } from '@posthorn/dmarc'
import type { Resolver } from '@posthorn/dns'
import { type CheckHostOptions, checkHost, formatReceivedSpf, type SpfLimits, type SpfVerdict } from '@posthorn/spf'
import type { Authentication, AuthNote } from './authentication.ts'
import { type Author, type AuthorProblem, readAuthor } from './author.ts'
import { idsOf } from './authserv-id.ts'
import { QueryBudget, TIME_IS_UP } from './budget.ts'
import { resultsOf } from './describe.ts'
import { type AuthPlatform, defaultPlatform } from './platform.ts'

type DkimOptions = Pick<
  VerifyDkimOptions,
  'maxSignatures' | 'minRsaBits' | 'maxRsaBits' | 'clockSkew' | 'maxHeaderLength' | 'createHasher' | 'keyCache'
>
type DmarcOptions = Pick<EvaluateDmarcOptions, 'organizationalDomain' | 'maxWalks'>

/** What {@link authenticate} needs, and its limits. */
export interface AuthenticateOptions extends DkimOptions, DmarcOptions {
  /** The IP address of the client. */
  readonly clientAddress: string
  /** What the client said in HELO or EHLO. */
  readonly helo: string
  /** The address in MAIL FROM, without angle brackets; empty for the null reverse-path. */
  readonly reversePath: string
  /** Asks the DNS. */
  readonly resolver: Resolver
  /** The time, in milliseconds since 1970. */
  readonly now: number
  /** The name under which results are told, for `authenticationResults` and `receivedSpf`; without it there are none. */
  readonly authservId?: string
  /** Whether SPF is checked for HELO too; default `true`, as RFC 7208 section 2.3 recommends. It never counts for DMARC. */
  readonly checkHelo?: boolean
  /**
   * Most questions to the DNS in all; default 200. SPF may ask three fifths of them, which is what the worst record that is
   * in order costs, DKIM and ARC a tenth each, and the policy of the author always has the rest.
   */
  readonly maxQueries?: number
  /**
   * For how many milliseconds the DNS is waited for, in all; default 20,000, the least that RFC 7208 section 4.6.4 wants.
   * The message is waited for as long as it comes.
   */
  readonly timeout?: number
  /** What SPF may take; of `queries` no more than its share. */
  readonly spfLimits?: SpfLimits
  /**
   * Counts signatures that leave out the end of the body (`l=`) for DMARC; default `false`, because anyone can put another
   * message into what is not signed.
   */
  readonly unsafeUnsignedBody?: boolean
  /** Ends all; the promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal
  /** Whose timer to use; default the runtime's. */
  readonly platform?: AuthPlatform
}

/**
 * Authenticates a received message. Whatever the message and the DNS say is a verdict; what was not evaluated is in
 * `notes`. The body is read once, and not at all without a signature.
 *
 * @param message The message as received, with CRLF line endings: its octets, or where they come from one chunk after
 * another.
 * @param options The client, the envelope, the resolver, the time and limits.
 * @returns The verdicts, and the fields that tell of them.
 * @throws {MailError} `SPF_BAD_ADDRESS` when `clientAddress` is no IP address; `AUTH_BAD_ID` when `authservId` is none; the
 * reason of `signal`; what the source of the message throws.
 * @see {@link https://www.rfc-editor.org/rfc/rfc9989#section-5.3 | RFC 9989 section 5.3}
 * @example
 * import { MemoryZone } from '@posthorn/dns'
 *
 * const resolver = new MemoryZone()
 *   .add('example.com', 'TXT', 'v=spf1 ip4:192.0.2.0/24 -all')
 *   .add('_dmarc.example.com', 'TXT', 'v=DMARC1; p=reject')
 * const message = new TextEncoder().encode('From: Ann <ann@example.com>\r\n\r\nHello\r\n')
 * const envelope = { clientAddress: '192.0.2.7', helo: 'mail.example.com', reversePath: 'ann@example.com' }
 * const found = await authenticate(message, { ...envelope, resolver, now: Date.now(), authservId: 'mx.example.net' })
 * found.spf.result // 'pass'
 * found.dmarc.result // 'pass'
 * found.authenticationResults?.results.map(({ method, result }) => `${method}=${result}`) // ['spf=pass', 'spf=none', 'dkim=none', 'dmarc=pass']
 */
export async function authenticate(
  message: Uint8Array | ChunkSource,
  options: AuthenticateOptions,
): Promise<Authentication> {
  const { resolver, maxQueries = 200, timeout = 20_000, signal, platform = defaultPlatform, authservId } = options
  if (authservId !== undefined) idsOf([authservId])
  signal?.throwIfAborted()
  const [dns, all] = [new AbortController(), new AbortController()]
  const giveUp = (): void => {
    dns.abort(signal?.reason)
    all.abort(signal?.reason)
  }
  signal?.addEventListener('abort', giveUp, { once: true })
  const cancel = platform.startTimer(timeout, () => dns.abort(TIME_IS_UP))
  const budget = new QueryBudget({ resolver, maxQueries, signal: dns.signal })
  try {
    return await untilAborted(run(message, { options, budget, signal: all.signal }), signal)
  } finally {
    cancel()
    signal?.removeEventListener('abort', giveUp)
    all.abort()
  }
}

interface Run {
  readonly options: AuthenticateOptions
  readonly budget: QueryBudget
  /** Ends the reading of the message. */
  readonly signal: AbortSignal
}

async function run(message: Uint8Array | ChunkSource, job: Run): Promise<Authentication> {
  const { options, budget } = job
  const opening = open(message, job)
  const [sender, { dkim, arc }] = await Promise.all([checkSender(job), opening.then((opened) => verify(opened, job))])
  const opened = await opening
  const author: Author = opened ? readAuthor(opened.fields) : NO_AUTHOR
  const [identities, unsigned] = identitiesOf({ ...sender, dkim, author, options })
  const { organizationalDomain, maxWalks } = options
  const dmarc = await evaluateDmarc(identities, {
    resolver: budget.resolverOf('dmarc'),
    ...known({ organizationalDomain, maxWalks }),
  })
  const notes = [...notesOf({ ...sender, dkim, author }, job), ...unsigned]
  const found = { ...sender, dkim, arc, dmarc, author, notes }
  return { ...found, queries: budget.queries, ...tell(found, options) }
}

const NO_AUTHOR: Author = { domains: [], mailboxes: 0, problem: 'header-unreadable', defects: [] }

async function open(message: Uint8Array | ChunkSource, { options, signal }: Run): Promise<SignedMessage | undefined> {
  try {
    return await readSigned(message, { ...dkimOptionsOf(options), signal })
  } catch (error) {
    if (error instanceof MailError && error.code.startsWith('MIME_')) return undefined
    throw error
  }
}

function dkimOptionsOf(options: AuthenticateOptions): DkimOptions {
  const { maxSignatures, minRsaBits, maxRsaBits, clockSkew, maxHeaderLength, createHasher, keyCache } = options
  return known({ maxSignatures, minRsaBits, maxRsaBits, clockSkew, maxHeaderLength, createHasher, keyCache })
}

interface Signed {
  readonly dkim: readonly DkimVerdict[]
  readonly arc: ArcVerdict
}

// The body goes by once for both.
async function verify(opened: SignedMessage | undefined, { options, budget }: Run): Promise<Signed> {
  if (!opened) {
    return {
      dkim: [{ result: 'permerror', reason: 'bad-message', testing: false }],
      arc: { result: 'fail', reason: 'bad-message', sets: [] },
    }
  }
  const { maxSignatures: _, ...arcOptions } = dkimOptionsOf(options)
  const { now } = options
  const [dkim, arc] = await Promise.all([
    verifyDkim(opened, { ...dkimOptionsOf(options), resolver: budget.resolverOf('dkim'), now }),
    validateArc(opened, { ...arcOptions, resolver: budget.resolverOf('arc'), now }),
  ])
  return { dkim, arc }
}

interface Sender {
  readonly spf: SpfVerdict
  readonly helo?: SpfVerdict
}

async function checkSender({ options, budget }: Run): Promise<Sender> {
  const { clientAddress, helo, reversePath, now, authservId, checkHelo = true, spfLimits } = options
  const check = (identity: 'mailfrom' | 'helo'): Promise<SpfVerdict> => {
    const queries = Math.min(spfLimits?.queries ?? 128, budget.shareOf('spf'))
    const about: CheckHostOptions = {
      ...{ clientAddress, helo, reversePath, identity, now, resolver: budget.resolverOf('spf') },
      limits: { ...spfLimits, queries },
    }
    return checkHost(authservId === undefined ? about : { ...about, receiver: authservId })
  }
  const spf = await check('mailfrom')
  // RFC 7208 section 2.4: for the null reverse-path the two are one.
  return checkHelo && reversePath !== '' ? { spf, helo: await check('helo') } : { spf }
}

// Where DMARC is not to look at the domains; what else may be wrong with them it finds itself.
const UNUSABLE: ReadonlySet<AuthorProblem> = new Set(['from-malformed', 'from-several', 'header-unreadable'])

interface Parts extends Sender {
  readonly dkim: readonly DkimVerdict[]
  readonly author: Author
}

function identitiesOf(parts: Parts & { readonly options: AuthenticateOptions }): [DmarcIdentities, AuthNote[]] {
  const { spf, dkim, author, options } = parts
  const notes: AuthNote[] = []
  const signed: { domain: string; result: string }[] = []
  for (const { signature, result, unsignedOctets = 0 } of dkim) {
    if (!signature) continue
    const { domain } = signature
    // HAZARD: what l= leaves out is shown all the same, and anyone may have written it.
    const isPartial = unsignedOctets > 0 && result === 'pass' && options.unsafeUnsignedBody !== true
    if (isPartial) notes.push({ mechanism: 'dkim', code: 'unsigned-body', domain })
    signed.push({ domain, result: isPartial ? 'policy' : result })
  }
  const identities: DmarcIdentities = {
    authorDomains: author.domains,
    wellFormedFrom: author.problem === undefined || !UNUSABLE.has(author.problem),
    nullSender: options.reversePath === '',
    spf: [{ identity: 'mailfrom', domain: spf.domain, result: spf.result }],
    dkim: signed,
  }
  return [identities, notes]
}

function notesOf({ spf, helo, dkim, author }: Parts, { options, budget }: Run): AuthNote[] {
  const notes: AuthNote[] = []
  for (const mechanism of ['spf', 'dkim', 'arc', 'dmarc'] as const) {
    const code = budget.reached(mechanism)
    if (code) notes.push({ mechanism, code })
  }
  for (const [mechanism, verdict] of [
    ['spf', spf],
    ['helo', helo],
  ] as const) {
    if (verdict?.reason === 'too-many-queries') notes.push({ mechanism, code: 'query-limit' })
  }
  if (options.reversePath === '') notes.push({ mechanism: 'helo', code: 'null-sender' })
  if (dkim.some(({ reason }) => reason === 'too-many-signatures')) {
    notes.push({ mechanism: 'dkim', code: 'too-many-signatures' })
  }
  if (author.problem === 'header-unreadable') notes.push({ mechanism: 'dkim', code: author.problem })
  if (author.problem) notes.push({ mechanism: 'dmarc', code: author.problem })
  return notes
}

function tell(
  found: Omit<Authentication, 'queries' | 'authenticationResults' | 'receivedSpf'>,
  { authservId, reversePath }: AuthenticateOptions,
): Pick<Authentication, 'authenticationResults' | 'receivedSpf'> {
  if (authservId === undefined) return {}
  const results = resultsOf(found, reversePath === '')
  return {
    authenticationResults: { authservId, results },
    receivedSpf: formatReceivedSpf(found.spf, { receiver: authservId }),
  }
}
