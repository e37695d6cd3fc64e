/** How far a session came, as its recorder hears of it. */

import { type Reply, replyClass } from '@posthorn/reply'
import type { Recorder, TlsInfo, TranscriptEntry } from '@posthorn/smtp'
import type { DeliveryPhase } from './outcome.ts'

const ENVELOPE: ReadonlySet<string> = new Set(['MAIL', 'RCPT', 'DATA'])

/**
 * Watches one session.
 *
 * @internal
 */
export class SessionWatch {
  /** What is awaited. */
  phase: DeliveryPhase = 'greeting'
  /** The last reply that was a refusal, and what it answered. */
  refusal: { readonly reply: Reply; readonly answers: string } | undefined
  /** TLS as it was set up. */
  tls: Omit<TlsInfo, 'channelBindings'> | undefined
  /** The name that the host greets with. */
  greets = ''
  /** How often the greeting of this end was accepted. */
  hellos = 0
  /** Whether a handshake was begun. */
  isHandshakeBegun = false
  readonly #record: Recorder | undefined

  /** @param record Hears all the same, and must not throw. */
  constructor(record: Recorder | undefined) {
    this.#record = record
  }

  /** Whether TLS could have been, and was not set up, or broke before anything could be sent over it. */
  get isTlsBroken(): boolean {
    return this.isHandshakeBegun && !this.refusal && (this.tls === undefined || this.hellos < 2)
  }

  /** Whether a part of the message may have been sent. */
  get isSending(): boolean {
    return this.phase === 'message' || this.phase === 'done'
  }

  readonly record: Recorder = (entry) => {
    this.#follow(entry)
    this.#record?.(entry)
  }

  #follow(entry: TranscriptEntry): void {
    if (entry.type === 'command') this.#onCommand(entry.text)
    else if (entry.type === 'message') this.phase = 'message'
    else if (entry.type === 'reply') this.#onReply(entry.reply, entry.answers ?? '')
    else if (entry.type === 'tls') {
      this.tls = entry.info
      this.phase = 'EHLO'
    }
  }

  #onCommand(text: string): void {
    const [verb = ''] = text.split(' ', 1)
    if (verb === 'EHLO' || verb === 'HELO') this.phase = 'EHLO'
    else if (verb === 'STARTTLS') this.phase = 'STARTTLS'
    else if (verb === 'BDAT') this.phase = 'message'
    else if (ENVELOPE.has(verb)) this.phase = 'envelope'
  }

  #onReply(reply: Reply, answers: string): void {
    if (answers === 'greeting') this.greets = reply.lines[0]?.split(' ', 1)[0] ?? ''
    const isAccepted = replyClass(reply) < 4
    if (!isAccepted) this.refusal = { reply, answers }
    else if (answers === 'EHLO' || answers === 'HELO') this.hellos++
    if (answers === 'STARTTLS') {
      this.isHandshakeBegun = isAccepted
      this.phase = isAccepted ? 'handshake' : 'EHLO'
    }
    if (answers === 'message') this.phase = 'done'
  }
}
