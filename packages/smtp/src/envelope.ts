/** The envelope of a message: who sends it to whom, as a caller gives it and as it is sent. RFC 5321 section 3.3. */

import {
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

/** A recipient with parameters of its own. */
export interface Recipient {
  /** Where the message goes. Text is parsed as a mailbox. */
  readonly forwardPath: ForwardPath | string
  /** The parameters of its RCPT. */
  readonly parameters?: RcptParameters
}

/** Who sends a message to whom. */
export interface Envelope {
  /** Where reports of failure go; `null` or `''` asks for none. Text is parsed as a mailbox. */
  readonly reversePath: ReversePath | string
  /** The recipients, at least one. Text is parsed as a mailbox. */
  readonly forwardPaths: readonly (ForwardPath | string | Recipient)[]
  /** Parameters of MAIL beside SIZE, BODY and SMTPUTF8, which follow from the message. */
  readonly parameters?: Omit<MailParameters, 'size' | 'body' | 'smtpUtf8'>
  /** Parameters of each RCPT that has none of its own. */
  readonly recipientParameters?: RcptParameters
}

/** A recipient as it is sent. */
export interface ParsedRecipient {
  /** Where the message goes. */
  readonly forwardPath: ForwardPath
  /** The parameters of its RCPT. */
  readonly parameters: RcptParameters | undefined
}

/** An envelope as it is sent. */
export interface ParsedEnvelope {
  /** Where reports of failure go. */
  readonly reversePath: ReversePath
  /** The parameters of MAIL. */
  readonly parameters: Envelope['parameters']
  /** The recipients, in the order given. */
  readonly recipients: readonly ParsedRecipient[]
  /** Whether an address is not US-ASCII. */
  readonly smtpUtf8: boolean
}

/**
 * Parses an envelope; every argument of its commands has been checked when it returns.
 *
 * @param envelope The envelope as a caller gives it.
 * @returns The envelope as it is sent, each recipient with its own parameters.
 * @throws {MailError} `COMMAND_…` for what cannot stand in a command, `SMTP_NO_RECIPIENTS`.
 * @see {@link https://www.rfc-editor.org/rfc/rfc5321#section-4.1.1 | RFC 5321 section 4.1.1}
 * @example
 * const envelope = { reversePath: '', forwardPaths: ['Postmaster'], recipientParameters: { notify: ['FAILURE'] } } as const
 * parseEnvelope(envelope).recipients // [{ forwardPath: 'postmaster', parameters: { notify: ['FAILURE'] } }]
 * parseEnvelope({ reversePath: '', forwardPaths: [] }) // throws SMTP_NO_RECIPIENTS
 */
export function parseEnvelope(envelope: Envelope): ParsedEnvelope {
  const reversePath = parseReversePath(envelope.reversePath)
  const recipients = envelope.forwardPaths.map((given) => parseRecipient(given, envelope.recipientParameters))
  if (recipients.length === 0) {
    throw new MailError<SmtpErrorCode>('SMTP_NO_RECIPIENTS', 'Cannot send message: it has no recipients', {
      spec: 'rfc5321#section-3.3',
    })
  }
  checkArguments(envelope, reversePath, recipients)
  const smtpUtf8 = ![reversePath, ...recipients.map(({ forwardPath }) => forwardPath)].every(isAsciiPath)
  return { reversePath, parameters: envelope.parameters, recipients, smtpUtf8 }
}

// Every argument of every command is good, whatever the server offers; an address that was parsed is.
function checkArguments(
  { reversePath: given, forwardPaths, parameters }: Envelope,
  reversePath: ReversePath,
  recipients: readonly ParsedRecipient[],
): void {
  if (parameters || typeof given !== 'string') {
    formatCommand({ verb: 'MAIL', reversePath, parameters: { ...parameters, smtpUtf8: true } })
  }
  recipients.forEach((recipient, index) => {
    if (recipient.parameters || typeof forwardPaths[index] !== 'string') formatCommand(rcptOf(recipient))
  })
}

/**
 * Gives the command that names a recipient.
 *
 * @internal
 */
export function rcptOf({ forwardPath, parameters }: ParsedRecipient): Extract<Command, { readonly verb: 'RCPT' }> {
  return { verb: 'RCPT', forwardPath, ...(parameters && { parameters }) }
}

function parseReversePath(path: ReversePath | string): ReversePath {
  if (typeof path !== 'string') return path
  return path === '' ? null : parseMailbox(path)
}

function parseRecipient(given: ForwardPath | string | Recipient, shared: RcptParameters | undefined): ParsedRecipient {
  if (typeof given === 'object' && 'forwardPath' in given) {
    return { forwardPath: parseForwardPath(given.forwardPath), parameters: given.parameters ?? shared }
  }
  return { forwardPath: parseForwardPath(given), parameters: shared }
}

function parseForwardPath(path: ForwardPath | string): ForwardPath {
  if (typeof path !== 'string') return path
  return path.toLowerCase() === 'postmaster' ? 'postmaster' : parseMailbox(path)
}
