/**
 * Commands to lines: RFC 5321 section 4.1.1, and the RFC of each extension. Out of scope: whether a command is in turn,
 * which the sessions decide.
 */

import { encodeBase64, encodeUtf8, findControl } from '@posthorn/core'
import { formatClientAttributes } from './attribute.ts'
import type { Command, Verb } from './command.ts'
import {
  badArgument,
  checkDomain,
  checkDomains,
  checkMechanism,
  checkNode,
  checkOtherVerb,
  checkSize,
  checkUrl,
  endsWithSmtpUtf8,
  LONGEST_LINE,
  requireSmtpUtf8,
  tooLong,
  unknownVerb,
} from './command-check.ts'
import { isLonger } from './grammar.ts'
import { formatMailParameters, formatRcptParameters } from './parameter-words.ts'
import { formatPath, type ReversePath } from './path.ts'

/** Where {@link formatCommand} stops. */
export interface FormatCommandOptions {
  /** Most octets of the line, CRLF counted; default 12,288, what RFC 4954 section 4 asks servers to take. */
  readonly maxLength?: number
}

/**
 * Formats a command as one line without its line ending.
 *
 * @param command The command.
 * @param options A lower limit for the line, as `commandLineLimit` gives it.
 * @returns The line.
 * @throws {MailError} `COMMAND_BAD_DOMAIN`, `COMMAND_BAD_PATH`, `COMMAND_BAD_PARAMETER` and `COMMAND_BAD_SYNTAX` for a
 * domain, path, parameter or mechanism that is not well-formed, `COMMAND_BAD_ARGUMENT` for another argument that is
 * empty, has a control character anywhere or a blank at an end, or would be read as something else, as a verb under
 * `OTHER` that has a type, `COMMAND_NEEDS_SMTPUTF8` for a reverse-path that is not US-ASCII without that parameter,
 * `COMMAND_TOO_LONG` over the limit, `COMMAND_UNKNOWN` for another verb.
 * @see {@link https://www.rfc-editor.org/rfc/rfc5321#section-4.1.1 | RFC 5321 section 4.1.1}
 * @example
 * formatCommand({ verb: 'MAIL', reversePath: null, parameters: { size: 100 } }) // 'MAIL FROM:<> SIZE=100'
 * formatCommand({ verb: 'EHLO', domain: 'a\r\nQUIT' }) // throws COMMAND_BAD_DOMAIN
 */
export function formatCommand(command: Command, options: FormatCommandOptions = {}): string {
  const line = formatWords(command).join(' ')
  // HAZARD: a control, CR and LF above all, would begin another command.
  if (findControl(line) >= 0) throw badArgument(command.verb)
  const limit = options.maxLength ?? LONGEST_LINE
  if (isLonger(line, limit - 2)) throw tooLong(limit)
  return line
}

function formatWords(command: Command): string[] {
  switch (command.verb) {
    case 'EHLO':
    case 'HELO':
    case 'LHLO':
      return [command.verb, checkDomain(command.domain)]
    case 'AUTH':
      return ['AUTH', checkMechanism(command.mechanism), ...formatInitialResponse(command.initialResponse)]
    case 'MAIL':
      requireSmtpUtf8(command.reversePath, command.parameters)
      return [`MAIL FROM:${formatPath(command.reversePath)}`, ...formatMailParameters(command.parameters ?? {})]
    case 'RCPT':
      return [`RCPT TO:${formatPath(command.forwardPath)}`, ...formatRcptParameters(command.parameters ?? {})]
    case 'SEND':
    case 'SOML':
    case 'SAML':
      return [`${command.verb} FROM:${formatAsciiPath(command.reversePath)}`]
    case 'STARTTLS':
    case 'DATA':
    case 'RSET':
    case 'QUIT':
    case 'TURN':
      return [command.verb]
    default:
      return formatOfExtension(command)
  }
}

function formatAsciiPath(path: ReversePath): string {
  const text = formatPath(path)
  requireSmtpUtf8(path, undefined)
  return text
}

type OfExtension = Exclude<
  Command,
  {
    readonly verb:
      | 'EHLO'
      | 'HELO'
      | 'LHLO'
      | 'AUTH'
      | 'MAIL'
      | 'RCPT'
      | 'SEND'
      | 'SOML'
      | 'SAML'
      | 'STARTTLS'
      | 'DATA'
      | 'RSET'
      | 'QUIT'
      | 'TURN'
  }
>

function formatOfExtension(command: OfExtension): string[] {
  switch (command.verb) {
    case 'NOOP':
    case 'HELP':
      return command.argument === undefined ? [command.verb] : [command.verb, checkArgument(command)]
    case 'VRFY':
    case 'EXPN':
      return [command.verb, checkLookup(command), ...(command.smtpUtf8 ? ['SMTPUTF8'] : [])]
    case 'BDAT':
      return ['BDAT', String(checkSize(command.size)), ...last(command)]
    case 'BURL':
      return ['BURL', checkUrl(command.url), ...last(command)]
    case 'ETRN':
      return ['ETRN', checkNode(command.node)]
    case 'ATRN':
      return command.domains.length === 0 ? ['ATRN'] : ['ATRN', checkDomains(command.domains).join(',')]
    case 'XCLIENT':
    case 'XFORWARD':
      return [command.verb, ...formatClientAttributes(command.attributes)]
    case 'OTHER':
      return [checkOtherVerb(command.name), ...(command.argument === undefined ? [] : [checkArgument(command)])]
    default:
      throw unknownVerb()
  }
}

function last(command: { readonly last: boolean }): string[] {
  return command.last ? ['LAST'] : []
}

function formatInitialResponse(response: Uint8Array | undefined): string[] {
  if (!response) return []
  return [response.length === 0 ? '=' : encodeBase64(response)]
}

function checkArgument({ verb, argument = '' }: { readonly verb: Verb; readonly argument?: string }): string {
  // A blank at an end would not come back.
  if (argument === '' || /^[ \t]|[ \t]$/.test(argument)) throw badArgument(verb)
  return argument
}

function checkLookup(command: Extract<Command, { readonly verb: 'VRFY' | 'EXPN' }>): string {
  const argument = checkArgument(command)
  if (!command.smtpUtf8 && endsWithSmtpUtf8(argument)) throw badArgument(command.verb)
  return argument
}

/**
 * Encodes a command as it goes on the wire.
 *
 * @param command The command.
 * @param options A lower limit for the line.
 * @returns The line as octets, with CRLF.
 * @throws {MailError} As {@link formatCommand}.
 * @example
 * new TextDecoder().decode(encodeCommand({ verb: 'QUIT' })) // 'QUIT\r\n'
 */
export function encodeCommand(command: Command, options: FormatCommandOptions = {}): Uint8Array<ArrayBuffer> {
  return encodeUtf8(`${formatCommand(command, options)}\r\n`)
}

/**
 * Formats a command for a transcript: what may let others in is hidden, in AUTH the initial response, in BURL the
 * authorisation of the URL (RFC 4467).
 *
 * @param command The command.
 * @returns The line without its line ending.
 * @throws {MailError} As {@link formatCommand}.
 * @example
 * redactCommand({ verb: 'AUTH', mechanism: 'PLAIN', initialResponse: new Uint8Array([0, 97, 0, 98]) }) // 'AUTH PLAIN ***'
 */
export function redactCommand(command: Command): string {
  if (command.verb === 'BURL') return formatCommand(command).replace(/;URLAUTH=[^ ]*/i, ';URLAUTH=***')
  if (command.verb !== 'AUTH' || !command.initialResponse) return formatCommand(command)
  return `${formatCommand({ verb: 'AUTH', mechanism: command.mechanism })} ***`
}
