/** What a command needs of the server, and how long its line may be: RFC 5321 section 4.1.1.11 and 4.5.3.1.4. */

import type { Command, Verb } from './command.ts'
import { isAsciiPath } from './path.ts'
import { EXTENSIONS, MAIL_PARAMETERS, RCPT_PARAMETERS } from './registry.ts'

// RFC 5321 section 4.5.3.1.4, CRLF counted.
const COMMAND_LINE = 512
// RFC 4954 section 4, CRLF counted.
const AUTH_LINE = 12_288

// RFC 5321 section 4.5.1: every server takes these, listed or not.
const ALWAYS: ReadonlySet<string> = new Set(['EXPN', 'HELP', 'VRFY'])

/**
 * Gives the extensions that a command needs, by their EHLO keywords; parameters without a type are not counted.
 *
 * @param command The command.
 * @returns The keywords, each once.
 * @see {@link https://www.rfc-editor.org/rfc/rfc5321#section-4.1.1.11 | RFC 5321 section 4.1.1.11}
 * @example
 * neededExtensions({ verb: 'MAIL', reversePath: null, parameters: { size: 9, ret: 'HDRS', envid: 'a' } }) // ['SIZE', 'DSN']
 */
export function neededExtensions(command: Command): string[] {
  const needed = new Set<string>()
  for (const { keyword, verbs } of EXTENSIONS) {
    if (verbs?.includes(command.verb) && !ALWAYS.has(keyword)) needed.add(keyword)
  }
  if (command.verb === 'MAIL') {
    const { parameters = {} } = command
    addParameters(needed, parameters, MAIL_PARAMETERS)
    // RFC 3030 section 3: BODY=BINARYMIME comes with an extension of its own; every server takes 7BIT with 8BITMIME.
    if (parameters.body === 'BINARYMIME') needed.delete('8BITMIME')
    if (parameters.body === 'BINARYMIME') needed.add('BINARYMIME')
    if (!isAsciiPath(command.reversePath)) needed.add('SMTPUTF8')
  }
  if (command.verb === 'RCPT') {
    addParameters(needed, command.parameters ?? {}, RCPT_PARAMETERS)
    if (!isAsciiPath(command.forwardPath)) needed.add('SMTPUTF8')
  }
  return [...needed]
}

function addParameters(needed: Set<string>, parameters: object, rows: object): void {
  const given = parameters as Readonly<Record<string, unknown>>
  for (const [property, { extension }] of Object.entries(rows) as [string, { extension: string }][]) {
    if (given[property] !== undefined && given[property] !== false) needed.add(extension)
  }
}

/**
 * Gives how long the line of a command may be: what RFC 5321 allows, and what each extension that is offered adds.
 *
 * @param verb The verb.
 * @param offered The EHLO keywords of the server, in upper case.
 * @returns The number of octets, CRLF counted.
 * @see {@link https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.1.4 | RFC 5321 section 4.5.3.1.4}
 * @example
 * commandLineLimit('MAIL', ['SIZE', '8BITMIME']) // 555
 * commandLineLimit('AUTH', ['AUTH']) // 12288
 */
export function commandLineLimit(verb: Verb, offered: readonly string[]): number {
  if (verb === 'AUTH') return AUTH_LINE
  let limit = COMMAND_LINE
  for (const { keyword, added } of EXTENSIONS) {
    if (offered.includes(keyword)) limit += (added as Partial<Record<Verb, number>> | undefined)?.[verb] ?? 0
  }
  return limit
}
