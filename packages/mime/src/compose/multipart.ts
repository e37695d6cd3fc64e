/** Parts within a part: RFC 2046 section 5.1, the root type of RFC 2387, the signed first part of RFC 1847. */

import { clip, MailError } from '@posthorn/core'
import type { MimeErrorCode } from '../error.ts'
import { formatParameterField } from '../header/field.ts'
import { makePart, nodeOf, type Part } from './part.ts'

const SUBTYPE = /^[a-z0-9!#$&^_.+-]{1,64}$/

/**
 * Joins parts to one. Its boundary is that of the message, numbered.
 *
 * `related` tells the type of its first part (RFC 2387), and the first part of `signed` is written in 7-bit lines that
 * relays leave alone, whatever the server takes (RFC 1847 section 2.1, RFC 3156 section 3).
 *
 * @param subtype What follows `multipart/`, as `mixed`.
 * @param parts One or more, in order.
 * @param parameters Further parameters of its type, such as `protocol`.
 * @returns The part.
 * @throws {MailError} `MIME_BAD_TYPE` for a subtype that is none, no parts, or a boundary among the parameters;
 * `MIME_BAD_CONTENT` for over 100 parts within each other; `MIME_BAD_PARAMETER` as {@link formatParameter}.
 * @see {@link https://www.rfc-editor.org/rfc/rfc2046#section-5.1 | RFC 2046 section 5.1}
 * @example
 * const both = multipart('alternative', [part({ content: 'Hi' }), part({ content: '<p>Hi', contentType: 'text/html' })])
 * both.parts.map(({ mediaType }) => mediaType) // ['text/plain', 'text/html']
 */
export function multipart(
  subtype: string,
  parts: readonly Part[],
  parameters: Readonly<Record<string, string>> = {},
): Part {
  const value = `multipart/${subtype.toLowerCase()}`
  if (!SUBTYPE.test(subtype.toLowerCase())) throw fault(value, 'its subtype is none')
  if (parts.length === 0) throw fault(value, 'it has no parts')
  for (const one of parts) nodeOf(one)
  const given = Object.entries(parameters).map(([name, one]) => ({ name, value: one }))
  const names = given.map(({ name }) => name.toLowerCase())
  if (names.includes('boundary')) throw fault(value, 'its boundary is that of the message')
  // RFC 2387 section 3.1: the type parameter is required.
  if (value === 'multipart/related' && !names.includes('type'))
    given.unshift({ name: 'type', value: parts[0]!.mediaType })
  const typeOf = (boundary: string) =>
    formatParameterField('Content-Type', { value, parameters: [...given, { name: 'boundary', value: boundary }] })
  typeOf('=_')
  const node = { type: 'multipart', typeOf, signed: value === 'multipart/signed' } as const
  return makePart(value, node, Object.freeze([...parts]))
}

function fault(type: string, why: string): MailError<MimeErrorCode> {
  return new MailError('MIME_BAD_TYPE', `Cannot make a part of type ${clip(type)}: ${why}`, {
    spec: 'rfc2046#section-5.1',
  })
}
