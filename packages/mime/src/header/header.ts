/**
 * A message in wire form cut into its header fields and its body, each octet kept: RFC 5322 section 2.1 and 2.2.
 * What the fields mean is read elsewhere.
 */

import { MailError } from '@posthorn/core'
import type { MimeErrorCode } from '../error.ts'

/** One header field as it stands in the message. */
export interface RawField {
  /** The field name as written, without the colon. */
  readonly name: string
  /** The whole field as written, its folding kept, without the CRLF that ends it. */
  readonly bytes: Uint8Array
}

/** A message cut in two. */
export interface SplitMessage {
  /** The header fields in order. */
  readonly fields: readonly RawField[]
  /** What follows the empty line; empty when there is none. */
  readonly body: Uint8Array
}

/** The limits of {@link splitMessage}. */
export interface SplitMessageOptions {
  /** Most octets of the header; default 1,048,576, many times what relays add. */
  readonly maxHeaderLength?: number
}

const CR = 13
const LF = 10
const SPACE = 32
const TAB = 9
const COLON = 58

const DEL = 127

/**
 * Cuts a message into its fields and its body. A bare CR or LF ends no field; it stays in the one it stands in.
 *
 * @param message The message with CRLF line endings.
 * @param options Limits.
 * @returns Views of the octets given, nothing decoded.
 * @throws {MailError} `MIME_BAD_FIELD` for a line of the header that neither begins nor continues a field, with its
 * offset; `MIME_HEADER_TOO_LONG` over the limit.
 * @see {@link https://www.rfc-editor.org/rfc/rfc5322#section-2.2 | RFC 5322 section 2.2}
 * @example
 * const message = new TextEncoder().encode('Subject: a\r\n b\r\n\r\nHello\r\n')
 * const { fields, body } = splitMessage(message)
 * fields.map((field) => field.name) // ['Subject']
 * new TextDecoder().decode(fields[0]?.bytes) // 'Subject: a\r\n b'
 * new TextDecoder().decode(body) // 'Hello\r\n'
 */
export function splitMessage(message: Uint8Array, options: SplitMessageOptions = {}): SplitMessage {
  const { maxHeaderLength = 1_048_576 } = options
  const fields: RawField[] = []
  let start = 0
  while (start < message.length) {
    if (message[start] === CR && message[start + 1] === LF) return { fields, body: message.subarray(start + 2) }
    const end = endOfField(message, start)
    if (end > maxHeaderLength) {
      throw fault('MIME_HEADER_TOO_LONG', `the header has over ${maxHeaderLength} octets`, start)
    }
    fields.push({ name: nameAt(message, start, end), bytes: message.subarray(start, end) })
    start = end + 2
  }
  return { fields, body: message.subarray(message.length) }
}

// Where the field ends: at a CRLF that no blank follows, or at the end of the message.
function endOfField(message: Uint8Array, start: number): number {
  let at = start
  for (;;) {
    const lf = message.indexOf(LF, at)
    if (lf < 0) return message.length
    at = lf + 1
    const next = message[at]
    if (message[lf - 1] === CR && next !== SPACE && next !== TAB) return lf - 1
  }
}

// field-name = 1*ftext ; ftext = %d33-57 / %d59-126         ; obs-optional: WSP before the colon, section 4.5.8
function nameAt(message: Uint8Array, start: number, end: number): string {
  let at = start
  let name = ''
  for (; at < end && isFtext(message[at]!); at++) name += String.fromCharCode(message[at]!)
  while (message[at] === SPACE || message[at] === TAB) at++
  if (name !== '' && at < end && message[at] === COLON) return name
  throw fault('MIME_BAD_FIELD', 'a line of the header is no field', start)
}

function isFtext(octet: number): boolean {
  return octet > SPACE && octet < DEL && octet !== COLON
}

function fault(code: MimeErrorCode, why: string, offset: number): MailError<MimeErrorCode> {
  return new MailError(code, `Cannot read message: ${why}`, { spec: 'rfc5322#section-2.2', offset })
}
