/** How the server end of a session behaves: what it offers, what it demands, and its limits. */

import type { Recorder } from './transcript.ts'

/** The limit that {@link ServerSessionOptions} sets by default, in octets. */
export const DEFAULT_MAX_SIZE = 25_000_000

/** The limit that {@link ServerSessionOptions} sets by default. */
export const DEFAULT_MAX_RECIPIENTS = 1000

/** An extension that a server offers beside those that the session serves of its own. */
export interface OfferedExtension {
  /** Its EHLO keyword. */
  readonly keyword: string
  /** What stands behind it in the EHLO reply; default nothing. */
  readonly parameters?: readonly string[]
}

/** How a {@link ServerSession} behaves. */
export interface ServerSessionOptions {
  /** The name that the server gives in its greeting. */
  readonly hostname: string
  /** What is spoken; default `smtp`. In `lmtp` each recipient gets a reply of its own after the message. */
  readonly protocol?: 'smtp' | 'lmtp'
  /** Whether the connection began with TLS; default `false`. */
  readonly secured?: boolean
  /**
   * Takes the conversation, secrets left out: a command when it has been read, and replies when `takeOutput` gives them.
   */
  readonly record?: Recorder
  /** Whether STARTTLS can be offered; default `false`. */
  readonly tls?: boolean
  /** The mechanisms of AUTH, the strongest first; default none. */
  readonly mechanisms?: readonly {
    /** The registered name. */
    readonly name: string
    /** Whether it serves only connections that have a channel binding. */
    readonly needsChannelBinding?: boolean
  }[]
  /** Whether TLS, where the connection began with it, has a channel binding; default `false`. */
  readonly channelBinding?: boolean
  /** Offers AUTH without TLS, so that anybody on the way can read or hijack the session; default `false`. */
  readonly unsafePlaintextAuth?: boolean
  /** Refuses MAIL before TLS; default `false`, as a relay must take mail without (RFC 3207 section 4). */
  readonly requireTls?: boolean
  /** Refuses MAIL before AUTH, as submission does (RFC 6409 section 4.3); default `false`. */
  readonly requireAuth?: boolean
  /**
   * What is offered beside PIPELINING, SIZE, 8BITMIME, SMTPUTF8, CHUNKING, BINARYMIME, ENHANCEDSTATUSCODES, LIMITS,
   * STARTTLS and AUTH, as DSN or REQUIRETLS (offered under TLS only); the handlers are given their parameters and must do
   * as they say. PRDR among them gives each recipient a reply of its own where a client asks. Default none.
   */
  readonly extensions?: readonly OfferedExtension[]
  /**
   * Which of all these extensions are not offered, and refused where a command needs them, as an older server would; default
   * none.
   */
  readonly without?: readonly string[]
  /**
   * Lets this client say for whom it speaks, by XCLIENT or XFORWARD; default neither. It makes a client whoever it says it
   * is, so it is for trusted proxies alone.
   */
  readonly unsafeTrustedProxy?: boolean
  /** What becomes of a message with a bare CR or LF: `refuse` (default), or `normalize`, which makes it CRLF. */
  readonly bareNewline?: 'refuse' | 'normalize'
  /** Most octets of a message; default 25,000,000, what large providers take. */
  readonly maxSize?: number
  /** Most recipients of a transaction; default 1,000, ten times what RFC 5321 section 4.5.3.1.8 asks for. */
  readonly maxRecipients?: number
  /** Most domains among the recipients of a transaction; default no limit. */
  readonly maxRecipientDomains?: number
  /** Most transactions of a session; default no limit. */
  readonly maxTransactions?: number
  /** How many mistakes end the session, wrong passwords among them; default 20. */
  readonly maxMistakes?: number
  /** How many commands without a message taken between them end the session, RCPT aside; default 100. */
  readonly maxIdleCommands?: number
}
