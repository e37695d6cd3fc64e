/** One attachment as a part: its type, its names, and how it is shown (RFC 2183). */

import { clip, decodeLatin1, encodeUtf8, MailError } from '@posthorn/core'
import type { MimeErrorCode } from '../error.ts'
import { formatParameterField, type ParameterizedValue } from '../header/field.ts'
import { formatContentId } from '../header/message-id.ts'
import { parseMediaType } from '../type/media-type.ts'
import type { Parameter } from '../type/parameter.ts'
import type { Attachment } from './message.ts'
import { binaryPart, isSevenBit, type Part, textPart, toCrlf } from './part.ts'

/**
 * Makes the part.
 *
 * @internal
 */
export function attachmentPart(attachment: Attachment, disposition: 'attachment' | 'inline'): Part {
  const { content } = attachment
  const media = namedType(attachment)
  const further = dispositionFields(attachment, disposition)
  if (media.value.startsWith('message/')) return messagePart(content, media, further)
  if (typeof content !== 'string') return binaryPart(content, media, further)
  if (!media.value.startsWith('text/')) return binaryPart(encodeUtf8(content), media, further)
  return textPart(content, withCharset(media), further)
}

function namedType({ contentType, content, filename }: Attachment): Required<ParameterizedValue> {
  const standard = typeof content === 'string' ? 'text/plain' : 'application/octet-stream'
  const { value, parameters } = parseMediaType(contentType ?? standard)
  // RFC 2046 section 5.1: the content would have to hold the boundary that its type names.
  if (value.startsWith('multipart/')) throw fault(value, 'it is no multipart')
  if (filename === undefined) return { value, parameters }
  const name: Parameter = { name: 'name', value: filename, encodedWord: true }
  return { value, parameters: [...parameters.filter((parameter) => parameter.name !== 'name'), name] }
}

function dispositionFields({ filename, contentId }: Attachment, value: string): string[] {
  const parameters = filename === undefined ? [] : [{ name: 'filename', value: filename }]
  const fields = [formatParameterField('Content-Disposition', { value, parameters })]
  return contentId === undefined ? fields : [...fields, `Content-ID: ${formatContentId(contentId)}`]
}

// RFC 2045 section 6.4: what is a message itself may not be encoded.
function messagePart(content: string | Uint8Array, media: ParameterizedValue, further: readonly string[]): Part {
  const text = toCrlf(typeof content === 'string' ? content : decodeLatin1(content))
  if (!isSevenBit(text)) throw fault(media.value, 'it is not 7-bit; application/octet-stream takes any')
  return textPart(text, media, further)
}

function withCharset({ value, parameters }: Required<ParameterizedValue>): ParameterizedValue {
  const given = parameters.find(({ name }) => name === 'charset')
  if (!given) return { value, parameters: [{ name: 'charset', value: 'utf-8' }, ...parameters] }
  if (given.value.toLowerCase() === 'utf-8') return { value, parameters }
  throw fault(value, `a text is UTF-8, not "${clip(given.value)}"`)
}

function fault(type: string, why: string): MailError<MimeErrorCode> {
  return new MailError('MIME_BAD_TYPE', `Cannot attach a part of type ${clip(type)}: ${why}`, {
    spec: 'rfc2045#section-5',
  })
}
