/**
 * The forms of an address of type `utf-8` in ORCPT, as they are read: RFC 6533 section 3. What may not stand in a parameter is
 * `\x{HEX}`, with two to six digits; beyond US-ASCII it may also stand as it is (`utf-8-addr-unitext`).
 */

import { clip, findControl, MailError } from '@posthorn/core'
import type { CommandErrorCode } from './error.ts'

// EmbeddedUnicodeChar = %x5C.78 "{" HEXPOINT "}"   ; HEXPOINT has no needless zeros and no half of a pair
const EMBEDDED = /\\x\{(?!D[89A-F]..\})([0-9A-F]{2}|[1-9A-F][0-9A-F]{2,4}|10[0-9A-F]{4})\}/g
const LEFT_OVER = /[\\+= ]/

/**
 * Decodes an address in any of the forms; the digits may be lower case.
 *
 * @internal
 */
export function decodeAddressXtext(text: string): string {
  const upper = text.replace(/\\x\{[0-9A-Fa-f]{2,6}\}/g, (embedded) => `\\x${embedded.slice(2).toUpperCase()}`)
  if (upper === '' || LEFT_OVER.test(upper.replace(EMBEDDED, ''))) throw badAddress(text)
  const decoded = upper.replace(EMBEDDED, (_, digits: string) => String.fromCodePoint(Number.parseInt(digits, 16)))
  // HAZARD: a hidden CR LF would end a line where the value is used again.
  if (findControl(decoded) >= 0) throw badAddress(text)
  return decoded
}

function badAddress(text: string): MailError<CommandErrorCode> {
  return new MailError('COMMAND_BAD_ARGUMENT', `Cannot take address "${clip(text)}"`, { spec: 'rfc6533#section-3' })
}
