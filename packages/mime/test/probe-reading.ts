/** A message as this package reads it, in the one notation by which readers are compared. */

import { decodeLatin1, encodeLatin1 } from '@posthorn/core'
import {
  type AddressEntry,
  decodeCharset,
  findParameter,
  type ParsedMessage,
  parseMessage,
  readText,
} from '../src/index.ts'

/** What a reader finds in a message; what is asked of it and is not there is `undefined`. */
export interface Reading {
  readonly subject?: string | undefined
  /** `name <address>`, one after the other; what is no address is in braces. */
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly cc?: string | undefined
  readonly text?: string | undefined
  readonly html?: string | undefined
  /** `name: content`, one after the other, an octet a character. */
  readonly files?: string | undefined
}

/** What was read, and what was told beside it. */
export interface Told {
  readonly reading: Reading
  /** Codes, each with the path of its part unless it is the message, and the other reading. */
  readonly told: readonly string[]
}

/** Reads octets that are one character each. */
export function readProbe(input: string): Told {
  const message = parseMessage(encodeLatin1(input))
  return { reading: readingOf(message), told: toldOf(message) }
}

/** Writes what was found in a message. */
export function readingOf(message: ParsedMessage): Reading {
  const { subject, header } = message
  const people = (name: string) =>
    header.value(name) === undefined ? undefined : header.addresses(name).map(formatEntry).join(' ')
  const files = message.attachments.map(({ filename, part }) =>
    fileOf(filename, message.contentOf(part).bytes, part.contentType.type),
  )
  return {
    subject,
    from: people('from'),
    to: people('to'),
    cc: people('cc'),
    text: message.text,
    html: message.html,
    files: files.join(' ') || undefined,
  }
}

/** Writes a file; of a message within, only that it is there, since readers give it in several forms. */
export function fileOf(name: string | null | undefined, content: Uint8Array, type: string): string {
  return `${name ?? ''}: ${type === 'message' ? '(message)' : decodeLatin1(content)}`
}

function formatEntry(entry: AddressEntry): string {
  if (entry.type === 'group') return `${entry.name}: ${entry.members.map(formatEntry).join(' ')};`
  const name = entry.name === undefined ? '' : `${entry.name} `
  return entry.type === 'text' ? `${name}{${entry.text}}` : `${name}<${entry.address}>`
}

function toldOf(message: ParsedMessage): string[] {
  const told = message.defects.map(({ code, part, other }) => written(code, part, other))
  for (const { code, other } of readText(message.header.value('subject') ?? '').defects)
    told.push(written(code, '1', other))
  const visit = (part: ParsedMessage['root']): void => {
    for (const one of part.parts) visit(one)
    if (part.parts.length > 0) return
    const { bytes, anomalies } = message.contentOf(part)
    for (const { code } of anomalies) told.push(written(code, part.path))
    if (part.contentType.type !== 'text') return
    const { defects } = decodeCharset(bytes, findParameter(part.contentType.parameters, 'charset') ?? 'us-ascii')
    for (const { code } of defects) told.push(written(code, part.path))
  }
  visit(message.root)
  return told
}

function written(code: string, part: string, other?: string): string {
  return `${code}${part === '1' ? '' : ` ${part}`}${other === undefined ? '' : ` (${other})`}`
}
