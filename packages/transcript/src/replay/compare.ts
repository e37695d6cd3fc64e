/** Whether a client says what the transcript has. */

import { redactCommandLine } from '@posthorn/command'
import { verbOf } from '../dialogue/command-line.ts'
import { HIDDEN } from '../dialogue/secret.ts'
import type { CommandEvent } from '../session.ts'

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
  return redactCommandLine(text.trim()).replace(/ *: */, ':').replace(/ +/g, ' ').toLowerCase()
}
