/** What a client or a server tells of its conversation. Nothing of a SASL exchange but its mechanism ever stands in it. */

import { type Command, redactCommand } from '@posthorn/command'
import type { Reply } from '@posthorn/reply'
import type { TlsInfo } from './connection.ts'
import type { ReplyEvent } from './event.ts'
import type { Exchange } from './state.ts'
import type { Framing } from './transmission.ts'

/** One step of a conversation, as it happens. */
export type TranscriptEntry =
  | { readonly type: 'command'; readonly text: string }
  | { readonly type: 'reply'; readonly reply: Reply; readonly answers?: Exchange }
  | { readonly type: 'message'; readonly octets: number; readonly framing: Framing }
  | { readonly type: 'tls'; readonly info: Omit<TlsInfo, 'channelBindings'> }

/** Takes the steps of a conversation. */
export type Recorder = (entry: TranscriptEntry) => void

const HIDDEN = '***'

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
export function replyEntry(event: ReplyEvent): TranscriptEntry {
  const answers = exchangeOf(event)
  const reply = event.type === 'challenge' ? { code: event.reply.code, lines: [HIDDEN] } : event.reply
  return { type: 'reply', reply, ...(answers && { answers }) }
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
