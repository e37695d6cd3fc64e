/** What a sink has taken: messages with their envelopes, and sessions. */

import type { IncomingMessage, Peer, TranscriptEntry } from '@posthorn/smtp'

/** A message that a sink has taken. */
export interface SinkMessage extends Pick<IncomingMessage, 'parameters' | 'recipientParameters'> {
  /** Its number, from 1. */
  readonly number: number
  /** When it was taken, as an RFC 3339 time. */
  readonly receivedAt: string
  /** The sender; empty for the null reverse-path. */
  readonly from: string
  /** The recipients that were accepted, in order. */
  readonly to: readonly string[]
  /** The octets, as they came. */
  readonly content: Uint8Array
  /** Who sent it: addresses, TLS, what it called itself, and who has authenticated. */
  readonly peer: Peer
}

/** A session that a sink has had, or has now. */
export interface SinkSession {
  /** The steps of the conversation so far, as they were on the wire. */
  readonly entries: readonly TranscriptEntry[]
}
