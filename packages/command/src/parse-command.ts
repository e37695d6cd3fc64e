/** Lines to commands: the inverse of `format-command.ts`, with the tolerances that RFC 5321 asks for or an option names. */

import { decodeBase64, decodeUtf8, findControl, isUtf8, trimBlankEnd } from '@posthorn/core'
import { parseClientAttributes } from './attribute.ts'
import type { Command, CommandAnomaly, Tolerated, Verb } from './command.ts'
import {
  badSyntax,
  checkDomain,
  checkDomains,
  checkMechanism,
  checkNode,
  checkSize,
  checkUrl,
  endsWithSmtpUtf8,
  fault,
  isOtherVerb,
  LONGEST_LINE,
  requireSmtpUtf8,
  tooLong,
  unknownVerb,
} from './command-check.ts'
import { isHost, toUpperAscii } from './grammar.ts'
import { parseMailParameters, parseRcptParameters } from './parameter-words.ts'
import { badPath, parsePath } from './path.ts'

/** What {@link parseCommand} tolerates. */
export interface ParseCommandOptions {
  /**
   * Underscores in the domain of EHLO, HELO and LHLO, blanks between `FROM:` or `TO:` and the path; each told in the
   * command; default none.
   */
  readonly tolerate?: readonly CommandAnomaly[]
  /**
   * Gives a verb that is not known as `OTHER`; default `false`, because a client out of step may send a password where a
   * command is expected, and it must not be kept.
   */
  readonly keepUnknown?: boolean
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
  if (line.length + 2 > LONGEST_LINE) throw tooLong(LONGEST_LINE)
  const text = decodeLine(line)
  const space = text.indexOf(' ')
  const verb = toUpperAscii(space < 0 ? text : text.slice(0, space))
  const rest = space < 0 ? '' : text.slice(space + 1).replace(/^ +/, '')
  switch (verb) {
    case 'EHLO':
    case 'HELO':
    case 'LHLO':
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
    case 'TURN':
      if (rest !== '') throw badSyntax(verb, 'it takes no argument')
      return { verb }
    case 'NOOP':
    case 'HELP':
      return rest === '' ? { verb } : { verb, argument: rest }
    default:
      return parseOfExtension(verb, rest, options)
  }
}

function decodeLine(line: Uint8Array): string {
  const text = trimBlankEnd(decodeUtf8(line))
  // U+FFFD stands for what is not UTF-8, but may have come as itself.
  if (findControl(text) >= 0 || (text.includes('\ufffd') && !isUtf8(line))) {
    throw fault('COMMAND_BAD_ARGUMENT', 'Cannot take command: it has a control or is not UTF-8')
  }
  return text
}

function parseOfExtension(verb: string, rest: string, options: ParseCommandOptions): Command {
  switch (verb) {
    case 'VRFY':
    case 'EXPN':
      return parseLookup(verb, rest)
    case 'SEND':
    case 'SOML':
    case 'SAML':
      return parseTerminal(verb, rest, options)
    case 'BDAT':
      return parseChunk(rest)
    case 'BURL':
      return parseBurl(rest)
    case 'ETRN':
      return { verb, node: checkNode(rest) }
    case 'ATRN':
      return { verb, domains: rest === '' ? [] : checkDomains(rest.split(',')) }
    case 'XCLIENT':
    case 'XFORWARD':
      return { verb, attributes: parseClientAttributes(rest === '' ? [] : rest.split(/ +/)) }
    default:
      if (!options.keepUnknown || !isOtherVerb(verb)) throw unknownVerb()
      return { verb: 'OTHER', name: verb, ...(rest !== '' && { argument: rest }) }
  }
}

// RFC 6531 section 3.7.4.2: SMTPUTF8 may follow the argument.
function parseLookup(verb: 'VRFY' | 'EXPN', rest: string): Command {
  if (rest === '') throw badSyntax(verb, 'its argument is missing')
  if (!endsWithSmtpUtf8(rest)) return { verb, argument: rest }
  return { verb, argument: trimBlankEnd(rest.slice(0, -'SMTPUTF8'.length)), smtpUtf8: true }
}

function parseTerminal(verb: 'SEND' | 'SOML' | 'SAML', rest: string, options: ParseCommandOptions): Command {
  const { path, words, tolerated } = splitPath(verb, 'FROM:', rest, options)
  if (words.length > 0) throw badSyntax(verb, 'it takes no parameter')
  const reversePath = parsePath(path) ?? null
  requireSmtpUtf8(reversePath, undefined)
  return { verb, reversePath, ...tolerated }
}

// bdat-cmd = "BDAT" SP chunk-size [ SP end-marker ] ; RFC 3030 section 2
function parseChunk(rest: string): Command {
  const [size = '', ...words] = rest.split(/ +/)
  return { verb: 'BDAT', size: checkSize(size), last: parseEndMarker('BDAT', words) }
}

// end-marker = "LAST"
function parseEndMarker(verb: 'BDAT' | 'BURL', words: readonly string[]): boolean {
  const [marker, ...more] = words
  if (marker === undefined) return false
  if (more.length > 0 || toUpperAscii(marker) !== 'LAST') throw badSyntax(verb, 'it has a needless argument')
  return true
}

// burl-cmd = "BURL" SP absolute-URI [ SP end-marker ] ; RFC 4468 section 3
function parseBurl(rest: string): Command {
  const [url = '', ...words] = rest.split(/ +/)
  return { verb: 'BURL', url: checkUrl(url), last: parseEndMarker('BURL', words) }
}

function parseHello(verb: 'EHLO' | 'HELO' | 'LHLO', domain: string, options: ParseCommandOptions): Command {
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
  const forwardPath = toUpperAscii(path) === '<POSTMASTER>' ? 'postmaster' : parsePath(path)
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
