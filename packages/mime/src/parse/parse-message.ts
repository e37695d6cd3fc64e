/** Parses a message that is in memory: RFC 5322, RFC 2045 to 2049. */

import { encodeUtf8, plainBytes } from '@posthorn/core'
import { PARSE_LIMITS, type ParseOptions } from './limits.ts'
import { LineEnds } from './line-ends.ts'
import { ParsedMessage } from './message.ts'
import { Outline } from './outline.ts'
import { StructureReader } from './structure.ts'

/**
 * Parses a message. Nothing in it is an error: what breaks the rules, or can be read in two ways, is a defect with its
 * place, and what goes beyond a limit is kept as content.
 *
 * @param message The message, its lines ended by CRLF, by LF, or by CR alone; a string is taken as UTF-8.
 * @param options How much is taken apart, and decoders for charsets.
 * @returns Its tree, its text, its HTML and its attachments; octets are views of those given.
 * @see {@link https://www.rfc-editor.org/rfc/rfc5322 | RFC 5322}
 * @see {@link https://www.rfc-editor.org/rfc/rfc2046 | RFC 2046}
 * @example
 * const message = parseMessage('Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\r\n\r\nHello\r\n')
 * message.subject // 'Grüße'
 * message.text // 'Hello\n'
 */
export function parseMessage(message: Uint8Array | string, options: ParseOptions = {}): ParsedMessage {
  const all = { ...PARSE_LIMITS, ...options }
  const given = typeof message === 'string' ? encodeUtf8(message) : plainBytes(message)
  const ends = new LineEnds()
  const [bytes = given] = [...ends.push(given), ...ends.end()]
  const outline = new Outline(all)
  const reader = new StructureReader(outline, all)
  reader.push(bytes)
  reader.end()
  if (ends.isByCr) outline.doubtLineEnds()
  return new ParsedMessage({ octets: given, lines: bytes }, outline, options)
}
