/** A line of a client as a transcript may show it, whether it is a command or not: RFC 4954 section 4, RFC 4467. */

const HIDDEN = '***'
// A line that begins with none of these may be a password that was sent out of turn.
const SHOWN =
  /^(?:EHLO|HELO|LHLO|MAIL|RCPT|DATA|BDAT|BURL|RSET|NOOP|QUIT|VRFY|EXPN|HELP|ETRN|ATRN|STARTTLS|XCLIENT|XFORWARD)\b/i
const AUTH = /^(AUTH(?: +[\w-]+)?)(?![\w-])\s*(\S?)/i
// RFC 4467: it lets others have what a URL names.
const URL_AUTH = /(?<=;URLAUTH=)[^ ]*/gi

/**
 * Gives a line that a client has said without what may be secret in it: the initial response of AUTH, the authorisation in a URL of
 * BURL, and every line that begins with no verb.
 *
 * @param line The line, without its line ending; it need not be a command.
 * @returns The line, with `***` in the place of what is hidden.
 * @see {@link https://www.rfc-editor.org/rfc/rfc4954#section-4 | RFC 4954 section 4}
 * @example
 * redactCommandLine('AUTH PLAIN AGFubgBzZWNyZXQx') // 'AUTH PLAIN ***'
 * redactCommandLine('c2VjcmV0MQ==') // '***'
 */
export function redactCommandLine(line: string): string {
  const [, auth, more] = AUTH.exec(line) ?? []
  if (auth) return more ? `${auth} ${HIDDEN}` : auth
  return SHOWN.test(line) ? line.replace(URL_AUTH, HIDDEN) : HIDDEN
}
