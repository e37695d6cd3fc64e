/**
 * The seam of SASL mechanisms, RFC 4422 section 3: octets in, octets out, whatever protocol carries them.
 * Each object serves one exchange.
 */

/** What ties an exchange to the TLS connection that carries it, RFC 5056. */
export interface ChannelBinding {
  /** The registered name: RFC 9266, or RFC 5929; `tls-unique` is for TLS before 1.3 only, `tls-exporter` for TLS 1.3. */
  readonly type: 'tls-exporter' | 'tls-server-end-point' | 'tls-unique'
  /** What both ends of the TLS connection know. */
  readonly data: Uint8Array
}

/** Why a server refused a token, as it says itself, without controls and without the token: RFC 7628 section 3.2.2. */
export interface TokenRefusal {
  /** The error, as `invalid_token`. */
  readonly status: string
  /** The scope that a token needs. */
  readonly scope?: string
  /** The kinds of token that the server takes. */
  readonly schemes?: string
  /** Where the configuration of the authorization server is. */
  readonly openidConfiguration?: string
}

/** The client side of one exchange. */
export interface ClientMechanism {
  /** The registered name. */
  readonly name: string
  /** Whether the client may take the server's success: mutual mechanisms first check the server's proof. */
  readonly complete: boolean
  /** Whether the password itself, a token, or what equals them, is sent: over a private and trusted connection only. */
  readonly plaintext: boolean
  /** Why the server refused the token, where it has said so. */
  readonly refusal?: TokenRefusal | undefined
  /** Begins: gives the initial response, or `undefined` where the server speaks first. */
  start(): Promise<Uint8Array | undefined>
  /** Answers a challenge; rejects with a `MailError` when the exchange must be cancelled. */
  next(challenge: Uint8Array): Promise<Uint8Array>
  /**
   * After the server refused: gives the one more exchange that may succeed, with a fresh token, and the same however often
   * it is asked; absent where none can, and so on the exchange that it gives.
   */
  renew?(): ClientMechanism
}

/** Who has been authenticated. */
export interface SaslIdentity {
  /** Whose credentials were proved. */
  readonly authenticationId: string
  /** On whose behalf the client acts, where it said so. */
  readonly authorizationId?: string
  /** What a client of ANONYMOUS says of itself, unverified; may be empty. */
  readonly trace?: string
}

/** What the server does after a response. */
export type ServerStep =
  | { readonly type: 'challenge'; readonly data: Uint8Array }
  | { readonly type: 'success'; readonly identity: SaslIdentity }
  | { readonly type: 'failure' }

/** The server side of one exchange. */
export interface ServerMechanism {
  /** Takes the initial response (`undefined` where the client sent none), then each further one. */
  next(response: Uint8Array | undefined): Promise<ServerStep>
}

/** What an exchange of a server depends on beside its mechanism. */
export interface ExchangeContext {
  /** What the TLS connection can be bound by. */
  readonly channelBindings?: readonly ChannelBinding[]
  /** The names of the mechanisms that this client was offered, by which a downgrade is noticed. */
  readonly offered?: readonly string[]
}

/** A mechanism that a server offers. */
export interface OfferedMechanism {
  /** The registered name. */
  readonly name: string
  /** Whether the password itself, a token, or what equals them, crosses the wire. */
  readonly plaintext: boolean
  /** Whether it serves only connections that have a channel binding. */
  readonly needsChannelBinding?: boolean
  /** Begins one exchange. */
  create(context?: ExchangeContext): ServerMechanism
}

/** @internal */
export const FAILURE: ServerStep = { type: 'failure' }

/**
 * Makes a server mechanism of one step: what the client says first decides.
 *
 * @internal
 */
export function oneStep(decide: (response: Uint8Array) => Promise<ServerStep>): ServerMechanism {
  let over = false
  return {
    async next(response) {
      if (over) return FAILURE
      if (!response) return { type: 'challenge', data: new Uint8Array(0) }
      over = true
      return decide(response)
    },
  }
}
