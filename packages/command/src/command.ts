/**
 * SMTP commands as values, their encoder and their parser: RFC 5321 section 4.1.1, RFC 3207 section 4,
 * RFC 4954 section 4. Out of scope: whether a command is in turn, which the sessions decide.
 */

import {
  clip,
  decodeBase64,
  decodeUtf8,
  encodeBase64,
  encodeUtf8,
  findControl,
  isUtf8,
  MailError,
} from '@posthorn/core'
import type { CommandErrorCode } from './error.ts'
import { isHost, toUpperAscii } from './grammar.ts'
import {
  formatMailParameters,
  formatRcptParameters,
  type MailParameters,
  parseMailParameters,
  parseRcptParameters,
  type RcptParameters,
} from './parameter.ts'
import { badPath, type ForwardPath, formatPath, isAsciiPath, parsePath, type ReversePath } from './path.ts'

/** A deviation that was tolerated, because an option asked for it. */
export type CommandAnomaly = 'domain-underscore' | 'path-space'

/** What a parsed command tells beside its meaning; nothing of it is sent. */
export interface Tolerated {
  /** What was tolerated; absent when nothing was. */
  readonly anomalies?: readonly CommandAnomaly[]
}

/** A command, told apart by its verb. */
export type Command =
  | ({ readonly verb: 'EHLO' | 'HELO'; readonly domain: string } & Tolerated)
  | { readonly verb: 'STARTTLS' | 'DATA' | 'RSET' | 'QUIT' }
  | { readonly verb: 'AUTH'; readonly mechanism: string; readonly initialResponse?: Uint8Array }
  | ({ readonly verb: 'MAIL'; readonly reversePath: ReversePath; readonly parameters?: MailParameters } & Tolerated)
  | ({ readonly verb: 'RCPT'; readonly forwardPath: ForwardPath; readonly parameters?: RcptParameters } & Tolerated)
  | { readonly verb: 'NOOP' | 'HELP'; readonly argument?: string }
  | { readonly verb: 'VRFY' | 'EXPN'; readonly argument: string }

/** The word that names a command. */
export type Verb = Command['verb']

/** What {@link parseCommand} tolerates. */
export interface ParseCommandOptions {
  /**
   * Underscores in the domain of EHLO and HELO, blanks between `FROM:` or `TO:` and the path; each told in the command;
   * default none.
   */
  readonly tolerate?: readonly CommandAnomaly[]
}

const LONGEST = 12_288 // RFC 4954 section 4, for AUTH; the sessions set a lower limit for the other verbs.
const MECHANISM = /^[A-Z0-9_-]{1,20}$/ // RFC 4422 section 3.1

/**
 * Formats a command as one line without its line ending.
 *
 * @param command The command.
 * @returns The line.
 * @throws {MailError} `COMMAND_BAD_DOMAIN`, `COMMAND_BAD_PATH`, `COMMAND_BAD_PARAMETER` and `COMMAND_BAD_SYNTAX` for a
 * domain, path, parameter or mechanism that is not well-formed, `COMMAND_BAD_ARGUMENT` for another argument that is
 * empty, or has a control character anywhere or a blank at an end, `COMMAND_NEEDS_SMTPUTF8` for a reverse-path that is
 * not US-ASCII without that parameter, `COMMAND_TOO_LONG` over 12,288 octets, `COMMAND_UNKNOWN` for another verb.
 * @see {@link https://www.rfc-editor.org/rfc/rfc5321#section-4.1.1 | RFC 5321 section 4.1.1}
 * @example
 * formatCommand({ verb: 'MAIL', reversePath: null, parameters: { size: 100 } }) // 'MAIL FROM:<> SIZE=100'
 * formatCommand({ verb: 'EHLO', domain: 'a\r\nQUIT' }) // throws COMMAND_BAD_DOMAIN
 */
export function formatCommand(command: Command): string {
  const line = formatWords(command).join(' ')
  // HAZARD: a control, CR and LF above all, would begin another command.
  if (findControl(line) >= 0) throw badArgument(command.verb)
  if (encodeUtf8(line).length + 2 > LONGEST) throw tooLong()
  return line
}

function formatWords(command: Command): string[] {
  switch (command.verb) {
    case 'EHLO':
    case 'HELO':
      return [command.verb, checkDomain(command.domain)]
    case 'AUTH':
      return ['AUTH', checkMechanism(command.mechanism), ...formatInitialResponse(command.initialResponse)]
    case 'MAIL':
      requireSmtpUtf8(command.reversePath, command.parameters)
      return [`MAIL FROM:${formatPath(command.reversePath)}`, ...formatMailParameters(command.parameters ?? {})]
    case 'RCPT':
      return [`RCPT TO:${formatPath(command.forwardPath)}`, ...formatRcptParameters(command.parameters ?? {})]
    case 'NOOP':
    case 'HELP':
      return command.argument === undefined ? [command.verb] : [command.verb, checkArgument(command)]
    case 'VRFY':
    case 'EXPN':
      return [command.verb, checkArgument(command)]
    case 'STARTTLS':
    case 'DATA':
    case 'RSET':
    case 'QUIT':
      return [command.verb]
    default:
      throw unknownVerb()
  }
}

function checkArgument({ verb, argument = '' }: { readonly verb: Verb; readonly argument?: string }): string {
  // A blank at an end would not come back.
  if (argument === '' || /^[ \t]|[ \t]$/.test(argument)) throw badArgument(verb)
  return argument
}

/**
 * Encodes a command as it goes on the wire.
 *
 * @param command The command.
 * @returns The line as octets, with CRLF.
 * @throws {MailError} As {@link formatCommand}.
 * @example
 * new TextDecoder().decode(encodeCommand({ verb: 'QUIT' })) // 'QUIT\r\n'
 */
export function encodeCommand(command: Command): Uint8Array<ArrayBuffer> {
  return encodeUtf8(`${formatCommand(command)}\r\n`)
}

/**
 * Formats a command for a transcript: the initial response of AUTH, which may hold a password, is hidden.
 *
 * @param command The command.
 * @returns The line without its line ending.
 * @throws {MailError} As {@link formatCommand}.
 * @example
 * redactCommand({ verb: 'AUTH', mechanism: 'PLAIN', initialResponse: new Uint8Array([0, 97, 0, 98]) }) // 'AUTH PLAIN ***'
 */
export function redactCommand(command: Command): string {
  if (command.verb !== 'AUTH' || !command.initialResponse) return formatCommand(command)
  return `${formatCommand({ verb: 'AUTH', mechanism: command.mechanism })} ***`
}

/**
 * Parses a command line.
 *
 * Words may be parted by more than one space, and trailing blanks are dropped (RFC 5321 section 4.1.1).
 *
 * @param line The octets without the line ending.
 * @param options What to tolerate.
 * @returns The command; its verb in upper case.
 * @throws {MailError} `COMMAND_UNKNOWN` for a verb that is not known, which is not quoted, as a client out of step may
 * send a password there; `COMMAND_BAD_ARGUMENT` for controls or octets that are not UTF-8, `COMMAND_BAD_SYNTAX` for a
 * missing or needless argument, `BASE64_…` for an initial response that is not Base64, and the codes of
 * {@link formatCommand}.
 * @see {@link https://www.rfc-editor.org/rfc/rfc5321#section-4.1.1 | RFC 5321 section 4.1.1}
 * @example
 * parseCommand(new TextEncoder().encode('rcpt to:<"a b"@mx.example>'))
 * // { verb: 'RCPT', forwardPath: { localPart: 'a b', domain: 'mx.example' }, parameters: {} }
 */
export function parseCommand(line: Uint8Array, options: ParseCommandOptions = {}): Command {
  if (line.length + 2 > LONGEST) throw tooLong()
  const text = isUtf8(line) ? decodeUtf8(line).replace(/^(.*[^ \t]|)[ \t]*$/su, '$1') : '\0'
  if (findControl(text) >= 0) {
    throw fault('COMMAND_BAD_ARGUMENT', 'Cannot take command: it has a control or is not UTF-8')
  }
  const space = text.indexOf(' ')
  const verb = toUpperAscii(space < 0 ? text : text.slice(0, space))
  const rest = space < 0 ? '' : text.slice(space + 1).replace(/^ +/, '')
  switch (verb) {
    case 'EHLO':
    case 'HELO':
      return parseHello(verb, rest, options)
    case 'MAIL':
      return parseMail(rest, options)
    case 'RCPT':
      return parseRcpt(rest, options)
    case 'AUTH':
      return parseAuth(rest)
    case 'STARTTLS':
    case 'DATA':
    case 'RSET':
    case 'QUIT':
      if (rest !== '') throw badSyntax(verb, 'it takes no argument')
      return { verb }
    case 'NOOP':
    case 'HELP':
      return rest === '' ? { verb } : { verb, argument: rest }
    case 'VRFY':
    case 'EXPN':
      if (rest === '') throw badSyntax(verb, 'its argument is missing')
      return { verb, argument: rest }
    default:
      throw unknownVerb()
  }
}

function parseHello(verb: 'EHLO' | 'HELO', domain: string, options: ParseCommandOptions): Command {
  const deviates = options.tolerate?.includes('domain-underscore') && !isHost(domain)
  checkDomain(domain, deviates === true)
  return { verb, domain, ...(deviates && { anomalies: ['domain-underscore'] }) }
}

function parseMail(rest: string, options: ParseCommandOptions): Command {
  const { path, words, tolerated } = splitPath('MAIL', 'FROM:', rest, options)
  const reversePath = parsePath(path) ?? null
  const parameters = parseMailParameters(words)
  requireSmtpUtf8(reversePath, parameters)
  return { verb: 'MAIL', reversePath, parameters, ...tolerated }
}

function parseRcpt(rest: string, options: ParseCommandOptions): Command {
  const { path, words, tolerated } = splitPath('RCPT', 'TO:', rest, options)
  // RFC 5321 section 4.1.1.3: "<Postmaster>" needs no domain, in any letter case.
  const forwardPath = path.toLowerCase() === '<postmaster>' ? 'postmaster' : parsePath(path)
  if (!forwardPath) throw badPath(path)
  return { verb: 'RCPT', forwardPath, parameters: parseRcptParameters(words), ...tolerated }
}

// The path ends at the first ">" outside a quoted string; parameters follow after blanks.
const PATH = /^(<(?:[^">]|"(?:[^"\\]|\\.)*")*>)(?: +(.*))?$/su

interface PathAndWords {
  readonly path: string
  readonly words: string[]
  readonly tolerated: Tolerated
}

function splitPath(verb: Verb, label: string, rest: string, options: ParseCommandOptions): PathAndWords {
  if (toUpperAscii(rest.slice(0, label.length)) !== label) throw badSyntax(verb, `${label} is missing`)
  const after = rest.slice(label.length)
  const deviates = after.startsWith(' ') && options.tolerate?.includes('path-space')
  const match = PATH.exec(deviates ? after.replace(/^ +/, '') : after)
  if (!match) throw badPath(after)
  const tolerated: Tolerated = deviates ? { anomalies: ['path-space'] } : {}
  return { path: match[1]!, words: match[2] ? match[2].split(/ +/) : [], tolerated }
}

function parseAuth(rest: string): Command {
  const [name = '', initial, ...extra] = rest.split(/ +/)
  if (extra.length > 0) throw badSyntax('AUTH', 'it has too many arguments')
  const mechanism = checkMechanism(toUpperAscii(name))
  if (initial === undefined) return { verb: 'AUTH', mechanism }
  // RFC 4954 section 4: "=" is an initial response of no octets.
  return { verb: 'AUTH', mechanism, initialResponse: initial === '=' ? new Uint8Array(0) : decodeBase64(initial) }
}

function formatInitialResponse(response: Uint8Array | undefined): string[] {
  if (!response) return []
  return [response.length === 0 ? '=' : encodeBase64(response)]
}

function checkDomain(domain: string, underscore = false): string {
  // RFC 6531 section 3.7.1: the domain of EHLO is in US-ASCII, U-labels as A-labels.
  if (!isHost(domain, { underscore })) throw fault('COMMAND_BAD_DOMAIN', `Cannot take domain "${clip(domain)}"`)
  return domain
}

function checkMechanism(name: string): string {
  if (!MECHANISM.test(name)) throw badSyntax('AUTH', 'the mechanism is missing or malformed')
  return name
}

function requireSmtpUtf8(path: ReversePath, parameters: MailParameters | undefined): void {
  if (isAsciiPath(path) || parameters?.smtpUtf8) return
  throw fault('COMMAND_NEEDS_SMTPUTF8', 'Cannot take reverse-path: it is not US-ASCII and SMTPUTF8 is missing')
}

function badArgument(verb: Verb): MailError<CommandErrorCode> {
  return fault('COMMAND_BAD_ARGUMENT', `Cannot send ${verb}: an argument has a control, or a blank at an end`)
}

function tooLong(): MailError<CommandErrorCode> {
  return fault('COMMAND_TOO_LONG', `Cannot take command: it is over ${LONGEST} octets`)
}

function unknownVerb(): MailError<CommandErrorCode> {
  return fault('COMMAND_UNKNOWN', 'Cannot take command: its verb is not known')
}

function badSyntax(verb: Verb, why: string): MailError<CommandErrorCode> {
  return fault('COMMAND_BAD_SYNTAX', `Cannot take ${verb}: ${why}`)
}

function fault(code: CommandErrorCode, message: string): MailError<CommandErrorCode> {
  return new MailError(code, message, { spec: 'rfc5321#section-4.1.1' })
}
