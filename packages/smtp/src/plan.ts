/**
 * What a server must be told of a message, and whether it can take it at all: RFC 1870 (SIZE), RFC 6152 (8BITMIME),
 * RFC 6531 (SMTPUTF8).
 */

import {
  type Capabilities,
  type Command,
  type ForwardPath,
  formatCommand,
  isAsciiPath,
  type MailParameters,
  parseMailbox,
  type RcptParameters,
  type ReversePath,
} from '@posthorn/command'
import { MailError } from '@posthorn/core'
import type { SmtpErrorCode } from './error.ts'
import type { StreamedMessage } from './message-source.ts'
import { checkOffered } from './offered.ts'

/** Who sends a message to whom. */
export interface Envelope {
  /** Where reports of failure go; `null` or `''` asks for none. Text is parsed as a mailbox. */
  readonly reversePath: ReversePath | string
  /** The recipients, at least one. Text is parsed as a mailbox. */
  readonly forwardPaths: readonly (ForwardPath | string)[]
  /** Parameters of MAIL beside SIZE, BODY and SMTPUTF8, which follow from the message. */
  readonly parameters?: Omit<MailParameters, 'size' | 'body' | 'smtpUtf8'>
  /** Parameters of each RCPT. */
  readonly recipientParameters?: RcptParameters
}

/** The commands of a transaction before DATA. */
export interface TransactionPlan {
  readonly mail: Command
  readonly recipients: readonly Command[]
  readonly forwardPaths: readonly ForwardPath[]
}

/**
 * Plans a transaction; every argument of every command has been checked when it returns.
 *
 * @internal
 */
export function planTransaction(envelope: Envelope, message: StreamedMessage, offered: Capabilities): TransactionPlan {
  const forwardPaths = envelope.forwardPaths.map((path) => parseForwardPath(path))
  if (forwardPaths.length === 0) throw fault('SMTP_NO_RECIPIENTS', 'it has no recipients')
  const reversePath = parseReversePath(envelope.reversePath)
  const smtpUtf8 = message.smtpUtf8 === true || ![reversePath, ...forwardPaths].every(isAsciiPath)
  checkSize(message.size, offered)
  const parameters = { ...envelope.parameters, ...parametersFor(message, smtpUtf8, offered) }
  const mail: Command = { verb: 'MAIL', reversePath, parameters }
  const recipients = forwardPaths.map(
    (forwardPath): Command => ({
      verb: 'RCPT',
      forwardPath,
      ...(envelope.recipientParameters && { parameters: envelope.recipientParameters }),
    }),
  )
  for (const command of [mail, ...recipients]) formatCommand(command)
  for (const command of [mail, ...recipients]) checkOffered(command, offered, smtpUtf8)
  return { mail, recipients, forwardPaths }
}

function parametersFor(message: StreamedMessage, smtpUtf8: boolean, offered: Capabilities): MailParameters {
  const { size, eightBit = true } = message
  return {
    ...(size !== undefined && offered.size && { size }),
    // RFC 6152 section 3: without 8BITMIME the message must be made 7-bit, which is its composer's work.
    ...(eightBit && { body: '8BITMIME' as const }),
    ...(smtpUtf8 && { smtpUtf8 }),
  }
}

function checkSize(size: number | undefined, offered: Capabilities): void {
  const limit = offered.size?.limit
  if (size === undefined || limit === undefined || size <= limit) return
  throw fault('SMTP_MESSAGE_TOO_LARGE', `it has ${size} octets and the server takes ${limit}`)
}

function parseReversePath(path: ReversePath | string): ReversePath {
  if (typeof path !== 'string') return path
  return path === '' ? null : parseMailbox(path)
}

function parseForwardPath(path: ForwardPath | string): ForwardPath {
  if (typeof path !== 'string') return path
  return path.toLowerCase() === 'postmaster' ? 'postmaster' : parseMailbox(path)
}

function fault(code: SmtpErrorCode, why: string): MailError<SmtpErrorCode> {
  return new MailError(code, `Cannot send message: ${why}`, { spec: 'rfc5321#section-3.3' })
}
