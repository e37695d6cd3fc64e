/** A slow, obvious reader of composed messages, which shares no code with the writer but the codecs of core. */

import { decodeBase64, decodeLatin1, decodeQuotedPrintable, decodeUtf8, encodeUtf8 } from '@posthorn/core'

/** A part as it was read. */
export interface ReadPart {
  /** Unfolded, in order. */
  readonly fields: readonly { readonly name: string; readonly value: string }[]
  readonly type: string
  readonly parameters: Readonly<Record<string, string>>
  readonly disposition: { readonly value: string; readonly parameters: Readonly<Record<string, string>> }
  /** The content without its transfer encoding; empty for a multipart. */
  readonly bytes: Uint8Array
  readonly parts: readonly ReadPart[]
}

/** Reads octets that are one character each. */
export function readPart(wire: string): ReadPart {
  const end = wire.startsWith('\r\n') ? 0 : wire.indexOf('\r\n\r\n') + 2
  const fields = fieldsOf(wire.slice(0, end))
  const body = wire.slice(end + 2)
  const content = readParameters(fieldValue(fields, 'content-type') ?? 'text/plain')
  const disposition = readParameters(fieldValue(fields, 'content-disposition') ?? '')
  const isMultipart = content.value.startsWith('multipart/')
  return {
    fields,
    type: content.value,
    parameters: content.parameters,
    disposition,
    bytes: isMultipart
      ? new Uint8Array(0)
      : decodeContent(body, fieldValue(fields, 'content-transfer-encoding') ?? '7bit'),
    parts: isMultipart ? cut(body, content.parameters['boundary'] ?? '').map(readPart) : [],
  }
}

/** Reads the octets of a message. */
export function readMessage(bytes: Uint8Array): ReadPart {
  return readPart(decodeLatin1(bytes))
}

/** Gives the value of the first field of this name. */
export function fieldValue(fields: ReadPart['fields'], name: string): string | undefined {
  return fields.find((field) => field.name.toLowerCase() === name)?.value
}

/** Writes the structure as `mixed(plain png)`. */
export function outline(part: ReadPart): string {
  const subtype = part.type.split('/')[1] ?? ''
  return part.parts.length > 0 ? `${subtype}(${part.parts.map(outline).join(' ')})` : subtype
}

/** Gives a part's content as UTF-8. */
export function textOf(part: ReadPart | undefined): string {
  return decodeUtf8(part?.bytes ?? new Uint8Array(0))
}

function fieldsOf(header: string): ReadPart['fields'] {
  const lines = header.replace(/\r\n(?=[ \t])/g, '').split('\r\n')
  return lines.slice(0, -1).map((line) => {
    const colon = line.indexOf(':')
    return { name: line.slice(0, colon), value: line.slice(colon + 1).replace(/^ /, '') }
  })
}

function cut(body: string, boundary: string): string[] {
  const pieces = `\r\n${body}`.split(`\r\n--${boundary}`)
  const last = pieces.pop()
  if (last !== '--' && last !== '--\r\n') throw new Error('The multipart does not end')
  return pieces.slice(1).map((piece) => piece.slice(2))
}

function decodeContent(body: string, encoding: string): Uint8Array {
  const bytes = Uint8Array.from(body, (character) => character.charCodeAt(0))
  if (encoding === 'base64') return decodeBase64(body, { whitespace: true })
  return encoding === 'quoted-printable' ? decodeQuotedPrintable(bytes) : bytes
}

/** Reads a value with parameters, by RFC 2045 section 5.1 and RFC 2231. */
export function readParameters(text: string): ReadPart['disposition'] {
  const raw = [...text.matchAll(/;\s*([^=;\s]+)=("(?:[^"\\]|\\.)*"|[^;]*)/g)].map(([, name, value]) => {
    const quoted = value?.startsWith('"') ? value.slice(1, -1).replace(/\\(.)/g, '$1') : value
    return { name: name ?? '', value: quoted ?? '' }
  })
  const parameters: Record<string, string> = {}
  for (const name of new Set(raw.map((one) => one.name.split('*')[0] ?? ''))) {
    const sections = raw.filter((one) => one.name.split('*')[0] === name)
    parameters[name] = joinSections(sections.sort((a, b) => sectionOf(a.name) - sectionOf(b.name)))
  }
  return { value: text.split(';')[0]?.trim() ?? '', parameters }
}

function sectionOf(name: string): number {
  return Number(/\*(\d+)/.exec(name)?.[1] ?? 0)
}

function joinSections(sections: readonly { readonly name: string; readonly value: string }[]): string {
  const charset = sections[0]?.name.endsWith('*') ? (/^([^']*)'[^']*'/.exec(sections[0].value)?.[0] ?? '') : ''
  const octets = sections.map(({ name, value }, index) => {
    const text = index === 0 ? value.slice(charset.length) : value
    return name.endsWith('*') ? text.replace(/%(..)/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16))) : text
  })
  const joined = Uint8Array.from(octets.join(''), (character) => character.charCodeAt(0))
  return charset.startsWith('utf-8') || charset.startsWith('us-ascii') ? decodeUtf8(joined) : decodeLatin1(joined)
}

/** The octets of text, one character each, as the reader takes them. */
export function wireOf(text: string): string {
  return decodeLatin1(encodeUtf8(text))
}
