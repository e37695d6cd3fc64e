/** Whether a client says what the transcript has. */

import { verbOf } from '../dialogue/command-line.ts'
import { HIDDEN } from '../dialogue/secret.ts'
import type { CommandEvent } from '../session.ts'

const AUTH = /^AUTH(?: +[\w-]+)?/i

/** A command line as errors may show it: no response of SASL, and no line that may be one. */
export function shownCommand(text: string): string {
  const verb = verbOf(text)
  const auth = AUTH.exec(text)?.[0]
  if (auth) return text.length > auth.length ? `${auth} ${HIDDEN}` : auth
  return /^(?:EHLO|HELO|LHLO|MAIL|RCPT|DATA|BDAT|RSET|NOOP|QUIT|VRFY|EXPN|HELP|ETRN|STARTTLS)$/.test(verb)
    ? text
    : HIDDEN
}

/** Whether a line is the command that the transcript has: its verb, and if `strict` its arguments. */
export function isSame(line: string, { verb, text, inferred }: CommandEvent, strict: boolean): boolean {
  if (verb === 'OTHER') return true
  if (verbOf(line) !== verb) return false
  if (!strict || inferred) return true
  const expected = comparable(text)
  // What was hidden in it is not known
  return (verb !== 'AUTH' && expected.includes(HIDDEN)) || comparable(line) === expected
}

// Letter case and blanks do not count, nor what the credentials are
function comparable(text: string): string {
  return shownCommand(text.trim()).replace(/ *: */, ':').replace(/ +/g, ' ').toLowerCase()
}
