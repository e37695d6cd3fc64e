/**
 * The values of the parameters of MAIL and RCPT: one codec a kind of value. Which keyword has which, and where each is
 * defined, stands in `registry.ts`.
 */

import { clip, encodeAddressXtext, isAscii, MailError } from '@posthorn/core'
import type { CommandErrorCode } from './error.ts'
import { KEYWORD, toUpperAscii } from './grammar.ts'
import { formatMailbox, type Mailbox, parseMailbox, type ReversePath } from './path.ts'
import { decodeAddressXtext } from './unitext.ts'
import { decodeXtext, encodeXtext } from './xtext.ts'

/**
 * How one kind of value is written. A value that stands for a keyword alone is formatted as `undefined`; `undefined` from
 * `parse` refuses the text.
 *
 * @internal
 */
export interface ValueCodec<T> {
  readonly parse: (text: string) => T | undefined
  readonly format: (value: T) => string | undefined
  /** Whether the keyword stands alone. */
  readonly flag?: true
}

/** How long a server may try, and what it does then (RFC 2852 section 4). */
export interface DeliverBy {
  /** Seconds from now; may be negative with `notify`. At most 999,999,999. */
  readonly seconds: number
  /** What to do when the time has passed: return the message, or tell of the delay and go on. */
  readonly mode: 'return' | 'notify'
  /** Whether hosts on the way report. */
  readonly trace?: boolean
}

/** What a message is tracked by (RFC 3885 section 3). */
export interface TrackingCertifier {
  /** The Base64 of the hash of the secret, without padding, which no parameter may have. */
  readonly certifier: string
  /** For how long, in seconds. */
  readonly timeout?: number
}

/** When to report on a recipient (RFC 3461 section 4.1). */
export type Notify = 'SUCCESS' | 'FAILURE' | 'DELAY'

/** The recipient that the message was first meant for (RFC 3461 section 4.2, RFC 6533 section 3). */
export interface OriginalRecipient {
  /** The kind of address, as `rfc822` or `utf-8`. */
  readonly type: string
  /** The address, decoded; of another type than `utf-8` printable US-ASCII, in the form that its kind has for the rest. */
  readonly address: string
}

/** Since when a recipient must have been the same person (RFC 7293 section 3). */
export interface RequireRecipientValidSince {
  /** The date and time, RFC 3339. */
  readonly since: string
  /** What a relay does whose next host lacks the extension; default: as the RFC says, refuse. */
  readonly fallback?: 'continue' | 'refuse'
}

/** @internal */
export const flag: ValueCodec<boolean> = {
  flag: true,
  parse: () => true,
  format: () => undefined,
}

/** One of some words, in any letter case. */
function oneOf<const T extends string>(...words: readonly T[]): ValueCodec<T> {
  return {
    parse: (text) => words.find((word) => word === toUpperAscii(text)),
    format: (value) => value,
  }
}

function integer(pattern: RegExp): ValueCodec<number> {
  return {
    parse: (text) => (pattern.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : undefined),
    format: String,
  }
}

// size-value = 1*20DIGIT                           ; RFC 1870 section 4
/** @internal */
export const size: ValueCodec<number> = integer(/^\d{1,20}$/)

/** @internal */
export const body: ValueCodec<'7BIT' | '8BITMIME' | 'BINARYMIME'> = oneOf('7BIT', '8BITMIME', 'BINARYMIME')

/** @internal */
export const ret: ValueCodec<'FULL' | 'HDRS'> = oneOf('FULL', 'HDRS')

// RFC 3461 section 4.4: xtext of at most 100 characters that stands for printable US-ASCII.
/** @internal */
export const envid: ValueCodec<string> = {
  parse(value) {
    const decoded = decodeXtext(value)
    return value !== '' && value.length <= 100 && isAscii(decoded) ? decoded : undefined
  },
  format: encodeXtext,
}

// RFC 4954 section 5: the mailbox, or "<>", is in xtext.
/** @internal */
export const submitter: ValueCodec<ReversePath> = {
  parse(value) {
    const decoded = decodeXtext(value)
    return decoded === '<>' ? null : parseMailbox(decoded)
  },
  format: (value) => (value === null ? '<>' : encodeXtext(formatMailbox(value))),
}

// RFC 4405 section 4.1: the mailbox in xtext, and no null path.
/** @internal */
export const responsible: ValueCodec<Mailbox> = {
  parse: (value) => parseMailbox(decodeXtext(value)),
  format: (value) => encodeXtext(formatMailbox(value)),
}

// by-value = by-time ";" by-mode [by-trace] ; by-time = ["-" / "+"] 1*9DIGIT ; RFC 2852 section 4
const DELIVER_BY = /^([+-]?\d{1,9});([NR])(T?)$/i

const DELIVER_BY_MODES: Readonly<Record<DeliverBy['mode'], string>> = { return: 'R', notify: 'N' }

/** @internal */
export const deliverBy: ValueCodec<DeliverBy> = {
  parse(value) {
    const [, time, mode, trace] = DELIVER_BY.exec(value) ?? []
    const seconds = Number(time)
    // RFC 2852 section 4: what must be returned needs time to be delivered first.
    if (!mode || (toUpperAscii(mode) === 'R' && seconds <= 0)) return undefined
    return {
      seconds: seconds + 0,
      mode: toUpperAscii(mode) === 'R' ? 'return' : 'notify',
      ...(trace && { trace: true }),
    }
  },
  format: ({ seconds, mode, trace }) => `${seconds};${DELIVER_BY_MODES[mode]}${trace ? 'T' : ''}`,
}

// future-release-integer = 1 to 999999999          ; RFC 4865 section 4
/** @internal */
export const holdFor: ValueCodec<number> = integer(/^[1-9]\d{0,8}$/)

// date-time = full-date "T" full-time              ; RFC 3339 section 5.6, without the leap second that no clock shows
const TIME = '(?:[01]\\d|2[0-3]):[0-5]\\d'
const DATE_TIME = new RegExp(
  `^(\\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])T${TIME}:[0-5]\\d(?:\\.\\d{1,9})?(?:Z|[+-]${TIME})$`,
  'i',
)

/** @internal */
export const dateTime: ValueCodec<string> = {
  parse(value) {
    const [, year, month, day] = DATE_TIME.exec(value) ?? []
    return day && Number(day) <= daysOf(Number(year), Number(month)) ? value : undefined
  },
  format: (value) => value,
}

// The calendar begins anew every 400 years; `Date` takes a year below 100 for one of the twentieth century.
function daysOf(year: number, month: number): number {
  return new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate()
}

// priority-value = (["-"] NZDIGIT) / "0"           ; RFC 6710 section 4.1
/** @internal */
export const priority: ValueCodec<number> = integer(/^(?:-?[1-9]|0)$/)

// Solicitation-keywords = word *("," word) ; word = ALPHA *("." / "-" / "_" / ":" / ALPHA / DIGIT) ; RFC 3865 section 2
const SOLICITATION = /^[A-Za-z][A-Za-z0-9._:-]*$/

/** @internal */
export const solicit: ValueCodec<readonly string[]> = {
  parse(value) {
    const words = value.split(',')
    return value.length <= 1000 && words.every((word) => SOLICITATION.test(word)) ? words : undefined
  },
  format: (words) => words.join(','),
}

// mtrk-value = mtrk-certifier [ ":" 1*9DIGIT ]     ; RFC 3885 section 3.1
const TRACKING = /^([A-Za-z0-9+/]{1,64})(?::(\d{1,9}))?$/

/** @internal */
export const tracking: ValueCodec<TrackingCertifier> = {
  parse(value) {
    const [, certifier, timeout] = TRACKING.exec(value) ?? []
    return certifier ? { certifier, ...(timeout && { timeout: Number(timeout) }) } : undefined
  },
  format: ({ certifier, timeout }) => (timeout === undefined ? certifier : `${certifier}:${timeout}`),
}

// transid-value = "<" transid-local "@" transid-domain ">" ; 80 characters at most, RFC 1845 section 2
const TRANSID_TOKEN = "[!#-'*+\\-0-9A-Z^-z{-~]+"
const TRANSID_TOKENS = `${TRANSID_TOKEN}(?:\\.${TRANSID_TOKEN})*`
const TRANSID = new RegExp(`^<${TRANSID_TOKENS}@${TRANSID_TOKENS}>$`)

/** @internal */
export const transactionId: ValueCodec<string> = {
  parse: (value) => (value.length <= 80 && TRANSID.test(value) ? value : undefined),
  format: (value) => value,
}

// notify-esmtp-value = "NEVER" / 1#notify-list-element ; RFC 3461 section 4.1
const NOTIFY: ReadonlySet<string> = new Set<Notify>(['SUCCESS', 'FAILURE', 'DELAY'])

/** @internal */
export const notify: ValueCodec<readonly Notify[]> = {
  parse(value) {
    const words = toUpperAscii(value).split(',')
    if (words.length === 1 && words[0] === 'NEVER') return []
    return words.every((word) => NOTIFY.has(word)) ? (words as Notify[]) : undefined
  },
  format: (words) => (words.length === 0 ? 'NEVER' : words.join(',')),
}

// original-recipient-address = addr-type ";" xtext ; RFC 3461 section 4.2
/** @internal */
export const originalRecipient: ValueCodec<OriginalRecipient> = {
  parse(value) {
    const semicolon = value.indexOf(';')
    const type = value.slice(0, Math.max(semicolon, 0))
    const encoded = value.slice(semicolon + 1)
    if (!KEYWORD.test(type)) return undefined
    // RFC 6533 section 3: the type utf-8 has an encoding of its own.
    if (isUtf8Type(type)) return { type, address: decodeAddressXtext(encoded) }
    const address = decodeXtext(encoded)
    return isAscii(address) ? { type, address } : undefined
  },
  format({ type, address }) {
    if (!KEYWORD.test(type)) {
      throw new MailError<CommandErrorCode>('COMMAND_BAD_PARAMETER', `Cannot take parameter "ORCPT=${clip(type)}"`, {
        spec: 'rfc3461#section-4.2',
      })
    }
    return `${type};${isUtf8Type(type) ? encodeAddressXtext(address) : encodeXtext(address)}`
  },
}

function isUtf8Type(type: string): boolean {
  return toUpperAscii(type) === 'UTF-8'
}

// rrvs-param = "RRVS=" date-time [ ";" ( "C" / "R" ) ] ; RFC 7293 section 3.1
const FALLBACKS: Readonly<Record<'continue' | 'refuse', string>> = { continue: 'C', refuse: 'R' }

/** @internal */
export const validSince: ValueCodec<RequireRecipientValidSince> = {
  parse(value) {
    const [since = '', letter, ...more] = value.split(';')
    if (dateTime.parse(since) === undefined || more.length > 0) return undefined
    if (letter === undefined) return { since }
    const upper = toUpperAscii(letter)
    if (upper !== 'C' && upper !== 'R') return undefined
    return { since, fallback: upper === 'C' ? 'continue' : 'refuse' }
  },
  format: ({ since, fallback }) => (fallback ? `${since};${FALLBACKS[fallback]}` : since),
}
