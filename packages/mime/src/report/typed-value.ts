/** Values of which a word says what they are: `rfc822; ada@example.org`, `dns; mx.example.org`. RFC 3464 section 2.1.2. */

import { ATEXT, clip, encodeAddressXtext, findControl, isAscii, isDomain, MailError } from '@posthorn/core'
import type { MimeErrorCode } from '../error.ts'
import { withoutComments } from '../syntax/comment.ts'
import type { ReportDefectCode } from './defect.ts'
import { decodeUnitext, encodeUnitext } from './unitext.ts'

/** An address of any mail system. */
export interface TypedAddress {
  /** What it is, in lower case: `rfc822`, `utf-8` for one that is not US-ASCII (RFC 6533), or another, as `x400`. */
  readonly type: string
  /** The address, its escapes undone where it is `utf-8`. */
  readonly address: string
}

/** The name of a mail server. */
export interface MtaName {
  /** What it is, in lower case: `dns` for a domain, or another, as `x400`. */
  readonly type: string
  /** The name. */
  readonly name: string
}

/** @internal */
export type Doubt = (code: ReportDefectCode, other?: string) => void

interface Typed {
  readonly type: string
  readonly value: string
}

// address-type = atom ; mta-name-type = atom ; diagnostic-type = atom
const TYPE = /* @__PURE__ */ (() => new RegExp(`^[${ATEXT}]+$`))()

/**
 * Gives an address with the type that it needs in a report.
 *
 * @param address The `addr-spec`, as `ada@example.org`.
 * @returns It as `rfc822` where it is US-ASCII, else as `utf-8`.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6533#section-3 | RFC 6533 section 3}
 * @example
 * typedAddress('ada@example.org') // { type: 'rfc822', address: 'ada@example.org' }
 * typedAddress('δοκιμή@example.org').type // 'utf-8'
 */
export function typedAddress(address: string): TypedAddress {
  return { type: isAscii(address) ? 'rfc822' : 'utf-8', address }
}

/**
 * Cuts a value behind its type.
 *
 * @internal
 */
export function cutType(text: string): Typed | undefined {
  const semicolon = text.indexOf(';')
  const type = semicolon < 0 ? '' : withoutComments(text.slice(0, semicolon)).toLowerCase()
  return TYPE.test(type) ? { type, value: text.slice(semicolon + 1).trim() } : undefined
}

/** @internal */
export function readTypedAddress(text: string, doubt: Doubt): TypedAddress {
  const typed = cutType(text)
  if (!typed) doubt('missing-type')
  const written = unbracketed(withoutComments(typed?.value ?? text), doubt)
  if (written === '') doubt('bad-address')
  if (!typed) return written.includes('@') ? typedAddress(written) : { type: 'unknown', address: written }
  if (typed.type !== 'utf-8') return { type: typed.type, address: written }
  const decoded = decodeUnitext(written)
  if (decoded.isBad) doubt('bad-escape')
  return { type: 'utf-8', address: decoded.text }
}

function unbracketed(text: string, doubt: Doubt): string {
  if (!/^<.*>$/s.test(text)) return text
  doubt('bracketed-address')
  return text.slice(1, -1).trim()
}

/** @internal */
export function readMtaName(text: string, doubt: Doubt): MtaName {
  const typed = cutType(text)
  const name = withoutComments(typed?.value ?? text)
  if (name === '') doubt('bad-value')
  if (typed) return { type: typed.type, name }
  doubt('missing-type')
  return { type: isDomain(name) ? 'dns' : 'unknown', name }
}

/** @internal */
export function formatTypedAddress({ type, address }: TypedAddress, utf8: boolean): string {
  checkType(type)
  checkValue(address)
  if (type.toLowerCase() === 'utf-8') return `utf-8; ${utf8 ? encodeUnitext(address) : encodeAddressXtext(address)}`
  // RFC 6533 section 4.1: only the type utf-8 has other than US-ASCII.
  if (!isAscii(address))
    throw badValue(address, 'an address that is not US-ASCII is of type utf-8', 'rfc6533#section-4.1')
  if (/^<.*>$/.test(address)) throw badValue(address, 'an address has no angle brackets')
  return `${type}; ${address}`
}

/** @internal */
export function formatMtaName({ type, name }: MtaName): string {
  checkType(type)
  checkValue(name)
  return `${type}; ${name}`
}

/** @internal */
export function checkType(type: string): void {
  if (!TYPE.test(type)) throw badValue(type, 'its type is no atom')
}

// What would not be read again as it is.
function checkValue(value: string): void {
  if (value === '' || findControl(value) >= 0) throw badValue(value, 'it is empty, or has a control character')
  if (withoutComments(value) !== value) throw badValue(value, 'it has a comment, or blanks at its ends')
}

/** @internal */
export function badValue(value: string, why: string, spec = 'rfc3464#section-2.1.2'): MailError<MimeErrorCode> {
  return new MailError('MIME_BAD_REPORT', `Cannot write "${clip(value)}" in a report: ${why}`, { spec })
}
