/** What a command needs from the server's EHLO reply: RFC 5321 section 4.1.1.11, and each extension's own RFC. */

import { type Capabilities, type Command, isAsciiPath, type MailParameters } from '@posthorn/command'
import { MailError } from '@posthorn/core'
import type { SmtpErrorCode } from './error.ts'

/**
 * Refuses a command that needs what the server does not offer.
 *
 * @internal
 */
export function checkOffered(command: Command, offered: Capabilities, smtpUtf8: boolean): void {
  if (command.verb === 'STARTTLS') need(offered.startTls, 'STARTTLS')
  else if (command.verb === 'AUTH') need(offered.auth.includes(command.mechanism), `AUTH ${command.mechanism}`)
  else if (command.verb === 'MAIL') checkMail(command.parameters ?? {}, offered)
  else if (command.verb === 'RCPT') {
    if (command.parameters?.notify || command.parameters?.orcpt) need(offered.dsn, 'DSN')
    need(smtpUtf8 || isAsciiPath(command.forwardPath), 'SMTPUTF8 for this transaction')
  }
}

function checkMail(parameters: MailParameters, offered: Capabilities): void {
  const { size, body, smtpUtf8, ret, envid, auth } = parameters
  if (size !== undefined) need(offered.size !== null, 'SIZE')
  if (body === '8BITMIME') need(offered.eightBitMime, '8BITMIME')
  if (body === 'BINARYMIME') need(lists(offered, 'BINARYMIME'), 'BINARYMIME')
  if (smtpUtf8) need(offered.smtpUtf8, 'SMTPUTF8')
  if (ret !== undefined || envid !== undefined) need(offered.dsn, 'DSN')
  if (auth !== undefined) need(lists(offered, 'AUTH'), 'AUTH')
}

function lists(offered: Capabilities, keyword: string): boolean {
  return offered.list.some((capability) => capability.keyword === keyword)
}

function need(offered: boolean, what: string): void {
  if (offered) return
  throw new MailError<SmtpErrorCode>('SMTP_NOT_OFFERED', `Cannot send command: the server does not offer ${what}`, {
    spec: 'rfc5321#section-4.1.1.11',
  })
}
