/**
 * A message from what its writer means, in the octets that go on the wire: RFC 5322, RFC 2045 to 2047, RFC 2231.
 * All is US-ASCII but the addresses of a message that needs SMTPUTF8 (RFC 6532). Out of scope: groups, trace and Resent
 * fields, and contents that come as streams.
 */

import { clip, concatBytes, encodeUtf8, MailError, type RandomOctets } from '@posthorn/core'
import type { Mailbox } from '../address/address.ts'
import type { MimeErrorCode } from '../error.ts'
import { formatDate } from '../header/date.ts'
import { formatMailboxField, formatTextField } from '../header/field.ts'
import { foldField } from '../header/fold.ts'
import { checkForeignId, checkMessageId, makeMessageId } from '../header/message-id.ts'
import { makeBody } from './body.ts'
import type { MessageInput } from './message.ts'
import type { Piece } from './part.ts'
import {
  asciiPeople,
  type ComposedEnvelope,
  envelopeOf,
  hasForeign,
  isSameMailbox,
  type People,
  readPeople,
} from './people.ts'

/** What {@link compose} needs beside the message; the same message and context give the same octets. */
export interface ComposeContext {
  /** The time now. */
  readonly now: Date
  /** Random octets, for the identifier and the boundary. */
  readonly random: RandomOctets
  /**
   * Whether addresses may be other than US-ASCII, as a server that offers SMTPUTF8 takes them; default `false`: U-labels
   * are then written as A-labels, in the envelope too.
   */
  readonly smtpUtf8?: boolean
}

/** A message that is ready to be sent. */
export interface ComposedMessage {
  /** The message, its lines ended by CRLF. */
  readonly bytes: Uint8Array
  /** Its identifier in angle brackets. */
  readonly messageId: string
  /** Whom it comes from and goes to. */
  readonly envelope: ComposedEnvelope
  /** Whether an address is not US-ASCII, so that only a server that offers SMTPUTF8 takes the message. */
  readonly smtpUtf8: boolean
}

// Fields that have a property of their own, or that are not for the writer of a message to set.
const RESERVED =
  /^(?:date|from|sender|reply-to|to|cc|bcc|message-id|in-reply-to|references|subject|mime-version|return-path|received|(?:content|resent)-.*)$/i

/**
 * Composes a message.
 *
 * @param message Its people, texts and files.
 * @param context The time, randomness, and what the server takes.
 * @returns The octets, with the envelope to send them in.
 * @throws {MailError} `MIME_BAD_ADDRESS`, `MIME_BAD_DATE`, `MIME_BAD_HEADER`, `MIME_BAD_ID`, `MIME_BAD_PARAMETER` or
 * `MIME_BAD_TYPE` for a value that cannot stand where it belongs; `MIME_BAD_MESSAGE` when there is no author, or several
 * without a sender; `MIME_NEEDS_SMTPUTF8` for an address without a form that the context allows; `MIME_BAD_BOUNDARY` when
 * what is random is always in the content; `MIME_LINE_TOO_LONG` for an identifier of over 998 octets.
 * @see {@link https://www.rfc-editor.org/rfc/rfc5322#section-3.6 | RFC 5322 section 3.6}
 * @example
 * const context = { now: new Date(0), random: (length: number) => new Uint8Array(length) }
 * const message = compose({ from: 'Ada <ada@example.org>', to: 'b@example.net', subject: 'Hi', text: 'Hello' }, context)
 * message.envelope // { reversePath: 'ada@example.org', forwardPaths: ['b@example.net'] }
 * message.messageId // '<AAAAAAAAAAAAAAAAAAAA@example.org>'
 * new TextDecoder().decode(message.bytes).split('\r\n').slice(0, 3)
 * // ['Date: Thu, 01 Jan 1970 00:00:00 +0000', 'From: Ada <ada@example.org>', 'To: b@example.net']
 */
export function compose(message: MessageInput, context: ComposeContext): ComposedMessage {
  const meant = readPeople(message)
  const people = context.smtpUtf8 ? meant : asciiPeople(meant)
  const messageId =
    message.messageId === undefined
      ? makeMessageId(context.random, people.from[0]!.domain)
      : checkMessageId(message.messageId)
  const body = makeBody(message, context.random)
  const fields = [
    `Date: ${formatDate(message.date ?? context.now)}`,
    ...peopleFields(people),
    ...threadFields(message, messageId),
    ...textFields(message),
    ...body.fields,
  ]
  return {
    bytes: joinPieces([`${fields.join('\r\n')}\r\n\r\n`, ...body.content]),
    messageId,
    envelope: envelopeOf(people),
    smtpUtf8: hasForeign(people),
  }
}

function peopleFields({ from, sender, replyTo, to, cc }: People): string[] {
  // RFC 5322 section 3.6.2: no Sender that only repeats the one author.
  const repeats = from.length === 1 && sender.length === 1 && isSameMailbox(from[0]!, sender[0]!)
  const lists: [string, readonly Mailbox[]][] = [
    ['From', from],
    ['Sender', repeats ? [] : sender],
    ['Reply-To', replyTo],
    ['To', to],
    ['Cc', cc],
  ]
  return lists.filter(([, list]) => list.length > 0).map(([name, list]) => formatMailboxField(name, list))
}

function threadFields({ inReplyTo, references = [] }: MessageInput, messageId: string): string[] {
  const fields = [foldField(`Message-ID: ${messageId}`)]
  if (inReplyTo !== undefined) fields.push(foldField(`In-Reply-To: ${checkForeignId(inReplyTo)}`))
  if (references.length > 0) fields.push(foldField(`References: ${references.map(checkForeignId).join(' ')}`))
  return fields
}

function textFields({ subject, headers = [] }: MessageInput): string[] {
  const fields = headers.map(({ name, value }) => {
    if (RESERVED.test(name)) throw reserved(name)
    return formatTextField(name, value)
  })
  return [...(subject === undefined ? [] : [formatTextField('Subject', subject)]), 'MIME-Version: 1.0', ...fields]
}

function joinPieces(pieces: readonly Piece[]): Uint8Array<ArrayBuffer> {
  const chunks: Uint8Array[] = []
  let text = ''
  for (const piece of [...pieces, endsLine(pieces.at(-1)!) ? '' : '\r\n']) {
    if (typeof piece === 'string') text += piece
    else {
      chunks.push(encodeUtf8(text), piece)
      text = ''
    }
  }
  chunks.push(encodeUtf8(text))
  return chunks.length === 1 ? (chunks[0] as Uint8Array<ArrayBuffer>) : concatBytes(chunks)
}

function endsLine(piece: Piece): boolean {
  return typeof piece === 'string' ? piece === '' || piece.endsWith('\r\n') : piece.at(-2) === 13 && piece.at(-1) === 10
}

function reserved(name: string): MailError<MimeErrorCode> {
  return new MailError('MIME_BAD_HEADER', `Cannot set field "${clip(name)}" among the further headers`, {
    spec: 'rfc5322#section-3.6',
  })
}
