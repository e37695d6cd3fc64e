/** The interface between a server and whoever decides what it accepts. */

import type { ClientAttribute, ForwardPath, MailParameters, RcptParameters, ReversePath } from '@posthorn/command'
import type { Reply } from '@posthorn/reply'
import type { OfferedMechanism, SaslIdentity } from '@posthorn/sasl'
import type { ConnectionInfo, Endpoint } from './connection.ts'
import type { Deadline } from './deadline.ts'
import type { Platform } from './platform.ts'
import type { ServerSessionOptions } from './server-session-options.ts'
import type { Recorder } from './transcript.ts'

/** Who is at the other end, as far as the session has learnt. */
export interface Peer {
  /** The connection's addresses and TLS. */
  readonly connection: ConnectionInfo
  /** For whom a trusted proxy speaks, by the PROXY protocol or XCLIENT. */
  readonly client?: Endpoint
  /** What a trusted proxy says of the client by XCLIENT. */
  readonly clientAttributes?: readonly ClientAttribute[]
  /** What a trusted proxy says, for the log, of the client that it had the message from, by XFORWARD. */
  readonly forwarded?: readonly ClientAttribute[]
  /** What the client called itself in EHLO, HELO or LHLO. */
  readonly domain?: string
  /** Who has authenticated. */
  readonly identity?: SaslIdentity
}

/** A message as it comes in. */
export interface IncomingMessage {
  /** Who sent it, as far as the session knows. */
  readonly peer: Peer
  /** Where reports of failure go. */
  readonly reversePath: ReversePath
  /** The parameters of MAIL. */
  readonly parameters: MailParameters
  /** The recipients that were accepted, in order. */
  readonly forwardPaths: readonly ForwardPath[]
  /** The parameters of RCPT of each of them. */
  readonly recipientParameters: readonly RcptParameters[]
  /** Whether each recipient can get a reply of its own (LMTP, PRDR). */
  readonly perRecipient: boolean
  /**
   * The octets in wire form, read only as fast as they are taken. It rejects, and the message must be dropped, when the
   * session refuses the message (`SMTP_BARE_NEWLINE`, `SMTP_MESSAGE_TOO_LARGE`), the client gives it up
   * (`SMTP_MESSAGE_ABANDONED`), or the connection breaks.
   */
  readonly content: AsyncIterable<Uint8Array>
}

/** What a handler says: nothing to accept, or the reply to give. */
export type Decision = Reply | undefined | void

/**
 * What becomes of a message: one decision for all, or one for each recipient in order, which only a message with
 * `perRecipient` may have.
 */
export type MessageDecision = Decision | readonly (Reply | undefined)[]

/** How {@link serve} behaves, and whom it asks. */
export interface ServeOptions
  extends Omit<ServerSessionOptions, 'secured' | 'channelBinding' | 'mechanisms' | 'record'> {
  /** The mechanisms of AUTH, the strongest first; those that send the password itself need TLS. */
  readonly mechanisms?: readonly OfferedMechanism[]
  /**
   * Expects a header of the PROXY protocol, version 1 or 2, before anything else, and believes it; default `false`. It is
   * for connections from trusted proxies alone.
   */
  readonly unsafeProxyProtocol?: boolean
  /** Decides whether to serve this client, and again when XCLIENT tells of another; default: yes. */
  readonly onConnect?: (peer: Peer) => Decision | Promise<Decision>
  /** Decides on a reverse-path; default: accepted. */
  readonly onMail?: (reversePath: ReversePath, parameters: MailParameters, peer: Peer) => Decision | Promise<Decision>
  /** Decides on a recipient; default: accepted. */
  readonly onRecipient?: (
    forwardPath: ForwardPath,
    parameters: RcptParameters,
    peer: Peer,
  ) => Decision | Promise<Decision>
  /** Takes a message; when it resolves without a reply, the server is responsible for the message. */
  readonly onMessage: (message: IncomingMessage) => MessageDecision | Promise<MessageDecision>
  /** Hears that the client dropped its transaction, by RSET or EHLO. */
  readonly onReset?: (peer: Peer) => void
  /** Hears that the session is over. */
  readonly onClose?: (peer: Peer) => void
  /** Hears what went wrong: an error of a handler (answered with 451), or the one that ended the session. */
  readonly onError?: (error: unknown) => void
  /**
   * Gives what takes the conversation of a session, secrets left out; it is asked once, when the session begins. What it throws
   * goes to `onError`, and the session goes on.
   */
  readonly recorder?: (connection: ConnectionInfo) => Recorder | undefined
  /** Turns the deadline of RFC 5321 section 4.5.3.2 into the one in force, in milliseconds; default: as it is. */
  readonly deadline?: (deadline: Deadline) => number
  /** The fewest octets a second in which a message may come, over its whole length; default 100. */
  readonly minByteRate?: number
  /** How long the session may last, in milliseconds; default no limit. */
  readonly maxSessionTime?: number
  /**
   * Ends the session in good order when it fires: with 421 at once, or when the transaction that is open has come to its end.
   */
  readonly closing?: AbortSignal
  /** Ends the session at once when it fires, whatever it is about. */
  readonly signal?: AbortSignal
  /** Clock and timers; default: the platform's. */
  readonly platform?: Platform
}
