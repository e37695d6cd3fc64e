/**
 * The words of MAIL and RCPT behind the path, to and from typed parameters. What each parameter is, and how its value is
 * written, stands in `registry.ts`; one that is not there is kept as it stands.
 */

import { clip, MailError } from '@posthorn/core'
import type { CommandErrorCode } from './error.ts'
import { KEYWORD, toUpperAscii, UTF8_NON_ASCII } from './grammar.ts'
import type { MailParameters, OtherParameter, RcptParameters } from './parameter.ts'
import { MAIL_PARAMETERS, type ParameterRow, RCPT_PARAMETERS } from './registry.ts'

type Row = ParameterRow<unknown> & { readonly property: string }
type Parameters = Readonly<Record<string, unknown>> & { readonly others?: readonly OtherParameter[] }

interface Table {
  readonly rows: readonly Row[]
  readonly byKeyword: ReadonlyMap<string, Row>
}

function tableOf(parameters: object): Table {
  const entries = Object.entries(parameters as Readonly<Record<string, ParameterRow<unknown>>>)
  const rows = entries.map(([property, row]) => ({ property, ...row }))
  return { rows, byKeyword: new Map(rows.map((row) => [row.keyword, row])) }
}

const MAIL = /* @__PURE__ */ tableOf(MAIL_PARAMETERS)
const RCPT = /* @__PURE__ */ tableOf(RCPT_PARAMETERS)

// esmtp-value = 1*(%d33-60 / %d62-126)             ; UTF-8 too (RFC 6531 section 3.3)
const VALUE: RegExp = new RegExp(`^[!-<>-~${UTF8_NON_ASCII}]+$`, 'u')

function refuse(text: string, spec = 'rfc5321#section-4.1.1.11'): never {
  throw new MailError<CommandErrorCode>('COMMAND_BAD_PARAMETER', `Cannot take parameter "${clip(text)}"`, { spec })
}

/** @internal */
export function formatMailParameters(parameters: MailParameters): string[] {
  const words = format(parameters as Parameters, MAIL)
  // What would not be taken must not be sent: one check for both ways.
  parseMailParameters(words)
  return words
}

/** @internal */
export function formatRcptParameters(parameters: RcptParameters): string[] {
  const words = format(parameters as Parameters, RCPT)
  parse(words, RCPT)
  return words
}

/** @internal */
export function parseMailParameters(words: readonly string[]): MailParameters {
  const parameters: MailParameters = parse(words, MAIL)
  // RFC 4865 section 4: one of the two, never both.
  if (parameters.holdFor !== undefined && parameters.holdUntil !== undefined) {
    refuse(`HOLDUNTIL=${parameters.holdUntil}`, 'rfc4865#section-4')
  }
  return parameters
}

/** @internal */
export function parseRcptParameters(words: readonly string[]): RcptParameters {
  return parse(words, RCPT)
}

function format(parameters: Parameters, { rows }: Table): string[] {
  const words: string[] = []
  for (const { property, keyword, codec } of rows) {
    const value = parameters[property]
    if (value !== undefined && value !== false) words.push(joinWord(keyword, codec.format(value)))
  }
  for (const { keyword, value } of parameters.others ?? []) {
    if (!KEYWORD.test(keyword)) refuse(keyword)
    words.push(joinWord(keyword, value))
  }
  return words
}

function joinWord(keyword: string, value: string | undefined): string {
  return value === undefined ? keyword : `${keyword}=${value}`
}

function parse(words: readonly string[], { byKeyword }: Table): object {
  const parameters: Record<string, unknown> = {}
  if (words.length === 0) return parameters
  const others: OtherParameter[] = []
  const seen = new Set<string>()
  for (const text of words) {
    const word = splitWord(text)
    const upper = toUpperAscii(word.keyword)
    if (seen.has(upper)) refuse(text)
    seen.add(upper)
    const row = byKeyword.get(upper)
    if (row) parameters[row.property] = parseValue(row, word.value, text)
    else others.push(word)
  }
  return others.length > 0 ? { ...parameters, others } : parameters
}

function parseValue({ codec, spec }: Row, value: string | undefined, text: string): unknown {
  if (codec.flag && value !== undefined) refuse(text, spec)
  const parsed = codec.parse(value ?? '')
  return parsed === undefined ? refuse(text, spec) : parsed
}

function splitWord(text: string): OtherParameter {
  const equals = text.indexOf('=')
  const keyword = equals < 0 ? text : text.slice(0, equals)
  if (!KEYWORD.test(keyword)) refuse(text)
  if (equals < 0) return { keyword }
  const value = text.slice(equals + 1)
  return VALUE.test(value) ? { keyword, value } : refuse(text)
}
