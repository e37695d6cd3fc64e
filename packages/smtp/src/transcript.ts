/** What a client or a server tells of its conversation. Nothing of a SASL exchange but its mechanism ever stands in it. */

import { type Command, redactCommand } from '@posthorn/command'
import type { Reply } from '@posthorn/reply'
import type { Endpoint, TlsInfo } from './connection.ts'
import type { ReplyEvent } from './event.ts'
import type { Exchange } from './state.ts'
import type { Framing } from './transmission.ts'

/**
 * How a session ended: by QUIT; by the server, with or without 421; by the client without QUIT; or because the client waited
 * in vain.
 */
export type SessionEnd = 'quit' | 'server-closed' | 'dropped' | 'timeout'

/** One step of a conversation, as it happens; `connected` is the first, and `closed` the last. */
export type TranscriptEntry =
  | {
      readonly type: 'connected'
      /** Which end tells. */
      readonly side: 'client' | 'server'
      readonly protocol: 'smtp' | 'lmtp'
      /** The address of the client, or of that for which a trusted proxy speaks. */
      readonly client?: Endpoint
      readonly server?: Endpoint
    }
  | { readonly type: 'command'; readonly text: string }
  | { readonly type: 'reply'; readonly reply: Reply; readonly answers?: Exchange }
  | { readonly type: 'message'; readonly octets: number; readonly framing: Framing }
  | { readonly type: 'tls'; readonly info: Omit<TlsInfo, 'channelBindings'> }
  | {
      readonly type: 'closed'
      readonly reason: SessionEnd
      /** The code of the error that ended it. */
      readonly error?: string
    }

/** Takes the steps of a conversation. */
export type Recorder = (entry: TranscriptEntry) => void

const HIDDEN = '***'

const CHALLENGE = 334

/**
 * Opens a recorder whose errors are told, and do not end the session.
 *
 * @internal
 */
export function guardedRecorder(
  open: () => Recorder | undefined,
  onError: ((error: unknown) => void) | undefined,
): Recorder | undefined {
  const attempt = <T>(work: () => T): T | undefined => {
    try {
      return work()
    } catch (error) {
      onError?.(error)
      return undefined
    }
  }
  const record = attempt(open)
  return record && ((entry) => attempt(() => record(entry)))
}

/** @internal */
export function connectedEntry(
  side: 'client' | 'server',
  protocol: 'smtp' | 'lmtp' = 'smtp',
  client: Endpoint | undefined,
  server: Endpoint | undefined,
): TranscriptEntry {
  return { type: 'connected', side, protocol, ...(client && { client }), ...(server && { server }) }
}

/** @internal */
export function commandEntry(command: Command): TranscriptEntry {
  return { type: 'command', text: redactCommand(command) }
}

/**
 * The entry of a TLS handshake. What authentications are bound by is left out: it is nobody else's business.
 *
 * @internal
 */
export function tlsEntry({ channelBindings: _, ...info }: TlsInfo): TranscriptEntry {
  return { type: 'tls', info }
}

/** @internal */
export const HIDDEN_RESPONSE: TranscriptEntry = { type: 'command', text: HIDDEN }

/**
 * The entry of what a reply brought. Challenges are hidden: with the salt and the server's signature a
 * password can be guessed offline.
 *
 * @internal
 */
export function replyEntry(event: ReplyEvent, secrets: ReadonlySet<string>): TranscriptEntry {
  const answers = exchangeOf(event)
  return { type: 'reply', reply: withoutSecrets(shown(event.reply), secrets), ...(answers && { answers }) }
}

/**
 * A reply in which the server repeats nothing of what it was sent in confidence.
 *
 * @internal
 */
export function withoutSecrets({ lines, ...reply }: Reply, secrets: ReadonlySet<string>): Reply {
  const hide = (line: string): string => [...secrets].reduce((text, secret) => text.replaceAll(secret, HIDDEN), line)
  return { ...reply, lines: lines.map(hide) }
}

/**
 * A reply as a transcript may show it.
 *
 * @internal
 */
export function shown(reply: Reply): Reply {
  return reply.code === CHALLENGE ? { code: CHALLENGE, lines: [HIDDEN] } : reply
}

const EXCHANGES: Readonly<Record<Exclude<ReplyEvent['type'], 'reply' | 'closing'>, Exchange>> = {
  greeting: 'greeting',
  challenge: 'AUTH',
  authenticated: 'AUTH',
  'auth-failed': 'AUTH',
  'upgrade-tls': 'STARTTLS',
  'send-body': 'DATA',
  'message-reply': 'message',
}

// What the reply of an event answers; nothing when the server closes of its own accord.
function exchangeOf(event: ReplyEvent): Exchange | undefined {
  if (event.type === 'closing') return undefined
  return event.type === 'reply' ? event.command.verb : EXCHANGES[event.type]
}
