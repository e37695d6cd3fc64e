/** What a server tells of a line of its client in a transcript: the line as it came, without what may be a secret. */

import { decodeLatin1, decodeUtf8, isUtf8, type Line } from '@posthorn/core'
import { HIDDEN, type TranscriptEntry } from './transcript.ts'

// A line that begins with none of these may be a password that was sent out of turn.
const SHOWN =
  /^(?:EHLO|HELO|LHLO|MAIL|RCPT|DATA|BDAT|BURL|RSET|NOOP|QUIT|VRFY|EXPN|HELP|ETRN|ATRN|STARTTLS|XCLIENT|XFORWARD)\b/i
const AUTH = /^(AUTH(?: +[\w-]+)?)(?![\w-])\s*(\S?)/i
// RFC 4467: it lets others have what a URL names.
const URL_AUTH = /(?<=;URLAUTH=)[^ ]*/gi

/**
 * The entry of a command line.
 *
 * @internal
 */
export function receivedEntry({ bytes }: Line): TranscriptEntry {
  const text = isUtf8(bytes) ? decodeUtf8(bytes) : decodeLatin1(bytes)
  const [, auth, more] = AUTH.exec(text) ?? []
  if (auth) return { type: 'command', text: more ? `${auth} ${HIDDEN}` : auth }
  return { type: 'command', text: SHOWN.test(text) ? text.replace(URL_AUTH, HIDDEN) : HIDDEN }
}
