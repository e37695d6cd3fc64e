/**
 * The seam of SASL mechanisms, RFC 4422 section 3: octets in, octets out, whatever protocol carries them.
 * Each object serves one exchange.
 */

/** The client side of one exchange. */
export interface ClientMechanism {
  /** The registered name. */
  readonly name: string
  /** Whether the client may take the server's success: mutual mechanisms first check the server's proof. */
  readonly complete: boolean
  /** Begins: gives the initial response, or `undefined` where the server speaks first. */
  start(): Promise<Uint8Array | undefined>
  /** Answers a challenge; rejects with a `MailError` when the exchange must be cancelled. */
  next(challenge: Uint8Array): Promise<Uint8Array>
}

/** Who has been authenticated. */
export interface SaslIdentity {
  /** Whose credentials were proved. */
  readonly authenticationId: string
  /** On whose behalf the client acts, where it said so. */
  readonly authorizationId?: string
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

/** A mechanism that a server offers. */
export interface OfferedMechanism {
  /** The registered name. */
  readonly name: string
  /** Whether the password itself, or what equals it, crosses the wire. */
  readonly plaintext: boolean
  /** Begins one exchange. */
  create(): ServerMechanism
}
