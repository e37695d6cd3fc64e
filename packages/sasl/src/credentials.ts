/** What a client proves, by the kinds of proof that mechanisms take; told apart by their properties. */

/** A user name with its password. */
export interface PasswordCredentials {
  /** Whose password it is. */
  readonly username: string
  /** The password. */
  readonly password: string
  /** On whose behalf to act; default: the user's own. */
  readonly authorizationId?: string
}

/**
 * Gives a token; `refresh` says that the last one was refused.
 *
 * @param request Whether a fresh one is needed.
 */
export type TokenSource = (request: { readonly refresh: boolean }) => string | Promise<string>

/** A user name with an OAuth 2.0 bearer token. */
export interface TokenCredentials {
  /** Whose token it is. */
  readonly username: string
  /** The token, or what gives it; a source is asked once more when the server refuses what it gave. */
  readonly token: string | TokenSource
  /** The host that the client connected to, in US-ASCII, for OAUTHBEARER; default not told. */
  readonly host?: string
  /** The port that the client connected to, for OAUTHBEARER; default not told. */
  readonly port?: number
}

/** What the server knows already, as by the certificate of the client. */
export interface ExternalCredentials {
  /** Tells these credentials apart. */
  readonly external: true
  /** On whose behalf to act; default: whoever the server knows. */
  readonly authorizationId?: string
}

/** Nobody in particular. */
export interface AnonymousCredentials {
  /** What tells who it may be: an address, or any text without `@` of at most 255 characters; may be empty. */
  readonly anonymous: string
}

/** What a client can prove. */
export type Credentials = PasswordCredentials | TokenCredentials | ExternalCredentials | AnonymousCredentials
