/**
 * The Authentication-Results field, read and written: RFC 8601 section 2.2. Out of scope: what the results of a method
 * mean, and whose field is to be trusted.
 */

import { decodeUtf8, encodeUtf8, findControl, isAscii } from '@posthorn/core'
import type { RawField } from '@posthorn/mime'
import { fault, quoted } from './error.ts'
import { isAddress, WHOLE_KEYWORD, WHOLE_TOKEN } from './grammar.ts'
import type { AuthenticationProperty, AuthenticationResult, AuthenticationResults, ResultDefect } from './results.ts'
import { Scanner } from './scanner.ts'

/** The limits of {@link parseAuthenticationResults}. */
export interface ParseAuthenticationResultsOptions {
  /** Most UTF-16 units of the value; default 65,536, many times what a host has to say. */
  readonly maxLength?: number
  /** How deep comments may nest; default 32. */
  readonly maxCommentDepth?: number
  /**
   * Reads properties that do not say where they come from, as `action=none` of Exchange Online, and tells of each in
   * `defects`; default `false`: the field is refused.
   */
  readonly untypedProperties?: boolean
}

/** How {@link formatAuthenticationResults} writes. */
export interface FormatAuthenticationResultsOptions {
  /** Writes UTF-8 as it is, for a message of RFC 6532; default `false`: other than US-ASCII is refused. */
  readonly unicode?: boolean
}

const NAME = 'Authentication-Results:'
const COLUMNS = 78
const MAX_OCTETS = 998

/**
 * Parses an Authentication-Results field. It says nothing about who wrote the field: `readTrustedResults` does.
 *
 * @param field The field, or its value alone, folded or not.
 * @param options Limits.
 * @returns What the field says; comments are left out.
 * @throws {MailError} `AUTH_BAD_FIELD`, with the offset in the value, for what is outside the grammar; `AUTH_TOO_LONG`.
 * @see {@link https://www.rfc-editor.org/rfc/rfc8601#section-2.2 | RFC 8601 section 2.2}
 * @example
 * const { authservId, results } = parseAuthenticationResults('mx.example; spf=pass (ok) smtp.mailfrom=a@b.example')
 * authservId // 'mx.example'
 * results[0] // { method: 'spf', result: 'pass', properties: [{ ptype: 'smtp', property: 'mailfrom', value: 'a@b.example' }] }
 * parseAuthenticationResults('mx.example; spf=') // throws AUTH_BAD_FIELD
 */
export function parseAuthenticationResults(
  field: string | RawField,
  options: ParseAuthenticationResultsOptions = {},
): AuthenticationResults {
  const scanner = scannerOf(field, options)
  const head = readHead(scanner)
  return { ...head, results: readResults(scanner, options.untypedProperties === true) }
}

/**
 * Begins to read a field.
 *
 * @internal
 */
export function scannerOf(field: string | RawField, options: ParseAuthenticationResultsOptions = {}): Scanner {
  const { maxLength = 65_536, maxCommentDepth = 32 } = options
  const text = typeof field === 'string' ? field : textOf(field)
  if (text.length > maxLength) {
    throw fault('AUTH_TOO_LONG', { message: `read results of over ${maxLength} characters`, section: '2.2' })
  }
  return new Scanner(text.endsWith('\r\n') ? text.slice(0, -2) : text, maxCommentDepth)
}

/**
 * Gives what stands behind the colon of a field.
 *
 * @internal
 */
export function textOf({ bytes }: RawField): string {
  return decodeUtf8(bytes.subarray(bytes.indexOf(58) + 1))
}

/**
 * Reads as far as the first semicolon.
 *
 * @internal
 */
export function readHead(scanner: Scanner): Pick<AuthenticationResults, 'authservId' | 'version'> {
  scanner.skip()
  const authservId = scanner.value()
  const isApart = scanner.skip()
  if (!isApart || !/\d/.test(scanner.next ?? '')) return { authservId }
  const version = scanner.version()
  scanner.skip()
  return { authservId, version }
}

function readResults(scanner: Scanner, takesUntyped: boolean): AuthenticationResult[] {
  const results: AuthenticationResult[] = []
  do {
    scanner.expect(';')
    scanner.skip()
    const method = scanner.keyword()
    scanner.skip()
    if (method === 'none' && results.length === 0 && scanner.isAtEnd) return []
    results.push(readResult(scanner, method, takesUntyped))
  } while (!scanner.isAtEnd)
  return results
}

// resinfo = [CFWS] ";" methodspec [ CFWS reasonspec ] [ CFWS 1*propspec ]
function readResult(scanner: Scanner, method: string, takesUntyped: boolean): AuthenticationResult {
  const methodVersion = readMethodVersion(scanner)
  scanner.expect('=')
  scanner.skip()
  const result = scanner.keyword()
  const properties: AuthenticationProperty[] = []
  const defects: ResultDefect[] = []
  let reason: string | undefined
  for (let isApart = scanner.skip(); !scanner.isAtEnd && scanner.next !== ';'; isApart = scanner.skip()) {
    if (!isApart && properties.length === 0) scanner.fail('a blank')
    const word = scanner.keyword()
    scanner.skip()
    const isReason = word === 'reason' && reason === undefined && properties.length === 0
    if (isReason && scanner.next === '=') reason = readWord(scanner)
    else if (takesUntyped && scanner.next === '=') {
      // QUIRK: Exchange Online, https://github.com/jstedfast/MimeKit/issues/490
      defects.push({ code: 'untyped-property', property: word, value: readWord(scanner) })
    } else properties.push(readProperty(scanner, word))
  }
  return {
    method,
    ...(methodVersion === undefined ? {} : { methodVersion }),
    result,
    ...(reason === undefined ? {} : { reason }),
    properties,
    ...(defects.length === 0 ? {} : { defects }),
  }
}

function readMethodVersion(scanner: Scanner): number | undefined {
  if (!scanner.takes('/')) return undefined
  scanner.skip()
  const version = scanner.version()
  scanner.skip()
  return version
}

function readWord(scanner: Scanner): string {
  scanner.expect('=')
  scanner.skip()
  return scanner.value()
}

// propspec = ptype [CFWS] "." [CFWS] property [CFWS] "=" pvalue
function readProperty(scanner: Scanner, ptype: string): AuthenticationProperty {
  scanner.expect('.')
  scanner.skip()
  const property = scanner.keyword()
  scanner.skip()
  scanner.expect('=')
  scanner.skip()
  return { ptype, property, value: scanner.propertyValue() }
}

/**
 * Writes an Authentication-Results field; it goes on top of the message, above what it speaks of.
 *
 * Nothing in a value can end it, the result or the field: what `parseAuthenticationResults` reads is what was given. A
 * value that cannot be written so is refused, since one that is cut or changed might name another.
 *
 * @param value Who found what.
 * @param options Whether UTF-8 may be written.
 * @returns The field, folded, a line for each result, with its CRLF.
 * @throws {MailError} `AUTH_BAD_VALUE` for a name outside its grammar, a control character, or other than US-ASCII
 * without `unicode`; `AUTH_TOO_LONG` for a word of over 990 octets.
 * @see {@link https://www.rfc-editor.org/rfc/rfc8601#section-2.2 | RFC 8601 section 2.2}
 * @example
 * const properties = [{ ptype: 'smtp', property: 'helo', value: 'a; dkim=pass' }]
 * formatAuthenticationResults({ authservId: 'mx.example', results: [{ method: 'spf', result: 'fail', properties }] })
 * // 'Authentication-Results: mx.example;\r\n spf=fail smtp.helo="a; dkim=pass"\r\n'
 */
export function formatAuthenticationResults(
  value: AuthenticationResults,
  options: FormatAuthenticationResultsOptions = {},
): string {
  const { unicode = false } = options
  const write = (text: string, isPlain: (text: string) => boolean = isToken): string => {
    if (findControl(text) >= 0 || !(unicode || isAscii(text))) throw refusal(text)
    return isPlain(text) ? text : `"${text.replace(/[\\"]/g, '\\$&')}"`
  }
  const version = value.version === undefined ? '' : ` ${versionOf(value.version)}`
  const results = value.results.map((result) => wordsOf(result, write))
  const [head, ...lines] = [`${write(value.authservId)}${version}`, ...(results.length > 0 ? results : ['none'])]
  return `${[`${NAME} ${head}`, ...lines.map((line) => ` ${line}`)].map(foldLine).join(';\r\n')}\r\n`
}

type Write = (text: string, isPlain?: (text: string) => boolean) => string

function wordsOf({ method, methodVersion, result, reason, properties }: AuthenticationResult, write: Write): string {
  const version = methodVersion === undefined ? '' : `/${versionOf(methodVersion)}`
  const words = [`${keywordOf(method)}${version}=${keywordOf(result)}`]
  if (reason !== undefined) words.push(`reason=${write(reason)}`)
  for (const { ptype, property, value } of properties) {
    words.push(`${keywordOf(ptype)}.${keywordOf(property)}=${write(value, isPlainValue)}`)
  }
  return words.join(' ')
}

function isToken(text: string): boolean {
  return WHOLE_TOKEN.test(text)
}

function isPlainValue(text: string): boolean {
  return isToken(text) || isAddress(text)
}

function keywordOf(text: string): string {
  if (!WHOLE_KEYWORD.test(text)) throw refusal(text)
  return text
}

function versionOf(version: number): number {
  if (!Number.isInteger(version) || version < 0 || version > 999_999_999) throw refusal(String(version))
  return version
}

function refusal(text: string): Error {
  return fault('AUTH_BAD_VALUE', { message: `write ${quoted(text)} into results`, section: '2.2' })
}

// A break goes before blanks, in quotes too, where unfolding gives the same text again; no line ends in a blank.
function foldLine(text: string): string {
  const lines: string[] = []
  let line = ''
  for (const word of text.match(/ *[^ ]+/g) ?? []) {
    if (line !== '' && line.length + word.length >= COLUMNS) {
      lines.push(line)
      line = ''
    }
    line += word
  }
  lines.push(line)
  for (const one of lines) {
    if (encodeUtf8(one).length >= MAX_OCTETS) {
      throw fault('AUTH_TOO_LONG', {
        message: `write ${quoted(one)}: a line has over ${MAX_OCTETS} octets`,
        section: '2.2',
      })
    }
  }
  return lines.join('\r\n')
}
