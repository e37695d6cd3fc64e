/** What a log comes to, as values that JSON can hold: sessions, what was said in them, and what came of each message. */

import type { EnhancedStatus, Reply } from '@posthorn/reply'

/** Who speaks. */
export type Speaker = 'client' | 'server'

/** A part of the text that was given. */
export interface SourceRange {
  /** Its first line, from 1. */
  readonly line: number
  /** Its last line. */
  readonly lastLine: number
  /** Where it begins, in UTF-16 units. */
  readonly start: number
  /** Where it ends. */
  readonly end: number
}

/**
 * Whose view of the session it is: that of the client or of the server, what went over the wire, what a mail server noted of a
 * delivery, or what a report quotes.
 */
export type Perspective = 'client' | 'server' | 'wire' | 'log' | 'report' | 'unknown'

/** The part of a session. RFC 5321 section 3, RFC 3207, RFC 4954. */
export type Phase = 'connect' | 'hello' | 'tls' | 'auth' | 'envelope' | 'message' | 'close'

interface EventBase {
  /** Its place in the events of the session, from 0. */
  readonly index: number
  /** In which part of the session. */
  readonly phase: Phase
  /** Whether TLS is up. */
  readonly secure: boolean
  /** Where it stands; absent for what is inferred. */
  readonly source?: SourceRange
  /** When, in milliseconds since 1970, or since midnight where the log has no date; absent where it does not tell. */
  readonly at?: number
}

/** A command. */
export interface CommandEvent extends EventBase {
  /** The discriminant. */
  readonly type: 'command'
  /**
   * The verb in upper case, as `RCPT`; `OTHER` for a line that is no command, whose text is not shown: it may be a password;
   * `CLIENT-HELLO` for the first octets of TLS.
   */
  readonly verb: string
  /** The line, without what is secret. */
  readonly text: string
  /** Whether the log does not have it, and a reply shows that it was sent. */
  readonly inferred: boolean
  /** The event that answers it; absent where none is seen. */
  readonly answeredBy?: number
}

/** A line of a SASL exchange behind the command: RFC 4954 section 4. Its text is never kept. */
export interface CredentialsEvent extends EventBase {
  /** The discriminant. */
  readonly type: 'credentials'
  /** The event that answers it. */
  readonly answeredBy?: number
}

/** A reply. */
export interface ReplyEvent extends EventBase {
  /** The discriminant. */
  readonly type: 'reply'
  /** What it says. */
  readonly reply: Reply
  /** The event that it answers; absent for the greeting, and where the server speaks unasked. */
  readonly answers?: number
  /** Whether a line of it stands without a code: RFC 5321 section 4.2.1 has one on each. */
  readonly codeless?: true
}

/** A message that the client sends. */
export interface MessageEvent extends EventBase {
  /** The discriminant. */
  readonly type: 'message'
  /** How many octets the log shows or tells of; absent where it does neither. */
  readonly octets?: number
  /** Whether the log shows the text, all or some of it. */
  readonly seen: boolean
  /** Whether its end was sent. */
  readonly complete: boolean
  /** The event that answers it; in LMTP the first. */
  readonly answeredBy?: number
  /** Whether a line of it ends in LF alone, where the log shows line ends. */
  readonly bareLf?: true
  /** Whether a line begins with one dot and goes on, of which the server takes the dot: RFC 5321 section 4.5.2. */
  readonly unstuffed?: true
  /** The domains in its From field, in lower case, where the log shows it. */
  readonly fromDomains?: readonly string[]
  /** The domains that signed it, likewise: RFC 6376 section 3.5. */
  readonly signers?: readonly string[]
}

/** What a log tells beside the dialogue. */
export interface NoteEvent extends EventBase {
  /** The discriminant. */
  readonly type: 'note'
  /** What it tells of. */
  readonly kind: 'connected' | 'tls-started' | 'tls-failed' | 'closed' | 'timeout' | 'error' | 'info'
  /** The words of the log, without what is secret. */
  readonly text: string
}

/** One event of a session. */
export type TranscriptEvent = CommandEvent | CredentialsEvent | ReplyEvent | MessageEvent | NoteEvent

/** One end of a session. */
export interface Peer {
  /** The name that it has or gives itself. */
  readonly name?: string
  /** Its IP address. */
  readonly address?: string
  /** Its port. */
  readonly port?: number
}

/** What a server said to one greeting of the client. */
export interface Greeting {
  /** The event of EHLO, HELO or LHLO. */
  readonly event: number
  /** What the client called itself. */
  readonly name: string
  /** Whether it was said inside TLS. */
  readonly secure: boolean
  /** What the server offers: keywords in upper case, with the rest of their line. */
  readonly capabilities: Readonly<Record<string, string>>
}

/** What a session says of TLS. */
export interface TlsState {
  /** How far it came; `implicit` from the first octet. */
  readonly state: 'none' | 'offered' | 'refused' | 'started' | 'implicit' | 'failed'
  /** As `TLSv1.3`. */
  readonly version?: string
  /** The name of the cipher. */
  readonly cipher?: string
}

/** What a session says of authentication. */
export interface AuthState {
  /** The mechanisms that were offered last. */
  readonly offered: readonly string[]
  /** The mechanism that was used last. */
  readonly mechanism?: string
  /** What came of it. */
  readonly outcome: 'none' | 'accepted' | 'rejected' | 'unknown'
}

/** What came of a message for one recipient, so far as this session goes. */
export type RecipientOutcome = 'accepted' | 'rejected' | 'deferred' | 'unknown'

/** One recipient. */
export interface TranscriptRecipient {
  /** The forward-path, without its angle brackets. */
  readonly address: string
  /** The parameters of RCPT, as they are written. */
  readonly parameters: readonly string[]
  /** What came of it. */
  readonly outcome: RecipientOutcome
  /** The event of RCPT. */
  readonly event: number
  /** The event of the reply that decides. */
  readonly reply?: number
  /** The enhanced status code of that reply. */
  readonly enhanced?: EnhancedStatus
}

/** One message, or the attempt to send one. */
export interface TranscriptTransaction {
  /** The reverse-path, without its angle brackets; absent where it is not seen. */
  readonly reversePath?: string
  /** The parameters of MAIL, as they are written. */
  readonly parameters: readonly string[]
  /** The recipients, in order. */
  readonly recipients: readonly TranscriptRecipient[]
  /** The event of the message. */
  readonly message?: number
  /** The event of the reply to the message. */
  readonly reply?: number
}

/** How a session ended. */
export type CloseReason = 'quit' | 'server-closed' | 'dropped' | 'timeout' | 'unknown'

/** One session. */
export interface TranscriptSession {
  /** The format of the log, as `swaks`; `unknown` for one that was read by its marks alone, `plain` for one without marks. */
  readonly format: string
  /** Whose view it is. */
  readonly perspective: Perspective
  /** How much of what stands in the lines of the session is explained, from 0 to 1. */
  readonly confidence: number
  /** The client. */
  readonly client: Peer
  /** The server. */
  readonly server: Peer
  /** `smtp` or `lmtp`. */
  readonly protocol: 'smtp' | 'lmtp'
  /** What was said, in the order in which it was said. */
  readonly events: readonly TranscriptEvent[]
  /** Each EHLO, HELO or LHLO and its answer. */
  readonly greetings: readonly Greeting[]
  /** TLS. */
  readonly tls: TlsState
  /** Authentication. */
  readonly authentication: AuthState
  /** The messages. */
  readonly transactions: readonly TranscriptTransaction[]
  /** How it ended. */
  readonly close: CloseReason
  /** When it began and ended; absent where the log does not tell. */
  readonly startedAt?: number
  /** When it ended. */
  readonly endedAt?: number
}

/** What a text comes to. */
export interface Transcript {
  /** The sessions, by the line where they begin. */
  readonly sessions: readonly TranscriptSession[]
  /** What was not understood, in order; blank lines are not in it. */
  readonly unexplained: readonly SourceRange[]
  /** Where secrets stand that somebody could use: passwords and tokens, also encoded. */
  readonly secrets: readonly SourceRange[]
}
