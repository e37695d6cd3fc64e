/** What a server offers, as it says in its EHLO reply, typed: RFC 5321 section 4.1.1.1 and the RFC of each extension. */

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

/** The limits of a server (RFC 9422); each is absent where the server sets none. */
export interface ServerLimits {
  /** Most transactions of a session. */
  readonly mailMax?: number
  /** Most recipients of a transaction. */
  readonly rcptMax?: number
  /** Most domains among the recipients of a transaction. */
  readonly rcptDomainMax?: number
}

/** What a server offers. Where a value is `null` the extension is not offered. */
export interface Capabilities {
  /** The lines in order, unknown ones too. */
  readonly list: readonly Capability[]
  /** Whether commands may be sent in groups (RFC 2920). */
  readonly pipelining: boolean
  /** Whether TLS can be raised (RFC 3207). */
  readonly startTls: boolean
  /** Whether the body may be 8-bit (RFC 6152). */
  readonly eightBitMime: boolean
  /** Whether the message may come in counted chunks (RFC 3030). */
  readonly chunking: boolean
  /** Whether the body may be binary, in chunks (RFC 3030). */
  readonly binaryMime: boolean
  /** Whether addresses and header may be UTF-8 (RFC 6531). */
  readonly smtpUtf8: boolean
  /** Whether reports can be steered (RFC 3461). */
  readonly dsn: boolean
  /** Whether replies carry enhanced status codes (RFC 2034). */
  readonly enhancedStatusCodes: boolean
  /** Whether verified TLS can be required for the whole way (RFC 8689). */
  readonly requireTls: boolean
  /** Whether each recipient can get a reply of its own after the message (PRDR). */
  readonly prdr: boolean
  /** Whether SIZE is offered, and the most octets of a message where the server tells (RFC 1870). */
  readonly size: {
    /** Most octets; absent when the server sets or tells no limit. */
    readonly limit?: number
  } | null
  /** The authentication mechanisms, in upper case, as the server orders them (RFC 4954). */
  readonly auth: readonly string[]
  /** The limits of the server (RFC 9422). */
  readonly limits: ServerLimits | null
  /** The shortest time, in seconds, in which the server delivers (RFC 2852). */
  readonly deliverBy: { readonly minimum?: number } | null
  /** How long, in seconds, and until when the server holds messages back (RFC 4865). */
  readonly futureRelease: { readonly maxInterval?: number; readonly maxDateTime?: string } | null
  /** The profile of priorities (RFC 6710). */
  readonly mtPriority: { readonly profile?: string } | null
  /** The solicitation classes that the server refuses (RFC 3865). */
  readonly noSoliciting: readonly string[] | null
  /** The attributes that the server takes of a trusted proxy. */
  readonly xclient: readonly string[] | null
  /** The attributes that the server takes for its log. */
  readonly xforward: readonly string[] | null
}

/**
 * Reads the capabilities out of the lines of an EHLO reply.
 *
 * The old form `AUTH=PLAIN LOGIN` is read as `AUTH PLAIN LOGIN`.
 *
 * @param lines The text of each line; the first is the greeting, which is never read as a keyword.
 * @returns The capabilities; a line that is no `ehlo-line` is left out.
 * @see {@link https://www.rfc-editor.org/rfc/rfc5321#section-4.1.1.1 | RFC 5321 section 4.1.1.1}
 * @example
 * const offered = parseCapabilities(['mx.example greets you', 'PIPELINING', 'SIZE 1000', 'LIMITS RCPTMAX=50'])
 * offered.pipelining // true
 * offered.size // { limit: 1000 }
 * offered.limits // { rcptMax: 50 }
 */
export function parseCapabilities(lines: readonly string[]): Capabilities {
  const list = lines.slice(1).flatMap(parseLine)
  const of = (keyword: string): readonly string[] | null =>
    list.find((capability) => capability.keyword === keyword)?.parameters ?? null
  const has = (keyword: string): boolean => of(keyword) !== null
  return {
    list,
    pipelining: has('PIPELINING'),
    startTls: has('STARTTLS'),
    eightBitMime: has('8BITMIME'),
    chunking: has('CHUNKING'),
    binaryMime: has('BINARYMIME'),
    smtpUtf8: has('SMTPUTF8'),
    dsn: has('DSN'),
    enhancedStatusCodes: has('ENHANCEDSTATUSCODES'),
    requireTls: has('REQUIRETLS'),
    prdr: has('PRDR'),
    size: ifOffered(of('SIZE'), parseSizeLimit),
    auth: [...new Set(list.filter(isAuth).flatMap(({ parameters }) => parameters.map(toUpperAscii)))],
    limits: ifOffered(of('LIMITS'), parseLimits),
    deliverBy: ifOffered(of('DELIVERBY'), parseDeliverBy),
    futureRelease: ifOffered(of('FUTURERELEASE'), parseFutureRelease),
    mtPriority: ifOffered(of('MT-PRIORITY'), ([profile]) => (profile ? { profile } : {})),
    noSoliciting: ifOffered(of('NO-SOLICITING'), (words) => words.flatMap((word) => word.split(','))),
    xclient: ifOffered(of('XCLIENT'), (words) => words.map(toUpperAscii)),
    xforward: ifOffered(of('XFORWARD'), (words) => words.map(toUpperAscii)),
  }
}

// ehlo-line = ehlo-keyword *( SP ehlo-param )
function parseLine(line: string): Capability[] {
  const [keyword = '', ...parameters] = line.trimEnd().split(/[ \t]+/)
  if (KEYWORD.test(keyword)) return [{ keyword: toUpperAscii(keyword), parameters }]
  // QUIRK: servers that serve clients from before RFC 2554 say AUTH=LOGIN too.
  const [, mechanism] = /^AUTH=(.+)$/i.exec(keyword) ?? []
  return mechanism ? [{ keyword: 'AUTH', parameters: [mechanism, ...parameters] }] : []
}

function isAuth(capability: Capability): boolean {
  return capability.keyword === 'AUTH'
}

function ifOffered<T>(parameters: readonly string[] | null, parse: (parameters: readonly string[]) => T): T | null {
  return parameters && parse(parameters)
}

// size-param ::= [1*DIGIT]; zero says that no limit is in force (RFC 1870 section 4)
function parseSizeLimit([digits = '']: readonly string[]): NonNullable<Capabilities['size']> {
  const limit = /^\d{1,20}$/.test(digits) ? Number(digits) : 0
  return limit > 0 && Number.isSafeInteger(limit) ? { limit } : {}
}

// limits-param = limit-name-value [ ";" *limit-name-value ] ; limit-name = 1*(ALPHA / DIGIT / "-" / "_")
const LIMIT = /^([A-Za-z0-9_-]+)(?:=([!-:<-~]*))?$/
const LIMIT_VALUE = /^[1-9]\d{0,5}$/

const LIMIT_NAMES: Readonly<Record<string, keyof ServerLimits>> = {
  MAILMAX: 'mailMax',
  RCPTMAX: 'rcptMax',
  RCPTDOMAINMAX: 'rcptDomainMax',
}

// RFC 9422 section 4: a syntax error voids them all, a bad value that limit alone.
function parseLimits(parameters: readonly string[]): ServerLimits {
  const limits: { -readonly [K in keyof ServerLimits]: ServerLimits[K] } = {}
  for (const word of parameters.flatMap((parameter) => parameter.split(';'))) {
    if (word === '') continue
    const [, name, value = ''] = LIMIT.exec(word) ?? []
    if (!name) return {}
    const property = Object.hasOwn(LIMIT_NAMES, toUpperAscii(name)) ? LIMIT_NAMES[toUpperAscii(name)] : undefined
    if (property && LIMIT_VALUE.test(value)) limits[property] = Number(value)
  }
  return limits
}

function parseDeliverBy([digits = '']: readonly string[]): { readonly minimum?: number } {
  return /^\d{1,9}$/.test(digits) ? { minimum: Number(digits) } : {}
}

function parseFutureRelease([interval = '', dateTime]: readonly string[]): NonNullable<Capabilities['futureRelease']> {
  return {
    ...(/^[1-9]\d{0,8}$/.test(interval) && { maxInterval: Number(interval) }),
    ...(dateTime !== undefined && { maxDateTime: dateTime }),
  }
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
