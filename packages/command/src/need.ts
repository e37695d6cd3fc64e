/** What a command needs of the server, and how long its line may be: RFC 5321 section 4.1.1.11 and 4.5.3.1.4. */

import { isAscii } from '@posthorn/core'
import type { Command, Verb } from './command.ts'
import type { MailParameters, RcptParameters } from './parameter.ts'
import { type ForwardPath, isAsciiPath, type ReversePath } from './path.ts'
import { EXTENSIONS, MAIL_PARAMETERS, RCPT_PARAMETERS } from './registry.ts'

// RFC 5321 section 4.5.3.1.4, CRLF counted.
const COMMAND_LINE = 512

// RFC 5321 section 4.5.1: every server takes these, listed or not.
const ALWAYS: ReadonlySet<string> = new Set(['EXPN', 'HELP', 'VRFY'])

type Pairs<Value> = readonly (readonly [key: string, value: Value])[]

// The extension that a verb needs.
const VERBS: ReadonlyMap<string, string> = /* @__PURE__ */ readVerbs()

function readVerbs(): Map<string, string> {
  const listed = EXTENSIONS.filter(({ keyword }) => !ALWAYS.has(keyword))
  return new Map(listed.flatMap(({ keyword, verbs = [] }) => verbs.map((verb) => [verb, keyword] as const)))
}

// The extension of each property of the parameters.
const MAIL_NEEDS = /* @__PURE__ */ readNeeds(MAIL_PARAMETERS)
const RCPT_NEEDS = /* @__PURE__ */ readNeeds(RCPT_PARAMETERS)

type Needs = ReadonlyMap<string, string>

function readNeeds(parameters: Readonly<Record<string, { readonly extension: string }>>): Needs {
  return new Map(Object.entries(parameters).map(([property, { extension }]) => [property, extension]))
}

// By how many octets each extension lets a line grow.
const MAIL_GROWTH = /* @__PURE__ */ readGrowth('MAIL')
const RCPT_GROWTH = /* @__PURE__ */ readGrowth('RCPT')

function readGrowth(verb: 'MAIL' | 'RCPT'): Pairs<number> {
  return EXTENSIONS.flatMap(({ keyword, added }) => (added?.[verb] ? [[keyword, added[verb]] as const] : []))
}

/**
 * Gives the extensions that a command needs, by their EHLO keywords; of parameters without a type only SMTPUTF8 is known,
 * where a value is not US-ASCII.
 *
 * @param command The command.
 * @returns The keywords, each once.
 * @see {@link https://www.rfc-editor.org/rfc/rfc5321#section-4.1.1.11 | RFC 5321 section 4.1.1.11}
 * @example
 * neededExtensions({ verb: 'MAIL', reversePath: null, parameters: { size: 9, ret: 'HDRS', envid: 'a' } }) // ['SIZE', 'DSN']
 */
export function neededExtensions(command: Command): string[] {
  switch (command.verb) {
    case 'MAIL':
      return neededByMail(command.reversePath, command.parameters)
    case 'RCPT':
      return neededByParameters(command.forwardPath, command.parameters, RCPT_NEEDS)
    case 'VRFY':
    case 'EXPN':
      return command.smtpUtf8 || !isAscii(command.argument) ? ['SMTPUTF8'] : []
    default: {
      const extension = VERBS.get(command.verb)
      return extension === undefined ? [] : [extension]
    }
  }
}

function neededByMail(path: ReversePath, parameters: MailParameters | undefined): string[] {
  const needed = neededByParameters(path, parameters, MAIL_NEEDS)
  // RFC 3030 section 3: BODY=BINARYMIME comes with an extension of its own; every server takes 7BIT with 8BITMIME.
  return parameters?.body === 'BINARYMIME'
    ? needed.map((keyword) => (keyword === '8BITMIME' ? 'BINARYMIME' : keyword))
    : needed
}

function neededByParameters(
  path: ReversePath | ForwardPath,
  parameters: MailParameters | RcptParameters = {},
  needs: Needs,
): string[] {
  const needed: string[] = []
  for (const [property, value] of Object.entries(parameters)) {
    const extension = value === undefined || value === false ? undefined : needs.get(property)
    if (extension !== undefined && !needed.includes(extension)) needed.push(extension)
  }
  if (needed.includes('SMTPUTF8')) return needed
  const ascii = isAsciiPath(path) && (parameters.others ?? []).every(({ value = '' }) => isAscii(value))
  if (!ascii) needed.push('SMTPUTF8')
  return needed
}

/**
 * Gives how long the line of a command may be: what RFC 5321 allows, and what each extension that is offered adds. An
 * initial response that takes AUTH beyond it has to wait for an empty challenge (RFC 4954 section 4).
 *
 * @param verb The verb.
 * @param offered The EHLO keywords of the server, in upper case.
 * @returns The number of octets, CRLF counted.
 * @see {@link https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.1.4 | RFC 5321 section 4.5.3.1.4}
 * @example
 * commandLineLimit('MAIL', ['SIZE', '8BITMIME']) // 555
 * commandLineLimit('AUTH', ['AUTH']) // 512
 */
export function commandLineLimit(verb: Verb, offered: readonly string[]): number {
  const growth = verb === 'MAIL' ? MAIL_GROWTH : verb === 'RCPT' ? RCPT_GROWTH : []
  let limit = COMMAND_LINE
  for (const [keyword, octets] of growth) if (offered.includes(keyword)) limit += octets
  return limit
}
