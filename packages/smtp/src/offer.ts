/** What a server offers and demands, and what follows from it for EHLO, MAIL and RCPT. */

import { type Capability, type Command, formatCapabilities, type OtherParameter } from '@posthorn/command'

/** The limit that {@link ServerSessionOptions} sets by default, in octets. */
export const DEFAULT_MAX_SIZE = 25_000_000

/** How a {@link ServerSession} behaves. */
export interface ServerSessionOptions {
  /** The name that the server gives in its greeting. */
  readonly hostname: string
  /** Whether the connection began with TLS; default `false`. */
  readonly secured?: boolean
  /** Whether STARTTLS can be offered; default `false`. */
  readonly tls?: boolean
  /** The mechanisms of AUTH, the strongest first; default none. */
  readonly mechanisms?: readonly {
    /** The registered name. */
    readonly name: string
  }[]
  /** Offers AUTH without TLS, so that anybody on the way can read or hijack the session; default `false`. */
  readonly unsafePlaintextAuth?: boolean
  /** Refuses MAIL before TLS; default `false`, as a relay must take mail without (RFC 3207 section 4). */
  readonly requireTls?: boolean
  /** Refuses MAIL before AUTH, as submission does (RFC 6409 section 4.3); default `false`. */
  readonly requireAuth?: boolean
  /** Most octets of a message; default 25,000,000, what large providers take. */
  readonly maxSize?: number
  /** Most recipients of a transaction; default 1,000, ten times what RFC 5321 section 4.5.3.1.8 asks for. */
  readonly maxRecipients?: number
  /** How many mistakes end the session, wrong passwords among them; default 20. */
  readonly maxMistakes?: number
}

/**
 * Gives the lines of the EHLO reply that follow its greeting.
 *
 * @internal
 */
export function capabilitiesOf(options: ServerSessionOptions, secured: boolean, authenticated: boolean): string[] {
  const { tls, mechanisms = [], unsafePlaintextAuth, maxSize = DEFAULT_MAX_SIZE } = options
  const list: Capability[] = [
    { keyword: 'PIPELINING', parameters: [] },
    { keyword: 'SIZE', parameters: [String(maxSize)] },
    { keyword: '8BITMIME', parameters: [] },
    { keyword: 'SMTPUTF8', parameters: [] },
    { keyword: 'ENHANCEDSTATUSCODES', parameters: [] },
  ]
  if (tls && !secured) list.push({ keyword: 'STARTTLS', parameters: [] })
  if (mechanisms.length > 0 && !authenticated && (secured || unsafePlaintextAuth)) {
    list.push({ keyword: 'AUTH', parameters: mechanisms.map((mechanism) => mechanism.name) })
  }
  return formatCapabilities(list)
}

/**
 * Gives the keyword of a parameter that this server does not offer; RFC 5321 section 4.1.1.11 refuses it with 555.
 *
 * @internal
 */
export function unofferedParameter(
  command: Extract<Command, { verb: 'MAIL' | 'RCPT' }>,
  options: ServerSessionOptions,
): string | undefined {
  const { others = [] as readonly OtherParameter[], ...typed } = command.parameters ?? {}
  if (others[0]) return others[0].keyword
  if ('ret' in typed) return 'RET'
  if ('envid' in typed) return 'ENVID'
  if ('notify' in typed) return 'NOTIFY'
  if ('orcpt' in typed) return 'ORCPT'
  if ('body' in typed && typed.body === 'BINARYMIME') return 'BODY'
  return 'auth' in typed && (options.mechanisms ?? []).length === 0 ? 'AUTH' : undefined
}
