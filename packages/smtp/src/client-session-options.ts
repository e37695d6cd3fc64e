/** How the client end of a session behaves. */

import type { ReplyParserOptions } from '@posthorn/reply'

/**
 * How far commands are grouped where the server offers PIPELINING: not at all; MAIL and RCPT; DATA too, whose refusal
 * costs nothing; or also the next envelope behind the end of a message, which RFC 2920 allows and some servers refuse.
 */
export type PipeliningLevel = 'none' | 'envelope' | 'data' | 'messages'

/** How a {@link ClientSession} behaves. */
export interface ClientSessionOptions {
  /** What is spoken; default `smtp`. In `lmtp` each recipient gets a reply of its own after the message. */
  readonly protocol?: 'smtp' | 'lmtp'
  /** Whether the connection began with TLS; default `false`. */
  readonly secured?: boolean
  /** How far commands may be grouped; default `data`. */
  readonly pipelining?: PipeliningLevel
  /** How replies are read; default: text beyond US-ASCII and codes beyond RFC 5321 are taken, as servers send them. */
  readonly replies?: ReplyParserOptions
}
