/** Delivery status as it is written: RFC 3464 section 2, RFC 6533 section 4.1. */

import {
  ACTIONS,
  type DeliveryStatusInput,
  type LocalizedDiagnostic,
  MESSAGE_FIELDS,
  RECIPIENT_FIELDS,
  type RecipientStatusInput,
} from './delivery-status.ts'
import { diagnosticLines } from './diagnostic.ts'
import { FieldWriter, type FormatReportOptions } from './field-writer.ts'
import { formatStatusCode } from './status-code.ts'

const SPEC = 'rfc3464#section-2'
const KNOWN: readonly string[] = /* @__PURE__ */ (() => [...MESSAGE_FIELDS, ...RECIPIENT_FIELDS])()
// RFC 5646, as far as it tells a tag from anything else.
const LANGUAGE = /^[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*$/

/**
 * Formats the content of a part of type `message/delivery-status`; the inverse of {@link readDeliveryStatus}.
 *
 * @param status How the message went.
 * @param options Whether the part is `message/global-delivery-status`.
 * @returns The fields, each ended by CRLF, with an empty line before each recipient; dates are of UTC.
 * @throws {MailError} `MIME_BAD_REPORT` without a reporting server or a recipient, for a recipient without address, action or
 * status, and for a value that cannot stand where it belongs; `MIME_BAD_DATE` for a date that is none; `MIME_LINE_TOO_LONG`
 * for a text without blanks of over 998 octets.
 * @see {@link https://www.rfc-editor.org/rfc/rfc3464#section-2.1 | RFC 3464 section 2.1}
 * @example
 * const finalRecipient = typedAddress('b@c.example')
 * const status = { class: 5, subject: 1, detail: 1 } as const
 * const text = formatDeliveryStatus({
 *   reportingMta: { type: 'dns', name: 'a.example' },
 *   recipients: [{ finalRecipient, action: 'failed', status }],
 * })
 * text.split('\r\n').slice(0, 4)
 * // ['Reporting-MTA: dns; a.example', '', 'Final-Recipient: rfc822; b@c.example', 'Action: failed']
 * formatDeliveryStatus({ recipients: [] }) // throws MIME_BAD_REPORT
 */
export function formatDeliveryStatus(status: DeliveryStatusInput, options: FormatReportOptions = {}): string {
  const writer = new FieldWriter(options, SPEC)
  writer.text('Original-Envelope-Id', status.envelopeId)
  writer.mta('Reporting-MTA', writer.required('Reporting-MTA', status.reportingMta))
  writer.mta('DSN-Gateway', status.gateway)
  writer.mta('Received-From-MTA', status.receivedFromMta)
  writer.date('Arrival-Date', status.arrivalDate)
  writer.extensions(status.extensions, KNOWN)
  if (status.recipients.length === 0) throw writer.fault('Final-Recipient', 'it is required')
  for (const recipient of status.recipients) {
    writer.part()
    writeRecipient(recipient, writer, options)
  }
  return writer.finish()
}

function writeRecipient(
  recipient: RecipientStatusInput,
  writer: FieldWriter,
  { utf8 = false }: FormatReportOptions,
): void {
  const { action, diagnostic, willRetryUntil, localizedDiagnostics = [] } = recipient
  if (!ACTIONS.includes(writer.required('Action', action))) throw writer.fault('Action', 'its value is none of five')
  // RFC 3464 section 2.3.9:
  if (willRetryUntil && action !== 'delayed') throw writer.fault('Will-Retry-Until', 'the recipient is not delayed')
  writer.address('Original-Recipient', recipient.originalRecipient)
  writer.address('Final-Recipient', writer.required('Final-Recipient', recipient.finalRecipient))
  writer.text('Action', action)
  writer.text('Status', formatStatusCode(writer.required('Status', recipient.status)))
  writer.mta('Remote-MTA', recipient.remoteMta)
  if (diagnostic) writer.lines('Diagnostic-Code', diagnosticLines(diagnostic))
  if (localizedDiagnostics.length > 0) writeLocalized(localizedDiagnostics, writer, utf8)
  writer.date('Last-Attempt-Date', recipient.lastAttemptDate)
  writer.text('Final-Log-ID', recipient.finalLogId)
  writer.date('Will-Retry-Until', willRetryUntil)
  writer.extensions(recipient.extensions, KNOWN)
}

// RFC 6533 section 4.1: behind a diagnostic, each in another language.
function writeLocalized(all: readonly LocalizedDiagnostic[], writer: FieldWriter, utf8: boolean): void {
  const name = 'Localized-Diagnostic'
  if (!utf8) throw writer.fault(name, 'it is of message/global-delivery-status alone')
  const languages = all.map(({ language }) => language.toLowerCase())
  if (new Set(languages).size < languages.length) throw writer.fault(name, 'a language is there twice')
  for (const { language, text } of all) {
    if (!LANGUAGE.test(language)) throw writer.fault(name, 'its language is no tag')
    writer.text(name, `${language}; ${text}`)
  }
}
