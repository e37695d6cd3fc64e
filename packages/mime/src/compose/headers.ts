/** Further header fields, each of a kind, so that each is written by the grammar it has. */

import { clip, MailError } from '@posthorn/core'
import { type AddressInput, asciiMailbox, type Mailbox, readMailbox } from '../address/address.ts'
import type { MimeErrorCode } from '../error.ts'
import { formatMailboxField, formatParameterField, formatTextField } from '../header/field.ts'
import { checkForeignId } from '../header/message-id.ts'
import { foldField } from '../syntax/fold.ts'
import type { Parameter } from '../type/parameter.ts'

/** A further field of the header: of text, of addresses, of identifiers, or of a value with parameters. */
export type HeaderInput = TextHeader | AddressHeader | IdHeader | ParameterHeader

/** A field of text. */
export interface TextHeader {
  /** The field name, as `X-Mailer`. */
  readonly name: string
  /** The text as it is meant. */
  readonly value: string
}

/** A field of addresses. */
export interface AddressHeader {
  /** The field name, as `Disposition-Notification-To`. */
  readonly name: string
  /** One or more; U-labels become A-labels, and other addresses must be US-ASCII. */
  readonly addresses: readonly AddressInput[]
}

/** A field of identifiers. */
export interface IdHeader {
  /** The field name, as `Supersedes`. */
  readonly name: string
  /** One or more, in angle brackets. */
  readonly ids: readonly string[]
}

/** A field of a value with parameters. */
export interface ParameterHeader {
  /** The field name, as `Auto-Submitted`. */
  readonly name: string
  /** A token, or two with a slash between. */
  readonly value: string
  /** Its parameters in order; may be none. */
  readonly parameters: readonly Parameter[]
}

// Fields that have a property of their own, or that are not for the writer of a message to set.
const RESERVED =
  /^(?:date|from|sender|reply-to|to|cc|bcc|message-id|in-reply-to|references|subject|mime-version|return-path|received|(?:content|resent)-.*)$/i
const LIST = /^list-(?:id|help|unsubscribe|unsubscribe-post|subscribe|post|owner|archive)$/i
const PART = /^content-(?!type$|transfer-encoding$|disposition$|id$)/i

/**
 * Formats the further fields of a message.
 *
 * @internal
 */
export function formatHeaders(headers: readonly HeaderInput[], hasList: boolean): string[] {
  return headers.map((header) => {
    if (RESERVED.test(header.name) || (hasList && LIST.test(header.name))) throw reserved(header.name)
    return formatHeader(header)
  })
}

/**
 * Formats the further fields of a part.
 *
 * @internal
 */
export function formatPartHeaders(headers: readonly HeaderInput[]): string[] {
  return headers.map((header) => {
    // RFC 2045 section 3: only what begins with "content-" means anything there.
    if (!PART.test(header.name)) throw reserved(header.name)
    return formatHeader(header)
  })
}

function formatHeader(header: HeaderInput): string {
  if ('addresses' in header) return formatMailboxField(header.name, header.addresses.map(asAscii))
  if ('ids' in header) return formatIdField(header.name, header.ids)
  return 'parameters' in header ? formatParameterField(header.name, header) : formatTextField(header.name, header.value)
}

function asAscii(input: AddressInput): Mailbox {
  return asciiMailbox(readMailbox(input))
}

/**
 * Formats a field of identifiers that others made.
 *
 * @internal
 */
export function formatIdField(name: string, ids: readonly string[]): string {
  if (ids.length === 0) throw fault(name, 'it has no identifier')
  const text = ids.map(checkForeignId).join(' ')
  // As text it is checked for its name, and folded; an identifier that looks like an encoded word stays as it is.
  formatTextField(name, '')
  return foldField(`${name}: ${text}`)
}

function reserved(name: string): MailError<MimeErrorCode> {
  return fault(name, 'it is not for the further headers')
}

function fault(name: string, why: string): MailError<MimeErrorCode> {
  return new MailError('MIME_BAD_HEADER', `Cannot set field "${clip(name)}": ${why}`, { spec: 'rfc5322#section-3.6' })
}
