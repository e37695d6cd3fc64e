/** The body of a disposition notification: RFC 8098 section 3, RFC 6533 section 5. */

import { clip, MailError } from '@posthorn/core'
import type { Part } from '../compose/part.ts'
import type { MimeErrorCode } from '../error.ts'
import { parseMessage } from '../parse/parse-message.ts'
import { joinReport, machinePart, type ReportInput } from './build-report.ts'
import type { DispositionNotificationInput } from './disposition-notification.ts'
import { formatDispositionNotification } from './format-disposition-notification.ts'
import { headerOf, type ReportedMessage, returnedPart } from './returned-part.ts'
import { readTypedAddress } from './typed-value.ts'

/** A disposition notification to build. */
export interface DispositionReportInput extends ReportInput {
  /** What became of the message; its identifier and its first recipient are those of `original` where they lack. */
  readonly notification: DispositionNotificationInput
  /** How much of the message goes along; default its header. */
  readonly returned?: 'full' | 'headers'
}

/**
 * Makes the body of a disposition notification, in UTF-8 (`message/global-…`) where an address or a text needs it. The
 * message that has it as `body` is from the recipient, for the addresses of the request, and its reverse-path is the null one.
 *
 * @param input What it says to people and to machines, and the message that it is about.
 * @returns The part, `multipart/report`.
 * @throws {MailError} As {@link formatDispositionNotification} and {@link messagePart}; `MIME_BAD_REPORT` for the identifier of
 * another message than `original`.
 * @see {@link https://www.rfc-editor.org/rfc/rfc8098#section-3 | RFC 8098 section 3}
 * @example
 * const body = dispositionReport({
 *   text: 'The message was displayed.\n',
 *   notification: {
 *     finalRecipient: typedAddress('b@c.example'),
 *     disposition: { action: 'manual', sending: 'manual', type: 'displayed' },
 *   },
 *   original: 'Message-ID: <1@a.example>\r\n\r\nHello\r\n',
 * })
 * body.parts.map(({ mediaType }) => mediaType)
 * // ['text/plain', 'message/disposition-notification', 'text/rfc822-headers']
 */
export function dispositionReport({ text, notification, original, returned }: DispositionReportInput): Part {
  const whole = original === undefined ? notification : withFactsOf(original, notification)
  const machine = machinePart({
    subtype: 'disposition-notification',
    format: (options) => formatDispositionNotification(whole, options),
  })
  const part = original === undefined ? undefined : returnedPart(original, returned ?? 'headers')
  return joinReport(text, machine, part)
}

// RFC 8098 section 3.2.3 and 3.2.5: what the message has, its notification has.
function withFactsOf(
  original: ReportedMessage,
  notification: DispositionNotificationInput,
): DispositionNotificationInput {
  const { header } = parseMessage(headerOf(original), { maxParts: 0, maxDepth: 0 })
  const [id] = header.ids('message-id')
  const given = notification.originalMessageId
  if (given !== undefined && given !== id) {
    throw new MailError<MimeErrorCode>('MIME_BAD_REPORT', `Cannot report on "${clip(given)}": it is another message`, {
      spec: 'rfc8098#section-3.2.5',
    })
  }
  const recipients = header.all('original-recipient')
  const recipient = recipients.length === 1 ? readTypedAddress(recipients[0]!.value, () => {}) : undefined
  return {
    ...(recipient && recipient.address !== '' && { originalRecipient: recipient }),
    ...(id !== undefined && { originalMessageId: id }),
    ...notification,
  }
}
