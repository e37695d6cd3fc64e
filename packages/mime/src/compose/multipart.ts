/** Parts within a part: RFC 2046 section 5.1, and the root type of RFC 2387. */

import { MailError, type RandomOctets } from '@posthorn/core'
import type { MimeErrorCode } from '../error.ts'
import { formatParameterField } from '../header/field.ts'
import { randomName } from '../header/message-id.ts'
import type { Parameter } from '../type/parameter.ts'
import type { Part, Piece } from './part.ts'

const MAX_DRAWS = 8

/**
 * Draws what all boundaries of one message begin with, so that no delimiter stands in the content.
 *
 * @internal
 */
export function drawBoundary(parts: readonly Part[], random: RandomOctets): string {
  // RFC 2045 section 6.7 and 6.8: neither quoted-printable nor Base64 has "=_", so only plain text needs a look.
  const texts = parts.flatMap((part) => part.content).filter((piece) => typeof piece === 'string')
  for (let draw = 0; draw < MAX_DRAWS; draw++) {
    const boundary = `=_${randomName(random)}`
    if (!texts.some((text) => text.includes(boundary))) return boundary
  }
  throw new MailError<MimeErrorCode>('MIME_BAD_BOUNDARY', `Cannot find a boundary in ${MAX_DRAWS} draws`, {
    spec: 'rfc2046#section-5.1.1',
  })
}

/**
 * Joins parts to one; the boundaries of parts within parts must be of one length and differ.
 *
 * @internal
 */
export function multipart(value: string, parts: readonly Part[], parameters: MultipartParameters): Part {
  const { boundary, type } = parameters
  const list: Parameter[] = [{ name: 'boundary', value: boundary }]
  if (type) list.unshift({ name: 'type', value: type })
  const content: Piece[] = parts.flatMap((part) => [
    `--${boundary}\r\n${part.fields.join('\r\n')}\r\n\r\n`,
    ...part.content,
    '\r\n',
  ])
  content.push(`--${boundary}--`)
  return { fields: [formatParameterField('Content-Type', { value, parameters: list })], content }
}

/**
 * The parameters of {@link multipart}.
 *
 * @internal
 */
export interface MultipartParameters {
  readonly boundary: string
  /** The type of the first part, which `multipart/related` must tell. */
  readonly type?: string
}
