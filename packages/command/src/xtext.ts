/** The `xtext` of RFC 3461 section 4: US-ASCII in which `+`, `=` and everything unprintable stands as `+HH`. */

import { clip, decodeUtf8, encodeUtf8, findControl, isUtf8, MailError } from '@posthorn/core'
import type { CommandErrorCode } from './error.ts'

const PLUS = 43
const EQUALS = 61

// xchar = %d33-126 except "+" and "="
const XCHARS = /^[!-*,-<>-~]*$/

/**
 * Encodes text as `xtext`.
 *
 * @param text Any text without controls; what is not US-ASCII is encoded as UTF-8.
 * @returns Printable US-ASCII without `+` and `=` of its own.
 * @throws {MailError} `COMMAND_BAD_ARGUMENT` when `text` has a control character.
 * @see {@link https://www.rfc-editor.org/rfc/rfc3461#section-4 | RFC 3461 section 4}
 * @example
 * encodeXtext('a+b=c') // 'a+2Bb+3Dc'
 */
export function encodeXtext(text: string): string {
  if (XCHARS.test(text)) return text
  if (findControl(text) >= 0) throw badText('Cannot encode xtext', text)
  let encoded = ''
  for (const octet of encodeUtf8(text)) {
    const literal = octet > 32 && octet < 127 && octet !== PLUS && octet !== EQUALS
    encoded += literal ? String.fromCharCode(octet) : `+${octet.toString(16).toUpperCase().padStart(2, '0')}`
  }
  return encoded
}

// xtext = *( xchar / hexchar ); hexchar = "+" 2HEXDIG, upper case
const NO_XTEXT = /[^!-<>-~]|\+(?![0-9A-F]{2})/

/**
 * Decodes `xtext`.
 *
 * @param text The encoded text.
 * @returns The text it stands for.
 * @throws {MailError} `COMMAND_BAD_ARGUMENT` when it is not `xtext`, stands for what is not UTF-8, or hides a
 * control character.
 * @see {@link https://www.rfc-editor.org/rfc/rfc3461#section-4 | RFC 3461 section 4}
 * @example
 * decodeXtext('a+2Bb') // 'a+b'
 * decodeXtext('a+0D+0Ab') // throws COMMAND_BAD_ARGUMENT
 */
export function decodeXtext(text: string): string {
  if (NO_XTEXT.test(text)) throw badText('Cannot decode xtext', text)
  if (!text.includes('+')) return text
  const bytes = decodeOctets(text)
  const decoded = decodeUtf8(bytes)
  // HAZARD: a hidden CR LF would end a line where the value is used again.
  if (!isUtf8(bytes) || findControl(decoded) >= 0) throw badText('Cannot decode xtext', text)
  return decoded
}

function decodeOctets(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length)
  let length = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    bytes[length++] = code === PLUS ? Number.parseInt(text.slice(at + 1, at + 3), 16) : code
    if (code === PLUS) at += 2
  }
  return bytes.subarray(0, length)
}

function badText(action: string, text: string): MailError<CommandErrorCode> {
  return new MailError('COMMAND_BAD_ARGUMENT', `${action} "${clip(text)}"`, { spec: 'rfc3461#section-4' })
}
