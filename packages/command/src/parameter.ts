/**
 * The parameters of MAIL and RCPT: SIZE (RFC 1870), BODY (RFC 6152, 3030), SMTPUTF8 (RFC 6531), AUTH (RFC 4954),
 * RET, ENVID, NOTIFY and ORCPT (RFC 3461). Others are kept as they stand: RFC 5321 section 4.1.2, `esmtp-param`.
 */

import { clip, isAscii, MailError } from '@posthorn/core'
import type { CommandErrorCode } from './error.ts'
import { KEYWORD, toUpperAscii, UTF8_NON_ASCII } from './grammar.ts'
import { formatMailbox, parseMailbox, type ReversePath } from './path.ts'
import { decodeXtext, encodeXtext } from './xtext.ts'

/** A parameter that this package has no type for. */
export interface OtherParameter {
  /** Its keyword; letter case does not matter. */
  readonly keyword: string
  /** Its value, absent where the keyword stands alone. */
  readonly value?: string
}

/** The parameters of MAIL. */
export interface MailParameters {
  /** The size of the message in octets, as it is before dot-stuffing (RFC 1870 section 5). */
  readonly size?: number
  /** What the body may hold (RFC 6152 section 2, RFC 3030 section 3). */
  readonly body?: '7BIT' | '8BITMIME' | 'BINARYMIME'
  /** Whether addresses or header are UTF-8 (RFC 6531 section 3.4). */
  readonly smtpUtf8?: boolean
  /** What a report of failure returns (RFC 3461 section 4.3). */
  readonly ret?: 'FULL' | 'HDRS'
  /** An identifier that comes back in reports, decoded: printable US-ASCII (RFC 3461 section 4.4). */
  readonly envid?: string
  /** Who submitted the message; `null` says that it is not known (RFC 4954 section 5). */
  readonly auth?: ReversePath
  /** All others, in order. */
  readonly others?: readonly OtherParameter[]
}

/** When to report on a recipient (RFC 3461 section 4.1). */
export type Notify = 'SUCCESS' | 'FAILURE' | 'DELAY'

/** The parameters of RCPT. */
export interface RcptParameters {
  /** When to report; the empty list is `NEVER` (RFC 3461 section 4.1). */
  readonly notify?: readonly Notify[]
  /** The original recipient, decoded (RFC 3461 section 4.2). */
  readonly orcpt?: {
    /** The kind of address, as `rfc822`. */
    readonly type: string
    /** The address, decoded: printable US-ASCII, in the form that its kind has for what is not. */
    readonly address: string
  }
  /** All others, in order. */
  readonly others?: readonly OtherParameter[]
}

// esmtp-value = 1*(%d33-60 / %d62-126)             ; UTF-8 too (RFC 6531 section 3.3)
const VALUE: RegExp = new RegExp(`^[!-<>-~${UTF8_NON_ASCII}]+$`, 'u')

function refuse(text: string, spec = 'rfc5321#section-4.1.1.11'): never {
  throw new MailError<CommandErrorCode>('COMMAND_BAD_PARAMETER', `Cannot take parameter "${clip(text)}"`, { spec })
}

function formatOthers(others: readonly OtherParameter[] | undefined): string[] {
  return (others ?? []).map(({ keyword, value }) => {
    if (!KEYWORD.test(keyword)) refuse(keyword)
    return value === undefined ? keyword : `${keyword}=${value}`
  })
}

/** @internal */
export function formatMailParameters(parameters: MailParameters): string[] {
  const { size, body, smtpUtf8, ret, envid, auth, others } = parameters
  const words: string[] = []
  if (size !== undefined) words.push(`SIZE=${size}`)
  if (body !== undefined) words.push(`BODY=${body}`)
  if (smtpUtf8) words.push('SMTPUTF8')
  if (ret !== undefined) words.push(`RET=${ret}`)
  if (envid !== undefined) words.push(`ENVID=${encodeXtext(envid)}`)
  if (auth !== undefined) words.push(`AUTH=${auth === null ? '<>' : encodeXtext(formatMailbox(auth))}`)
  words.push(...formatOthers(others))
  // What would not be taken must not be sent: one check for both ways.
  parseMailParameters(words)
  return words
}

/** @internal */
export function formatRcptParameters(parameters: RcptParameters): string[] {
  const { notify, orcpt, others } = parameters
  const words: string[] = []
  if (notify) words.push(`NOTIFY=${notify.length === 0 ? 'NEVER' : notify.join(',')}`)
  if (orcpt) {
    if (!KEYWORD.test(orcpt.type)) refuse(`ORCPT=${orcpt.type}`, 'rfc3461#section-4.2')
    words.push(`ORCPT=${orcpt.type};${encodeXtext(orcpt.address)}`)
  }
  words.push(...formatOthers(others))
  parseRcptParameters(words)
  return words
}

interface Word {
  readonly keyword: string
  readonly value: string | undefined
  readonly text: string
}

function splitWords(words: readonly string[]): Word[] {
  const seen = new Set<string>()
  return words.map((text) => {
    const equals = text.indexOf('=')
    const keyword = equals < 0 ? text : text.slice(0, equals)
    const value = equals < 0 ? undefined : text.slice(equals + 1)
    const upper = toUpperAscii(keyword)
    if (!KEYWORD.test(keyword) || (value !== undefined && !VALUE.test(value)) || seen.has(upper)) refuse(text)
    seen.add(upper)
    return { keyword, value, text }
  })
}

function otherOf(word: Word): OtherParameter {
  return word.value === undefined ? { keyword: word.keyword } : { keyword: word.keyword, value: word.value }
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** @internal */
export function parseMailParameters(words: readonly string[]): MailParameters {
  const parameters: Mutable<MailParameters> = {}
  const others: OtherParameter[] = []
  for (const word of splitWords(words)) {
    const value = word.value ?? ''
    const keyword = toUpperAscii(word.keyword)
    if (keyword === 'SIZE') parameters.size = parseSize(value)
    else if (keyword === 'BODY') parameters.body = parseBody(value)
    else if (keyword === 'RET') parameters.ret = parseRet(value)
    else if (keyword === 'ENVID') parameters.envid = parseEnvid(value)
    else if (keyword === 'AUTH') parameters.auth = parseSubmitter(value)
    else if (keyword === 'SMTPUTF8') parameters.smtpUtf8 = word.value === undefined || refuse(word.text)
    else others.push(otherOf(word))
  }
  return others.length > 0 ? { ...parameters, others } : parameters
}

/** @internal */
export function parseRcptParameters(words: readonly string[]): RcptParameters {
  const parameters: Mutable<RcptParameters> = {}
  const others: OtherParameter[] = []
  for (const word of splitWords(words)) {
    const value = word.value ?? ''
    const keyword = toUpperAscii(word.keyword)
    if (keyword === 'NOTIFY') parameters.notify = parseNotify(value)
    else if (keyword === 'ORCPT') parameters.orcpt = parseOrcpt(value)
    else others.push(otherOf(word))
  }
  return others.length > 0 ? { ...parameters, others } : parameters
}

// size-value = 1*20DIGIT                           ; RFC 1870 section 4
function parseSize(value: string): number {
  const size = /^\d{1,20}$/.test(value) ? Number(value) : Number.NaN
  return Number.isSafeInteger(size) ? size : refuse(`SIZE=${value}`, 'rfc1870#section-4')
}

// RFC 3461 section 4.4: xtext of at most 100 characters that stands for printable US-ASCII.
function parseEnvid(value: string): string {
  const envid = decodeXtext(value)
  if (value === '' || value.length > 100 || !isAscii(envid)) refuse(`ENVID=${value}`, 'rfc3461#section-4.4')
  return envid
}

// RFC 4954 section 5: the mailbox, or "<>", is in xtext.
function parseSubmitter(value: string): ReversePath {
  const text = decodeXtext(value)
  return text === '<>' ? null : parseMailbox(text)
}

function parseBody(value: string): NonNullable<MailParameters['body']> {
  const body = toUpperAscii(value)
  if (body === '7BIT' || body === '8BITMIME' || body === 'BINARYMIME') return body
  return refuse(`BODY=${value}`, 'rfc6152#section-2')
}

function parseRet(value: string): NonNullable<MailParameters['ret']> {
  const ret = toUpperAscii(value)
  if (ret === 'FULL' || ret === 'HDRS') return ret
  return refuse(`RET=${value}`, 'rfc3461#section-4.3')
}

// notify-esmtp-value = "NEVER" / 1#notify-list-element
function parseNotify(value: string): Notify[] {
  const words = toUpperAscii(value).split(',')
  if (words.length === 1 && words[0] === 'NEVER') return []
  return words.map((word) => {
    if (word === 'SUCCESS' || word === 'FAILURE' || word === 'DELAY') return word
    return refuse(`NOTIFY=${value}`, 'rfc3461#section-4.1')
  })
}

// original-recipient-address = addr-type ";" xtext
function parseOrcpt(value: string): NonNullable<RcptParameters['orcpt']> {
  const semicolon = value.indexOf(';')
  const type = value.slice(0, Math.max(semicolon, 0))
  const address = decodeXtext(value.slice(semicolon + 1))
  // RFC 3461 section 4.2: what is not US-ASCII has an address type of its own, which encodes it in US-ASCII.
  if (!KEYWORD.test(type) || !isAscii(address)) refuse(`ORCPT=${value}`, 'rfc3461#section-4.2')
  return { type, address }
}
