/** Disposition notifications as they are written: RFC 8098 section 3.2. */

import { checkForeignId } from '../header/message-id.ts'
import {
  DISPOSITION_TYPES,
  type DispositionNotificationInput,
  NOTIFICATION_FIELDS,
} from './disposition-notification.ts'
import { FieldWriter, type FormatReportOptions } from './field-writer.ts'

const SPEC = 'rfc8098#section-3.2'
const MODIFIER = /^[a-z0-9-]+$/i

/**
 * Formats the content of a part of type `message/disposition-notification`; the inverse of
 * {@link readDispositionNotification}.
 *
 * @param notification What became of the message.
 * @param options Whether the part is `message/global-disposition-notification`.
 * @returns The fields, each ended by CRLF.
 * @throws {MailError} `MIME_BAD_REPORT` without a recipient or a disposition, for an error without the modifier `error`, and for
 * a value that cannot stand where it belongs; `MIME_BAD_ID` for an identifier that is none; `MIME_LINE_TOO_LONG` for a text
 * without blanks of over 998 octets.
 * @see {@link https://www.rfc-editor.org/rfc/rfc8098#section-3.1 | RFC 8098 section 3.1}
 * @example
 * formatDispositionNotification({
 *   finalRecipient: typedAddress('b@c.example'),
 *   disposition: { action: 'manual', sending: 'manual', type: 'displayed' },
 * })
 * // 'Final-Recipient: rfc822; b@c.example\r\nDisposition: manual-action/MDN-sent-manually; displayed\r\n'
 */
export function formatDispositionNotification(
  notification: DispositionNotificationInput,
  options: FormatReportOptions = {},
): string {
  const { reportingUa, originalMessageId, errors = [] } = notification
  const writer = new FieldWriter(options, SPEC)
  if (reportingUa) writer.text('Reporting-UA', formatProduct(reportingUa, writer))
  writer.mta('MDN-Gateway', notification.gateway)
  writer.address('Original-Recipient', notification.originalRecipient)
  writer.address('Final-Recipient', writer.required('Final-Recipient', notification.finalRecipient))
  if (originalMessageId !== undefined) writer.text('Original-Message-ID', checkForeignId(originalMessageId))
  const disposition = writer.required('Disposition', notification.disposition)
  writer.text('Disposition', formatDisposition(disposition, writer))
  // RFC 8098 section 3.2.7:
  if (errors.length > 0 && !disposition.modifiers?.some((one) => one.toLowerCase() === 'error')) {
    throw writer.fault('Error', 'the disposition has no modifier "error"')
  }
  for (const error of errors) writer.text('Error', error)
  writer.extensions(notification.extensions, NOTIFICATION_FIELDS)
  return writer.finish()
}

function formatProduct(
  { name, product }: NonNullable<DispositionNotificationInput['reportingUa']>,
  writer: FieldWriter,
): string {
  // What would be read as a comment, or as the beginning of the product, cannot be written.
  if (/[();]/.test(name) || /[()]/.test(product ?? '')) {
    throw writer.fault('Reporting-UA', 'it has a parenthesis, or its name a semicolon')
  }
  return product === undefined ? name : `${name}; ${product}`
}

function formatDisposition(
  { action, sending, type, modifiers = [] }: NonNullable<DispositionNotificationInput['disposition']>,
  writer: FieldWriter,
): string {
  const modes = [action, sending].every((mode) => mode === 'manual' || mode === 'automatic')
  if (!modes || !DISPOSITION_TYPES.includes(type)) throw writer.fault('Disposition', 'its mode or its type is none')
  if (!modifiers.every((one) => MODIFIER.test(one))) throw writer.fault('Disposition', 'a modifier is none')
  const sent = sending === 'manual' ? 'manually' : 'automatically'
  return `${action}-action/MDN-sent-${sent}; ${type}${modifiers.length > 0 ? `/${modifiers.join(',')}` : ''}`
}
