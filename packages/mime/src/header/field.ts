/**
 * Header fields from values, one formatter for each kind: text (RFC 5322 section 2.2.1), addresses (section 3.4) and a
 * value with parameters (RFC 2045 section 5.1). Nothing preformatted is taken, so that no value can leave its field.
 */

import { clip, MailError } from '@posthorn/core'
import { type Address, type FormatAddressOptions, formatMailbox, type Mailbox, writeGroup } from '../address/address.ts'
import { type AddressGroup, formatAddressList } from '../address/group.ts'
import type { MimeErrorCode } from '../error.ts'
import { fitsLine, foldLines, joinLines, tokensOf } from '../syntax/fold.ts'
import { isPlain, wordsOf } from '../text/encoded-word.ts'
import { formatParameter, type ParameterizedValue } from '../type/parameter.ts'

const SHORT_LINE = 76
// field-name = 1*ftext ; ftext = %d33-57 / %d59-126         ; RFC 5322 section 2.2, here with its colon on one line
const FIELD_NAME = /^[!-9;-~]{1,76}$/
// Fields whose grammar is known, and holds no encoded words where text would put them.
const STRUCTURED = /^(?:list|disposition|auto|authentication|dkim|arc)-/i
const VALUE = /^[!#$%&'*+\-.^_`{|}~0-9A-Za-z]+(?:\/[!#$%&'*+\-.^_`{|}~0-9A-Za-z]+)?$/

/**
 * Formats a field of text, such as Subject: as it is, or in encoded words where it needs them.
 *
 * @param name The field name.
 * @param value The text as it is meant.
 * @returns The field, folded; no CRLF follows it.
 * @throws {MailError} `MIME_BAD_HEADER` for a name that is none, a control character, or a text that needs encoded
 * words in a field that has no place for them, such as List-Unsubscribe.
 * @see {@link https://www.rfc-editor.org/rfc/rfc5322#section-2.2.1 | RFC 5322 section 2.2.1}
 * @example
 * formatTextField('Subject', 'Grüße') // 'Subject: =?utf-8?B?R3LDvMOfZQ==?='
 * formatTextField('Subject', 'a\r\nBcc: b@example.org') // throws MIME_BAD_HEADER
 */
export function formatTextField(name: string, value: string): string {
  checkName(name)
  if (value === '') return `${name}:`
  if (isPlain(value)) {
    const lines = foldLines(tokensOf(`${name}: ${value}`))
    if (lines.every(fitsLine)) return joinLines(lines)
  }
  if (STRUCTURED.test(name)) throw fault(name, 'it takes printable US-ASCII alone')
  const words = wordsOf(value, { column: name.length + 2 })
  return joinLines(foldLines(tokensOf(`${name}: ${words}`)))
}

/**
 * Formats a field of addresses and groups, such as To.
 *
 * @param name The field name.
 * @param addresses One or more.
 * @param options Whether addresses may be other than US-ASCII.
 * @returns The field, folded; no CRLF follows it.
 * @throws {MailError} `MIME_BAD_HEADER` for a name that is none or no address; `MIME_BAD_ADDRESS` and
 * `MIME_NEEDS_SMTPUTF8` as {@link formatAddress}.
 * @see {@link https://www.rfc-editor.org/rfc/rfc5322#section-3.6.3 | RFC 5322 section 3.6.3}
 * @example
 * formatAddressField('To', [{ name: 'Ada', address: 'ada@example.org' }, { address: 'b@example.net' }])
 * // 'To: Ada <ada@example.org>, b@example.net'
 * formatAddressField('To', [{ name: 'Undisclosed recipients', members: [] }]) // 'To: Undisclosed recipients:;'
 */
export function formatAddressField(
  name: string,
  addresses: readonly (Address | AddressGroup)[],
  options: FormatAddressOptions = {},
): string {
  checkName(name)
  if (addresses.length === 0) throw fault(name, 'it has no address')
  const text = formatAddressList(addresses, { ...options, column: name.length + 2 })
  return joinLines(foldLines(tokensOf(`${name}: ${text}`)))
}

/**
 * A group of mailboxes that were read.
 *
 * @internal
 */
export interface MailboxGroup {
  readonly name: string
  readonly members: readonly Mailbox[]
}

/**
 * Formats a field of mailboxes of any characters, and groups of them.
 *
 * @internal
 */
export function formatMailboxField(name: string, entries: readonly (Mailbox | MailboxGroup)[]): string {
  checkName(name)
  if (entries.length === 0) throw fault(name, 'it has no address')
  const written = entries.map((entry, index) => {
    const column = index === 0 ? name.length + 2 : 1
    return 'members' in entry ? formatGroup(entry, column) : formatMailbox(entry, column)
  })
  return joinLines(foldLines(tokensOf(`${name}: ${written.join(', ')}`)))
}

function formatGroup({ name, members }: MailboxGroup, column: number): string {
  const written = members.map((mailbox) => formatMailbox(mailbox))
  return writeGroup({ name, members: written }, column)
}

/**
 * Formats a field of one value with parameters, such as Content-Type; it is folded between parameters only.
 *
 * @param name The field name.
 * @param content The value and its parameters.
 * @returns The field, folded; no CRLF follows it.
 * @throws {MailError} `MIME_BAD_HEADER` for a name or a value that is none; `MIME_BAD_PARAMETER` as
 * {@link formatParameter}.
 * @see {@link https://www.rfc-editor.org/rfc/rfc2045#section-5.1 | RFC 2045 section 5.1}
 * @example
 * formatParameterField('Content-Type', { value: 'text/html', parameters: [{ name: 'charset', value: 'utf-8' }] })
 * // 'Content-Type: text/html; charset=utf-8'
 */
export function formatParameterField(name: string, content: ParameterizedValue): string {
  checkName(name)
  if (!VALUE.test(content.value)) throw fault(name, 'its value is no token')
  const units = [content.value, ...(content.parameters ?? []).flatMap((parameter) => formatParameter(parameter))]
  const line = `${name}: ${units.join('; ')}`
  if (line.length <= SHORT_LINE) return joinLines([line])
  const tokens = units.map((unit, index) => ` ${unit}${index < units.length - 1 ? ';' : ''}`)
  // Between encoded words a blank is not part of the value, so that only there a break may stand inside quotes.
  const cut = tokens.flatMap((token) => (token.includes('=?') ? tokensOf(token) : token))
  return joinLines(foldLines([`${name}:`, ...cut]))
}

function checkName(name: string): void {
  if (!FIELD_NAME.test(name)) throw fault(name, 'its name is none')
}

function fault(name: string, why: string): MailError<MimeErrorCode> {
  return new MailError('MIME_BAD_HEADER', `Cannot format field "${clip(name)}": ${why}`, {
    spec: 'rfc5322#section-2.2',
  })
}
