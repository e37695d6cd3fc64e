/**
 * The words of MAIL and RCPT behind the path, to and from typed parameters. What each parameter is, and how its value is
 * written, stands in `registry.ts`; one that is not there is kept as it stands.
 */

import { clip, MailError } from '@posthorn/core'
import type { CommandErrorCode } from './error.ts'
import { KEYWORD, toUpperAscii, UTF8_NON_ASCII } from './grammar.ts'
import type { MailParameters, OtherParameter, RcptParameters } from './parameter.ts'
import { MAIL_PARAMETERS, type ParameterRow, RCPT_PARAMETERS } from './registry.ts'

type Rows = Readonly<Record<string, ParameterRow<unknown>>>
type Parameters = Readonly<Record<string, unknown>> & { readonly others?: readonly OtherParameter[] }

const MAIL_ROWS = MAIL_PARAMETERS as Rows
const RCPT_ROWS = RCPT_PARAMETERS as Rows

// esmtp-value = 1*(%d33-60 / %d62-126)             ; UTF-8 too (RFC 6531 section 3.3)
const VALUE: RegExp = new RegExp(`^[!-<>-~${UTF8_NON_ASCII}]+$`, 'u')

function refuse(text: string, spec = 'rfc5321#section-4.1.1.11'): never {
  throw new MailError<CommandErrorCode>('COMMAND_BAD_PARAMETER', `Cannot take parameter "${clip(text)}"`, { spec })
}

/** @internal */
export function formatMailParameters(parameters: MailParameters): string[] {
  const words = format(parameters as Parameters, MAIL_ROWS)
  // What would not be taken must not be sent: one check for both ways.
  parseMailParameters(words)
  return words
}

/** @internal */
export function formatRcptParameters(parameters: RcptParameters): string[] {
  const words = format(parameters as Parameters, RCPT_ROWS)
  parse(words, RCPT_ROWS)
  return words
}

/** @internal */
export function parseMailParameters(words: readonly string[]): MailParameters {
  const parameters: MailParameters = parse(words, MAIL_ROWS)
  // RFC 4865 section 4: one of the two, never both.
  if (parameters.holdFor !== undefined && parameters.holdUntil !== undefined) {
    refuse(`HOLDUNTIL=${parameters.holdUntil}`, 'rfc4865#section-4')
  }
  return parameters
}

/** @internal */
export function parseRcptParameters(words: readonly string[]): RcptParameters {
  return parse(words, RCPT_ROWS)
}

function format(parameters: Parameters, rows: Rows): string[] {
  const words: string[] = []
  for (const [property, { keyword, codec }] of Object.entries(rows)) {
    const value = parameters[property]
    if (value === undefined || value === false) continue
    words.push(joinWord(keyword, codec.format(value)))
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

function parse(words: readonly string[], rows: Rows): object {
  const parameters: Record<string, unknown> = {}
  const others: OtherParameter[] = []
  for (const { keyword, value, text } of splitWords(words)) {
    const upper = toUpperAscii(keyword)
    const [property, row] = Object.entries(rows).find(([, candidate]) => candidate.keyword === upper) ?? []
    if (property && row) parameters[property] = parseValue(row, value, text)
    else others.push(value === undefined ? { keyword } : { keyword, value })
  }
  return others.length > 0 ? { ...parameters, others } : parameters
}

function parseValue({ codec, spec }: ParameterRow<unknown>, value: string | undefined, text: string): unknown {
  if (codec.flag && value !== undefined) refuse(text, spec)
  const parsed = codec.parse(value ?? '')
  return parsed === undefined ? refuse(text, spec) : parsed
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
    const upper = toUpperAscii(keyword)
    if (!KEYWORD.test(keyword) || (value !== undefined && !VALUE.test(value)) || seen.has(upper)) refuse(text)
    seen.add(upper)
    return { keyword, value, text }
  })
}
