/** The checks on the arguments of commands that formatting and parsing share, and the errors of both. */

import { clip, MailError } from '@posthorn/core'
import type { Verb } from './command.ts'
import type { CommandErrorCode } from './error.ts'
import { isHost, toUpperAscii } from './grammar.ts'
import type { MailParameters } from './parameter.ts'
import { isAsciiPath, type ReversePath } from './path.ts'

/** Most octets of any line, CRLF counted: RFC 4954 section 4 sets it for AUTH; the sessions set less for the others. */
export const LONGEST_LINE = 12_288

const MECHANISM = /^[A-Z0-9_-]{1,20}$/ // RFC 4422 section 3.1

// chunk-size ::= 1*DIGIT                          ; RFC 3030 section 2
const CHUNK_SIZE = /^\d{1,20}$/

// absolute-URI, of the characters that RFC 3986 section 2 knows; it has no fragment
const URL_TEXT = /^[A-Za-z][A-Za-z0-9+.-]*:[!$-;=?-Z[\]_a-z~]+$/

// option-character = "@" / "#" ; RFC 1985 section 5.1
const QUEUE = /^#[!-~]+$/

// A word of letters, digits and hyphens, as verbs are; what is no such word may be anything.
const OTHER_VERB = /^[A-Z][A-Z0-9-]{2,19}$/

const SMTPUTF8 = ' SMTPUTF8'

const TYPED_VERBS: Readonly<Record<Exclude<Verb, 'OTHER'>, true>> = {
  EHLO: true,
  HELO: true,
  LHLO: true,
  STARTTLS: true,
  AUTH: true,
  MAIL: true,
  RCPT: true,
  DATA: true,
  BDAT: true,
  BURL: true,
  RSET: true,
  VRFY: true,
  EXPN: true,
  HELP: true,
  NOOP: true,
  QUIT: true,
  SEND: true,
  SOML: true,
  SAML: true,
  TURN: true,
  ETRN: true,
  ATRN: true,
  XCLIENT: true,
  XFORWARD: true,
}

/** @internal */
export function checkDomain(domain: string, underscore = false): string {
  // RFC 6531 section 3.7.1: the domain of EHLO is in US-ASCII, U-labels as A-labels.
  if (!isHost(domain, { underscore })) throw fault('COMMAND_BAD_DOMAIN', `Cannot take domain "${clip(domain)}"`)
  return domain
}

/** @internal */
export function checkDomains(domains: readonly string[]): readonly string[] {
  return domains.map((domain) => checkDomain(domain))
}

/** @internal */
export function checkNode(node: string): string {
  if (!QUEUE.test(node)) checkDomain(node.replace(/^@/, ''))
  return node
}

/** @internal */
export function checkMechanism(name: string): string {
  if (!MECHANISM.test(name)) throw badSyntax('AUTH', 'the mechanism is missing or malformed')
  return name
}

/** @internal */
export function checkSize(size: number | string): number {
  if (!CHUNK_SIZE.test(String(size)) || !Number.isSafeInteger(Number(size)))
    throw badSyntax('BDAT', 'its size is malformed', 'rfc3030#section-2')
  return Number(size)
}

/** @internal */
export function checkUrl(url: string): string {
  // The URL may hold an authorisation (RFC 4467), so it is not in the error.
  if (!URL_TEXT.test(url)) throw badSyntax('BURL', 'its URL is malformed', 'rfc4468#section-3')
  return url
}

/** @internal */
export function isOtherVerb(name: string): boolean {
  return OTHER_VERB.test(name)
}

/** @internal */
export function checkOtherVerb(name: string): string {
  if (!isOtherVerb(name)) throw unknownVerb()
  // HAZARD: it would go out unchecked, out of turn, and with its secrets shown.
  if (Object.hasOwn(TYPED_VERBS, name)) throw fault('COMMAND_BAD_ARGUMENT', `Cannot send ${name}: it has a type`)
  return name
}

/**
 * Tells whether a string of VRFY or EXPN ends with what reads as their parameter (RFC 6531 section 3.7.4.2).
 *
 * @internal
 */
export function endsWithSmtpUtf8(text: string): boolean {
  return toUpperAscii(text.slice(-SMTPUTF8.length)) === SMTPUTF8
}

/** @internal */
export function requireSmtpUtf8(path: ReversePath, parameters: MailParameters | undefined): void {
  if (isAsciiPath(path) || parameters?.smtpUtf8) return
  throw fault('COMMAND_NEEDS_SMTPUTF8', 'Cannot take reverse-path: it is not US-ASCII and SMTPUTF8 is missing')
}

/** @internal */
export function badArgument(verb: Verb): MailError<CommandErrorCode> {
  return fault(
    'COMMAND_BAD_ARGUMENT',
    `Cannot send ${verb}: an argument is empty, has a control, or would not come back`,
  )
}

/** @internal */
export function tooLong(limit: number): MailError<CommandErrorCode> {
  return fault('COMMAND_TOO_LONG', `Cannot take command: it is over ${limit} octets`)
}

/** @internal */
export function unknownVerb(): MailError<CommandErrorCode> {
  return fault('COMMAND_UNKNOWN', 'Cannot take command: its verb is not known')
}

/** @internal */
export function badSyntax(verb: Verb, why: string, spec?: string): MailError<CommandErrorCode> {
  return fault('COMMAND_BAD_SYNTAX', `Cannot take ${verb}: ${why}`, spec)
}

/** @internal */
export function fault(
  code: CommandErrorCode,
  message: string,
  spec = 'rfc5321#section-4.1.1',
): MailError<CommandErrorCode> {
  return new MailError(code, message, { spec })
}
