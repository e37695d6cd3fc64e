/** Which command a reply shows to have been sent, where the log has none: RFC 5321 section 3 and 4.3.2. */

import type { Reply } from '@posthorn/reply'

/** How far a session has come. */
export interface Progress {
  greeted: boolean
  hello: boolean
  secure: boolean
  /** Whether the server offers STARTTLS. */
  offersTls: boolean
  /** Whether a transaction is open. */
  mail: boolean
}

const BY_CODE: Readonly<Record<number, string>> = {
  214: 'HELP',
  221: 'QUIT',
  235: 'AUTH',
  252: 'VRFY',
  334: 'AUTH',
  354: 'DATA',
  534: 'AUTH',
  535: 'AUTH',
}
const STARTS_TLS = /\b(?:TLS|ready|go ahead|proceed)\b/i
const IS_RESET = /flush|reset/i

/** Whether a reply of code 220 answers STARTTLS, and greets nobody. */
export function answersStartTls(reply: Reply, progress: Progress): boolean {
  const text = reply.lines.join(' ')
  return progress.hello && !progress.secure && STARTS_TLS.test(text) && !/\bE?SMTP\b/.test(text)
}

/** Names the command that a reply answers; nothing where the server speaks unasked. */
export function inferVerb(reply: Reply, progress: Progress): string | undefined {
  const { code, enhanced, lines } = reply
  if (code === 421) return undefined
  if (code === 220) return answersStartTls(reply, progress) ? 'STARTTLS' : undefined
  const known = BY_CODE[code]
  if (known) return known
  if (!progress.hello) return code === 250 && lines.length < 2 && progress.greeted ? 'HELO' : 'EHLO'
  if (code === 250 && lines.length > 1 && /^[A-Z0-9][A-Z0-9-]*(?: |=|$)/.test(lines[1] ?? '')) return 'EHLO'
  if (enhanced?.subject === 1) return enhanced.detail === 0 || enhanced.detail > 6 ? 'MAIL' : 'RCPT'
  if (code === 250 && IS_RESET.test(lines[0] ?? '')) return 'RSET'
  return progress.mail ? 'RCPT' : 'MAIL'
}
