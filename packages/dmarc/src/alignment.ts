/** Which authenticated domains belong with the author domain: RFC 9989 section 4.4 and 4.10.2. */

import { isAtOrBelow } from '@posthorn/dns'
import { type DiscoveryMeans, organizationalDomainOf, tryDomain } from './discovery.ts'
import type { DmarcAlignment } from './record.ts'
import type { DmarcAlignmentResult, DmarcMechanism, DmarcReason, DmarcReasonCode } from './verdict.ts'

/**
 * A domain that a mechanism looked at.
 *
 * @internal
 */
export interface Identifier {
  readonly domain: string
  readonly result: string
}

/** @internal */
export interface AlignerOptions {
  readonly author: string
  readonly means: DiscoveryMeans
  readonly maxWalks: number
  readonly reasons: DmarcReason[]
  /** The organizational domain of the author domain, where discovery has found it already. */
  readonly organizationalDomain: string | undefined
}

/** @internal */
export interface MechanismInput {
  readonly mechanism: DmarcMechanism
  readonly mode: DmarcAlignment
  readonly identifiers: readonly Identifier[]
}

type Outcome = 'aligned' | 'not-aligned' | 'walk-temperror' | 'walk-limit' | 'identifier-malformed'

/**
 * Compares domains with the author domain, and walks no more than it must.
 *
 * @internal
 */
export class Aligner {
  readonly #options: AlignerOptions
  #organizational: Promise<string | undefined> | undefined
  #walks = 0

  constructor(options: AlignerOptions) {
    this.#options = options
    if (options.organizationalDomain !== undefined) this.#organizational = Promise.resolve(options.organizationalDomain)
  }

  /** The organizational domain of the author domain; nothing when it was not needed, or the DNS did not answer. */
  get organizationalDomain(): Promise<string | undefined> {
    return this.#organizational ?? Promise.resolve(undefined)
  }

  /** Tells whether a domain that a mechanism passed is aligned. */
  async align(input: MechanismInput): Promise<DmarcAlignmentResult> {
    const passed = this.#distinct(input, 'pass')
    let isUnsure = false
    for (const [text, domain] of passed) {
      const outcome = this.#compare(domain, input.mode) ?? (await this.#compareByWalk(domain!))
      this.#note(outcome, input.mechanism, text)
      if (outcome === 'aligned') return { result: 'pass', domain: domain! }
      if (outcome === 'walk-temperror') isUnsure = true
    }
    return { result: isUnsure ? 'temperror' : 'fail' }
  }

  /** Tells whether a mechanism that could not be evaluated might have passed a domain that is aligned. */
  async mightAlign(input: MechanismInput): Promise<boolean> {
    for (const [, domain] of this.#distinct(input, 'temperror')) {
      const outcome = this.#compare(domain, input.mode) ?? (await this.#compareByWalk(domain!))
      if (outcome === 'aligned' || outcome === 'walk-temperror') return true
    }
    return false
  }

  /** Notes the domains that did not pass. */
  noteOthers({ mechanism, identifiers }: MechanismInput): void {
    for (const { domain, result } of identifiers) {
      if (result !== 'pass') this.#note('not-authenticated', mechanism, domain)
    }
  }

  #note(code: DmarcReasonCode, mechanism: DmarcMechanism, domain: string): void {
    this.#options.reasons.push({ code, mechanism, domain })
  }

  // As they are written, with their one form; those that equal the author domain come first, as they need no walk.
  #distinct({ identifiers }: MechanismInput, result: string): ReadonlyMap<string, string | undefined> {
    const [authors, others] = [new Map<string, string>(), new Map<string, string | undefined>()]
    for (const one of identifiers) {
      if (one.result !== result || authors.has(one.domain) || others.has(one.domain)) continue
      const domain = tryDomain(one.domain)
      if (domain === this.#options.author) authors.set(one.domain, domain)
      else others.set(one.domain, domain)
    }
    return others.size === 0 ? authors : new Map([...authors, ...others])
  }

  // Nothing where the names alone do not tell.
  #compare(domain: string | undefined, mode: DmarcAlignment): Outcome | undefined {
    const { author } = this.#options
    if (domain === undefined) return 'identifier-malformed'
    if (domain === author) return 'aligned'
    return mode === 's' || topOf(domain) !== topOf(author) ? 'not-aligned' : undefined
  }

  async #compareByWalk(domain: string): Promise<Outcome> {
    const { author, means, maxWalks } = this.#options
    this.#organizational ??= organizationalDomainOf(author, means)
    const organizational = await this.#organizational
    if (organizational === undefined) return 'walk-temperror'
    // RFC 9989 section 4.10.2: what is not at or below the author's organizational domain has another.
    if (!isAtOrBelow(domain, organizational)) return 'not-aligned'
    // HAZARD: the sender chose how many signatures there are, and each may cost eight questions.
    if (this.#walks >= maxWalks) return 'walk-limit'
    this.#walks++
    const other = await organizationalDomainOf(domain, means)
    if (other === undefined) return 'walk-temperror'
    return other === organizational ? 'aligned' : 'not-aligned'
  }
}

function topOf(domain: string): string {
  return domain.slice(domain.lastIndexOf('.') + 1)
}
