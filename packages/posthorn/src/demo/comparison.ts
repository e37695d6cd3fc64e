/** The envelope of a message beside its header: the one routes, the other is only what is shown. */

import { formatMailbox } from '@posthorn/command'
import { decodeUtf8 } from '@posthorn/core'
import { decodeWords, splitMessage } from '@posthorn/mime'
import { formatReplyText } from '@posthorn/reply'
import type { RecipientOutcome, SendOutcome } from '@posthorn/smtp'
import { type Paint, type Style, wrap } from '../terminal.ts'

const SHOWN = ['from', 'to', 'subject', 'date', 'message-id']
const LABEL = 12
const INDENT = '  '

const STATUS_STYLES: Readonly<Record<RecipientOutcome['status'], Style>> = {
  accepted: 'green',
  rejected: 'red',
  deferred: 'yellow',
  unknown: 'magenta',
}

/** What is compared. */
export interface Compared {
  readonly reversePath: string
  readonly outcome: SendOutcome
  readonly message: Uint8Array
}

/** Gives the lines: the envelope with what became of each recipient, then the fields that a reader sees. */
export function comparisonLines({ reversePath, outcome, message }: Compared, paint: Paint, columns: number): string[] {
  const width = Math.min(columns, 110) - INDENT.length - LABEL
  const row = (label: string, text: string): string[] =>
    wrap(text, width).map((line, index) => INDENT + (index === 0 ? label : '').padEnd(LABEL) + line)
  return [
    `${INDENT}${paint('bold', 'The envelope')}, by which servers route`,
    ...row('MAIL FROM', `<${reversePath}>`),
    ...outcome.recipients.flatMap((one) => [
      ...row('RCPT TO', `<${addressOf(one)}>`),
      ...row('', outcomeText(one)).map((line) => paint(STATUS_STYLES[one.status], line)),
    ]),
    '',
    `${INDENT}${paint('bold', 'The header')}, which readers see`,
    ...fieldsOf(message).flatMap(([name, value]) => row(name, value)),
  ]
}

function addressOf({ recipient }: RecipientOutcome): string {
  return recipient === 'postmaster' ? recipient : formatMailbox(recipient)
}

function outcomeText({ status, reply, retry }: RecipientOutcome): string {
  const why = reply ? ` (${formatReplyText(reply)})` : ''
  return retry === 'never' ? `${status}${why}` : `${status}${why}; try again: ${retry}`
}

function fieldsOf(message: Uint8Array): [string, string][] {
  return splitMessage(message).fields.flatMap(({ name, bytes }): [string, string][] => {
    if (!SHOWN.includes(name.toLowerCase())) return []
    const value = decodeUtf8(bytes).slice(name.length + 1)
    return [[name, decodeWords(value.replace(/\r\n/g, '').trim())]]
  })
}
