/**
 * Addresses of header fields: the `mailbox` of RFC 5322 section 3.4, with the characters of RFC 6532 section 3.2, as a
 * person writes one in code. Groups are in `group.ts`; what received mail has beyond that is for `address-list.ts`.
 */

import { ATEXT, clip, findControl, isAscii, isDomain, MailError } from '@posthorn/core'
import type { MimeErrorCode } from '../error.ts'
import { fitsOctets } from '../syntax/fold.ts'
import { quote } from '../syntax/quoted-string.ts'
import { isPlain, wordsOf } from '../text/encoded-word.ts'
import { wellFormed } from '../text/well-formed.ts'
import { toAsciiDomain } from './idn.ts'

/** A person or a role, with where mail for them goes. */
export interface Address {
  /** The display name as it is meant, neither quoted nor encoded; a lone surrogate becomes U+FFFD. */
  readonly name?: string
  /** The `addr-spec`, as `ada@example.org`, or with a quoted local part as `"ada l"@example.org`. */
  readonly address: string
}

/** What stands for one address: the text that {@link parseAddress} takes, or its value. */
export type AddressInput = string | Address

/** How {@link formatAddress} writes. */
export interface FormatAddressOptions {
  /**
   * Writes addresses as UTF-8, for a server that offers SMTPUTF8; default `false`: U-labels are then written as A-labels,
   * which only a local part of US-ASCII allows.
   */
  readonly smtpUtf8?: boolean
}

/**
 * An address in its parts, so that nobody looks for the `@` twice.
 *
 * @internal
 */
export interface Mailbox {
  readonly name: string
  /** Without quotes and escapes. */
  readonly localPart: string
  readonly domain: string
  /** Both parts as they are written, quoted only where needed. */
  readonly address: string
}

// RFC 5321 section 4.5.3.1.3: a path of 256 octets, its brackets counted.
const MAX_ADDRESS = 254
// A longer name is encoded, since words can be folded anywhere.
const MAX_QUOTED = 200
const UTF8 = '\\u00a0-\\u{10ffff}'
// dot-atom-text = 1*atext *("." 1*atext)
const DOT_ATOM = /* @__PURE__ */ (() => `[${ATEXT}${UTF8}]+(?:\\.[${ATEXT}${UTF8}]+)*`)()
// quoted-string = DQUOTE *(qtext / blank / quoted-pair) DQUOTE
const QUOTED_STRING = /* @__PURE__ */ (() => `"(?:[ !#-\\[\\]-~${UTF8}]|\\\\[ -~])*"`)()
const LOCAL_PART = /* @__PURE__ */ (() => new RegExp(`^(?:${DOT_ATOM}|${QUOTED_STRING})(?=@)`, 'u'))()
const BARE_LOCAL_PART = /* @__PURE__ */ (() => new RegExp(`^${DOT_ATOM}$`, 'u'))()
// domain-literal = "[" *dtext "]", of which RFC 5321 section 4.1.3 leaves IPv4 addresses and what begins with a tag
const OCTET = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)'
const LITERAL = /* @__PURE__ */ (() =>
  new RegExp(`^\\[(?:${OCTET}(?:\\.${OCTET}){3}|[A-Za-z0-9-]*[A-Za-z0-9]:[!-Z^-~]+)\\]$`))()
// word = atom / quoted-string; an atom may have dots (obs-phrase), and an "@", as the brackets say what the address is.
const NAME_WORD = /* @__PURE__ */ (() => new RegExp(` *(?:"((?:[^"\\\\]|\\\\.)*)"|([${ATEXT}.@${UTF8}]+)) *`, 'uy'))()
const ATOMS = /* @__PURE__ */ (() => new RegExp(`^[${ATEXT}]+(?: [${ATEXT}]+)*$`))()

/**
 * Parses one `mailbox`: `ada@example.org`, `Ada <ada@example.org>` or `"Lovelace, Ada" <ada@example.org>`.
 *
 * @param text The mailbox; several are an array for those who take it, never one text.
 * @returns The name as it is meant, absent when there is none, and the address, quoted only where it needs quotes.
 * @throws {MailError} `MIME_BAD_ADDRESS` when it is anything else.
 * @see {@link https://www.rfc-editor.org/rfc/rfc5322#section-3.4 | RFC 5322 section 3.4}
 * @example
 * parseAddress('"Lovelace, Ada" <ada@example.org>') // { name: 'Lovelace, Ada', address: 'ada@example.org' }
 * parseAddress('Lovelace, Ada <ada@example.org>') // throws MIME_BAD_ADDRESS
 */
export function parseAddress(text: string): Address {
  const { name, address } = readMailbox(text)
  return name === '' ? { address } : { name, address }
}

/**
 * Formats one `mailbox`, its name bare, quoted or in encoded words as it needs; the inverse of {@link parseAddress}
 * but for encoded words.
 *
 * @param address The name and the address.
 * @param options Whether the address may be other than US-ASCII.
 * @returns The address, in angle brackets after the name if there is one.
 * @throws {MailError} `MIME_BAD_ADDRESS` when the address is none, or the name has a control character;
 * `MIME_NEEDS_SMTPUTF8` when the address has no form in US-ASCII and the option does not allow another.
 * @see {@link https://www.rfc-editor.org/rfc/rfc5322#section-3.4 | RFC 5322 section 3.4}
 * @example
 * formatAddress({ name: 'Lovelace, Ada', address: 'ada@example.org' }) // '"Lovelace, Ada" <ada@example.org>'
 * formatAddress({ name: 'Anaïs Nin', address: 'an@example.fr' }) // '=?utf-8?Q?Ana=C3=AFs_Nin?= <an@example.fr>'
 */
export function formatAddress(address: Address, options: FormatAddressOptions = {}): string {
  const mailbox = readMailbox(address)
  return formatMailbox(options.smtpUtf8 ? mailbox : asciiMailbox(mailbox))
}

/** @internal */
export function readMailbox(input: AddressInput): Mailbox {
  if (typeof input === 'string') return parseMailbox(checked(input).trim())
  return readAddrSpec(checked(input.address), checked(wellFormed(input.name ?? '')))
}

function checked(text: string): string {
  if (findControl(text) >= 0) throw badAddress(text, 'it has a control character')
  return text
}

function parseMailbox(text: string): Mailbox {
  const words: string[] = []
  let end = 0
  for (let match = matchAt(0, text); match; match = matchAt(end, text)) {
    words.push(match[2] ?? match[1]!.replace(/\\(.)/gu, '$1'))
    end = NAME_WORD.lastIndex
  }
  if (text[end] !== '<') return readAddrSpec(text, '')
  if (!text.endsWith('>')) throw badAddress(text, 'it does not end with the address')
  return readAddrSpec(text.slice(end + 1, -1), words.join(' '))
}

function matchAt(index: number, text: string): RegExpExecArray | null {
  NAME_WORD.lastIndex = index
  return NAME_WORD.exec(text)
}

// addr-spec = local-part "@" domain
function readAddrSpec(text: string, name: string): Mailbox {
  const local = LOCAL_PART.exec(text)?.[0]
  if (local === undefined) throw badAddress(text, 'it is no mailbox')
  const domain = text.slice(local.length + 1)
  if (!isDomain(domain, { unicode: true }) && !isAddressLiteral(domain)) throw badAddress(text, 'its domain is none')
  const localPart = local.startsWith('"') ? local.slice(1, -1).replace(/\\(.)/g, '$1') : local
  const address = `${writeLocalPart(localPart)}@${domain}`
  if (!fitsOctets(address, MAX_ADDRESS)) throw badAddress(text, `it has over ${MAX_ADDRESS} octets`)
  return { name, localPart, domain, address }
}

/**
 * Writes a local part, in quotes where it needs them.
 *
 * @internal
 */
export function writeLocalPart(localPart: string): string {
  return BARE_LOCAL_PART.test(localPart) ? localPart : quote(localPart)
}

/** @internal */
export function isAddressLiteral(domain: string): boolean {
  return LITERAL.test(domain)
}

/**
 * Formats a mailbox of any characters, its name in encoded words that begin at a column.
 *
 * @internal
 */
export function formatMailbox({ name, address }: Mailbox, column = 1): string {
  return name === '' ? address : `${formatPhrase(name, column)} <${address}>`
}

/**
 * Gives a mailbox whose address is US-ASCII: as it is, or with its domain in A-labels.
 *
 * @internal
 */
export function asciiMailbox(mailbox: Mailbox): Mailbox {
  const { name, localPart, address } = mailbox
  if (isAscii(address)) return mailbox
  const domain = isAscii(localPart) ? toAsciiDomain(mailbox.domain) : undefined
  if (domain !== undefined) return { name, localPart, domain, address: `${writeLocalPart(localPart)}@${domain}` }
  throw new MailError<MimeErrorCode>(
    'MIME_NEEDS_SMTPUTF8',
    `Cannot write address "${clip(address)}" in US-ASCII; the option smtpUtf8 allows UTF-8`,
    { spec: 'rfc6532#section-3.2' },
  )
}

/** @internal */
export function formatPhrase(name: string, column: number): string {
  if (!isPlain(name) || name.length > MAX_QUOTED) return wordsOf(name, { phrase: true, column })
  return ATOMS.test(name) ? name : quote(name)
}

interface WrittenGroup {
  readonly name: string
  readonly members: readonly string[]
}

/**
 * Writes a group of mailboxes that are written.
 *
 * @internal
 */
export function writeGroup({ name, members }: WrittenGroup, column: number): string {
  const phrase = formatPhrase(name, column)
  // RFC 2047 section 5: a blank parts an encoded word from a special too.
  return `${phrase}${phrase.endsWith('?=') ? ' ' : ''}:${members.length > 0 ? ' ' : ''}${members.join(', ')};`
}

function badAddress(text: string, why: string): MailError<MimeErrorCode> {
  return new MailError('MIME_BAD_ADDRESS', `Cannot take address "${clip(text)}": ${why}`, {
    spec: 'rfc5322#section-3.4',
  })
}
