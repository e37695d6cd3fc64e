/**
 * The parameters of MAIL and RCPT: SIZE (RFC 1870), BODY (RFC 6152, 3030), SMTPUTF8 (RFC 6531), AUTH (RFC 4954),
 * RET, ENVID, NOTIFY and ORCPT (RFC 3461). Others are kept as they stand: RFC 5321 section 4.1.2, `esmtp-param`.
 */

import { clip, MailError } from '@posthorn/core'
import type { CommandErrorCode } from './error.ts'
import { formatPath, parseMailbox, type ReversePath } from './path.ts'
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
  /** An identifier that comes back in reports, decoded (RFC 3461 section 4.4). */
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
    /** The address, decoded. */
    readonly address: string
  }
  /** All others, in order. */
  readonly others?: readonly OtherParameter[]
}

// esmtp-keyword = (ALPHA / DIGIT) *(ALPHA / DIGIT / "-")
const KEYWORD = /^[A-Za-z0-9][A-Za-z0-9-]*$/
// esmtp-value = 1*(%d33-60 / %d62-126)             ; UTF-8 too (RFC 6531 section 3.3)
const VALUE = /^[!-<>-~\u00a0-\u2027\u202a-\u{10ffff}]+$/u

function refuse(text: string, spec = 'rfc5321#section-4.1.1.11'): never {
  throw new MailError<CommandErrorCode>('COMMAND_BAD_PARAMETER', `Cannot take parameter "${clip(text)}"`, { spec })
}

function formatOthers(others: readonly OtherParameter[] | undefined): string[] {
  return (others ?? []).map(({ keyword, value }) => {
    const text = value === undefined ? keyword : `${keyword}=${value}`
    if (!KEYWORD.test(keyword) || (value !== undefined && !VALUE.test(value))) refuse(text)
    return text
  })
}

/** @internal */
export function formatMailParameters(parameters: MailParameters): string[] {
  const { size, body, smtpUtf8, ret, envid, auth, others } = parameters
  const words: string[] = []
  if (size !== undefined) words.push(`SIZE=${checkSize(size)}`)
  if (body !== undefined) words.push(`BODY=${parseBody(body)}`)
  if (smtpUtf8) words.push('SMTPUTF8')
  if (ret !== undefined) words.push(`RET=${parseRet(ret)}`)
  if (envid !== undefined) words.push(`ENVID=${checkEnvid(encodeXtext(envid))}`)
  if (auth !== undefined) words.push(`AUTH=${auth === null ? '<>' : encodeXtext(formatPath(auth).slice(1, -1))}`)
  return [...words, ...formatOthers(others)]
}

/** @internal */
export function formatRcptParameters(parameters: RcptParameters): string[] {
  const { notify, orcpt, others } = parameters
  const words: string[] = []
  if (notify) words.push(`NOTIFY=${notify.length === 0 ? 'NEVER' : parseNotify(notify.join(',')).join(',')}`)
  if (orcpt) {
    if (!KEYWORD.test(orcpt.type)) refuse(`ORCPT=${orcpt.type}`, 'rfc3461#section-4.2')
    words.push(`ORCPT=${orcpt.type};${encodeXtext(orcpt.address)}`)
  }
  return [...words, ...formatOthers(others)]
}

function checkSize(size: number): number {
  // size-value = 1*20DIGIT                         ; RFC 1870 section 4
  if (!Number.isSafeInteger(size) || size < 0) refuse(`SIZE=${size}`, 'rfc1870#section-4')
  return size
}

function checkEnvid(xtext: string): string {
  // RFC 3461 section 4.4: at most 100 characters.
  if (xtext.length > 100) refuse(`ENVID=${xtext}`, 'rfc3461#section-4.4')
  return xtext
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
    if (!KEYWORD.test(keyword) || (value !== undefined && !VALUE.test(value) && keyword.toUpperCase() !== 'AUTH')) {
      refuse(text)
    }
    const upper = keyword.toUpperCase()
    if (seen.has(upper)) refuse(text)
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
    const keyword = word.keyword.toUpperCase()
    if (keyword === 'SIZE') parameters.size = parseSize(value)
    else if (keyword === 'BODY') parameters.body = parseBody(value)
    else if (keyword === 'RET') parameters.ret = parseRet(value)
    else if (keyword === 'ENVID') parameters.envid = decodeXtext(checkEnvid(value))
    else if (keyword === 'AUTH') parameters.auth = value === '<>' ? null : parseMailbox(decodeXtext(value))
    else if (keyword === 'SMTPUTF8' && word.value === undefined) parameters.smtpUtf8 = true
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
    const keyword = word.keyword.toUpperCase()
    if (keyword === 'NOTIFY') parameters.notify = parseNotify(value)
    else if (keyword === 'ORCPT') parameters.orcpt = parseOrcpt(value)
    else others.push(otherOf(word))
  }
  return others.length > 0 ? { ...parameters, others } : parameters
}

function parseSize(value: string): number {
  if (!/^\d{1,20}$/.test(value)) refuse(`SIZE=${value}`, 'rfc1870#section-4')
  return checkSize(Number(value))
}

function parseBody(value: string): NonNullable<MailParameters['body']> {
  const body = value.toUpperCase()
  if (body === '7BIT' || body === '8BITMIME' || body === 'BINARYMIME') return body
  return refuse(`BODY=${value}`, 'rfc6152#section-2')
}

function parseRet(value: string): NonNullable<MailParameters['ret']> {
  const ret = value.toUpperCase()
  if (ret === 'FULL' || ret === 'HDRS') return ret
  return refuse(`RET=${value}`, 'rfc3461#section-4.3')
}

// notify-esmtp-value = "NEVER" / 1#notify-list-element
function parseNotify(value: string): Notify[] {
  const words = value.toUpperCase().split(',')
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
  if (!KEYWORD.test(type)) refuse(`ORCPT=${value}`, 'rfc3461#section-4.2')
  return { type, address: decodeXtext(value.slice(semicolon + 1)) }
}
