/** What the mechanisms that carry OAuth 2.0 bearer tokens share: RFC 6750, RFC 7628 section 3. */

import { decodeUtf8, encodeUtf8, findControl, isUtf8, MailError } from '@posthorn/core'
import type { TokenCredentials } from './credentials.ts'
import type { SaslErrorCode } from './error.ts'
import {
  type ClientMechanism,
  FAILURE,
  type SaslIdentity,
  type ServerMechanism,
  type ServerStep,
  type TokenRefusal,
} from './mechanism.ts'

/** What a token stands for, as a client says. */
export interface TokenClaim {
  /** Whose token it is said to be, prepared as OpaqueString. */
  readonly username: string
  /** The token. */
  readonly token: string
  /** The host that the client says it connected to; RFC 7628 section 3.2 wants it compared with what the server knows. */
  readonly host?: string
  /** The port that the client says it connected to. */
  readonly port?: number
}

/** How a server checks tokens. */
export interface TokenServerOptions {
  /** Tells whether the token is good and is the user's. */
  readonly check: (claim: TokenClaim) => Promise<boolean> | boolean
  /** What the client is told beside `invalid_token` when it is not. */
  readonly refusal?: Omit<TokenRefusal, 'status'>
}

// An access token is made of visible US-ASCII (RFC 6749 appendix A.12); a control above all would begin another field.
const TOKEN = /^[!-~]+$/

// credentials = "Bearer" 1*SP b64token             ; RFC 6750 section 2.1, in any letter case
const BEARER = /^Bearer +([!-~]+)$/i

// A word that an honest server may say can contain a shorter one.
const MIN_HIDDEN = 16

// HAZARD: what a server says of itself is shown to people; it is bounded.
const MAX_REFUSAL = 4096

/** How a token goes to the server, and how the client answers when it is refused. */
interface TokenForm {
  readonly name: string
  readonly format: (token: string) => Uint8Array
  /** What follows the error of the server: RFC 7628 section 3.2.3. */
  readonly dummy: Uint8Array
}

/**
 * The client side of a mechanism that sends a token.
 *
 * @internal
 */
export function tokenClient(credentials: TokenCredentials, form: TokenForm, refresh = false): ClientMechanism {
  const { token } = credentials
  let sent: string | undefined
  let refusal: TokenRefusal | undefined
  let renewed: ClientMechanism | undefined
  const renew = (): ClientMechanism => {
    renewed ??= tokenClient(credentials, form, true)
    return renewed
  }
  return {
    name: form.name,
    complete: true,
    plaintext: true,
    get refusal() {
      return refusal
    },
    async start() {
      sent = checkToken(typeof token === 'string' ? token : await token({ refresh }))
      return form.format(sent)
    },
    async next(challenge) {
      if (refusal) throw fault('SASL_BAD_CHALLENGE', `Cannot go on with ${form.name}: it is over`)
      refusal = parseRefusal(challenge, sent)
      return form.dummy
    },
    ...(typeof token !== 'string' && !refresh && { renew }),
  }
}

function checkToken(token: unknown): string {
  if (typeof token !== 'string' || !TOKEN.test(token))
    throw fault('SASL_BAD_CREDENTIALS', 'Cannot use token: it is empty, or not visible US-ASCII')
  return token
}

function parseRefusal(challenge: Uint8Array, sent = ''): TokenRefusal {
  let told: unknown
  try {
    told = challenge.length <= MAX_REFUSAL && isUtf8(challenge) ? JSON.parse(decodeUtf8(challenge)) : undefined
  } catch {
    told = undefined
  }
  const values = (typeof told === 'object' && told !== null ? told : {}) as Readonly<Record<string, unknown>>
  const text = (key: string): string | undefined => {
    const value = Object.hasOwn(values, key) ? values[key] : undefined
    const said = typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
    // HAZARD: what is kept here ends up in logs.
    const echoed = sent.length >= MIN_HIDDEN && said?.includes(sent)
    return said === undefined || echoed || findControl(said) >= 0 ? undefined : said
  }
  const [scope, schemes, openid] = [text('scope'), text('schemes'), text('openid-configuration')]
  return {
    status: text('status') ?? 'unknown',
    ...(scope !== undefined && { scope }),
    ...(schemes !== undefined && { schemes }),
    ...(openid !== undefined && { openidConfiguration: openid }),
  }
}

/**
 * Reads the credentials of a message.
 *
 * @internal
 * @returns The token, or nothing where there is none that could be one.
 */
export function readToken(credentials = ''): string {
  return BEARER.exec(credentials)?.[1] ?? ''
}

/**
 * The server side of a mechanism that takes a token: refuses with an error in JSON, which the client acknowledges. No token
 * is refused so too: that is how a client asks what token it needs, RFC 7628 section 4.3.
 *
 * @internal
 */
export function tokenExchange(
  parse: (message: string) => TokenClaim | undefined,
  { check, refusal = {} }: TokenServerOptions,
): ServerMechanism {
  let step: 'begin' | 'refused' | 'over' = 'begin'
  return {
    async next(response): Promise<ServerStep> {
      if (step !== 'begin') {
        step = 'over'
        return FAILURE
      }
      if (!response) return { type: 'challenge', data: new Uint8Array(0) }
      const claim = isUtf8(response) ? parse(decodeUtf8(response)) : undefined
      step = claim ? 'refused' : 'over'
      if (!claim) return FAILURE
      if (!claim.token || !(await check(claim))) return { type: 'challenge', data: formatRefusal(refusal) }
      step = 'over'
      const identity: SaslIdentity = { authenticationId: claim.username }
      return { type: 'success', identity }
    },
  }
}

function formatRefusal({ openidConfiguration, ...rest }: Omit<TokenRefusal, 'status'>): Uint8Array {
  const openid = openidConfiguration === undefined ? {} : { 'openid-configuration': openidConfiguration }
  return encodeUtf8(JSON.stringify({ status: 'invalid_token', ...rest, ...openid }))
}

function fault(code: SaslErrorCode, message: string): MailError<SaslErrorCode> {
  return new MailError(code, message, { spec: 'rfc7628#section-3' })
}
