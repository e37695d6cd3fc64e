/** A message as a caller gives it to the mailer, and as it goes to a server: composed, signed, with its envelope. */

import type { ForwardPath } from '@posthorn/command'
import { type ComposeContext, type ComposedMessage, compose, type MessageInput } from '@posthorn/mime'
import { type Envelope, type MessageSource, parseEnvelope } from '@posthorn/smtp'
import { fault } from './error.ts'
import { type MailSigner, sign } from './signing.ts'

/** An envelope that says less: what it leaves out comes from the message. */
export type PartialEnvelope = Partial<Envelope>

/** A message to compose, with what its envelope has beside its people. */
export interface ComposedMail extends MessageInput {
  /** Whom it comes from and goes to, where that is not who the header names; parameters, as those of RFC 3461. */
  readonly envelope?: PartialEnvelope
}

/** A message in wire form that somebody else composed. */
export interface RawMail {
  /** The message, or a source of it. */
  readonly raw: MessageSource
  /** From whom and to whom. */
  readonly envelope: Envelope
}

/** A message to send. */
export type Mail = ComposedMail | RawMail

/**
 * A message as it goes to a server.
 *
 * @internal
 */
export interface PreparedMail {
  readonly envelope: Envelope
  /** The recipients of the envelope, parsed. */
  readonly paths: readonly ForwardPath[]
  readonly source: MessageSource
  readonly messageId?: string
}

/** What a message is prepared with. */
export interface PrepareOptions extends ComposeContext {
  readonly signer: MailSigner | undefined
}

// What is larger is not put together in memory.
const IN_MEMORY = 262_144

/**
 * Composes and signs a message.
 *
 * @internal
 * @throws {MailError} The codes of `compose`, of `signDkim`, of `parseEnvelope`, and of {@link sign}.
 */
export function prepare(mail: Mail, options: PrepareOptions): PreparedMail | Promise<PreparedMail> {
  const written = 'raw' in mail ? { envelope: mail.envelope, source: mail.raw } : composed(mail, options)
  const prepared = { ...written, paths: pathsOf(written.envelope) }
  const { signer } = options
  return signer ? sign(prepared.source, signer).then((source) => ({ ...prepared, source })) : prepared
}

function composed(mail: ComposedMail, context: ComposeContext): Omit<PreparedMail, 'paths'> {
  const message = compose(mail, context)
  const { envelope } = mail
  return {
    envelope: envelope ? { ...message.envelope, ...envelope } : message.envelope,
    source: sourceOf(message),
    messageId: message.messageId,
  }
}

function sourceOf(message: ComposedMessage): MessageSource {
  const { size, eightBit, binary, smtpUtf8 } = message
  const traits = { eightBit, binary, smtpUtf8, ...(size !== undefined && { size }) }
  if (size === undefined || size > IN_MEMORY || !message.repeatable) return { ...traits, content: message.content }
  return { ...traits, content: message.bytes() }
}

// What cannot be said in commands is told of before the message waits for its turn.
function pathsOf(envelope: Envelope): ForwardPath[] {
  if (envelope.forwardPaths.length === 0) throw fault('MAILER_NO_RECIPIENTS', 'send message: it has no recipients')
  return parseEnvelope(envelope).recipients.map(({ forwardPath }) => forwardPath)
}
