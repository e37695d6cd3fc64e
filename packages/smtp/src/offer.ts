/** What a server offers, and what a command needs of it: RFC 5321 section 4.1.1.1 and 4.1.1.11. */

import { type Capability, type Command, formatCapabilities, neededExtensions } from '@posthorn/command'
import { DEFAULT_MAX_RECIPIENTS, DEFAULT_MAX_SIZE, type ServerSessionOptions } from './server-session-options.ts'

/** What the offer depends on beside the options. */
export interface OfferState {
  readonly secured: boolean
  readonly authenticated: boolean
  readonly channelBinding: boolean
}

const XCLIENT_ATTRIBUTES = ['NAME', 'ADDR', 'PORT', 'PROTO', 'HELO', 'LOGIN', 'DESTADDR', 'DESTPORT']
const XFORWARD_ATTRIBUTES = ['NAME', 'ADDR', 'PORT', 'PROTO', 'HELO', 'IDENT', 'SOURCE']

const ALWAYS = ['PIPELINING', '8BITMIME', 'SMTPUTF8', 'CHUNKING', 'BINARYMIME', 'ENHANCEDSTATUSCODES']

/**
 * What one server offers.
 *
 * @internal
 */
export class Offer {
  readonly #options: ServerSessionOptions
  // The extensions that commands may need, without TLS and under it.
  #plain: ReadonlySet<string> | undefined
  #secured: ReadonlySet<string> | undefined

  constructor(options: ServerSessionOptions) {
    this.#options = options
  }

  /** Whether an extension that the session serves is not offered. */
  isWithheld(keyword: string): boolean {
    return this.#options.without?.includes(keyword) === true
  }

  /** The mechanisms that a connection can have. */
  mechanisms(state: OfferState): string[] {
    const { mechanisms = [], unsafePlaintextAuth } = this.#options
    if (!state.secured && !unsafePlaintextAuth) return []
    return mechanisms.filter((one) => state.channelBinding || !one.needsChannelBinding).map(({ name }) => name)
  }

  /** The lines of the EHLO reply that follow its greeting. */
  lines(state: OfferState): string[] {
    return formatCapabilities(this.#capabilities(state))
  }

  /** The extension that a command needs and this server does not offer; RFC 5321 section 4.1.1.11 refuses it with 555. */
  lackedBy(command: Extract<Command, { verb: 'MAIL' | 'RCPT' }>, state: OfferState): string | undefined {
    const needed = neededExtensions(command)
    for (const { keyword } of command.parameters?.others ?? []) needed.push(keyword.toUpperCase())
    return needed.find((keyword) => !this.#accepted(state).has(keyword))
  }

  #accepted(state: OfferState): ReadonlySet<string> {
    if (state.secured) {
      this.#secured ??= this.#keywords(state)
      return this.#secured
    }
    this.#plain ??= this.#keywords(state)
    return this.#plain
  }

  #keywords(state: OfferState): ReadonlySet<string> {
    const keywords = new Set(this.#capabilities(state).map(({ keyword }) => keyword))
    // AUTH is not listed to a client that has authenticated, and its parameter is good all the same.
    if ((this.#options.mechanisms ?? []).length > 0 && !this.isWithheld('AUTH')) keywords.add('AUTH')
    // Whether an address may have UTF-8 is told by a reply of its own.
    if (!this.isWithheld('SMTPUTF8')) keywords.add('SMTPUTF8')
    return keywords
  }

  #capabilities(state: OfferState): Capability[] {
    const { tls, maxSize = DEFAULT_MAX_SIZE, extensions = [], unsafeTrustedProxy } = this.#options
    const list: Capability[] = ALWAYS.map((keyword) => ({ keyword, parameters: [] }))
    list.push({ keyword: 'SIZE', parameters: [String(maxSize)] })
    list.push({ keyword: 'LIMITS', parameters: limitsOf(this.#options) })
    if (tls && !state.secured) list.push({ keyword: 'STARTTLS', parameters: [] })
    const mechanisms = this.mechanisms(state)
    if (mechanisms.length > 0 && !state.authenticated) list.push({ keyword: 'AUTH', parameters: mechanisms })
    if (unsafeTrustedProxy) {
      list.push({ keyword: 'XCLIENT', parameters: XCLIENT_ATTRIBUTES })
      list.push({ keyword: 'XFORWARD', parameters: XFORWARD_ATTRIBUTES })
    }
    for (const { keyword, parameters = [] } of extensions) {
      // RFC 8689 section 2: REQUIRETLS is offered over TLS only.
      if (keyword !== 'REQUIRETLS' || state.secured) list.push({ keyword, parameters })
    }
    return list.filter(({ keyword }) => !this.isWithheld(keyword))
  }
}

// limit-value has at most six digits; RFC 9422 section 4
const MAX_LIMIT = 999_999

function limitsOf(options: ServerSessionOptions): string[] {
  const { maxRecipients = DEFAULT_MAX_RECIPIENTS, maxTransactions, maxRecipientDomains } = options
  const limits = { MAILMAX: maxTransactions, RCPTMAX: maxRecipients, RCPTDOMAINMAX: maxRecipientDomains }
  return Object.entries(limits).flatMap(([name, value]) =>
    value !== undefined && value <= MAX_LIMIT ? [`${name}=${value}`] : [],
  )
}
