/** A part with content of its own: its type, its names, and how it is shown. RFC 2045, RFC 2183. */

import { clip, encodeUtf8, isBlob, MailError } from '@posthorn/core'
import type { MimeErrorCode } from '../error.ts'
import { formatParameterField } from '../header/field.ts'
import { formatContentId } from '../header/message-id.ts'
import { wellFormed } from '../text/well-formed.ts'
import { parseMediaType } from '../type/media-type.ts'
import type { Parameter, ParameterizedValue } from '../type/parameter.ts'
import { type PartContentInput, sourceOf } from './content.ts'
import { levelOf, toCrlf } from './encoding.ts'
import { formatPartHeaders, type HeaderInput } from './headers.ts'
import { type LeafNode, makePart, type Part } from './part.ts'

const UTF8: readonly Parameter[] = [{ name: 'charset', value: 'utf-8' }]

/** A part as its writer means it: a file that goes along, an image within HTML, a text. */
export interface PartInput {
  /**
   * Octets, which arrive as they are; or text, which is sent as UTF-8, its lines ended by CRLF if the type is text; or
   * whatever gives octets. A stream can be sent once, a Blob or a function as often as wanted.
   */
  readonly content: PartContentInput
  /** The number of octets, for a stream where it is known; the size of the message is then known too. */
  readonly size?: number
  /** The media type, which may have parameters; default that of a Blob, `text/plain` for text, else octets. */
  readonly contentType?: string
  /** The name to store it under, which is only a hint; default that of a File. */
  readonly filename?: string
  /**
   * Whether Content-Type repeats the filename as `name`, against RFC 2047 section 5 in encoded words where it needs them;
   * default `true`, since many readers know no other.
   */
  readonly nameInType?: boolean
  /** What follows `cid:` in the HTML that shows it, without angle brackets. */
  readonly contentId?: string
  /** Whether to list it or to show it; default: listed if it has a name. */
  readonly disposition?: 'attachment' | 'inline'
  /** Whether it goes exactly as it is, never encoded, as what was signed must; default `false`. It must be in memory. */
  readonly opaque?: boolean
  /** Further fields, such as Content-Language. */
  readonly headers?: readonly HeaderInput[]
}

/**
 * Makes a part.
 *
 * @param input Its content, and what it is.
 * @returns The part, which takes its encoding when the message is written.
 * @throws {MailError} `MIME_BAD_CONTENT` for content or a size that is none, `MIME_BAD_HEADER`, `MIME_BAD_ID`,
 * `MIME_BAD_PARAMETER` or `MIME_BAD_TYPE` for a value that cannot stand where it belongs; `MIME_SIZE_MISMATCH` for a Blob
 * of another size.
 * @see {@link https://www.rfc-editor.org/rfc/rfc2045#section-3 | RFC 2045 section 3}
 * @example
 * part({ content: 'a,b', contentType: 'text/csv', filename: 'a.csv' }).mediaType // 'text/csv'
 * part({ content: '', contentType: 'text' }) // throws MIME_BAD_TYPE
 */
export function part(input: PartInput): Part {
  return leafPart(input, input.disposition ?? (fileNameOf(input) === undefined ? undefined : 'attachment'))
}

/** @internal */
export function leafPart(input: PartInput, disposition: 'attachment' | 'inline' | undefined): Part {
  const filename = fileNameOf(input)
  const given = typeOf(input, filename)
  const { media, node } = contentOf(input, given)
  const fields = [
    formatParameterField('Content-Type', media),
    ...placeFields(input, filename, disposition),
    ...(input.headers ? formatPartHeaders(input.headers) : []),
  ]
  return makePart(media.value, { ...node, fields })
}

/**
 * Makes a part of UTF-8 text, shown where it stands.
 *
 * @internal
 */
export function textPart(text: string, value: string, parameters: readonly Parameter[] = []): Part {
  const media = { value, parameters: parameters.length > 0 ? [...UTF8, ...parameters] : UTF8 }
  return makePart(value, {
    type: 'text',
    text: toCrlf(wellFormed(text)),
    fields: [formatParameterField('Content-Type', media)],
  })
}

function fileNameOf({ filename, content }: PartInput): string | undefined {
  return filename === undefined && isBlob(content) ? (content as { readonly name?: string }).name : filename
}

function typeOf(input: PartInput, filename: string | undefined): Required<ParameterizedValue> {
  const { contentType, content, nameInType = true } = input
  const standard = typeof content === 'string' ? 'text/plain' : 'application/octet-stream'
  const { value, parameters } = parseMediaType(
    contentType ?? ((isBlob(content) ? content.type : undefined) || standard),
  )
  // RFC 2046 section 5.1: the content would have to hold the boundary that its type names.
  if (value.startsWith('multipart/')) throw fault(value, 'it is no multipart')
  if (filename === undefined || !nameInType) return { value, parameters }
  const name: Parameter = { name: 'name', value: filename, encodedWord: true }
  return { value, parameters: [...parameters.filter((parameter) => parameter.name !== 'name'), name] }
}

function placeFields({ contentId }: PartInput, filename: string | undefined, value: string | undefined): string[] {
  const fields: string[] = []
  if (value !== undefined) {
    const parameters = filename === undefined ? [] : [{ name: 'filename', value: filename }]
    fields.push(formatParameterField('Content-Disposition', { value, parameters }))
  }
  if (contentId !== undefined) fields.push(`Content-ID: ${formatContentId(contentId)}`)
  return fields
}

// A LeafNode without its fields, kind by kind.
type Content = LeafNode extends infer One ? (One extends LeafNode ? Omit<One, 'fields'> : never) : never

type Typed = { readonly media: ParameterizedValue & { readonly value: string }; readonly node: Content }

function contentOf({ content, size, opaque }: PartInput, media: Required<ParameterizedValue>): Typed {
  const isText = media.value.startsWith('text/')
  if (media.value.startsWith('message/')) return messageContent(content, media)
  if (opaque) return { media, node: opaqueNode(content, media.value) }
  if (typeof content === 'string') {
    if (isText) return { media: withCharset(media), node: { type: 'text', text: toCrlf(wellFormed(content)) } }
    return { media, node: { type: 'octets', octets: encodeUtf8(content), text: true } }
  }
  if (content instanceof Uint8Array) return { media, node: { type: 'octets', octets: content, text: isText } }
  return { media, node: { type: 'source', source: sourceOf(content, size) } }
}

// RFC 2045 section 6.4: what is a message itself may not be encoded; RFC 6532 section 3.7: message/global may.
function messageContent(content: PartContentInput, media: Required<ParameterizedValue>): Typed {
  const octets = octetsOf(content, media.value)
  if (!hasForeignHeader(octets)) return { media, node: opaqueNode(octets, media.value) }
  const value = media.value === 'message/rfc822' ? 'message/global' : media.value
  return { media: { ...media, value }, node: { type: 'octets', octets, text: true } }
}

function octetsOf(content: PartContentInput, type: string): Uint8Array {
  if (typeof content === 'string') return encodeUtf8(toCrlf(content))
  if (!(content instanceof Uint8Array)) throw fault(type, 'what is not encoded must be in memory')
  return levelOf(content) < 2 ? content : withCrlf(content)
}

function withCrlf(octets: Uint8Array): Uint8Array {
  const out: number[] = []
  for (let index = 0; index < octets.length; index++) {
    const octet = octets[index]!
    const next = octets[index + 1]
    if (octet === 13 || octet === 10) out.push(13, 10)
    else out.push(octet)
    if (octet === 13 && next === 10) index++
  }
  return Uint8Array.from(out)
}

function hasForeignHeader(octets: Uint8Array): boolean {
  for (let index = 0; index < octets.length; index++) {
    if (octets[index]! > 127) return true
    if (octets[index] === 10 && octets[index + 1] === 13) return false
  }
  return false
}

function opaqueNode(content: PartContentInput, type: string): Content {
  if (typeof content !== 'string' && !(content instanceof Uint8Array)) {
    throw fault(type, 'what is not encoded must be in memory')
  }
  const octets = typeof content === 'string' ? encodeUtf8(content) : content
  return { type: 'opaque', octets, level: levelOf(octets) }
}

function withCharset({ value, parameters }: Required<ParameterizedValue>): ParameterizedValue {
  const given = parameters.find(({ name }) => name === 'charset')
  if (!given) return { value, parameters: [{ name: 'charset', value: 'utf-8' }, ...parameters] }
  if (given.value.toLowerCase() === 'utf-8') return { value, parameters }
  throw fault(value, `a text is UTF-8, not "${clip(given.value)}"`)
}

function fault(type: string, why: string): MailError<MimeErrorCode> {
  return new MailError('MIME_BAD_TYPE', `Cannot make a part of type ${clip(type)}: ${why}`, {
    spec: 'rfc2045#section-5',
  })
}
