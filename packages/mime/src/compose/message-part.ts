/** Parts that are whole messages or entities: RFC 2046 section 5.2.1, RFC 6532 section 3.7. */

import { clip, decodeLatin1, MailError } from '@posthorn/core'
import type { MimeErrorCode } from '../error.ts'
import { splitMessage } from '../header/header.ts'
import { readContentType } from '../type/content-type.ts'
import type { ComposedMessage } from './composed-message.ts'
import { levelOf } from './encoding.ts'
import { leafPart, type PartInput } from './leaf.ts'
import { type LeafNode, makePart, nodeOf, type Part } from './part.ts'

// A field as it stands in a message: lines of at most 998 octets, of which all but the first begin with a blank.
const FIELD = /^[!-9;-~]+:[\t -~]{0,997}(?:\r\n[\t ][\t -~]{0,997})*$/

/**
 * Makes a part of a message, as one that is forwarded.
 *
 * A message that was composed is written in the form that the server takes. Octets stay as they are, but for bare CR and LF,
 * which become CRLF; `needs` tells what they need. Where a header is not US-ASCII, the part is `message/global`.
 *
 * @param message What {@link compose} gives, or a message in wire form.
 * @param options How it is named and shown.
 * @returns The part.
 * @throws {MailError} As {@link multipart}; `MIME_NOT_IN_MEMORY` for a composed message that needs SMTPUTF8 and is a stream.
 * @see {@link https://www.rfc-editor.org/rfc/rfc2046#section-5.2.1 | RFC 2046 section 5.2.1}
 * @example
 * messagePart('Subject: Hi\r\n\r\nHello\r\n').mediaType // 'message/rfc822'
 */
export function messagePart(
  message: ComposedMessage | Uint8Array | string,
  options: Pick<PartInput, 'filename' | 'disposition' | 'contentId'> = {},
): Part {
  const { disposition } = options
  const contentType = 'message/rfc822'
  const leaf = (content: Uint8Array | string) => leafPart({ ...options, content, contentType }, disposition)
  if (typeof message === 'string' || message instanceof Uint8Array) return leaf(message)
  if (message.needs.smtpUtf8) return leaf(message.serialize({ encoding: '8bit', smtpUtf8: true }).bytes())
  const { fields } = nodeOf(leaf('')) as LeafNode
  return makePart(contentType, { type: 'message', message: message.writer(), fields })
}

/**
 * Makes a part of octets that are an entity already, header and body, as what was signed before is: they go out as they
 * are, octet for octet.
 *
 * @param octets The fields, an empty line, and the body in its transfer encoding.
 * @returns The part.
 * @throws {MailError} `MIME_BAD_FIELD` and `MIME_HEADER_TOO_LONG` as {@link splitMessage}; `MIME_BAD_CONTENT` for a field
 * that is not of lines of US-ASCII.
 * @see {@link https://www.rfc-editor.org/rfc/rfc1847#section-2.1 | RFC 1847 section 2.1}
 * @example
 * const signed = new TextEncoder().encode('Content-Type: text/html\r\n\r\n<p>Hello\r\n')
 * entityPart(signed).mediaType // 'text/html'
 */
export function entityPart(octets: Uint8Array): Part {
  const { fields, body } = splitMessage(octets)
  const header = fields.map(({ bytes }) => decodeLatin1(bytes))
  for (const field of header) if (!FIELD.test(field)) throw fault(field)
  const type = fields.findIndex(({ name }) => name.toLowerCase() === 'content-type')
  const { type: major, subtype } = readContentType(type < 0 ? '' : header[type]!.slice('content-type:'.length))
  return makePart(`${major}/${subtype}`, { type: 'entity', fields: header, octets: body, level: levelOf(body) })
}

function fault(field: string): MailError<MimeErrorCode> {
  return new MailError('MIME_BAD_CONTENT', `Cannot take entity: field "${clip(field)}" is not of lines of US-ASCII`, {
    spec: 'rfc5322#section-2.1.1',
  })
}
