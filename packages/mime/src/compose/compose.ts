/**
 * A message from what its writer means, in the octets that go on the wire: RFC 5322, RFC 2045 to 2047, RFC 2231.
 * Out of scope: trace fields, and signatures.
 */

import type { RandomOctets } from '@posthorn/core'
import { formatDate } from '../header/date.ts'
import { formatTextField } from '../header/field.ts'
import { checkMessageId, makeMessageId } from '../header/message-id.ts'
import { foldField } from '../syntax/fold.ts'
import { makeBody } from './body.ts'
import { checkBoundary, countMultiparts, drawBoundary } from './boundary.ts'
import { type ComposedMessage, makeMessage, type ResentBlock } from './composed-message.ts'
import { formatHeaders, formatIdField } from './headers.ts'
import { formatList } from './list.ts'
import type { MessageInput, ResentInput } from './message.ts'
import { type People, readPeople } from './people.ts'

/** What {@link compose} needs beside the message; the same message and context give the same octets. */
export interface ComposeContext {
  /** The time now. */
  readonly now: Date
  /** Random octets, for the identifier and the boundary. */
  readonly random: RandomOctets
  /** What all boundaries begin with, of 60 characters at most; default: what is random. */
  readonly boundary?: string
}

/**
 * Composes a message.
 *
 * @param message Its people, texts and files.
 * @param context The time and randomness.
 * @returns The message, which gives its octets, its size and its envelope, and serialises itself for any server.
 * @throws {MailError} `MIME_BAD_ADDRESS`, `MIME_BAD_CONTENT`, `MIME_BAD_DATE`, `MIME_BAD_HEADER`, `MIME_BAD_ID`,
 * `MIME_BAD_PARAMETER` or `MIME_BAD_TYPE` for a value that cannot stand where it belongs; `MIME_BAD_MESSAGE` when there is
 * no author, or several without a sender, when the body is given twice, or an invitation has another METHOD;
 * `MIME_BAD_BOUNDARY` when it is always in the content; `MIME_LINE_TOO_LONG` for an identifier or a URL of over 998 octets.
 * @see {@link https://www.rfc-editor.org/rfc/rfc5322#section-3.6 | RFC 5322 section 3.6}
 * @example
 * const context = { now: new Date(0), random: (length: number) => new Uint8Array(length) }
 * const message = compose({ from: 'Ada <ada@example.org>', to: 'b@example.net', subject: 'Hi', text: 'Hello' }, context)
 * message.envelope // { reversePath: 'ada@example.org', forwardPaths: ['b@example.net'] }
 * message.messageId // '<AAAAAAAAAAAAAAAAAAAA@example.org>'
 * new TextDecoder().decode(message.bytes()).split('\r\n').slice(0, 3)
 * // ['Date: Thu, 01 Jan 1970 00:00:00 +0000', 'From: Ada <ada@example.org>', 'To: b@example.net']
 * message.needs // { smtpUtf8: false, eightBit: false, binary: false }
 * message.size === message.bytes().length // true
 */
export function compose(message: MessageInput, context: ComposeContext): ComposedMessage {
  const people = readPeople(message)
  const messageId = idOf(message.messageId, { people, random: context.random })
  const resent = [message.resent ?? []].flat().map((block) => readResent(block, context))
  const root = makeBody(message)
  const multiparts = countMultiparts(root)
  return makeMessage({
    messageId,
    people,
    resent,
    date: `Date: ${formatDate(message.date ?? context.now)}`,
    further: [...threadFields(message, messageId), ...textFields(message)],
    root,
    stem: multiparts === 0 ? '' : stemOf(root, context),
    digits: String(multiparts).length,
  })
}

type StemSource = Pick<ComposeContext, 'boundary' | 'random'>

function stemOf(root: Parameters<typeof drawBoundary>[0], { boundary, random }: StemSource): string {
  return boundary === undefined ? drawBoundary(root, random) : checkBoundary(boundary, root)
}

function idOf(given: string | undefined, { people, random }: { people: People; random: RandomOctets }): string {
  return given === undefined ? makeMessageId(random, people.from[0]!.domain) : checkMessageId(given)
}

function readResent(block: ResentInput, { now, random }: ComposeContext): ResentBlock {
  const people = readPeople(block)
  return { people, date: formatDate(block.date ?? now), messageId: idOf(block.messageId, { people, random }) }
}

function threadFields({ inReplyTo = [], references = [] }: MessageInput, messageId: string): string[] {
  const parents = typeof inReplyTo === 'string' ? [inReplyTo] : inReplyTo
  const fields = [foldField(`Message-ID: ${messageId}`)]
  if (parents.length > 0) fields.push(formatIdField('In-Reply-To', parents))
  if (references.length > 0) fields.push(formatIdField('References', references))
  return fields
}

function textFields({ subject, list, headers = [] }: MessageInput): string[] {
  return [
    ...(subject === undefined ? [] : [formatTextField('Subject', subject)]),
    'MIME-Version: 1.0',
    ...(list ? formatList(list) : []),
    ...formatHeaders(headers, list !== undefined),
  ]
}
