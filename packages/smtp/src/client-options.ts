/** What a client over a connection can be told. */

import type { Credentials } from '@posthorn/sasl'
import type { PipeliningLevel } from './client-session-options.ts'
import type { CertificateCheck } from './connection.ts'
import type { Deadline } from './deadline.ts'
import type { Envelope } from './envelope.ts'
import type { MessageSource } from './message-source.ts'
import type { Platform } from './platform.ts'
import type { SendOptions } from './sending.ts'
import type { Recorder } from './transcript.ts'

/** How an `SmtpClient` behaves. */
export interface SmtpClientOptions {
  /** What is spoken; default `smtp`. */
  readonly protocol?: 'smtp' | 'lmtp'
  /** The name that EHLO or LHLO gives; default `[127.0.0.1]`, an address literal that any host may use. */
  readonly domain?: string
  /**
   * Whether TLS is raised on a connection that began without: `required` (default, so that nothing is sent in the
   * clear by accident), `opportunistic` (as relays do), or `none`.
   */
  readonly tls?: 'required' | 'opportunistic' | 'none'
  /** The name that the server's certificate must prove, when TLS is raised here. */
  readonly serverName?: string
  /** Who decides on the server's certificate, when TLS is raised here; default: the connection. */
  readonly checkCertificate?: CertificateCheck
  /**
   * The credentials; the strongest mechanism that fits is used, and no other if it fails. A token that has a source is
   * asked for once more when the server refuses it.
   */
  readonly credentials?: Credentials
  /** The names of the mechanisms that may be used; default: all that fit. */
  readonly mechanisms?: readonly string[]
  /** Sends credentials though nobody verified the server's certificate, or without TLS at all; default `false`. */
  readonly unsafeUnverifiedAuth?: boolean
  /** Sends credentials through a bridge that sees them, because it raised TLS itself; default `false`. */
  readonly unsafeTrustBridge?: boolean
  /** How far commands are grouped where the server offers it; default `data`, which saves the most round trips safely. */
  readonly pipelining?: PipeliningLevel
  /** Turns the deadline of RFC 5321 section 4.5.3.2 into the one in force, in milliseconds; default: as it is. */
  readonly deadline?: (deadline: Deadline) => number
  /** Ends the session when it fires. */
  readonly signal?: AbortSignal
  /** Takes the conversation, secrets left out. */
  readonly record?: Recorder
  /** Clock, timers and randomness; default: the platform's. */
  readonly platform?: Platform
}

/** One of many messages, for `SmtpClient.sendAll`. */
export interface OutgoingMessage {
  /** From whom and to whom. */
  readonly envelope: Envelope
  /** The message in wire form, or a source of it. */
  readonly message: MessageSource
  /** How to send it; a signal belongs to the call. */
  readonly options?: Omit<SendOptions, 'signal'>
}
