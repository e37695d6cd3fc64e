/**
 * What a server offers, as it says in its EHLO reply: RFC 5321 section 4.1.1.1.
 * The keywords with a type here are the ones the sessions act on; all others are kept in `list`.
 */

import { clip, MailError } from '@posthorn/core'
import type { CommandErrorCode } from './error.ts'
import { KEYWORD, toUpperAscii } from './grammar.ts'

/** One line of an EHLO reply. */
export interface Capability {
  /** The keyword in upper case. */
  readonly keyword: string
  /** What stands behind it, as written. */
  readonly parameters: readonly string[]
}

/** What a server offers. */
export interface Capabilities {
  /** The lines in order, unknown ones too. */
  readonly list: readonly Capability[]
  /** Whether commands may be sent in groups (RFC 2920). */
  readonly pipelining: boolean
  /** Whether TLS can be raised (RFC 3207). */
  readonly startTls: boolean
  /** Whether the body may be 8-bit (RFC 6152). */
  readonly eightBitMime: boolean
  /** Whether addresses and header may be UTF-8 (RFC 6531). */
  readonly smtpUtf8: boolean
  /** Whether reports can be steered (RFC 3461). */
  readonly dsn: boolean
  /** Whether replies carry enhanced status codes (RFC 2034). */
  readonly enhancedStatusCodes: boolean
  /** Whether SIZE is offered, and the most octets of a message where the server tells (RFC 1870). */
  readonly size: {
    /** Most octets; absent when the server sets or tells no limit. */
    readonly limit?: number
  } | null
  /** The authentication mechanisms, in upper case, as the server orders them (RFC 4954). */
  readonly auth: readonly string[]
}

/**
 * Reads the capabilities out of the lines of an EHLO reply.
 *
 * @param lines The text of each line; the first is the greeting, which is never read as a keyword.
 * @returns The capabilities; a line that is no `ehlo-line` is left out.
 * @see {@link https://www.rfc-editor.org/rfc/rfc5321#section-4.1.1.1 | RFC 5321 section 4.1.1.1}
 * @example
 * const offered = parseCapabilities(['mx.example greets you', 'PIPELINING', 'SIZE 1000', 'AUTH PLAIN LOGIN'])
 * offered.pipelining // true
 * offered.size // { limit: 1000 }
 * offered.auth // ['PLAIN', 'LOGIN']
 */
export function parseCapabilities(lines: readonly string[]): Capabilities {
  const list = lines.slice(1).flatMap((line): Capability[] => {
    // ehlo-line = ehlo-keyword *( SP ehlo-param )
    const [keyword = '', ...parameters] = line.trimEnd().split(/[ \t]+/)
    return KEYWORD.test(keyword) ? [{ keyword: toUpperAscii(keyword), parameters }] : []
  })
  const has = (keyword: string): boolean => list.some((capability) => capability.keyword === keyword)
  return {
    list,
    pipelining: has('PIPELINING'),
    startTls: has('STARTTLS'),
    eightBitMime: has('8BITMIME'),
    smtpUtf8: has('SMTPUTF8'),
    dsn: has('DSN'),
    enhancedStatusCodes: has('ENHANCEDSTATUSCODES'),
    size: parseSizeLimit(list.find((capability) => capability.keyword === 'SIZE')),
    auth: [...new Set(list.filter(isAuth).flatMap(({ parameters }) => parameters.map(toUpperAscii)))],
  }
}

function isAuth(capability: Capability): boolean {
  return capability.keyword === 'AUTH'
}

// size-param ::= [1*DIGIT]; zero says that no limit is in force (RFC 1870 section 4)
function parseSizeLimit(capability: Capability | undefined): Capabilities['size'] {
  if (!capability) return null
  const digits = capability.parameters[0] ?? ''
  const limit = /^\d{1,20}$/.test(digits) ? Number(digits) : 0
  return limit > 0 && Number.isSafeInteger(limit) ? { limit } : {}
}

// ehlo-param = 1*(%d33-126)
const PARAMETER = /^[!-~]+$/

/**
 * Formats capabilities as the lines of an EHLO reply that follow its greeting.
 *
 * @param list The capabilities, in order.
 * @returns One line for each.
 * @throws {MailError} `COMMAND_BAD_ARGUMENT` for what is no `ehlo-line`.
 * @see {@link https://www.rfc-editor.org/rfc/rfc5321#section-4.1.1.1 | RFC 5321 section 4.1.1.1}
 * @example
 * formatCapabilities([{ keyword: 'SIZE', parameters: ['1000'] }]) // ['SIZE 1000']
 */
export function formatCapabilities(list: readonly Capability[]): string[] {
  return list.map(({ keyword, parameters }) => {
    const line = [keyword, ...parameters].join(' ')
    if (KEYWORD.test(keyword) && parameters.every((parameter) => PARAMETER.test(parameter))) return line
    throw new MailError<CommandErrorCode>('COMMAND_BAD_ARGUMENT', `Cannot offer "${clip(line)}"`, {
      spec: 'rfc5321#section-4.1.1.1',
    })
  })
}
